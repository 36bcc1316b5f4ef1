"""The seal: what a page asks for is stopped in the browser and answered here, so that it reaches no server.

It is on from before a page's first script, for the page, its frames, its workers and the windows
it opens (each is held until it is sealed, too). A request leaves only when the rule in force lets
it pass; a request that nobody could decide on stays where it is. Sockets, which interception does
not see, are closed by `channels.js`.
"""

from __future__ import annotations

import asyncio
import time
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
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
    session: str
    frame: str
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
        self._leaving: set[str] = set()
        """Requests that were let through and have not been seen to go out: their cookies are not settled yet."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def drained(self, patience: float) -> None:
        """Wait until everything that was let through has gone out (or `patience` seconds)."""
        until = time.monotonic() + patience
        while self._leaving and time.monotonic() < until:
            await asyncio.sleep(0.01)
        self._leaving.clear()

    async def cover(self, session: str, target: str) -> None:
        """Seal a page that was just opened (it is held until this returns)."""
        self.sessions[session] = ("page", target, "")
        self._browser.own(session, target, self._on_event, self._adopt)
        await self._close_in(session, "page")

    async def _close_in(self, session: str, kind: str) -> None:
        """Everything is sent before the target may run; an unsupported command is refused without harm."""
        post = self._browser.connection.post
        await post("Fetch.enable", {"patterns": [{"urlPattern": "*"}]}, session)
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
        await post("Runtime.runIfWaitingForDebugger", {}, session)

    # ---- events

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.get_running_loop().create_task(_unless_gone(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

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
            self._spawn(self._close_in(session, kind))

    def _on_event(self, session: str, method: str, params: Params) -> None:
        if method == "Fetch.requestPaused":
            self.last_activity = time.monotonic()
            self._spawn(self._paused(session, params))
        elif method == "Target.attachedToTarget":
            info = params["targetInfo"]
            self._take(params["sessionId"], info["type"], info["targetId"], session)
        elif method in _WENT_OUT:
            self.last_activity = time.monotonic()
            self._leaving.discard(params["requestId"])

    async def _paused(self, session: str, p: Params) -> None:
        request = p["request"]
        asked = Asked(
            method=request["method"],
            url=request["url"] + request.get("urlFragment", ""),
            kind=p.get("resourceType", "").lower(),
            body=await self._body(session, p),
            headers=tuple((k, str(v)) for k, v in request.get("headers", {}).items()),
            session=session,
            frame=p.get("frameId", ""),
            at=time.monotonic(),
            redirected=bool(p.get("redirectedRequestId")),
        )
        preflight = asked.method == "OPTIONS"
        if not preflight and len(self.caught) < MAX_CAUGHT and await self.rule(asked):
            self.passed.append(asked)
            self._leaving.add(p.get("networkId", ""))
            await self._browser.connection.post("Fetch.continueRequest", {"requestId": p["requestId"]}, session)
        else:
            if not preflight:
                self.caught.append(asked)
            await self._browser.connection.post(
                "Fetch.fulfillRequest", {"requestId": p["requestId"], **answer(asked)}, session
            )
        self.news.set()

    async def _body(self, session: str, p: Params) -> str:
        request = p["request"]
        parts = [b64decode(entry["bytes"]) for entry in request.get("postDataEntries", ()) if "bytes" in entry]
        if parts:
            return b"".join(parts)[:MAX_BODY].decode("utf-8", "replace")
        if not request.get("hasPostData") or "postData" in request:
            return str(request.get("postData", ""))[:MAX_BODY]
        try:
            found = await self._browser.connection.send(
                "Network.getRequestPostData", {"requestId": p.get("networkId", "")}, session, timeout=1.0
            )
        except (CommandFailed, Unresponsive):
            return "(unread body)"
        return str(found.get("postData", ""))[:MAX_BODY]


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
    except (CommandFailed, Unresponsive, BrowserLost):
        return
