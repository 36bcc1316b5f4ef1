"""A tab: goes to an address, waits until the page has settled, reads everything, within one deadline.

After a visit that ended badly the tab is not used again (`usable`): the next navigation of
such a page is lost.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from compliance.browser.assemble import assemble
from compliance.browser.cdp import CommandFailed, Params, Unresponsive, quiet
from compliance.browser.launch import BrowserSession
from compliance.browser.passage import Before, Decide, Passage
from compliance.browser.recorders.answers import read_answers
from compliance.browser.recorders.calls import WORKERS
from compliance.browser.recorders.document import Harvest
from compliance.browser.recorders.network import NetworkRecorder
from compliance.browser.scripts import hooks
from compliance.browser.state import VisitState
from compliance.browser.world import Census, World
from compliance.errors import BrowserLost
from compliance.model.activity import Cookie
from compliance.model.content import Link
from compliance.model.visit import Aspect, Visit, VisitOutcome

#: Seconds without network activity after which a page with scripts counts as settled.
QUIET = 0.15
#: Seconds after which a request that is still open (a poll, a stream) is no longer waited for.
STALE = 2.0
#: Seconds that are waited for the reports of documents and workers that have not said a word.
HEARING = 1.5
Early = Callable[[tuple[Link, ...]], Awaitable[None]]


class Tab:
    """One page of one visitor, reused from visit to visit as long as it is `usable`."""

    def __init__(self, browser: BrowserSession, aspects: frozenset[Aspect], known: set[tuple[str, ...]]) -> None:
        self._browser = browser
        self._aspects = aspects
        self._known = known
        self._binding = f"b{secrets.token_hex(8)}"
        self._passage = Passage(browser)
        self._state = VisitState("", "", self._binding)
        self._tasks: set[asyncio.Task[None]] = set()
        self.page: Page
        self._target = self._session = self._main = ""
        self._world: World
        self.usable = True

    @classmethod
    async def open(cls, browser: BrowserSession, aspects: frozenset[Aspect], known: set[tuple[str, ...]]) -> Self:
        """Open a tab.

        Args:
            browser: The visitor's browser.
            aspects: What visits record.
            known: Sets of scripts already watched in this session; shared by its tabs.

        Raises:
            BrowserLost: The browser does not give a page.
        """
        tab = cls(browser, aspects, known)
        tab.page, tab._target, tab._session = await browser.new_page()
        browser.own(tab._session, tab._target, tab._on_event, tab._adopt)
        try:
            await browser.gate.watch(tab._target, tab._asked)
            await tab._prepare(tab._session, "page")
            tree = await browser.connection.send("Page.getFrameTree", {}, tab._session)
        except (CommandFailed, Unresponsive) as error:
            raise BrowserLost(f"the browser gives a page that does not answer ({error})") from error
        tab._main = tree["frameTree"]["frame"]["id"]
        tab._world = World(browser.connection, tab._session, tab._main)
        return tab

    # ---- targets: the page, its frames in other processes, its workers, its windows

    async def _prepare(self, session: str, kind: str) -> None:
        """Commands for a new target, all sent before it may run its first script."""
        post = self._browser.connection.post
        await post("Emulation.setUserAgentOverride", dict(self._browser.agent), session)
        document = kind in ("page", "popup", "iframe")
        if document:
            await post("Page.enable", {}, session)
        worker = kind in WORKERS
        if parts := self._hooks(document=document, worker=worker):
            await post("Runtime.enable", {}, session)
            await post("Runtime.addBinding", {"name": self._binding}, session)
            script = hooks(self._binding, *parts)
            if document:
                await post("Page.addScriptToEvaluateOnNewDocument", {"source": script}, session)
            if worker or kind == "popup":
                # A worker is paused and has run nothing: what is evaluated now comes before its first line. A window
                # has an empty document already, which whoever opened it can use.
                await post("Runtime.evaluate", {"expression": script}, session)
        if kind == "page":
            await post("Page.setLifecycleEventsEnabled", {"enabled": True}, session)
        if document and Aspect.CONSOLE in self._aspects:
            await post("Log.enable", {}, session)
            await post("Runtime.enable", {}, session)
        await post("Network.enable", {"maxPostDataSize": 65536}, session)
        attach = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
        await post("Target.setAutoAttach", attach, session)
        await post("Runtime.runIfWaitingForDebugger", {}, session)

    def _hooks(self, *, document: bool, worker: bool) -> tuple[str, ...]:
        """Parts of the script for the world of a document or worker; none where nothing of it is recorded."""
        parts = ["cookie_writes"] if document and Aspect.COOKIES in self._aspects else []
        if (document or worker) and Aspect.API_CALLS in self._aspects:
            parts.append("api_calls")
        return tuple(parts)

    def _adopt(self, session: str, params: Params) -> None:
        """A window of this tab, or a shared or service worker while this tab is the newest."""
        info = params["targetInfo"]
        self._browser.own(session, "", self._on_event, self._adopt)
        self._state.attached(session, info)
        if info["type"] == "page":
            self._state.popup()
            self._browser.gate.prepared_by(info["targetId"], self._spawn(self._prepare(session, "popup")))
            self._spawn(self._close_window(info["targetId"]))
        else:
            self._spawn(self._prepare(session, info["type"]))

    async def _close_window(self, target: str) -> None:
        """Its first requests are recorded; a window nobody asked for is then closed."""
        await asyncio.sleep(1.0)
        await self._browser.connection.post("Target.closeTarget", {"targetId": target})

    def _spawn(self, work: Awaitable[object]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(quiet(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _on_event(self, session: str, method: str, p: Params) -> None:
        if method == "Target.attachedToTarget":
            self._state.attached(p["sessionId"], p["targetInfo"])
            self._spawn(self._prepare(p["sessionId"], p["targetInfo"]["type"]))
        else:
            self._state.on(session, method, p)

    def _asked(self, p: Params) -> None:
        """The main frame is about to ask for a document, or has its answer."""
        self._spawn(self._passage.held(p, self._state))

    # ---- one visit

    async def visit(
        self,
        visit: Visit,
        *,
        deadline: float,
        decide: Decide,
        dwell: float,
        read_text: bool = False,
        screenshot: Callable[[Harvest, NetworkRecorder], bool] | None = None,
        loading: asyncio.Semaphore | None = None,
        early: Early | None = None,
        before: Before | None = None,
    ) -> tuple[Visit, bytes, list[str]]:
        """Carry out one visit.

        Args:
            visit: The visit as planned; its outcome is replaced.
            deadline: Seconds that loading and settling together may take.
            decide: Asked for every address that the main frame would go to, redirects included.
            dwell: Seconds that a page with scripts not met before is watched.
            read_text: Record the text even if no check reads it (the policy's page).
            screenshot: Asked after harvesting whether to take one.
            loading: Held while the page loads, released while it is only watched.
            early: Given the links of a page that will be watched for long, so that others need not wait for it.
            before: Awaited before `decide` is asked.

        Returns:
            The visit with all that was recorded, the screenshot (empty when none), and addresses that
            the page moved to without a navigation.
        """
        self._state = state = VisitState(self._session, self._main, self._binding)
        self._passage = Passage(self._browser, decide, before)
        started = datetime.now(UTC)
        errors: dict[str, str] = {}
        census = await self._arrive(visit.url, deadline, dwell, loading, early)
        await self._passage.end(state)
        harvests, picture = await self._read(census, max(5.0, deadline / 4), read_text, screenshot, errors)
        jar = await self._jar(errors)
        if self._passage.failed:
            errors[Aspect.COOKIES] = self._passage.failed
        await self._hear_out()
        if {Aspect.STORAGE, Aspect.REQUESTS} <= self._aspects and state.ended is None:
            await read_answers(self._browser.connection, state.network, state.finished, self._browser.answers)
        state.network.fill_in(self._browser.gate.bodies)
        done = assemble(visit, state, harvests, errors, self._aspects, started)
        if jar is not None:
            vain = self._passage.in_vain(state.network)
            given = (cookie for cookie in state.network.set_cookies() if cookie.request not in vain)
            done = replace(done, jar=jar, set_cookies=(*given, *state.writes))
        done = self._check_certificate(replace(done, scripts=census.scripts))
        self.usable = done.outcome in (VisitOutcome.OK, VisitOutcome.HTTP_ERROR) and not state.popups
        return done, picture, list(dict.fromkeys(state.routes))

    async def _hear_out(self) -> None:
        """On a busy machine a document that has just begun may be known before its report has come."""
        if Aspect.API_CALLS in self._aspects:
            until = time.monotonic() + HEARING
            while self._state.calls.gap() and time.monotonic() < until:
                await asyncio.sleep(0.05)

    async def _arrive(
        self, url: str, deadline: float, dwell: float, loading: asyncio.Semaphore | None, early: Early | None
    ) -> Census:
        """Load and settle; whatever goes wrong ends the visit with its outcome."""
        state = self._state
        try:
            async with asyncio.timeout(deadline):
                async with loading or asyncio.Semaphore():
                    await self._navigate(url)
                while state.ended is None:
                    try:
                        return await self._settle(dwell, early)
                    except CommandFailed:
                        if state.navigations < 2:
                            raise
                        # It moved on while it was looked at: the page that it moved to is the page.
                        await asyncio.sleep(0.05)
                        await self._loaded()
        except TimeoutError:
            state.out_of_time(deadline)
        except Unresponsive as error:
            state.end(VisitOutcome.UNRESPONSIVE, str(error))
        except CommandFailed as error:
            crashed = "crash" in str(error).lower()
            state.end(VisitOutcome.PAGE_CRASH if crashed else VisitOutcome.LOST, str(error))
        return Census()

    async def _navigate(self, url: str) -> None:
        """Go, and wait for `load`; everything that can go wrong on the way ends the visit at once."""
        state, send = self._state, self._browser.connection.send
        answer = await send("Page.navigate", {"url": url}, self._session, timeout=3600)
        if not answer.get("errorText") and "loaderId" not in answer:
            # Only the fragment differs from the page that is open: load it anew, as a visitor who types it would.
            await send("Page.navigate", {"url": "about:blank"}, self._session)
            state.navigations = 0
            answer = await send("Page.navigate", {"url": url}, self._session, timeout=3600)
        if answer.get("errorText"):
            state.navigation_failed(answer["errorText"], download=bool(answer.get("isDownload")))
            return
        await self._loaded()

    async def _loaded(self) -> None:
        """Wait for the page that is open; one that was kept from moving on may never say that it has loaded."""
        state = self._state
        while not state.loaded.is_set() and not state.decided:
            if not self._browser.alive:
                raise BrowserLost(self._browser.connection.lost)
            hops = state.document
            if hops and hops[-1].error and hops[-1].error != "net::ERR_ABORTED":
                state.end(VisitOutcome.PARTIAL, f"the document broke off: {hops[-1].error}")
                return
            try:
                async with asyncio.timeout(0.5):
                    await state.loaded.wait()
            except TimeoutError:
                continue

    async def _settle(self, dwell: float, early: Early | None) -> Census:
        """Watch the page until nothing more is to be expected of it.

        A page without scripts is done when it has loaded. A set of scripts met for the first
        time in this session is watched for `dwell` seconds and scrolled through; one that is known
        until the network is quiet. What a script does late is looked for once per set of scripts.
        """
        state = self._state
        loader, census = state.loader, await self._look()
        if not census.scripts and not census.lazy and not census.frames and state.loader == loader:
            return census
        fresh = census.scripts not in self._known
        self._known.add(census.scripts)
        if fresh and early is not None:
            await early(await self._world.links())
        if fresh or census.lazy:
            await self._world.scroll()
        until = time.monotonic() + (dwell if fresh else 0)
        while state.ended is None:
            now = time.monotonic()
            if state.loader != loader:
                # It moved on by itself: the page it moved to is the page.
                await self._loaded()
                loader, until = state.loader, time.monotonic() + dwell
                census = await self._look()
                continue
            quiet = now - state.network.last_activity
            if now >= until and quiet >= QUIET and (not state.network.pending or quiet > STALE):
                break
            await asyncio.sleep(max(0.02, min(0.1, until - now if until > now else QUIET - quiet)))
        return census

    async def _look(self) -> Census:
        """The census of the document that is there; where it will send its visitor is a page to visit, too."""
        census = await self._world.census()
        if census.refresh:
            self._state.routes.append(census.refresh)
        return census

    async def _read(
        self,
        census: Census,
        deadline: float,
        read_text: bool,
        screenshot: Callable[[Harvest, NetworkRecorder], bool] | None,
        errors: dict[str, str],
    ) -> tuple[list[Harvest], bytes]:
        """Harvest what is there, even of a page that never finished."""
        state = self._state
        if state.ended not in (None, VisitOutcome.PARTIAL, VisitOutcome.TOO_LARGE):
            return [], b""
        try:
            async with asyncio.timeout(deadline):
                if census.scripts:
                    state.network.induced = True
                    await self._world.announce_leaving()
                frames = {self._session: "", **state.sessions} if census.frames else {}
                harvests = await self._world.harvest(self._aspects, text=read_text, frames=frames)
                if screenshot is not None and screenshot(harvests[0], state.network):
                    return harvests, await self._world.screenshot()
                return harvests, b""
        except (TimeoutError, Unresponsive, CommandFailed) as error:
            errors["page"] = f"could not be read: {error or 'out of time'}"
            state.ended, state.why = VisitOutcome.UNRESPONSIVE, errors["page"]
            return [], b""

    async def _jar(self, errors: dict[str, str]) -> tuple[Cookie, ...] | None:
        if Aspect.COOKIES not in self._aspects:
            return None
        try:
            async with self._browser.jar_at_rest:
                return await self._browser.cookies()
        except (Unresponsive, CommandFailed) as error:
            errors[Aspect.COOKIES] = str(error)
            return None

    def _check_certificate(self, visit: Visit) -> Visit:
        """Certificates are ignored for all hosts or none; of a host that was not named the visit does not count."""
        hops = self._state.document
        if hops and hops[-1].untrusted and not self._browser.ignores_tls(hops[-1].url):
            return replace(visit, outcome=VisitOutcome.TLS_ERROR, error="the certificate is not trusted")
        return visit

    def answer(self, header: str) -> str:
        """A header of the document's answer, empty when it has none (lower-case name)."""
        return self._state.answer(header)

    async def rendered(self) -> str:
        """The document that is open, as rendered: what is inside `<html>`."""
        return await self._world.evaluate("document.documentElement.innerHTML.toWellFormed()")

    @property
    def alive(self) -> bool:
        """Does the browser that it is a page of still run."""
        return self._browser.alive

    async def close(self) -> None:
        """Close the tab; a page that does not close is left to the browser's end."""
        self._browser.disown(self._target)
        self.usable = False
        try:
            async with asyncio.timeout(3):
                await self._browser.connection.post("Target.closeTarget", {"targetId": self._target})
                await self.page.close()
        except (TimeoutError, PlaywrightError, BrowserLost):
            return
