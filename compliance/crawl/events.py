"""What the crawl tells while it runs; consumers (console, CI log) never reach into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compliance.model.observation import Controls
from compliance.model.visit import Session, VisitOutcome


@dataclass(frozen=True, slots=True)
class RepetitionStarted:
    """The whole observation is made for the `number`-th of `of` times, from 1."""

    number: int
    of: int


@dataclass(frozen=True, slots=True)
class CrawlStarted:
    """A run begins: `browser` is product and version."""

    run: str
    site: str
    browser: str


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """One visitor begins one session; `pages` is 0 when nobody knows yet how many."""

    visitor: str
    session: Session
    pages: int = 0


@dataclass(frozen=True, slots=True)
class VisitFinished:
    """One visit ended; `done` and `known` count pages of this session."""

    visitor: str
    session: Session
    url: str
    outcome: VisitOutcome
    error: str
    done: int
    known: int
    again: bool = False
    """The attempt failed and the page will be tried again."""


@dataclass(frozen=True, slots=True)
class ControlsVisited:
    """The control pages were visited before and after a visitor's sessions."""

    visitor: str
    shown: Controls


@dataclass(frozen=True, slots=True)
class ProbesStarted:
    """Forms or links are about to be tried (nothing reaches the server)."""

    visitor: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know now."""

    text: str


@dataclass(frozen=True, slots=True)
class CrawlFinished:
    """Everything is recorded."""

    run: str
    pages: int
    seconds: float


Event = (
    RepetitionStarted
    | CrawlStarted
    | SessionStarted
    | VisitFinished
    | ControlsVisited
    | ProbesStarted
    | Notice
    | CrawlFinished
)
Emit = Callable[[Event], None]
