"""The seal: what a page asks for is stopped in the browser and answered here, so that it reaches no server.

It lies around the whole browser, from before its first page: every request of every page, frame,
worker and window is held by the browser itself, whoever let the target run first (Playwright, too,
is attached to each, and lets it go as soon as it is ready itself). A request leaves only when the
rule in force lets it pass; one that nobody could decide on stays where it is. Sockets, which
interception does not see, end at a proxy that is not there (`SEALED_ARGUMENTS` of the launcher);
to a page, `channels.js` makes them look as on a network that blocks them.
"""

from __future__ import annotations

import asyncio
import time
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from compliance.browser.cdp import CommandFailed, Params, Unresponsive
from compliance.browser.launch import BrowserSession
from compliance.errors import BrowserLost
from compliance.journeys.scripts import source

STUB = "<!doctype html><title>Answered locally</title><p>This request was answered by the test. Nothing was sent."
PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
MAX_BODY = 262_144
MAX_CAUGHT = 2_000
MAX_TARGETS = 100
#: Seconds that a target may take to be prepared; one that hangs loads nothing in this time.
PREPARED = 5.0
#: Headers were sent, or nothing had to be.
_WENT_OUT = frozenset({"Network.requestWillBeSentExtraInfo", "Network.loadingFinished", "Network.loadingFailed"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that the browser was about to make."""

    method: str
    url: str
    kind: str
    """DevTools resource type, lower case."""
    body: str
    headers: tuple[tuple[str, str], ...]
    frame: str
    """The target's id, if the frame is a window's."""
    at: float
    redirected: bool = False
    """A redirect of a request that was let through led here."""

    @property
    def endpoint(self) -> tuple[str, str]:
        """Method and address without query: what a form's submissions have in common."""
        return self.method, self.url.partition("?")[0].partition("#")[0]

    @property
    def text(self) -> str:
        """Everything that would have left."""
        return "\n".join((self.url, *(value for _, value in self.headers), self.body))

    @property
    def plain_get(self) -> bool:
        """Does it only fetch."""
        return self.method in ("GET", "HEAD") and not self.body


Rule = Callable[[Asked], Awaitable[bool]]
"""May this request leave?"""


async def nothing_passes(_: Asked) -> bool:
    """The strictest rule."""
    return False


class Seal:
    """Intercepts everything that the targets of one browser send; `rule` decides what may leave."""

    def __init__(self, browser: BrowserSession) -> None:
        self._browser = browser
        self.rule: Rule = nothing_passes
        self.caught: list[Asked] = []
        """Answered locally, in order."""
        self.passed: list[Asked] = []
        self.sessions: dict[str, tuple[str, str, str]] = {}
        """Session → kind of target, its id, the session above it."""
        self.news = asyncio.Event()
        self.last_activity = time.monotonic()
        self._covering: dict[str, asyncio.Task[None]] = {}
        """Targets that are being prepared: their documents wait for it."""
        self._leaving: set[str] = set()
        """Requests that were let through and have not been seen to go out: their cookies are not settled yet."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def drained(self, patience: float) -> None:
        """Wait until everything that was let through has gone out (or `patience` seconds)."""
        until = time.monotonic() + patience
        while self._leaving and time.monotonic() < until:
            await asyncio.sleep(0.01)
        self._leaving.clear()

    async def close(self) -> None:
        """From here on nothing leaves the browser but what `rule` lets pass.

        Raises:
            BrowserLost: The browser is gone, or cannot be sealed.
        """
        try:
            await self._browser.intercept(self._on_paused)
        except (CommandFailed, Unresponsive) as error:
            raise BrowserLost(f"the browser cannot be sealed ({error})") from error

    async def cover(self, session: str, target: str) -> None:
        """Prepare a page that was just opened (it is held until this returns)."""
        self.sessions[session] = ("page", target, "")
        self._browser.own(session, target, self._on_event, self._adopt)
        await self._prepare(session, "page")

    def forget(self) -> None:
        """The pages were left; what they leave behind goes on being adopted and held."""
        self.sessions.clear()
        self._covering.clear()

    def is_window(self, frame: str) -> bool:
        """Is it the whole of a page or of a window that one opened, not a frame within."""
        return bool(self.window(frame))

    def window(self, frame: str) -> str:
        """Session of the window whose main frame this is; empty when it is none."""
        return next((s for s, (kind, target, _) in self.sessions.items() if kind == "page" and target == frame), "")

    async def _prepare(self, session: str, kind: str) -> None:
        """Everything is sent before the target may run; an unsupported command is refused without harm."""
        post = self._browser.connection.post
        await post("Emulation.setUserAgentOverride", dict(self._browser.agent), session)
        await post("Network.enable", {"maxPostDataSize": MAX_BODY}, session)
        if kind in ("page", "iframe"):
            await post("Page.enable", {}, session)
            await post("Page.addScriptToEvaluateOnNewDocument", {"source": source("channels")}, session)
            speculation = {"source": source("speculation"), "worldName": "compliance-seal", "runImmediately": True}
            await post("Page.addScriptToEvaluateOnNewDocument", speculation, session)
            await post("Page.setPrerenderingAllowed", {"isAllowed": False}, session)
        else:
            await post("Runtime.evaluate", {"expression": source("channels")}, session)
        await post(
            "Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}, session
        )
        last = await post("Runtime.runIfWaitingForDebugger", {}, session)
        async with asyncio.timeout(PREPARED):
            await last

    # ---- events

    def _spawn(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(_unless_gone(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _adopt(self, session: str, params: Params) -> None:
        """A window that a page opened, or a shared worker."""
        info = params["targetInfo"]
        if info["type"] == "page":
            self._browser.own(session, info["targetId"], self._on_event, self._adopt)
        else:
            self._browser.own(session, "", self._on_event, self._adopt)
        self._take(session, info["type"], info["targetId"], "")

    def _take(self, session: str, kind: str, target: str, parent: str) -> None:
        """A target beyond the limit stays held: it runs nothing and sends nothing."""
        self.sessions[session] = (kind, target, parent)
        if len(self.sessions) <= MAX_TARGETS:
            self._covering[target] = self._spawn(self._prepare(session, kind))

    def _on_paused(self, params: Params) -> None:
        self.last_activity = time.monotonic()
        self._spawn(self._paused(params))

    def _on_event(self, session: str, method: str, params: Params) -> None:
        if method == "Target.attachedToTarget":
            info = params["targetInfo"]
            self._take(params["sessionId"], info["type"], info["targetId"], session)
        elif method in _WENT_OUT:
            self.last_activity = time.monotonic()
            self._leaving.discard(params["requestId"])

    async def _paused(self, p: Params) -> None:
        request = p["request"]
        asked = Asked(
            method=request["method"],
            url=request["url"] + request.get("urlFragment", ""),
            kind=p.get("resourceType", "").lower(),
            body=await self._body(p),
            headers=tuple((k, str(v)) for k, v in request.get("headers", {}).items()),
            frame=p.get("frameId", ""),
            at=time.monotonic(),
            redirected=bool(p.get("redirectedRequestId")),
        )
        preflight = asked.method == "OPTIONS"
        if not preflight and len(self.caught) < MAX_CAUGHT and await self.rule(asked):
            if asked.frame in self._covering:
                await asyncio.wait([self._covering[asked.frame]])
            self.passed.append(asked)
            self._leaving.add(p.get("networkId", ""))
            await self._browser.connection.post("Fetch.continueRequest", {"requestId": p["requestId"]})
        else:
            if not preflight:
                self.caught.append(asked)
            await self._browser.connection.post("Fetch.fulfillRequest", {"requestId": p["requestId"], **answer(asked)})
        self.news.set()

    async def _body(self, p: Params) -> str:
        request = p["request"]
        parts = [b64decode(entry["bytes"]) for entry in request.get("postDataEntries", ()) if "bytes" in entry]
        if parts:
            return b"".join(parts)[:MAX_BODY].decode("utf-8", "replace")
        if not request.get("hasPostData") or "postData" in request:
            return str(request.get("postData", ""))[:MAX_BODY]
        own = [s for s, (_, target, _) in self.sessions.items() if target == p.get("frameId")]
        for session in [*own, *(s for s in self.sessions if s not in own)]:
            with suppress(CommandFailed, Unresponsive):  # another target's request
                found = await self._browser.connection.send(
                    "Network.getRequestPostData", {"requestId": p.get("networkId", "")}, session, timeout=1.0
                )
                return str(found.get("postData", ""))[:MAX_BODY]
        return "(unread body)"


def answer(asked: Asked) -> Params:
    """What the page gets instead of the server's answer: an empty success of the kind it asked for."""
    origin = next((v for k, v in asked.headers if k.lower() == "origin"), "")
    wanted = next((v for k, v in asked.headers if k.lower() == "access-control-request-headers"), "")
    headers = {"Cache-Control": "no-store"}
    if origin:
        headers |= {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, HEAD",
            "Access-Control-Allow-Headers": wanted or "*",
        }
    code, body = 200, b""
    if asked.method == "OPTIONS" or asked.kind in ("ping", "cspviolationreport"):
        code = 204
    elif asked.kind == "document":
        headers["Content-Type"], body = "text/html; charset=utf-8", STUB.encode()
    elif asked.kind == "image":
        headers["Content-Type"], body = "image/gif", PIXEL
    elif asked.kind == "script":
        headers["Content-Type"] = "text/javascript"
    elif asked.kind == "stylesheet":
        headers["Content-Type"] = "text/css"
    elif asked.kind in ("font", "media"):
        code = 404
    else:
        headers["Content-Type"], body = "application/json", b"{}"
    return {
        "responseCode": code,
        "responseHeaders": [{"name": name, "value": value} for name, value in headers.items()],
        "body": b64encode(body).decode("ascii"),
    }


def host_and_path(url: str) -> str:
    """For messages: an address without query and fragment."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


async def _unless_gone(work: Awaitable[None]) -> None:
    """A target that went away takes no commands, and sends nothing either."""
    try:
        await work
    except (CommandFailed, Unresponsive, BrowserLost, TimeoutError):
        return
