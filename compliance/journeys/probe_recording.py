"""Trying pages for session recording: they are moved about on and typed into, and everything they send is recorded.

Nothing is sealed here: recorders need their servers and their sockets to work. In exchange nothing is done that acts:
no button and no link is pressed, nothing is submitted, and the page may not go anywhere. The trial has a profile of
its own, so that it leaves no trace in the sessions.

First the page is watched without being touched (the control). Then words of ours are put into it, the mouse moves
along a path that nobody knows, and values that nobody knows are typed key by key: into some of the page's fields, and
into one that was added. What is found of this in what the page sends is no accident.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright

from compliance.browser.launch import BrowserSession, LaunchOptions
from compliance.browser.netlog import Logged
from compliance.browser.passage import Decide
from compliance.browser.recorders.bodies import Body
from compliance.browser.watched import WatchedTab
from compliance.errors import BrowserLost
from compliance.journeys.scripts import source
from compliance.knowledge.listening import as_recorders_do
from compliance.model.activity import Request
from compliance.model.recording import OWN, RecordingProbe, Typed, scripts_of
from compliance.model.spec import VisitorSpec
from compliance.model.urls import without_fragment
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome

#: Pages that are tried at the same time.
AT_ONCE = 3
LOAD_DEADLINE = 20.0
TRIAL_DEADLINE = 30.0
#: Seconds that a page is watched after it has loaded, before it is touched.
CONTROL = 1.5
#: Seconds to wait at the end for what is sent with delay; what is kept until the page is left comes then.
FLUSH = 1.2
#: The same where a script listens to everything, as recorders do: some send every ten seconds only.
LONG_FLUSH = 11.0
#: Recorders look at the mouse every 50 ms or so, and at keys as they come.
STEP, KEY = 0.055, 0.012
#: Seconds of rest after a field, and after the one that was added: who waits for a pause in typing has it.
REST, LONG_REST = 0.3, 0.8
POINTS = 24
#: Fields of the page that are typed into.
FIELDS = 4
Missing = Callable[
    [Iterable[tuple[Visit, tuple[Request, ...]]], Iterable[Logged], Iterable[Body]], dict[str, list[Request]]
]
_LETTERS = "bcdfghjkmnpqrstvwxz"


async def probe_recording(
    playwright: Playwright,
    options: LaunchOptions,
    major: int,
    profile: Path,
    visitor: VisitorSpec,
    pages: Sequence[str],
    *,
    decide: Decide,
    delay: float,
    missing: Missing = lambda *_: {},
    store: Callable[[RecordingProbe], None],
    stopped: Callable[[], bool],
) -> None:
    """Try each page and store what it sent.

    Args:
        playwright: Running.
        options: How to start the browser.
        major: Its major version.
        profile: Folder of its own, empty.
        visitor: Who tries.
        pages: Addresses (`recorded_pages.recording_targets`).
        decide: Asked for every address that a page goes on to while it loads.
        delay: Seconds between two page loads.
        missing: Which requests of the browser's own log have no record, by the id of the visit that they belong to;
            by default they are not compared.
        store: Called once per page, when all have been tried.
        stopped: Asked between pages.

    Raises:
        BrowserLost: No browser can be started at all.
    """
    if not pages:
        return
    turn, places = asyncio.Lock(), asyncio.Semaphore(AT_ONCE)
    tried: list[tuple[RecordingProbe, Visit]] = []
    async with await BrowserSession.start(playwright, options, profile, visitor, major, logged=True) as browser:

        async def one(page: str) -> None:
            async with places:
                async with turn:
                    if stopped():
                        return
                    trial = asyncio.create_task(_try(browser, visitor.name, page, decide))
                    # The next one waits its time from here, and this one does not wait for it.
                    await asyncio.wait([trial], timeout=delay)
                tried.append(await trial)

        async with asyncio.TaskGroup() as group:
            for page in pages:
                group.create_task(one(page))
    if stopped():
        return
    log = browser.netlog
    seen = [(visit, visit.requests or ()) for _, visit in tried]
    understood = log is not None and log.understood
    lost = missing(seen, log.requests, browser.gate.bodies.left()) if log is not None and understood else {}
    why = "" if understood else "the browser's own log of requests was not understood"
    for probe, _ in tried:
        store(replace(probe, error=probe.error or why, requests=(*probe.requests, *lost.get(probe.id, ()))))


async def _try(browser: BrowserSession, visitor: str, page: str, decide: Decide) -> tuple[RecordingProbe, Visit]:
    """One page; whatever goes wrong is said in its record."""
    digest = hashlib.sha256(page.encode()).hexdigest()[:12]
    trial = _Trial(RecordingProbe(f"recording-{digest}", page, ()), page, decide)
    planned = Visit(trial.probe.id, visitor, Session.FIRST, page, VisitOutcome.LOST)
    tab: WatchedTab | None = None
    try:
        tab = await WatchedTab.open(browser, frozenset({Aspect.REQUESTS}), set())
        tab.act = trial.act
        visit, _, _ = await tab.visit(planned, deadline=LOAD_DEADLINE, decide=trial.decide, dwell=CONTROL)
    except BrowserLost as lost:
        return replace(trial.probe, error=f"the browser was lost ({lost.message})"), planned
    finally:
        if tab is not None:
            await tab.close()
    error = "" if visit.outcome is VisitOutcome.OK else visit.error or visit.outcome.value
    error = trial.error or error or visit.errors.get(Aspect.REQUESTS.value, "")
    done = replace(
        trial.probe,
        # Of a page that wanted to go on, the final address is where to.
        page=page if error else visit.final_url or page,
        scripts=tuple(sorted(scripts_of(visit))),
        requests=visit.requests or (),
        again=tab.again,
        watchers=tab.watchers,
        gap=tab.gap,
        error=error,
    )
    return done, visit


@dataclass(slots=True)
class _Trial:
    """What is done on one page."""

    probe: RecordingProbe
    asked: str
    loading: Decide
    touched: bool = False
    reached: str = ""
    error: str = ""

    def decide(self, url: str) -> str:
        """May the main frame go on to an address (`Tab.visit`): while the page loads; afterwards only to itself."""
        own = (without_fragment(self.asked), without_fragment(self.reached))
        if without_fragment(url) in own:
            return ""
        if not self.touched:
            return self.loading(url)
        return f"{VisitOutcome.BLOCKED_SCOPE}: it wanted to go on to {without_fragment(url)[:200]}"

    async def act(self, tab: WatchedTab) -> None:
        """Everything that is done on the page, and the record of it."""
        self.touched, self.reached = True, tab.reached
        try:
            async with asyncio.timeout(TRIAL_DEADLINE):
                await self._act(tab)
        except TimeoutError:
            self.error = f"the trial took more than {TRIAL_DEADLINE:g} s"
        except PlaywrightError as error:
            self.error = f"the page could not be moved about on ({str(error).splitlines()[0][:200]})"

    async def _act(self, tab: WatchedTab) -> None:
        begin = tab.network.begin
        marker, label = _word(), _word()
        self.probe = replace(
            self.probe,
            marker=marker,
            label=label,
            touched=time.monotonic() - begin,
            sockets=tab.network.sent("websocket"),
        )
        setting = json.dumps({"marker": marker, "label": label, "fields": FIELDS})
        there = json.loads(await tab.evaluate(f"{source('stimulus').rstrip()}({setting})"))
        await self._move(tab, there["width"], there["height"])
        await self._type(tab, there["fields"])
        self._check(json.loads(await tab.evaluate("stimulus.heard()")))
        await asyncio.sleep(LONG_FLUSH if as_recorders_do(tab.listening) else FLUSH)
        self.probe = replace(self.probe, left=time.monotonic() - begin)

    def _check(self, heard: dict[str, Any]) -> None:
        """Did the page get what was done? One that keeps keys or the mouse to itself has not been tried."""
        own = next((one.value for one in self.probe.typed if one.kind == OWN), "")
        if not own or heard["own"] != own or heard["keys"] < len(own):
            self.error = "a field that was added to the page did not take what was typed"
        elif heard["moves"] < POINTS // 2:
            self.error = "the page did not hear of the mouse"

    async def _move(self, tab: WatchedTab, width: int, height: int) -> None:
        """The mouse along a path, the wheel, a click where nothing is."""
        mouse = tab.page.mouse
        track = tuple((_pixel(width), _pixel(height)) for _ in range(POINTS))
        self.probe = replace(self.probe, track=track)
        for x, y in track:
            await mouse.move(x, y)
            await asyncio.sleep(STEP)
        place = json.loads(await tab.evaluate("stimulus.point()"))
        if place is not None:
            self.probe = replace(self.probe, click=tuple(place))
            await mouse.click(*place)
        for distance in (300, 300, -600):
            await mouse.wheel(0, distance)
            await asyncio.sleep(STEP)

    async def _type(self, tab: WatchedTab, fields: list[dict[str, str]]) -> None:
        """Values, key by key, into fields; every field is left as with the tabulator, none is sent."""
        keyboard = tab.page.keyboard
        for index, one in ((-1, {"name": "", "kind": OWN}), *enumerate(fields)):
            if await tab.evaluate(f"stimulus.focus({index})") != "true":
                continue
            value = _value(one["kind"])
            self.probe = replace(self.probe, typed=(*self.probe.typed, Typed(one["name"], one["kind"], value)))
            await keyboard.type(value, delay=KEY * 1000)
            await asyncio.sleep(LONG_REST if index < 0 else REST)
            await tab.evaluate(f"stimulus.blur({index})")
        await tab.evaluate("stimulus.top()")
        await keyboard.press("ArrowDown")


def _word() -> str:
    """Twelve letters that form no word: 51 bits, found nowhere by chance."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


def _value(kind: str) -> str:
    """Something to type that a field of this kind takes, and that belongs to nobody."""
    match kind:
        case "email":
            return f"{_word()}@example.org"  # RFC 2606
        case "tel":
            return f"20255501{secrets.randbelow(100):02d}"  # kept free for fiction in North America
        case "password":
            return f"{_word()}-7K"
    return _word()


def _pixel(size: int) -> int:
    return random.SystemRandom().randrange(size // 20, size - size // 20)
