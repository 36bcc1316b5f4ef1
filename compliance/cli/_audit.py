"""What the verbs that audit share: observe with progress and signals, then judge, write and print."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import click

from compliance.audit import Stop, crawl, exit_code, judge_run
from compliance.cli.main import INTERRUPTED
from compliance.crawl.plan import DWELL
from compliance.errors import SiteUnreachable
from compliance.report.progress import Progress
from compliance.settings import Settings
from compliance.specfile.loader import LoadedSpec
from compliance.store.rundir import RecordedObservations, RunDirectory


def observe(
    loaded: LoadedSpec, settings: Settings, run: RunDirectory, *, site: str | None, repeat: int, dwell: float = DWELL
) -> bool:
    """Crawl with progress on standard error; returns whether it was stopped by a signal."""
    progress = Progress(sys.stderr)
    with stopping() as stop:
        try:
            crawl(loaded, settings, run, site=site, emit=progress, dwell=dwell, repeat=repeat, stop=stop)
        finally:
            progress.close()
    return stop.asked


def conclude(path: Path, *, interrupted: bool = False) -> int:
    """Judge a run, write its views, print its verdicts; returns the exit code."""
    from rich.console import Console

    from compliance.report.console import print_verdicts
    from compliance.report.files import write_views

    run = judge_run(path, now=datetime.now(UTC))
    views = write_views(path, run)
    print_verdicts(run, Console(), report=str(views.report))
    if interrupted:
        click.echo(f"Interrupted; go on with: compliance resume {path}", err=True)
        return INTERRUPTED
    return exit_code(run)


def require_a_page(path: Path, visitors: list[str]) -> None:
    """Some page of the site was seen.

    Raises:
        SiteUnreachable: None was.
    """
    with RunDirectory.open(path) as run:
        seen = RecordedObservations(run, None)
        if any(seen.coverage(name).seen for name in visitors):
            return
        why = next((f"{v.url}: {v.error or v.outcome.value}" for v in seen.visits()), "no address was in scope")
    raise SiteUnreachable(f"no page of {seen.site.url} could be opened ({why})", hint=f"what was tried is in {path}")


@contextmanager
def stopping() -> Iterator[Stop]:
    """Ctrl-C and SIGTERM ask the crawl to end in good order; the second time they end it at once."""
    stop = Stop()

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.asked:
            raise KeyboardInterrupt
        click.echo("\nStopping after the pages in flight; press Ctrl-C again to leave at once.", err=True)
        stop.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
