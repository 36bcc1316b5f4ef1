"""A run as the report tells it: joined, sorted, grouped and bounded. It cleans no text; the renderer does."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from compliance.model.observation import Coverage
from compliance.model.run import PromiseInfo, Run, SentenceAccount
from compliance.model.verdict import CheckVerdict, Reason, Verdict
from compliance.report.findings import TEXT_BUDGET, Blob, Gallery, Group, grouped
from compliance.report.redact import text
from compliance.report.summing_up import aside_of, mark_of, told
from compliance.report.words import ATTESTED, MARKS, READING_ORDER, REASONS, Mark, headline

_ANCHOR = re.compile(r"^[a-z0-9][a-z0-9-]{0,63}$")


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check of one promise for one visitor."""

    verdict: CheckVerdict
    mark: Mark
    reason: str
    groups: tuple[Group, ...]
    more_causes: int
    doubts: tuple[Group, ...]
    unconfirmed: tuple[Group, ...]
    repetitions: tuple[tuple[Mark, tuple[int, ...]], ...]
    """Who says what: a mark, and the numbers of the repetitions that alone say so."""
    command: str


@dataclass(frozen=True, slots=True)
class PromiseView:
    """One promise: what was said, and what became of it."""

    anchor: str
    info: PromiseInfo
    verdict: Verdict | None
    mark: Mark
    aside: str
    """Two words on why it was not tested."""
    explanation: str
    checks: tuple[CheckView, ...]
    attestation: Mapping[str, str]

    @property
    def leading(self) -> tuple[Group, ...]:
        """What a reader of the first screen must know of a broken promise: three causes at most."""
        return tuple(group for check in self.checks for group in check.groups)[:3]


