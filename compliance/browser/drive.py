"""A tab: goes to an address, waits until the page has settled, reads everything, within one deadline.

Reading happens in an isolated world, storage and cookies included: a page that
replaces `JSON` or `querySelectorAll` changes nothing. After a visit that ended badly
the tab is not used again (`usable`): the next navigation of such a page is lost.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import time
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from compliance.browser.cdp import CommandFailed, Params, Unresponsive
from compliance.browser.launch import BrowserSession
from compliance.browser.outcomes import is_html, of_answer, of_error
from compliance.browser.recorders.cookies import script_write
from compliance.browser.recorders.document import MAX_LINKS, Harvest, parse_harvest
from compliance.browser.recorders.network import Hop, NetworkRecorder
from compliance.browser.scripts import source
from compliance.errors import BrowserLost
from compliance.model.observation import Aspect, ConsoleMessage, Link, SetCookie, Visit, VisitOutcome
from compliance.model.urls import without_fragment

#: A page that navigates by itself more often than this is going in circles.
MAX_NAVIGATIONS = 10
MAX_DIALOGS = 5
MAX_POPUPS = 5
MAX_FRAMES = 200
MAX_CONSOLE = 200
#: Decoded bytes of one visit; a page that sends more is cut off.
MAX_BYTES = 60_000_000
#: Seconds without network activity after which a page with scripts counts as settled.
QUIET = 0.15
WORLD = "compliance"

Decide = Callable[[str], str]
"""May the main frame go to this address? Empty for yes, else `outcome: reason`."""


@dataclass(slots=True)
class Census:
    """What kind of page it is (`census.js`)."""

    scripts: tuple[str, ...] = ()
    frames: int = 0
    lazy: bool = False


@dataclass(slots=True)
class _State:
    """Everything about the visit under way."""

    network: NetworkRecorder = field(default_factory=NetworkRecorder)
    loader: str = ""
    main_request: str = ""
    navigations: int = 0
    dialogs: int = 0
    popups: int = 0
    loaded: asyncio.Event = field(default_factory=asyncio.Event)
    ended: VisitOutcome | None = None
    why: str = ""
    decided: str = ""
    """Why the main frame was kept from going on, as `outcome: reason`."""
    writes: list[SetCookie] = field(default_factory=list)
    routes: list[str] = field(default_factory=list)
    console: list[ConsoleMessage] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)
    """Sessions of frames in other processes and of workers, with their kind."""

    def end(self, outcome: VisitOutcome, why: str) -> None:
        """The visit is over, whatever the page does; the first reason counts."""
        if self.ended is None:
            self.ended, self.why = outcome, why
        self.loaded.set()


class Tab:
    """One page of one visitor, reused from visit to visit as long as it is `usable`."""

    def __init__(
        self, browser: BrowserSession, aspects: frozenset[Aspect], known_scripts: set[tuple[str, ...]]
    ) -> None:
        self._browser = browser
        self._aspects = aspects
        self._known = known_scripts
        self._binding = f"b{secrets.token_hex(8)}"
        self._decide: Decide = lambda _: ""
        self._state = _State()
        self.page: Page
        self._target = self._session = self._main = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self.usable = True

    @classmethod
    async def open(
        cls, browser: BrowserSession, aspects: frozenset[Aspect], known_scripts: set[tuple[str, ...]]
    ) -> Tab:
        """Open a tab.

        Args:
            browser: The visitor's browser.
            aspects: What visits record.
            known_scripts: Sets of scripts already watched in this session; shared by its tabs.

        Raises:
            BrowserLost: The browser does not give a page.
        """
        tab = cls(browser, aspects, known_scripts)
        tab.page, tab._target, tab._session = await browser.new_page()
        browser.own(tab._session, tab._target, tab._on_event, tab._adopt)
        await tab._prepare(tab._session, "page", tab._target)
        tree = await tab._send("Page.getFrameTree")
        tab._main = tree["frameTree"]["frame"]["id"]
        return tab

    # ---- the connection

    async def _send(self, method: str, params: Params | None = None, *, timeout: float = 5.0) -> Params:
        return await self._browser.connection.send(method, params, self._session, timeout=timeout)

    async def _prepare(self, session: str, kind: str, opener: str = "") -> None:
        """Commands for a new target, all sent before it may run its first script."""
        post = self._browser.connection.post
        if kind in ("page", "iframe"):
            await post("Page.enable", {}, session)
            if Aspect.COOKIES in self._aspects:
                await post("Runtime.enable", {}, session)
                await post("Runtime.addBinding", {"name": self._binding}, session)
                script = source("cookie_writes").replace("%BINDING%", self._binding)
                await post("Page.addScriptToEvaluateOnNewDocument", {"source": script}, session)
        if kind == "page":
            await post("Page.setLifecycleEventsEnabled", {"enabled": True}, session)
            # Only documents are paused, one round trip each: scope is decided before an address is asked for,
            # redirects included. Everything else runs untouched.
            await post("Fetch.enable", {"patterns": [{"resourceType": "Document", "requestStage": "Request"}]}, session)
        if Aspect.CONSOLE in self._aspects and kind in ("page", "iframe"):
            await post("Log.enable", {}, session)
        await post("Network.enable", {"maxPostDataSize": 65536, "reportDirectSocketTraffic": False}, session)
        await post(
            "Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}, session
        )
        await post("Runtime.runIfWaitingForDebugger", {}, session)

    def _spawn(self, work: Awaitable[object]) -> None:
        task = asyncio.get_running_loop().create_task(_quiet(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _adopt(self, session: str, params: Params) -> None:
        """A popup of this tab, or a shared or service worker while this tab is the newest."""
        info, state = params["targetInfo"], self._state
        self._browser.own(session, "", self._on_event, self._adopt)
        state.sessions[session] = info["type"]
        if info["type"] == "page":
            state.popups += 1
            self._spawn(self._popup(session, info["targetId"]))
            if state.popups > MAX_POPUPS:
                state.end(VisitOutcome.PARTIAL, f"more than {MAX_POPUPS} windows opened")
            return
        self._spawn(self._prepare(session, info["type"]))

    async def _popup(self, session: str, target: str) -> None:
        await self._prepare(session, "popup")
        # Its first requests are recorded; a window nobody asked for is then closed.
        await asyncio.sleep(1.0)
        await self._browser.connection.post("Target.closeTarget", {"targetId": target})

    # ---- events

    def _on_event(self, session: str, method: str, p: Params) -> None:
        state = self._state
        if method.startswith("Network."):
            state.network.on(state.sessions.get(session, ""), method, p)
            if method == "Network.requestWillBeSent":
                self._document_request(session, p)
            elif method == "Network.dataReceived" and state.network.received > MAX_BYTES:
                state.end(VisitOutcome.TOO_LARGE, f"more than {MAX_BYTES} bytes")
            return
        handler = _EVENTS.get(method)
        if handler is not None:
            handler(self, session, p)

    def _document_request(self, session: str, p: Params) -> None:
        main = session == self._session and p.get("frameId") == self._main
        if main and p.get("type") == "Document" and p["requestId"] == p.get("loaderId"):
            self._state.main_request = p["requestId"]

    def _target_attached(self, session: str, p: Params) -> None:
        info = p["targetInfo"]
        self._state.sessions[p["sessionId"]] = info["url"] or info["type"]
        self._spawn(self._prepare(p["sessionId"], info["type"]))

    def _paused(self, session: str, p: Params) -> None:
        params: Params = {"requestId": p["requestId"]}
        is_main = session == self._session and p.get("frameId") == self._main
        verdict = self._decide(p["request"]["url"]) if is_main else ""
        if verdict:
            self._state.decided = verdict
            params["errorReason"] = "BlockedByClient"
        method = "Fetch.failRequest" if verdict else "Fetch.continueRequest"
        self._spawn(self._browser.connection.post(method, params, session))

    def _navigated(self, session: str, p: Params) -> None:
        frame = p["frame"]
        self._state.network.name_frame(frame["id"], frame["url"])
        if session != self._session or frame.get("parentId"):
            return
        state = self._state
        state.loader = frame.get("loaderId", "")
        state.navigations += 1
        state.loaded.clear()
        if state.navigations > MAX_NAVIGATIONS:
            state.end(VisitOutcome.NAV_LOOP, f"more than {MAX_NAVIGATIONS} navigations")

    def _within_document(self, session: str, p: Params) -> None:
        if session != self._session or p["frameId"] != self._main:
            return
        state = self._state
        if len(state.routes) < 100:
            state.routes.append(p["url"])
        else:
            state.end(VisitOutcome.NAV_LOOP, "more than 100 addresses pushed without a navigation")

    def _lifecycle(self, session: str, p: Params) -> None:
        state = self._state
        if (
            session == self._session
            and p["frameId"] == self._main
            and p["name"] == "load"
            and p["loaderId"] == state.loader
        ):
            state.loaded.set()

    def _dialog(self, session: str, _: Params) -> None:
        # Playwright answers every dialog; here they are only counted.
        self._state.dialogs += 1
        if self._state.dialogs > MAX_DIALOGS:
            self._state.end(VisitOutcome.DIALOG_LOOP, f"more than {MAX_DIALOGS} dialogs")

    def _crashed(self, session: str, _: Params) -> None:
        if session == self._session:
            self._state.end(VisitOutcome.PAGE_CRASH, "the page's process crashed")

    def _called(self, _: str, p: Params) -> None:
        if p.get("name") != self._binding or len(self._state.writes) >= 1000:
            return
        try:
            write = script_write(json.loads(p.get("payload", "")), time.time())
        except (ValueError, TypeError, AttributeError):
            return
        if write is not None:
            self._state.writes.append(write)

    def _logged(self, _: str, p: Params) -> None:
        entry = p.get("entry", {})
        if len(self._state.console) < MAX_CONSOLE:
            self._state.console.append(
                ConsoleMessage(entry.get("level", ""), str(entry.get("text", ""))[:2000], entry.get("url", ""))
            )

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
        early: Callable[[tuple[Link, ...]], Awaitable[None]] | None = None,
    ) -> tuple[Visit, bytes, list[str]]:
        """Carry out one visit.

        Args:
            visit: The visit as planned; its outcome is replaced.
            deadline: Seconds that everything together may take.
            decide: Asked for every address that the main frame would go to after the first.
            dwell: Seconds that a page with scripts not met before is watched.
            read_text: Record the text even if no check reads it (the policy's page).
            screenshot: Asked after harvesting whether to take one.
            loading: Held while the page loads, released while it is only watched.
            early: Given the links of a page that will be watched for long, so that others need not wait for it.

        Returns:
            The visit with all that was recorded, the screenshot (empty when none), and addresses that
            the page moved to without a navigation.
        """
        self._state = state = _State()
        self._decide = decide
        started = datetime.now(UTC)
        picture = b""
        harvests: list[Harvest] = []
        errors: dict[str, str] = {}
        census = Census()
        try:
            async with asyncio.timeout(deadline):
                if loading is None:
                    await self._navigate(visit.url)
                else:
                    async with loading:
                        await self._navigate(visit.url)
                if state.ended is None:
                    census = await self._settle(dwell, early)
        except TimeoutError:
            self._out_of_time(deadline)
        except Unresponsive as error:
            state.end(VisitOutcome.UNRESPONSIVE, str(error))
        except CommandFailed as error:
            state.end(VisitOutcome.PAGE_CRASH if "crash" in str(error).lower() else VisitOutcome.LOST, str(error))
        if self._readable():
            try:
                async with asyncio.timeout(max(5.0, deadline / 4)):
                    if census.scripts:
                        await self._announce_leaving()
                    harvests = await self._harvest(read_text, census)
                    if screenshot is not None and harvests and screenshot(harvests[0], state.network):
                        picture = await self._screenshot()
            except (TimeoutError, Unresponsive, CommandFailed) as error:
                errors["page"] = f"could not be read whole: {error or 'out of time'}"
                state.ended, state.why = VisitOutcome.UNRESPONSIVE, f"could not be read: {error or 'out of time'}"
        jar = None
        if Aspect.COOKIES in self._aspects:
            try:
                jar = await self._browser.cookies()
            except (Unresponsive, CommandFailed) as error:
                errors[Aspect.COOKIES] = str(error)
        done = self._assemble(visit, started, harvests, errors)
        if jar is not None:
            done = replace(done, jar=jar, set_cookies=(*state.network.set_cookies(), *state.writes))
        self.usable = done.outcome in (VisitOutcome.OK, VisitOutcome.HTTP_ERROR) and not state.popups
        return done, picture, list(dict.fromkeys(state.routes))

    async def _navigate(self, url: str) -> None:
        """Go, and wait for `load`; everything that can go wrong on the way ends the visit at once."""
        state = self._state
        answer = await self._send("Page.navigate", {"url": url}, timeout=3600)
        error = answer.get("errorText", "")
        if error:
            self._navigation_failed(error, bool(answer.get("isDownload")))
            return
        if "loaderId" not in answer:
            # Only the fragment differs from the page that is open: load it anew, as a visitor who types it would.
            await self._send("Page.navigate", {"url": "about:blank"})
            state.navigations = 0
            answer = await self._send("Page.navigate", {"url": url}, timeout=3600)
            if answer.get("errorText"):
                self._navigation_failed(answer["errorText"], False)
                return
        while not state.loaded.is_set():
            with_hops = state.network.chain(state.main_request)
            if with_hops and with_hops[-1].error and with_hops[-1].error != "net::ERR_ABORTED":
                state.end(VisitOutcome.PARTIAL, f"the document broke off: {with_hops[-1].error}")
                return
            try:
                async with asyncio.timeout(0.5):
                    await state.loaded.wait()
            except TimeoutError:
                continue

    def _navigation_failed(self, error: str, download: bool) -> None:
        state = self._state
        hops = state.network.chain(state.main_request)
        status = hops[-1].status if hops else None
        mime = hops[-1].mime if hops else ""
        if state.decided:
            outcome, _, why = state.decided.partition(": ")
            state.end(VisitOutcome(outcome), why)
        elif error == "net::ERR_ABORTED" and status in (204, 205):
            state.end(VisitOutcome.NO_CONTENT, f"HTTP {status}")
        elif error == "net::ERR_ABORTED" and (download or (status is not None and status < 400)):
            attached = any(
                "attachment" in v.lower() for k, v in _last_headers(hops) if k.lower() == "content-disposition"
            )
            plain = not attached and mime not in ("", "application/octet-stream") and not is_html(mime)
            state.end(
                VisitOutcome.OK_NON_HTML if plain else VisitOutcome.DOWNLOAD, f"a file of type {mime or 'unknown'}"
            )
        elif status == 401:
            state.end(VisitOutcome.AUTH_REQUIRED, "HTTP 401")
        elif error == "net::ERR_HTTP_RESPONSE_CODE_FAILURE" and status:
            # An error status without a body: Chromium shows a page of its own.
            state.end(of_answer(status, "text/html", "", {}), f"HTTP {status}")
        else:
            state.end(of_error(error), error)

    def _out_of_time(self, deadline: float) -> None:
        state = self._state
        hops = state.network.chain(state.main_request)
        if hops and hops[-1].status is not None:
            waiting = ", ".join(state.network.pending_urls()[:3])
            state.end(VisitOutcome.PARTIAL, f"still loading after {deadline:g} s{f' ({waiting})' if waiting else ''}")
        else:
            state.end(VisitOutcome.TIMEOUT, f"no answer in {deadline:g} s")

    def _readable(self) -> bool:
        return self._state.ended in (None, VisitOutcome.PARTIAL, VisitOutcome.TOO_LARGE)

    async def _settle(self, dwell: float, early: Callable[[tuple[Link, ...]], Awaitable[None]] | None) -> Census:
        """Watch the page until nothing more is to be expected of it.

        A page without scripts is done when it has loaded. A set of scripts met for the first
        time in this session is watched for `dwell` seconds and scrolled through; one that is known
        until the network is quiet. What a script does late is looked for once per set of scripts.
        """
        state = self._state
        data = json.loads(await self._evaluate(self._main, self._session, source("census")))
        census = Census(tuple(data["scripts"]), data["frames"], data["lazy"])
        if not census.scripts and not census.lazy and not census.frames:
            return census
        fresh = census.scripts not in self._known
        self._known.add(census.scripts)
        if fresh and early is not None:
            links = f"{source('harvest').rstrip()}({json.dumps({'links': True, 'maxLinks': MAX_LINKS})})"
            await early(parse_harvest(await self._evaluate(self._main, self._session, links)).links or ())
        if fresh or census.lazy:
            await self._scroll()
        until = time.monotonic() + (dwell if fresh else 0)
        loader = state.loader
        while state.ended is None:
            now = time.monotonic()
            if state.loader != loader:
                # It moved on by itself: the page it moved to is the page.
                await state.loaded.wait()
                loader, until = state.loader, time.monotonic() + dwell
                continue
            quiet_for = now - state.network.last_activity
            if now >= until and (not state.network.pending or quiet_for > 2.0) and quiet_for >= QUIET:
                break
            await asyncio.sleep(max(0.02, min(0.1, until - now if until > now else QUIET - quiet_for)))
        return census

    async def _scroll(self) -> None:
        step = (
            "(async () => { const end = Math.min(document.documentElement.scrollHeight, 30000);"
            " for (let y = 0, n = 0; y < end && n < 20; y += innerHeight, n++) {"
            " scrollTo(0, y); await new Promise((r) => setTimeout(r, 30)); } scrollTo(0, 0); })()"
        )
        await self._evaluate(self._main, self._session, step, wait=True)

    async def _announce_leaving(self) -> None:
        """Tell the page that it will be left, so that what it sends on leaving can be recorded with its body."""
        self._state.network.induced = True
        await self._evaluate(
            self._main,
            self._session,
            "dispatchEvent(new PageTransitionEvent('pagehide', {persisted: false}));"
            "document.dispatchEvent(new Event('visibilitychange')); ''",
        )
        await asyncio.sleep(0.03)

    # ---- reading

    async def _evaluate(self, frame: str, session: str, expression: str, *, wait: bool = False) -> str:
        connection = self._browser.connection
        world = await connection.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": WORLD}, session)
        answer = await connection.send(
            "Runtime.evaluate",
            {
                "expression": expression,
                "contextId": world["executionContextId"],
                "returnByValue": True,
                "awaitPromise": wait,
            },
            session,
        )
        if "exceptionDetails" in answer:
            detail = answer["exceptionDetails"]
            raise CommandFailed(str(detail.get("exception", {}).get("description") or detail.get("text"))[:300])
        return str(answer["result"].get("value", ""))

    async def _harvest(self, read_text: bool, census: Census) -> list[Harvest]:
        """Read the main document, then the frames in it; the first is the main document."""
        options = {
            "links": Aspect.LINKS in self._aspects,
            "forms": Aspect.FORMS in self._aspects or Aspect.FORM_PROBES in self._aspects,
            "text": read_text or Aspect.TEXT in self._aspects,
            "storage": Aspect.STORAGE in self._aspects,
            "maxLinks": MAX_LINKS,
        }
        call = f"{source('harvest').rstrip()}({json.dumps(options)})"
        try:
            found = [parse_harvest(await self._evaluate(self._main, self._session, call))]
        except CommandFailed:
            # The page moved on while it was read: once more, on the document that is there now.
            await asyncio.sleep(0.2)
            found = [parse_harvest(await self._evaluate(self._main, self._session, call))]
        if census.frames:
            for frame, session, url in (await self._frames())[:MAX_FRAMES]:
                try:
                    found.append(parse_harvest(await self._evaluate(frame, session, call), url))
                except CommandFailed:
                    continue  # a frame that went away; its requests are recorded all the same
        return found

    async def _frames(self) -> list[tuple[str, str, str]]:
        """Frames below the main one: id, session, address."""
        found = []
        sessions = [self._session, *(s for s, kind in self._state.sessions.items() if kind not in ("page", "worker"))]
        for session in sessions:
            try:
                tree = await self._browser.connection.send("Page.getFrameTree", {}, session)
            except CommandFailed:
                continue  # a worker, or a frame that went away
            stack = [tree["frameTree"]]
            while stack:
                node = stack.pop()
                stack.extend(node.get("childFrames", ()))
                if node["frame"]["id"] != self._main:
                    found.append((node["frame"]["id"], session, node["frame"]["url"]))
        return found

    async def _screenshot(self) -> bytes:
        answer = await self._send("Page.captureScreenshot", {"format": "jpeg", "quality": 70}, timeout=10)
        return b64decode(answer["data"])

    def _assemble(self, visit: Visit, started: datetime, harvests: list[Harvest], errors: dict[str, str]) -> Visit:
        state = self._state
        hops = state.network.chain(state.main_request)
        last = hops[-1] if hops else None
        main = harvests[0] if harvests else None
        status = last.status if last else None
        mime = (last.mime if last else "") or (main.content_type if main else "")
        headers = {k.lower(): v for k, v in (last.response_headers if last else {}).items()}
        outcome, why = state.ended, state.why
        if outcome is None:
            if status is None and visit.url.startswith("http") and not (last and last.from_cache):
                outcome, why = VisitOutcome.INVALID_RESPONSE, "the document came without an HTTP status"
            else:
                outcome = of_answer(status or 200, mime, main.title if main else "", headers)
                why = "" if outcome in (VisitOutcome.OK, VisitOutcome.OK_NON_HTML) else f"HTTP {status}"
        if last is not None and last.url.startswith("https:") and self._untrusted(last):
            outcome, why = VisitOutcome.TLS_ERROR, "the certificate is not trusted"
        for part in (c for h in harvests for c in h.cut):
            name, _, detail = part.partition(": ")
            errors.setdefault(name, detail)
        if state.network.capped:
            errors[Aspect.REQUESTS] = state.network.capped
        # Not HTML, or no page at all: there was nothing to harvest, which is not "not recorded".
        nothing = outcome is VisitOutcome.OK_NON_HTML
        links = tuple(x for h in harvests for x in h.links or ()) if harvests or nothing else None
        forms = tuple(x for h in harvests for x in h.forms or ()) if harvests or nothing else None
        storage = tuple(x for h in harvests for x in h.storage or ()) if harvests or nothing else None
        texts = [h.text for h in harvests if h.text is not None]
        digest = hashlib.sha256()
        for part in (main.title if main else "", *(link.href for link in links or ()), *texts):
            digest.update(part.encode("utf-8", "backslashreplace"))
        return replace(
            visit,
            outcome=outcome,
            error=why,
            final_url=_reached(visit.url, hops) or (main.url if main else ""),
            status=status,
            content_type=mime,
            title=main.title if main else "",
            language=main.language if main else "",
            started=started.isoformat(timespec="milliseconds"),
            finished=datetime.now(UTC).isoformat(timespec="milliseconds"),
            text_length=main.text_length if main else 0,
            dom_digest=digest.hexdigest() if main else "",
            requests=state.network.requests() if Aspect.REQUESTS in self._aspects else None,
            links=links if Aspect.LINKS in self._aspects else None,
            forms=forms if Aspect.FORMS in self._aspects or Aspect.FORM_PROBES in self._aspects else None,
            storage=storage if Aspect.STORAGE in self._aspects else None,
            text="\n".join(texts) if texts or (nothing and Aspect.TEXT in self._aspects) else None,
            console=tuple(state.console) if Aspect.CONSOLE in self._aspects else None,
            errors=errors,
        )

    def _untrusted(self, hop: object) -> bool:
        return False

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


def _last_headers(hops: list[Hop]) -> list[tuple[str, str]]:
    return list(hops[-1].response_headers.items()) if hops else []


def _reached(asked: str, hops: list[Hop]) -> str:
    """The document's address: what the network says, not what a script wrote into the address bar.

    The fragment of the address asked for (a route) stays, unless a redirect led elsewhere.
    """
    if not hops:
        return ""
    last = hops[-1].url
    return asked if without_fragment(asked) == without_fragment(last) else last


async def _quiet(work: Awaitable[object]) -> None:
    """Await a command that is sent without waiting for it; a target that has gone takes no commands."""
    try:
        await work
    except (CommandFailed, Unresponsive, BrowserLost):
        return


_EVENTS = {
    "Target.attachedToTarget": Tab._target_attached,
    "Fetch.requestPaused": Tab._paused,
    "Page.frameNavigated": Tab._navigated,
    "Page.navigatedWithinDocument": Tab._within_document,
    "Page.lifecycleEvent": Tab._lifecycle,
    "Page.javascriptDialogOpening": Tab._dialog,
    "Inspector.targetCrashed": Tab._crashed,
    "Runtime.bindingCalled": Tab._called,
    "Log.entryAdded": Tab._logged,
}
