"""What a person sees who waits."""

from __future__ import annotations

import io

import pytest

from compliance.crawl import events
from compliance.crawl.events import (
    ControlsVisited,
    CrawlFinished,
    CrawlStarted,
    Notice,
    ProbesStarted,
    SessionStarted,
    VisitFinished,
)
from compliance.model.observation import Controls, MissedControl
from compliance.model.visit import Aspect, Session, VisitOutcome
from compliance.report import progress
from compliance.report.progress import Progress

FIRST = Session.FIRST
URL = "https://shop.test/about"


def visited(
    done: int, outcome: VisitOutcome = VisitOutcome.OK, error: str = "", *, again: bool = False
) -> events.Event:
    return VisitFinished("visitor", FIRST, URL, outcome, error, done, 48, again)


def told(*given: events.Event, live: bool) -> str:
    stream = io.StringIO()
    shown = Progress(stream, live=live, width=60)
    for event in given:
        shown(event)
    shown.close()
    return stream.getvalue()


def test_a_log_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = (
        CrawlStarted("r", "https://shop.test/", "Chromium 1"),
        SessionStarted("visitor", FIRST),
        *(visited(n) for n in range(1, 9)),
        SessionStarted("visitor", Session.SECOND, 10),
        ProbesStarted("visitor", "form_probes", 3),
        ProbesStarted("visitor", "recording_probes", 1),
        Notice("the browser died"),
        CrawlFinished("r", 8, 2.04),
    )
    lines = [
        "observing https://shop.test/ with Chromium 1",
        "visitor visitor: crawling",
        "visitor visitor: a second, independent visitor, 10 pages",
        "visitor visitor: trying 3 forms, nothing reaches the server",
        "visitor visitor: trying 1 page, typing and moving the mouse, nothing is submitted",
        "notice: the browser died",
        "observed 8 pages in 2.0 s",
    ]
    assert told(*whole, live=False).splitlines() == lines
    monkeypatch.setattr(progress, "EVERY", 0.0)
    assert f"  5 of 48  {URL}" in told(*whole, live=False).splitlines()


@pytest.mark.parametrize("live", [True, False])
def test_repetitions_are_counted_in_80_columns(monkeypatch: pytest.MonkeyPatch, live: bool) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    monkeypatch.setattr(progress, "LIVE_EVERY", 0.0)
    stream = io.StringIO()
    shown = Progress(stream, live=live, width=80)
    long = VisitFinished("visitor", FIRST, f"{URL}/{'x' * 200}", VisitOutcome.OK, "", 12, 48)
    for event in (events.RepetitionStarted(2, 3), SessionStarted("visitor", FIRST), long):
        shown(event)
    lines = stream.getvalue().replace("\r\x1b[2K", "\n").splitlines()
    assert lines[0] == "repeat 2 of 3"
    assert any(line.startswith("  repeat 2 of 3: 12 of 48  https://shop.test/") for line in lines)
    assert max(map(len, lines)) < 80


def test_a_terminal_gets_one_line_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LIVE_EVERY", 0.0)
    text = told(SessionStarted("visitor", FIRST), visited(1), visited(2), live=True)
    wipe = "\r\x1b[2K"
    assert text == f"visitor visitor: crawling\n  1 of 48  {URL}{wipe}  2 of 48  {URL}{wipe}"


def test_a_page_that_was_not_seen_is_told_at_once() -> None:
    begun = SessionStarted("visitor", FIRST)
    failed = visited(1, VisitOutcome.TIMEOUT, "no answer\x1b[2J in 20 s")
    assert told(begun, failed, live=False).splitlines()[1:] == [f"  timeout: {URL}: no answer\\x1b[2J in 20 s"]
    tried_again = visited(1, VisitOutcome.TIMEOUT, "no answer", again=True)
    assert told(begun, tried_again, live=False).splitlines()[1:] == []


def test_a_page_that_was_passed_over_on_purpose_is_not_told() -> None:
    skipped = visited(1, VisitOutcome.SKIPPED, "leads to /b, which is visited as a page of its own")
    assert told(SessionStarted("visitor", FIRST), skipped, live=False).splitlines()[1:] == []


def test_a_stream_that_knows_ascii_only() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "ascii")
    Progress(stream)(Notice("naïve"))
    assert raw.getvalue() == b"notice: na\\xefve\n"


def test_controls_are_told_and_each_miss_with_its_reason() -> None:
    fine = ControlsVisited("visitor", Controls(100))
    assert told(fine, live=False) == "visitor visitor: the instrument saw all of 100 controls\n"
    missed = tuple(MissedControl(Aspect.REQUESTS, f"a thing {n}", "after", "was not seen") for n in range(7))
    lines = told(ControlsVisited("visitor", Controls(100, missed)), live=False).splitlines()
    assert lines[0] == "visitor visitor: the instrument failed 7 controls of 100"
    assert lines[1] == "  after the crawl: requests: a thing 0: was not seen"
    assert lines[-1] == "  and 2 more; the report lists them"
    assert len(lines) == 7