@dataclass(frozen=True, slots=True)
class SentenceView:
    """One sentence of the policy with the promises it makes, or the number of the note that says why it makes none."""

    account: SentenceAccount
    promises: tuple[PromiseView, ...]
    unknown: tuple[str, ...]
    """Ids that this run knows no promise for."""
    note: int = 0
    first: bool = False
    """The first sentence that its note is about."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the coverage bar, in thousandths."""

    kind: str
    label: str
    count: int
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class CoverageView:
    """What one visitor looked at."""

    visitor: str
    coverage: Coverage
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template needs."""

    run: Run
    title: str
    headline: str
    promises: tuple[PromiseView, ...]
    ranked: tuple[tuple[Mark, tuple[PromiseView, ...]], ...]
    attested: int
    paragraphs: tuple[tuple[SentenceView, ...], ...]
    notes: tuple[str, ...]
    unaccounted: int
    coverages: tuple[CoverageView, ...]
    totals: Coverage
    """All visitors together."""


def page(run: Run, blob: Blob) -> Page:
    """The view of `run`; pictures come from `blob`, which answers None for what it does not have."""
    promises = _promises(run, Gallery(blob))
    ranked = tuple(
        (MARKS[outcome], tuple(p for p in promises if p.mark.outcome is outcome))
        for outcome in READING_ORDER
        if any(p.mark.outcome is outcome for p in promises)
    )
    paragraphs, notes = _policy(run, {p.info.id: p for p in promises})
    sentences = [s for paragraph in paragraphs for s in paragraph]
    return Page(
        run=run,
        title=run.site.name or run.site.url,
        headline=headline(p.mark.outcome for p in promises),
        promises=promises,
        ranked=ranked,
        attested=sum(p.mark is ATTESTED for p in promises),
        paragraphs=paragraphs,
        notes=notes,
        unaccounted=sum(not s.promises and not s.unknown and not s.note for s in sentences),
        coverages=tuple(CoverageView(name, c, _segments(c)) for name, c in sorted(run.coverage.items())),
        totals=Coverage(
            found=sum(c.found for c in run.coverage.values()),
            visited=sum(c.visited for c in run.coverage.values()),
            seen=sum(c.seen for c in run.coverage.values()),
            complete=bool(run.coverage) and all(c.complete for c in run.coverage.values()),
        ),
    )


def _promises(run: Run, gallery: Gallery) -> tuple[PromiseView, ...]:
    verdicts = {v.promise: v for v in run.verdicts}
    known = {p.id for p in run.promises}
    strangers = tuple(PromiseInfo(v.promise, (), "", "", "") for v in run.verdicts if v.promise not in known)
    speaking = sum(bool(c.findings) + bool(c.unconfirmed) + bool(c.doubts) for v in run.verdicts for c in v.checks)
    budget = TEXT_BUDGET // max(1, speaking)
    views = []
    for number, info in enumerate((*run.promises, *strangers), 1):
        verdict = verdicts.get(info.id)
        views.append(
            PromiseView(
                anchor=f"promise-{info.id if _ANCHOR.match(info.id) else number}",
                info=info,
                verdict=verdict,
                mark=mark_of(verdict),
                aside=aside_of(verdict),
                explanation=told(verdict),
                checks=tuple(_check(run, verdict, c, gallery, budget) for c in verdict.checks) if verdict else (),
                attestation=_attestation(info.attestation or {}),
            )
        )
    return tuple(views)


def _check(run: Run, verdict: Verdict, check: CheckVerdict, gallery: Gallery, budget: int) -> CheckView:
    groups = grouped(check.findings, gallery, budget)
    return CheckView(
        verdict=check,
        mark=ATTESTED if check.reason is Reason.ATTESTED else MARKS[check.outcome],
        reason=REASONS[check.reason],
        groups=groups,
        more_causes=len({f.cause for f in check.findings}) - len(groups),
        doubts=grouped(check.doubts, gallery, budget),
        unconfirmed=grouped(check.unconfirmed, gallery, budget),
        repetitions=tuple(
            (MARKS[outcome], tuple(r.number for r in check.repetitions if r.outcome is outcome))
            for outcome in READING_ORDER
            if any(r.outcome is outcome for r in check.repetitions)
        ),
        command=command(run, verdict.promise, check),
    )


def command(run: Run, promise: str, check: CheckVerdict) -> str:
    """The shell command that repeats one item; empty where there is nothing to run."""
    if check.check in ("attestation", "not-testable") or check.reason is Reason.NOT_AVAILABLE:
        return ""
    words = ["compliance", "run", text(run.spec), "--site", text(run.site.url)]
    for rule in run.environment.resolve:
        words += ["--resolve", text(rule)]
    for host in run.environment.ignored_tls:
        words += ["--ignore-tls", text(host)]
    if run.repetitions:
        words += ["--repeat", str(len(run.repetitions))]
    # An assignment in front of a command is one only unquoted; its value may be quoted.
    before = f"COMPLIANCE_DNS={shlex.quote(text(run.environment.dns))} " if run.environment.dns else ""
    return before + shlex.join([*words, "-k", f"{text(promise)} and {text(check.check)}"])


def _attestation(given: Mapping[str, object]) -> Mapping[str, str]:
    """As text, with the end date that holds when none was given."""
    stated = {key: str(value) for key, value in given.items() if value not in (None, "")}
    if "expires" not in stated and "date" in stated:
        try:
            stated["expires"] = (date.fromisoformat(stated["date"]) + timedelta(days=365)).isoformat()
        except ValueError:
            stated["expires"] = "unknown"
    return stated


def _policy(
    run: Run, promises: Mapping[str, PromiseView]
) -> tuple[tuple[tuple[SentenceView, ...], ...], tuple[str, ...]]:
    """The policy's paragraphs, and the notes on what promises nothing: one for each reason."""
    notes: dict[str, int] = {}
    views = []
    for account in run.sentences:
        because = "" if account.promises else account.not_promised
        first = bool(because) and because not in notes
        note = notes.setdefault(because, len(notes) + 1) if because else 0
        made = tuple(promises[i] for i in account.promises if i in promises)
        unknown = tuple(i for i in account.promises if i not in promises)
        views.append(SentenceView(account, made, unknown, note, first))
    paragraphs = groupby(views, key=lambda s: (s.account.paragraph, s.account.heading))
    return tuple(tuple(group) for _, group in paragraphs), tuple(notes)


def _segments(coverage: Coverage) -> tuple[Segment, ...]:
    skipped = sum(count for reason, count in coverage.skipped.items() if reason != "blocked_scope")
    unseen = max(0, coverage.visited - coverage.seen)
    parts = [
        ("seen", "seen whole", coverage.seen),
        ("unseen", "visited, not seen whole", unseen),
        ("skipped", "skipped", skipped),
        ("left", "not visited", max(0, coverage.found - coverage.visited - skipped)),
    ]
    total = sum(count for _, _, count in parts)
    segments, start = [], 0
    for kind, label, count in parts:
        if count:
            # Widths are rounded up so that a single page in thousands is still seen.
            width = min(1000 - start, max(4, round(1000 * count / total)))
            segments.append(Segment(kind, label, count, start, width))
            start += width
    return tuple(segments)
