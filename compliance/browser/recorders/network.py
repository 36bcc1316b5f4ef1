"""Requests of one visit, put together from DevTools `Network` events of all its targets.

A request arrives in pieces and in no fixed order: what was asked, the headers as
really sent (with cookies), the answer, the headers as really received (with every
Set-Cookie and the reason why one was refused). A redirect repeats the request's id;
the n-th piece of each kind belongs to the n-th hop that went over the network: one
answered from the cache has no such pieces, and says so.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from compliance.browser.recorders.bodies import MAX_BODY, Bodies
from compliance.browser.recorders.cookies import parse_set_cookie
from compliance.model.activity import Request, SetCookie
from compliance.model.urls import site_of

#: Requests of one visit kept in detail; all are counted.
MAX_ROWS = 5000
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "x-csrf-token"})
#: Not waited for when a page settles: they are open by design, or leave no answer.
_OPEN_ENDED = frozenset({"websocket", "eventsource", "ping", "preflight"})
_OWN_SCHEMES = ("chrome:", "chrome-extension:", "devtools:", "about:")


@dataclass(slots=True)
class Hop:
    """One request as it goes on; `Request` is its frozen form."""

    id: str
    url: str
    method: str
    resource: str
    frame: str
    initiator: str
    initiator_type: str
    started: float
    wall: float
    headers: dict[str, str]
    whole_page: bool = False
    induced: bool = False
    body: str | None = None
    has_body: bool = False
    cut: bool = False
    """Of the body more was sent than is kept."""
    status: int | None = None
    mime: str = ""
    response_headers: dict[str, str] = field(default_factory=dict)
    redirected_to: str = ""
    error: str = ""
    blocked: str = ""
    remote: str = ""
    from_cache: bool = False
    untrusted: bool = False
    """https, and the browser does not call the connection secure."""
    size: int = 0
    length: int = 0
    """Bytes of the body, unpacked."""
    digest: str = ""
    text: str = ""
    done: bool = False
    wire: bool = True
    """It went over the network, so that pieces of `_Extra` belong to it."""


@dataclass(slots=True)
class _Extra:
    """Pieces that may come before the hop they belong to."""

    sent: list[dict[str, str]] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)


class NetworkRecorder:
    """Collects `Network` events; read it when the visit is over."""

    def __init__(self, main: str = "") -> None:
        """`main` is the id of the main frame."""
        self._main = main
        self.begin = time.monotonic()
        self.last_activity = self.begin
        self.counted = 0
        self.received = 0
        self.induced = False
        """Set while the page is told that it will be left."""
        self.limit = MAX_BODY
        """Characters of one body that are kept."""
        self._chains: dict[str, list[Hop]] = {}
        self._order: list[Hop] = []
        self._extra: dict[str, _Extra] = {}
        self._pending: set[str] = set()
        self._frames: dict[str, str] = {}

    def name_frame(self, frame: str, url: str) -> None:
        """Remember the address of a frame or worker."""
        self._frames[frame] = url

    @property
    def pending(self) -> int:
        """Requests under way that a settling page waits for."""
        return len(self._pending)

    def pending_urls(self) -> list[str]:
        """Addresses of the requests under way."""
        return [self._chains[k][-1].url for k in self._pending]

    def sites(self) -> set[str]:
        """Registrable domains asked so far."""
        return {site_of(hop.url) for hop in self._order}

    def chain(self, request: str) -> list[Hop]:
        """All hops of a request id of the page's own target."""
        return self._chains.get(request, [])

    def on(self, target: str, method: str, params: dict[str, Any]) -> None:
        """Take one event. `target` is the address of the worker or frame whose session sent it."""
        handler = _HANDLERS.get(method)
        if handler is not None:
            handler(self, params, target)

    # ---- events

    def _will_be_sent(self, p: dict[str, Any], target: str) -> None:
        key, request = p["requestId"], p["request"]
        if request["url"].startswith(_OWN_SCHEMES):
            return
        self.last_activity = time.monotonic()
        self.counted += 1
        chain = self._chains.setdefault(key, [])
        if chain and "redirectResponse" in p:
            self._answer(chain[-1], p["redirectResponse"])
            chain[-1].wire = p.get("redirectHasExtraInfo", True)
            chain[-1].redirected_to = request["url"]
            chain[-1].done = True
        if len(self._order) >= MAX_ROWS:
            return
        initiator = p.get("initiator", {})
        resource = p.get("type", "other").lower()
        hop = Hop(
            id=f"{key}#{len(chain)}" if chain else key,
            url=request["url"],
            method=request["method"],
            resource=resource,
            frame=self._frames.get(p.get("frameId", ""), target),
            whole_page=resource == "document" and p.get("frameId", "") == self._main,
            initiator=initiator.get("url") or _first_script(initiator.get("stack")) or p.get("documentURL", ""),
            initiator_type=initiator.get("type", ""),
            started=time.monotonic() - self.begin,
            wall=p.get("wallTime") or time.time(),
            headers=request.get("headers", {}),
            induced=self.induced,
            body=request.get("postData"),
            has_body=request.get("hasPostData", False),
        )
        chain.append(hop)
        self._order.append(hop)
        if resource not in _OPEN_ENDED and not hop.url.startswith(("data:", "blob:")):
            self._pending.add(key)

    def _sent_extra(self, p: dict[str, Any], _: str) -> None:
        self._extra.setdefault(p["requestId"], _Extra()).sent.append(p.get("headers", {}))

    def _received_extra(self, p: dict[str, Any], _: str) -> None:
        self._extra.setdefault(p["requestId"], _Extra()).received.append(p)

    def _response(self, p: dict[str, Any], _: str) -> None:
        chain = self._chains.get(p["requestId"])
        if chain:
            self._answer(chain[-1], p["response"])
            chain[-1].wire = p.get("hasExtraInfo", True)
            self.last_activity = time.monotonic()

    @staticmethod
    def _answer(hop: Hop, response: dict[str, Any]) -> None:
        hop.status = response.get("status")
        hop.mime = response.get("mimeType", "")
        hop.response_headers = response.get("headers", {})
        hop.remote = f"{response.get('remoteIPAddress', '')}:{response.get('remotePort', '')}".strip(":")
        hop.untrusted = hop.url.startswith("https:") and response.get("securityState") == "insecure"
        if response.get("fromDiskCache") or response.get("fromPrefetchCache"):
            hop.from_cache = True  # the memory cache has said so before

    def _data(self, p: dict[str, Any], _: str) -> None:
        length = p.get("dataLength", 0)
        self.received += length
        if chain := self._chains.get(p.get("requestId", "")):
            chain[-1].length += length

    def _finished(self, p: dict[str, Any], _: str) -> None:
        chain = self._chains.get(p["requestId"])
        self._pending.discard(p["requestId"])
        if chain:
            chain[-1].size = int(p.get("encodedDataLength", 0))
            chain[-1].done = True
            self.last_activity = time.monotonic()

    def _failed(self, p: dict[str, Any], _: str) -> None:
        chain = self._chains.get(p["requestId"])
        self._pending.discard(p["requestId"])
        if chain:
            chain[-1].error = p.get("errorText", "failed")
            chain[-1].blocked = p.get("blockedReason", "")
            chain[-1].done = True
            self.last_activity = time.monotonic()

    def _from_memory(self, p: dict[str, Any], _: str) -> None:
        chain = self._chains.get(p["requestId"])
        if chain:
            chain[-1].from_cache = True

    def _socket(self, p: dict[str, Any], target: str) -> None:
        self.counted += 1
        self.last_activity = time.monotonic()
        if len(self._order) >= MAX_ROWS:
            return
        hop = Hop(
            id=p["requestId"],
            url=p["url"],
            method="GET",
            resource="websocket",
            frame=target,
            initiator=p.get("initiator", {}).get("url", "") or _first_script(p.get("initiator", {}).get("stack")),
            initiator_type=p.get("initiator", {}).get("type", "script"),
            started=time.monotonic() - self.begin,
            wall=time.time(),
            headers={},
        )
        self._chains[p["requestId"]] = [hop]
        self._order.append(hop)

    def _frame_sent(self, p: dict[str, Any], _: str) -> None:
        """Text or bytes (as base64) sent over a socket; they stand in its body, a line each."""
        chain = self._chains.get(p["requestId"])
        if not chain:
            return
        sent, hop = str(p.get("response", {}).get("payloadData", "")), chain[-1]
        self.last_activity = time.monotonic()
        hop.has_body = True
        room = self.limit - len(hop.body or "")
        hop.cut = hop.cut or len(sent) >= room
        hop.body = f"{hop.body}\n{sent[:room]}" if hop.body is not None else sent[:room]

    # ---- results

    def sent(self, resource: str) -> dict[str, int]:
        """Ids of the requests of one kind, with the characters of their bodies so far."""
        return {hop.id: len(hop.body or "") for hop in self._order if hop.resource == resource}

    def fill_in(self, bodies: Bodies) -> None:
        """Take the bodies that the events left out."""
        for hop in self._order:
            body = bodies.take(hop.id.partition("#")[0])
            if body is not None and hop.body is None:
                hop.body, hop.cut, hop.has_body = body.text, body.cut, True

    def _pair(self) -> None:
        """Give the real headers to the hops they belong to."""
        for key, extra in self._extra.items():
            for hop, headers in zip(self._owners(key, extra.sent), extra.sent, strict=False):
                hop.headers = headers
            for hop, received in zip(self._owners(key, extra.received), extra.received, strict=False):
                hop.response_headers = received.get("headers", {}) or hop.response_headers
                hop.status = hop.status or received.get("statusCode")

    def _owners(self, request: str, pieces: Sequence[object]) -> list[Hop]:
        """The hops that the pieces of one kind belong to, in order."""
        chain = self._chains.get(request, [])
        return chain if len(pieces) >= len(chain) else [hop for hop in chain if hop.wire]

    def requests(self) -> tuple[Request, ...]:
        """All hops in the order they began."""
        self._pair()
        return tuple(_request(hop, self.limit) for hop in self._order)

    def set_cookies(self) -> tuple[SetCookie, ...]:
        """Every Set-Cookie of every answer, with the reasons where the browser refused it."""
        found: list[SetCookie] = []
        for key, extra in self._extra.items():
            for hop, received in zip(self._owners(key, extra.received), extra.received, strict=False):
                header = next((v for k, v in received.get("headers", {}).items() if k.lower() == "set-cookie"), "")
                if not header:
                    continue
                refused = {b["cookieLine"]: tuple(b["blockedReasons"]) for b in received.get("blockedCookies", ())}
                for line in header.split("\n"):
                    parsed = parse_set_cookie(line, hop.url, hop.wall, request=hop.id)
                    if parsed is not None:
                        found.append(_with_blocked(parsed, refused.get(line, ())))
        return tuple(found)

    @property
    def capped(self) -> str:
        """What was cut, empty when nothing was."""
        return f"the first {MAX_ROWS} of {self.counted} requests" if self.counted > len(self._order) else ""


