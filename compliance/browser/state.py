"""Everything about the visit under way, and what the page's events make of it.

Every event costs one dictionary look-up and no waiting; what a page overdoes (navigations,
dialogs, windows, addresses) ends its visit with the outcome that names it.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field

from compliance.browser.cdp import Params
from compliance.browser.outcomes import is_html, of_answer, of_error
from compliance.browser.recorders.calls import CallRecorder
from compliance.browser.recorders.cookies import script_write
from compliance.browser.recorders.network import Hop, NetworkRecorder
from compliance.knowledge.headers import first
from compliance.model.activity import ConsoleMessage, SetCookie
from compliance.model.visit import VisitOutcome

#: A page that navigates by itself more often than this is going in circles.
MAX_NAVIGATIONS = 10
MAX_ROUTES = 100
MAX_DIALOGS = 5
MAX_POPUPS = 5
MAX_CONSOLE = 200
MAX_WRITES = 1000
#: Decoded bytes of one visit; a page that sends more is cut off.
MAX_BYTES = 60_000_000


@dataclass(slots=True)
class VisitState:
    """What is known so far. `session` and `main` name the page's own session and main frame."""

    session: str
    main: str
    binding: str
    network: NetworkRecorder = field(init=False)
    calls: CallRecorder = field(default_factory=CallRecorder)
    loader: str = ""
    main_request: str = ""
    navigations: int = 0
    dialogs: int = 0
    popups: int = 0
    loaded: asyncio.Event = field(default_factory=asyncio.Event)
    ended: VisitOutcome | None = None
    why: str = ""
    decided: str = ""
    """Why the main frame was kept from going on, as `outcome: reason`; the first time counts."""
    writes: list[SetCookie] = field(default_factory=list)
    finished: list[tuple[str, str]] = field(default_factory=list)
    """DevTools session and id of each request that ended."""
    routes: list[str] = field(default_factory=list)
    console: list[ConsoleMessage] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)
    """Sessions of frames in other processes and of workers, with their address or kind."""

    def __post_init__(self) -> None:
        self.network = NetworkRecorder(self.main)

    def attached(self, session: str, info: Params) -> None:
        """A frame in another process, a worker or a window has its own session from now on."""
        self.sessions[session] = info["url"] or info["type"]
        self.calls.attached(session, info)

    def end(self, outcome: VisitOutcome, why: str) -> None:
        """The visit is over, whatever the page does; the first reason counts."""
        if self.ended is None:
            self.ended, self.why = outcome, why
        self.loaded.set()

    @property
    def document(self) -> list[Hop]:
        """The hops that led to the page that is open; as long as none is, to the one that was asked for."""
        return self.network.chain(self.loader) or self.network.chain(self.main_request)

    def answer(self, header: str) -> str:
        """A header of the document's answer, the first of several, empty when it has none (lower-case name)."""
        hops = self.document
        return (first(hops[-1].response_headers.items(), header) or "") if hops else ""

    def navigation_failed(self, error: str, *, download: bool) -> None:
        """The browser gave up going there; what is known of the answer says which outcome that is."""
        hops = self.document
        status = hops[-1].status if hops else None
        mime = hops[-1].mime if hops else ""
        if self.decided:
            outcome, _, why = self.decided.partition(": ")
            self.end(VisitOutcome(outcome), why)
        elif error == "net::ERR_ABORTED" and status in (204, 205):
            self.end(VisitOutcome.NO_CONTENT, f"HTTP {status}")
        elif error == "net::ERR_ABORTED" and (download or (status is not None and status < 400)):
            saved = self.answer("content-disposition").lower().startswith("attachment")
            shown = mime not in ("", "application/octet-stream") and not is_html(mime) and not saved
            outcome_of_file = VisitOutcome.OK_NON_HTML if shown else VisitOutcome.DOWNLOAD
            self.end(outcome_of_file, f"a file of type {mime or 'unknown'}")
        elif status == 401:
            self.end(VisitOutcome.AUTH_REQUIRED, "HTTP 401")
        elif error == "net::ERR_HTTP_RESPONSE_CODE_FAILURE" and status:
            # An error status without a body: Chromium shows a page of its own.
            self.end(of_answer(status, "text/html", "", {}), f"HTTP {status}")
        else:
            self.end(of_error(error), error)

    def out_of_time(self, deadline: float) -> None:
        """The deadline has passed: with half a page, or with none."""
        hops = self.document
        if hops and hops[-1].status is not None:
            waiting = ", ".join(self.network.pending_urls()[:3])
            self.end(VisitOutcome.PARTIAL, f"still loading after {deadline:g} s{f' ({waiting})' if waiting else ''}")
        else:
            self.end(VisitOutcome.TIMEOUT, f"no answer in {deadline:g} s")

    def on(self, session: str, method: str, p: Params) -> None:
        """Take one event of the page, a frame of it, or a worker."""
        if method.startswith("Network."):
            self.network.on(self.sessions.get(session, ""), method, p)
            if method == "Network.requestWillBeSent":
                if session == self.session and p.get("frameId") == self.main and p["requestId"] == p.get("loaderId"):
                    self.main_request = p["requestId"]
            elif method == "Network.loadingFinished":
                self.finished.append((session, p["requestId"]))
            elif method == "Network.dataReceived" and self.network.received > MAX_BYTES:
                self.end(VisitOutcome.TOO_LARGE, f"more than {MAX_BYTES} bytes")
            return
        handler = _HANDLERS.get(method)
        if handler is not None:
            handler(self, session, p)

    def popup(self) -> None:
        """A window was opened."""
        self.popups += 1
        if self.popups > MAX_POPUPS:
            self.end(VisitOutcome.PARTIAL, f"more than {MAX_POPUPS} windows opened")

    def _navigated(self, session: str, p: Params) -> None:
        frame = p["frame"]
        self.network.name_frame(frame["id"], frame["url"])
        if session != self.session or frame.get("parentId"):
            return
        self.loader = frame.get("loaderId", "")
        self.navigations += 1
        if self.ended is None:
            self.loaded.clear()
        if self.navigations > MAX_NAVIGATIONS:
            self.end(VisitOutcome.NAV_LOOP, f"more than {MAX_NAVIGATIONS} navigations")

    def _within_document(self, session: str, p: Params) -> None:
        if session != self.session or p["frameId"] != self.main:
            return
        self.routes.append(p["url"])
        if len(self.routes) > MAX_ROUTES:
            self.end(VisitOutcome.NAV_LOOP, f"more than {MAX_ROUTES} addresses pushed without a navigation")

    def _lifecycle(self, session: str, p: Params) -> None:
        mine = session == self.session and p["frameId"] == self.main and p["loaderId"] == self.loader
        if mine and p["name"] == "load":
            self.loaded.set()

    def _dialog(self, session: str, _: Params) -> None:
        # Playwright answers every dialog; here they are only counted.
        self.dialogs += 1
        if self.dialogs > MAX_DIALOGS:
            self.end(VisitOutcome.DIALOG_LOOP, f"more than {MAX_DIALOGS} dialogs")

    def _crashed(self, session: str, _: Params) -> None:
        if session == self.session:
            self.end(VisitOutcome.PAGE_CRASH, "the page's process crashed")

    def _called(self, session: str, p: Params) -> None:
        if p.get("name") != self.binding:
            return
        try:
            report = json.loads(p.get("payload", ""))
            if self.calls.take(session, p.get("executionContextId", 0), report):
                return
            write = script_write(report, time.time())
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
            return  # not what our script sends: the page called a name that it guessed
        if write is not None and len(self.writes) < MAX_WRITES:
            self.writes.append(write)

    def _context(self, session: str, p: Params) -> None:
        self.calls.context(session, p["context"])

    def _logged(self, _: str, p: Params) -> None:
        entry = p.get("entry", {})
        self._say(entry.get("level", ""), entry.get("text", ""), entry.get("url", ""))

    def _printed(self, _: str, p: Params) -> None:
        words = [str(one.get("value", one.get("description", ""))) for one in p.get("args", ())]
        frames = p.get("stackTrace", {}).get("callFrames") or [{}]
        self._say(p.get("type", ""), " ".join(words), frames[0].get("url", ""))

    def _thrown(self, _: str, p: Params) -> None:
        details = p.get("exceptionDetails", {})
        what = details.get("exception", {}).get("description") or details.get("text", "")
        self._say("error", what, details.get("url", ""))

    def _say(self, level: str, text: object, url: str) -> None:
        if len(self.console) < MAX_CONSOLE:
            self.console.append(ConsoleMessage(level, str(text)[:2000], url))


_HANDLERS = {
    "Page.frameNavigated": VisitState._navigated,
    "Page.navigatedWithinDocument": VisitState._within_document,
    "Page.lifecycleEvent": VisitState._lifecycle,
    "Page.javascriptDialogOpening": VisitState._dialog,
    "Inspector.targetCrashed": VisitState._crashed,
    "Runtime.bindingCalled": VisitState._called,
    "Runtime.executionContextCreated": VisitState._context,
    "Log.entryAdded": VisitState._logged,
    "Runtime.consoleAPICalled": VisitState._printed,
    "Runtime.exceptionThrown": VisitState._thrown,
}
