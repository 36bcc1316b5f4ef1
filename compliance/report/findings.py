"""Findings as a report shows them: grouped by cause, bounded, with one picture a cause."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from markupsafe import escape

from compliance.model.verdict import Finding
from compliance.report.redact import text

#: Findings shown in one group, and groups shown for one check; the others are counted.
SHOWN = 200
#: Bytes that all findings of a report may take, so that it stays below 2 MB.
TEXT_BUDGET = 1_200_000
#: Bytes of data URIs that all pictures of a report may take.
PICTURE_BUDGET = 8_000_000
#: What one finding, or one piece of evidence, costs in markup, whatever it says.
_MARKUP = 200

Blob = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Picture:
    """A screenshot: embedded where it is first needed, pointed to afterwards."""

    anchor: str
    uri: str
    """`data:` address; empty when an earlier cause shows the same picture."""
    finding: Finding
    visit: str


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one cause."""

    cause: str
    message: str
    """What the first finding says."""
    findings: tuple[Finding, ...]
    """Those that are shown."""
    total: int
    pages: int
    picture: Picture | None = None

    @property
    def hidden(self) -> int:
        """How many of this cause are not shown."""
        return self.total - len(self.findings)


@dataclass(slots=True)
class Gallery:
    """Pictures of one report, each embedded once, until the budget is used up."""

    blob: Blob
    left: int = PICTURE_BUDGET
    known: dict[str, str] = field(default_factory=dict)
    """Digest → anchor; empty for what is no picture, or did not fit."""

    def first(self, findings: Iterable[Finding]) -> Picture | None:
        """The first picture among the evidence of `findings`."""
        for finding in findings:
            for evidence in finding.evidence:
                if not evidence.blob:
                    continue
                if evidence.blob in self.known:
                    anchor, uri = self.known[evidence.blob], ""
                else:
                    anchor, uri = self._embed(evidence.blob)
                if anchor:
                    return Picture(anchor, uri, finding, evidence.visit)
        return None

    def _embed(self, digest: str) -> tuple[str, str]:
        data = self.blob(digest)
        kind = _kind(data) if data else ""
        self.known[digest] = ""
        if not data or not kind or len(data) * 4 // 3 + 40 > self.left:
            return "", ""
        uri = f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
        self.left -= len(uri)
        self.known[digest] = f"picture-{hashlib.sha256(digest.encode('utf-8', 'replace')).hexdigest()[:12]}"
        return self.known[digest], uri


def _kind(data: bytes) -> str:
    """Media type by the first bytes; empty for anything that is not one of the three."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def grouped(findings: Iterable[Finding], gallery: Gallery, budget: int) -> tuple[Group, ...]:
    """`findings` by cause, the widest spread first.

    Every cause shows one finding before any shows two; what exceeds `budget`
    (bytes of markup) is left out, but the first finding of all stays.
    """
    causes: dict[str, list[Finding]] = {}
    for finding in findings:
        causes.setdefault(finding.cause, []).append(finding)
    spread = {cause: len({f.url for f in found}) for cause, found in causes.items()}
    ordered = sorted(causes, key=lambda cause: -spread[cause])[:SHOWN]
    shown = dict.fromkeys(ordered, 0)
    for depth in range(SHOWN):
        for cause in ordered:
            if len(causes[cause]) <= depth:
                continue
            budget -= _cost(causes[cause][depth])
            if budget >= 0 or not any(shown.values()):
                shown[cause] += 1
        if budget < 0:
            break
    return tuple(
        Group(cause, found[0].message, tuple(found[:number]), len(found), spread[cause], gallery.first(found))
        for cause, number in shown.items()
        if number
        for found in [causes[cause]]
    )


def _cost(finding: Finding) -> int:
    texts = [finding.message, finding.url, finding.url]
    for evidence in finding.evidence:
        texts += [evidence.visit, evidence.locator, evidence.excerpt]
    return _MARKUP * (1 + len(finding.evidence)) + sum(len(escape(text(t)).encode()) for t in texts)