def _with_blocked(cookie: SetCookie, reasons: tuple[str, ...]) -> SetCookie:
    return replace(cookie, blocked=reasons) if reasons else cookie


def _first_script(stack: dict[str, Any] | None) -> str:
    """URL of the script nearest to the call, through asynchronous parents."""
    while stack:
        for frame in stack.get("callFrames", ()):
            if frame.get("url"):
                return str(frame["url"])
        stack = stack.get("parent")
    return ""


def _headers(headers: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Sorted, lower case; of what identifies a person or opens a door only the length is kept."""
    kept = []
    for name, value in headers.items():
        lower = name.lower()
        if lower == "set-cookie":
            continue
        kept.append((lower, f"<{len(value)} characters>" if lower in _SECRET_HEADERS else value[:4096]))
    return tuple(sorted(kept))


def _request(hop: Hop, limit: int) -> Request:
    body = hop.body[:limit] if hop.body is not None else None
    return Request(
        id=hop.id,
        url=hop.url[:8192],
        method=hop.method,
        resource=hop.resource,
        frame=hop.frame,
        whole_page=hop.whole_page,
        initiator=hop.initiator,
        initiator_type=hop.initiator_type,
        headers=_headers(hop.headers),
        body=body,
        body_missing=hop.has_body and (body is None or hop.cut),
        status=hop.status,
        mime=hop.mime,
        response_headers=_headers(hop.response_headers),
        redirected_to=hop.redirected_to,
        error=hop.error,
        blocked=hop.blocked,
        remote=hop.remote,
        from_cache=hop.from_cache,
        size=hop.size,
        body_digest=hop.digest,
        answer_text=hop.text,
        started=round(hop.started, 3),
        induced=hop.induced,
    )


_HANDLERS = {
    "Network.requestWillBeSent": NetworkRecorder._will_be_sent,
    "Network.requestWillBeSentExtraInfo": NetworkRecorder._sent_extra,
    "Network.responseReceived": NetworkRecorder._response,
    "Network.responseReceivedExtraInfo": NetworkRecorder._received_extra,
    "Network.dataReceived": NetworkRecorder._data,
    "Network.loadingFinished": NetworkRecorder._finished,
    "Network.loadingFailed": NetworkRecorder._failed,
    "Network.requestServedFromCache": NetworkRecorder._from_memory,
    "Network.webSocketCreated": NetworkRecorder._socket,
    "Network.webSocketFrameSent": NetworkRecorder._frame_sent,
}
