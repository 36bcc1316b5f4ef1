"""From a policy page as received to a stored version.

Versions lie in `policies/<site>/<date>`. What is stored is never overwritten: a text that is stored
already stays where it is, and another text of the same day gets a folder of its own, `<date>.2`.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from compliance.errors import PolicyError
from compliance.model.policy import PolicySnapshot, PolicyVersion
from compliance.model.urls import site_of
from compliance.policy.extract import Extraction, extract, told
from compliance.policy.sentences import split_sentences
from compliance.store.policies import META, Paragraph, digest_of, numbered, read_version, write_version

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_BLANK_LINE = re.compile(r"\n\s*\n")


def version_from_snapshot(snapshot: PolicySnapshot, *, selector: str | None = None) -> PolicyVersion:
    """Cut the text of a policy page into numbered sentences; `path` stays empty until it is stored.

    Raises:
        PolicyError: There is no text in it, or it is no text document.
    """
    address = snapshot.final_url or snapshot.url
    kind = snapshot.content_type.partition(";")[0].strip().lower()
    try:
        if kind in _HTML:
            found = extract(snapshot.html, selector=selector)
        elif kind == "text/plain":
            found = _plain(snapshot.html)
        else:
            raise PolicyError(
                f"a policy of type {kind or 'unknown'} cannot be read",
                hint="Name the address of an HTML page, or store the text by hand as text/plain.",
            )
    except PolicyError as error:
        raise PolicyError(f"{address}: {error.message}", hint=error.hint) from error
    site = site_of(address)
    sentences = numbered(found.paragraphs)
    return PolicyVersion(
        path="",
        site=site,
        title=found.title or site,
        source=address,
        captured=snapshot.captured,
        sentences=sentences,
        digest=digest_of(sentences),
        note=_note(snapshot, found, selector),
    )


def store_capture(snapshot: PolicySnapshot, version: PolicyVersion, policies_root: Path) -> Path:
    """Store a capture; the folder it is in.

    When the same text is stored for that day already, nothing is written and that folder is
    returned (`stored_already` tells beforehand).

    Raises:
        PolicyError: A stored version of that day is damaged, or the site's name is no folder's name.
    """
    existing = stored_already(version, policies_root)
    if existing:
        return existing
    home = _home(version, policies_root)
    home.mkdir(parents=True, exist_ok=True)
    suffix = "html" if snapshot.content_type.partition(";")[0].strip().lower() in _HTML else "txt"
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=home))
    try:
        (part / f"snapshot.{suffix}").write_bytes(snapshot.html.encode("utf-8", "replace"))
        write_version(part, replace(version, path=str(part)))
        part.chmod(0o755)
        folder = next(f for f in _folders(version, home) if not f.exists())
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return folder


def stored_already(version: PolicyVersion, policies_root: Path) -> Path | None:
    """The folder that holds the same text, captured on the same day.

    Raises:
        PolicyError: A stored version of that day is damaged.
    """
    for folder in _folders(version, _home(version, policies_root)):
        if not folder.exists():
            return None
        if (folder / META).exists() and read_version(folder).digest == version.digest:
            return folder
    return None


def _home(version: PolicyVersion, policies_root: Path) -> Path:
    if not re.fullmatch(r"[a-z0-9_][a-z0-9._:-]*", version.site):
        raise PolicyError(f"{version.site!r} is not the name of a site", hint="Give the policy's full address.")
    return policies_root / version.site.replace(":", "_")


def _folders(version: PolicyVersion, home: Path) -> list[Path]:
    """`<date>`, `<date>.2`, and so on: more than anybody captures in a day."""
    day = version.captured.isoformat()
    return [home / day, *(home / f"{day}.{n}" for n in range(2, 1000))]


def _plain(text: str) -> Extraction:
    blocks = [split_sentences(block) for block in _BLANK_LINE.split(text.replace("\r\n", "\n"))]
    paragraphs = tuple(Paragraph(tuple(sentences)) for sentences in blocks if sentences)
    if not paragraphs:
        raise PolicyError("the document is empty")
    return Extraction("", paragraphs)


def _note(snapshot: PolicySnapshot, found: Extraction, selector: str | None) -> str:
    parts = []
    if snapshot.final_url and snapshot.final_url != snapshot.url:
        parts.append(f"Reached from {snapshot.url}.")
    if selector:
        parts.append(f"Text of the element {selector}.")
    if found.omitted:
        parts.append(f"Left out: {told(found.omitted)}.")
    return " ".join(parts)
