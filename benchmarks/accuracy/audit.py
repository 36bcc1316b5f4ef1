"""One page of the table, audited like any site: a spec with every check, a crawl, verdicts."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from benchmarks.accuracy.packages import NotAvailable, served
from benchmarks.accuracy.serve import URL, site
from benchmarks.accuracy.table import HERE, Page
from compliance.audit import crawl, judge_run, start_run
from compliance.errors import ComplianceError
from compliance.model.verdict import Reason
from compliance.specfile.loader import load_spec

#: The one sentence of the policy that every page is held against.
QUOTE = "Whoever reads our pages stays unknown to us and to everybody else."
#: A page, and those of its own site that it links to.
PAGES_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one check on one page."""

    outcome: str
    """Of the verdict."""
    because: str
    """The first finding or doubt, or what the verdict explains."""
    blind: bool = False
    """The instrument says itself that it did not see everything, as on a busy machine."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one page."""

    page: str
    seconds: float
    not_run: str = ""
    """Why it was not audited; empty when it was."""
    seen: dict[str, Seen] = field(default_factory=dict)
    """By check."""
    again: bool = False
    """It was audited twice, because the instrument was blind the first time; this is the second."""


def audited(page: Page, checks: dict[str, dict[str, Any]], *, fetch: bool, keep: Path | None = None) -> Result:
    """Audit one page, and once more if the instrument says itself that it did not see everything.

    Args:
        page: A row of the table.
        checks: Check → its parameters.
        fetch: Ask npm for packages that are not in the cache.
        keep: Folder in which the run directory stays.
    """
    first = _audited(page, checks, fetch=fetch, keep=keep)
    if not any(seen.blind for seen in first.seen.values()):
        return first
    second = _audited(page, checks, fetch=fetch, keep=keep)
    return replace(second, seconds=first.seconds + second.seconds, again=True)


def _audited(page: Page, checks: dict[str, dict[str, Any]], *, fetch: bool, keep: Path | None) -> Result:
    started = time.monotonic()
    try:
        further = served(page, fetch=fetch) if page.packages else None
    except NotAvailable as missing:
        return Result(page.page, 0.0, str(missing))
    folder = Path(tempfile.mkdtemp(prefix=f"accuracy-{page.page}-"))
    try:
        spec = folder / "spec.yaml"
        spec.write_text(yaml.safe_dump(_spec(checks), sort_keys=False), "utf-8")
        loaded = load_spec(spec, policy_dir=HERE / "policy")
        with site(page.folder, further) as settings, start_run(loaded, settings, keep or folder) as run:
            crawl(loaded, settings, run)
        verdicts = [c for v in judge_run(run.path, now=datetime.now(UTC)).verdicts for c in v.checks]
    except ComplianceError as error:  # no verdict is no right one: every check of this page is open
        return Result(page.page, time.monotonic() - started, "", {c: Seen("error", str(error)) for c in checks})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    seen = {}
    for verdict in verdicts:
        first = next(iter((*verdict.findings, *verdict.doubts)), None)
        because = first.message if first else verdict.explanation
        seen[verdict.check] = Seen(verdict.outcome.value, because, verdict.reason is Reason.INSTRUMENT)
    return Result(page.page, time.monotonic() - started, "", seen)


def _spec(checks: dict[str, dict[str, Any]]) -> dict[str, Any]:
    promise = {"id": "unknown", "quote": QUOTE, "category": "first-party-collection-use", "checks": checks}
    return {
        "version": 1,
        "site": {"url": URL},
        "policy": {"path": str(HERE / "policy")},
        "scope": {"sitemaps": False, "budget": PAGES_AT_MOST},
        "promises": [promise],
    }
