"""How the crawl goes, for a person who waits: one line written over on a terminal, a line now and then in a log."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

from compliance.crawl.events import (
    ControlsVisited,
    CrawlFinished,
    CrawlStarted,
    Event,
    Notice,
    ProbesStarted,
    RepetitionStarted,
    SessionStarted,
    VisitFinished,
)
from compliance.model.visit import SEEN, Session, VisitOutcome
from compliance.report.console import progress_line
from compliance.report.redact import address, text
from compliance.report.words import counted

#: Seconds between two lines of a log, and between two states of a live line.
EVERY = 10.0
LIVE_EVERY = 0.1

_SESSIONS = {
    Session.FIRST: "crawling",
    Session.FIRST_AGAIN: "the visitor comes back",
    Session.SECOND: "a second, independent visitor",
    Session.THIRD: "a third, independent visitor",
    Session.FOURTH: "a fourth visitor, with another window and time zone",
    Session.FIFTH: "a fifth visitor, with yet another",
    Session.WITHOUT_COOKIES: "the first visitor, cookies deleted",
    Session.WITHOUT_STORAGE: "the first visitor, all but cookies deleted",
    Session.LANDED: "a visitor who followed an advertisement",
}
#: Nothing went wrong; the report lists what was skipped, and why.
_EXPECTED = SEEN | {VisitOutcome.SKIPPED}
#: Kind of trial → what is tried, and what a site owner must know about it.
_PROBES = {
    "form_probes": ("form", "nothing reaches the server"),
    "link_probes": ("external link", "nothing reaches the server"),
    "recording_probes": ("page", "typing and moving the mouse, nothing is submitted"),
}


class Progress:
    """Takes the crawl's events and writes to `stream`. Call `close` when no more will come."""

    def __init__(self, stream: TextIO, *, live: bool | None = None, width: int | None = None) -> None:
        """Choose how it is told.

        Args:
            stream: Where to; usually standard error.
            live: One line that is written over; by default when `stream` is a terminal.
            width: Cells of that line; the terminal's by default.
        """
        self._stream = stream
        self._live = stream.isatty() if live is None else live
        self._width = width
        self._next = 0.0
        self._pending = False
        self._which = ""
        """Which repetition this is, before the pages of each."""

    def __call__(self, event: Event) -> None:
        """Tell of one event."""
        match event:
            case RepetitionStarted():
                self._which = f"repeat {event.number} of {event.of}"
                self._line(self._which)
            case CrawlStarted():
                self._line(f"observing {address(event.site).text} with {text(event.browser, 80)}")
            case SessionStarted():
                pages = f", {counted(event.pages, 'page')}" if event.pages else ""
                self._line(f"visitor {text(event.visitor, 64)}: {_SESSIONS[event.session]}{pages}")
                self._next = time.monotonic() + (0 if self._live else EVERY)
            case VisitFinished():
                if event.outcome not in _EXPECTED and event.error and not event.again:
                    self._line(f"  {event.outcome.value}: {address(event.url).text}: {text(event.error, 200)}")
                self._visit(event)
            case ControlsVisited():
                self._controls(event)
            case ProbesStarted():
                what, how = _PROBES[event.kind]
                self._line(f"visitor {text(event.visitor, 64)}: trying {counted(event.count, what)}, {how}")
            case Notice():
                self._line(f"notice: {text(event.text, 500)}")
            case CrawlFinished():
                self._line(f"observed {counted(event.pages, 'page')} in {event.seconds:.1f} s")

    def close(self) -> None:
        """Take away the live line."""
        self._wipe()
        self._stream.flush()

    def _controls(self, event: ControlsVisited) -> None:
        who, missed = text(event.visitor, 64), event.shown.missed
        if not missed:
            self._line(f"visitor {who}: the instrument saw all of {event.shown.tried} controls")
            return
        self._line(f"visitor {who}: the instrument failed {counted(len(missed), 'control')} of {event.shown.tried}")
        for miss in missed[:5]:
            self._line(f"  {miss.when} the crawl: {miss.aspect}: {text(miss.what, 80)}: {text(miss.why, 200)}")
        if len(missed) > 5:
            self._line(f"  and {len(missed) - 5} more; the report lists them")

    def _visit(self, event: VisitFinished) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + (LIVE_EVERY if self._live else EVERY)
        width = self._width or shutil.get_terminal_size().columns
        which = f"{self._which}: " if self._which else ""
        told = which + progress_line(event.done, event.known, event.url, max(20, width - 3 - len(which)))
        if not self._live:
            self._line(f"  {told}")
            return
        self._wipe()
        self._write(f"  {told}")
        self._pending = True
        self._stream.flush()

    def _line(self, said: str) -> None:
        self._wipe()
        self._write(f"{said}\n")
        self._stream.flush()

    def _wipe(self) -> None:
        if self._pending:
            self._stream.write("\r\x1b[2K")
            self._pending = False

    def _write(self, said: str) -> None:
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(said.encode(encoding, "backslashreplace").decode(encoding))
