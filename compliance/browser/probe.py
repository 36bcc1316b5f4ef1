"""Does this browser, as we start it, keep third-party cookies? Asked of the browser itself, over loopback.

Some builds refuse cross-site cookies by preference and show an empty jar; a run that trusted the jar would then certify
"no third-party cookies" of every site. So before a run one page is opened that does what a tracker does: a document on
`http://127.0.0.1` embeds a frame from `http://localhost`, another site, which sets a `SameSite=None; Secure` cookie
(loopback counts as trustworthy, so no certificate is needed) and then loads an image, whose request carries the
cookie if it was kept. The answer is what the jar and that second request agree on.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import threading
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self

#: Every cookie of the probe starts with this, so that nobody takes one for the site's.
PREFIX = "compliance_probe_"
DEADLINE = 5.0
"""Seconds the frame may take after the page was opened; loopback takes milliseconds."""

_PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What the probe saw."""

    third_party_cookies: Literal["visible", "blocked", "unknown"]
    detail: str
    """Why, in words for a report."""
    user_agent: str = ""
    """The header as it arrived."""


class ProbeServer:
    """Two sites on one loopback port: a page on `127.0.0.1`, its tracker on `localhost`."""

    def __init__(self) -> None:
        self.nonce = secrets.token_hex(6)  # a probe never reads the cookie of an earlier one
        self.first_cookie = f"{PREFIX}first_{self.nonce}"
        self.third_cookie = f"{PREFIX}third_{self.nonce}"
        self.user_agent = ""
        self.echoed: bool | None = None
        """Whether the tracker's second request carried its cookie; None until that request arrived."""
        self.frame_asked = False
        self.done = threading.Event()
        self._server = LoopbackServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def page_url(self) -> str:
        """The page to open."""
        return f"http://127.0.0.1:{self._server.server_port}/{self.nonce}/page"

    @property
    def tracker(self) -> str:
        """The folder of the other site, with a slash at the end."""
        return f"http://localhost:{self._server.server_port}/{self.nonce}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, path: str, cookies: str, user_agent: str) -> tuple[str, str, bytes] | None:
        """Content type, cookie to set and body for a request; None for any other path."""
        if path == f"/{self.nonce}/page":
            self.user_agent = user_agent
            frame = f'<!doctype html><title>Probe</title><iframe src="{self.tracker}frame"></iframe>'
            return "text/html", f"{self.first_cookie}=1; Path=/", frame.encode()
        if path == f"/{self.nonce}/frame":
            self.frame_asked = True
            image = f'<!doctype html><title>Tracker</title><img alt="" src="{self.tracker}pixel">'
            return "text/html", f"{self.third_cookie}=1; Path=/; SameSite=None; Secure", image.encode()
        if path == f"/{self.nonce}/pixel":
            self.echoed = self.third_cookie in cookies
            self.done.set()
            return "image/gif", "", _PIXEL
        return None


async def probe(
    open_page: Callable[[str], Awaitable[None]], jar: Callable[[], Awaitable[Collection[str]]]
) -> ProbeResult:
    """Open the probe's page with `open_page`, then read the names of all cookies with `jar`.

    Both must belong to one browser context that is thrown away afterwards. An error of the browser passes through; a
    `TimeoutError` of `open_page` makes the answer `unknown`.
    """
    with ProbeServer() as server:
        try:
            await open_page(server.page_url)
        except TimeoutError:
            return ProbeResult("unknown", "the probe's page did not load in time", server.user_agent)
        await asyncio.to_thread(server.done.wait, DEADLINE)
        return verdict(server, await jar())


def verdict(server: ProbeServer, names: Collection[str]) -> ProbeResult:
    """What a jar with these cookie names means, after what the server has seen."""
    kept = server.third_cookie in names
    if not server.user_agent:
        answer: tuple[Literal["visible", "blocked", "unknown"], str] = "unknown", "the browser never asked for the page"
    elif not server.frame_asked:
        answer = "unknown", "the browser never asked for the third party's frame"
    elif server.first_cookie not in names:
        answer = "unknown", "not even the first-party cookie is in the jar"
    elif server.echoed is None:
        answer = "unknown", "the third party's second request never came"
    elif kept and server.echoed:
        answer = "visible", "a third-party cookie was kept and sent back"
    elif not kept and not server.echoed:
        answer = "blocked", "a third-party cookie was neither kept nor sent back"
    elif kept:
        answer = "unknown", "a third-party cookie is in the jar, but was not sent back"
    else:
        answer = "unknown", "a third-party cookie was sent back, but is not in the jar"
    return ProbeResult(*answer, user_agent=server.user_agent)


class LoopbackServer(ThreadingHTTPServer):
    """A server for pages of ours, which a browser may leave at any moment."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a connection that the browser closed early; anything else is a defect and stays visible."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _handler(probe_server: ProbeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = DEADLINE  # sockets that a browser opens ahead and never uses

        def do_GET(self) -> None:
            agent = self.headers.get("User-Agent") or "none"
            answer = probe_server.answer(self.path, self.headers.get("Cookie", ""), agent)
            if answer is None:
                self.send_error(404)
                return
            content_type, cookie, body = answer
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            if cookie:
                self.send_header("Set-Cookie", cookie)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Keep the terminal for the run."""

    return Handler
