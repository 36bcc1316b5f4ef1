"""Visiting the control pages with the browser, the recording and the rules of the crawl."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from compliance.browser.drive import Tab
from compliance.browser.launch import BrowserSession, Driver, LaunchOptions
from compliance.crawl.controls.server import PATIENCE, ControlServer
from compliance.crawl.reconcile import missing
from compliance.errors import BrowserLost
from compliance.knowledge.controls import BUSY, admitted
from compliance.model.controls import ControlRun
from compliance.model.observation import Controls
from compliance.model.spec import VisitorSpec
from compliance.model.visit import SEEN, Aspect, Session, Visit, VisitOutcome
from compliance.store.codec import encode
from compliance.store.rundir import CONTROLS_KEPT, RunDirectory

#: A busy machine may need another try. What the record lacks without saying so is a miss at once.
TRIES = 3
#: Seconds that the pages are watched after they have loaded; the busy one holds a request until all is done.
DWELL = 0.2


@dataclass(frozen=True, slots=True)
class Controlled:
    """What is the same for every visit of the control pages: how the browser is started, and what is recorded."""

    playwright: Driver
    options: LaunchOptions
    major: int
    aspects: frozenset[Aspect]


async def prove(
    how: Controlled, server: ControlServer, visitor: VisitorSpec, profile: Path, when: str, run: RunDirectory
) -> Controls:
    """Visit the control pages, keep the record in the run, and tell what it shows so far."""
    seen = await visit_controls(how, server, visitor, profile, when)
    run.ledger.add_probe(visitor.name, CONTROLS_KEPT, when, encode(seen, ControlRun))
    return run.controls(visitor.name)


async def visit_controls(
    how: Controlled, server: ControlServer, visitor: VisitorSpec, profile: Path, when: str
) -> ControlRun:
    """Visit the clean page, then the busy one, and close the browser; again if that did not come off.

    Args:
        how: As the crawl does.
        server: The witness.
        visitor: Whose instrument is looked at.
        profile: The folder of the control visits; the same before and after.
        when: `before` or `after`.

    Returns:
        What was recorded and what was done; an error in words when the pages could not be visited.
    """
    for _ in range(TRIES):
        seen = await _visit_both(how, server, visitor, profile, when)
        if not admitted(seen):
            break
    return seen


async def _visit_both(
    how: Controlled, server: ControlServer, visitor: VisitorSpec, profile: Path, when: str
) -> ControlRun:
    began = ControlRun(when, aspects=tuple(sorted(how.aspects)), origin=server.origin(BUSY))
    try:
        session = await BrowserSession.start(
            how.playwright, how.options, profile, visitor, how.major, logged=Aspect.REQUESTS in how.aspects
        )
    except BrowserLost as lost:
        return replace(began, error=lost.message)
    async with session:
        try:
            clean = await _visit(session, how.aspects, server.clean, visitor, f"clean.{when}")
            busy = await _visit(session, how.aspects, server.begin(when, how.aspects), visitor, f"busy.{when}")
        except BrowserLost as lost:
            return replace(began, error=lost.message)
    clean, busy = _complete(session, clean, busy)
    unseen = [v for v in (clean, busy) if v.outcome not in SEEN]
    error = f"{unseen[0].url}: {unseen[0].error or unseen[0].outcome}" if unseen else ""
    did, cannot = tuple(sorted(server.did)), tuple(sorted(server.cannot))
    return replace(began, did=did, cannot=cannot, busy=busy, clean=clean, error=error)


async def _visit(
    session: BrowserSession, aspects: frozenset[Aspect], url: str, visitor: VisitorSpec, name: str
) -> Visit:
    tab = await Tab.open(session, aspects, set())
    planned = Visit(f"control.{name}", visitor.name, Session.FIRST, url, VisitOutcome.LOST)
    try:
        visit, _, _ = await tab.visit(planned, deadline=2 * PATIENCE, decide=lambda _: "", dwell=DWELL)
    finally:
        await tab.close()
    return visit


def _complete(session: BrowserSession, *visits: Visit) -> tuple[Visit, ...]:
    """The visits with what only the browser's own log names, as in the crawl."""
    log = session.netlog
    if log is None:
        return visits
    if not log.understood:
        why = "the browser's own log of requests was not understood"
        return tuple(replace(v, errors={**v.errors, Aspect.REQUESTS.value: why}) for v in visits)
    pairs = [(v, v.requests or ()) for v in visits]
    added = missing(pairs, log.requests, session.gate.bodies.left(), exact=True)
    return tuple(v if v.requests is None else replace(v, requests=(*v.requests, *added.get(v.id, ()))) for v in visits)
