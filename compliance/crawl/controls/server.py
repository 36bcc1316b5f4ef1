"""The server of the control pages: loopback only, three sites on one port, and a port for WebSockets.

It is the witness: what it saw arrive was sent, whatever the record says.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from importlib.resources import files
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server as SocketServer
from websockets.sync.server import ServerConnection, serve

from compliance.browser.probe import LoopbackServer
from compliance.knowledge.controls import BUSY, CLEAN, CONTROLLED, CONTROLS, LIFETIME, OTHER, WORD
from compliance.model.visit import Aspect

#: Seconds that the busy page may take; it takes half a second, on a machine that is busy itself many times that.
PATIENCE = 15.0
#: Seconds for which the page is kept waiting at a time.
BEAT = 0.5
_TYPES = {"html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8"}
#: What is sent only when the page is left.
_LATER = frozenset({"leaving"})


class ControlServer:
    """Serves the control pages on one port, which stays the same from the first visit to the last."""

    def __init__(self) -> None:
        self._pages = files("compliance.crawl.controls") / "pages"
        self._server = LoopbackServer(("127.0.0.1", 0), _handler(self))
        self._sockets: SocketServer = serve(self._hear, "127.0.0.1", 0, logger=_SILENT)
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True),
            threading.Thread(target=self._sockets.serve_forever, daemon=True),
        ]
        self.did: set[str] = set()
        self.cannot: set[str] = set()
        self._expected: frozenset[str] = frozenset()
        self._changed = threading.Condition()
        self._until = 0.0

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._sockets.shutdown()
        self._server.server_close()

    def origin(self, host: str) -> str:
        """The origin of one of the sites."""
        return f"http://{host}:{self._server.server_port}"

    @property
    def clean(self) -> str:
        """The page that does nothing."""
        return f"{self.origin(CLEAN)}/clean.html"

    def begin(self, when: str, aspects: frozenset[Aspect]) -> str:
        """The address of the busy page for one visit; forgets what the last one did."""
        aspects &= CONTROLLED
        self._expected = frozenset(c.name for c in CONTROLS if c.aspect in aspects) - _LATER
        self.did, self.cannot = set(), set()
        self._until = time.monotonic() + PATIENCE
        port = self._sockets.socket.getsockname()[1]
        asked = {
            "when": when,
            "do": ",".join(sorted(aspects)),
            "other": self.origin(OTHER),
            "socket": f"ws://{OTHER}:{port}",
        }
        return f"{self.origin(BUSY)}/busy.html?{urlencode(asked)}"

    def saw(self, *names: str) -> None:
        """Something was done."""
        with self._changed:
            self.did.update(filter(None, names))
            self._changed.notify_all()

    def refused(self, *names: str) -> None:
        """The browser does not offer something."""
        with self._changed:
            self.cannot.update(filter(None, names))
            self._changed.notify_all()

    def hold(self) -> bool:
        """Wait a little for everything to be done; false when it is worth asking again.

        Who records takes two seconds of silence for the end, so the page asks again and again.
        """
        with self._changed:
            done = self._changed.wait_for(lambda: self._expected <= self.did | self.cannot, BEAT)
        return done or time.monotonic() > self._until

    def page(self, name: str) -> tuple[str, bytes] | None:
        """Content type and bytes of a file; None when there is none."""
        kind = _TYPES.get(name.rpartition(".")[2])
        file = self._pages / name
        return (kind, file.read_bytes()) if kind and "/" not in name and file.is_file() else None

    def _hear(self, connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            for message in connection:
                if message == WORD:
                    self.saw("socket")


_SILENT = logging.getLogger("compliance.controls")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


def _handler(control: ControlServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = PATIENCE + 2  # sockets that a browser opens ahead and never uses

        def setup(self) -> None:
            super().setup()
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(url.query).items()}
            if url.path == "/hold":
                self._send(204 if control.hold() else 202)
            elif url.path == "/did":
                control.saw(*query.get("did", "").split(","))
                control.refused(*query.get("cannot", "").split(","))
                self._send(204)
            elif url.path.startswith("/c/"):
                self._behave(url.path.removeprefix("/c/"))
            elif (page := control.page(url.path.removeprefix("/"))) is not None:
                self._send(200, *page, cookies=self._cookies(url.path, query.get("when", "")))
            else:
                self._send(404)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._behave(urlsplit(self.path).path.removeprefix("/c/"))

        def _behave(self, name: str) -> None:
            control.saw(name)
            if name == "hop":
                control.saw("hop-cookie")
                cookie = f"hop-cookie-{self._when()}={WORD}; Path=/; Max-Age={LIFETIME}"
                self._send(302, cookies=[cookie], location="/c/hop-end")
            elif name == "kept":
                self._send(200, "text/plain", WORD.encode(), kept="max-age=31536000")
            elif name == "events":
                self._send(200, "text/event-stream", b"retry: 600000\ndata: one\n\n")
            else:
                self._send(204)

        def _when(self) -> str:
            return parse_qs(urlsplit(self.headers.get("Referer") or "").query).get("when", [""])[0]

        def _cookies(self, path: str, when: str) -> list[str]:
            lasting = f"Path=/; Max-Age={LIFETIME}"
            if path == "/busy.html":
                control.saw("header", "session")
                return [f"header-{when}={WORD}; {lasting}; HttpOnly", f"session-{when}={WORD}; Path=/"]
            if path == "/frame.html":
                control.saw("third", "partitioned")
                foreign = f"{lasting}; SameSite=None; Secure"
                return [f"third-{when}={WORD}; {foreign}", f"partitioned-{when}={WORD}; {foreign}; Partitioned"]
            return []

        def _send(
            self,
            status: int,
            kind: str = "",
            body: bytes = b"",
            *,
            cookies: list[str] | None = None,
            location: str = "",
            kept: str = "no-store",
        ) -> None:
            self.send_response(status)
            headers = [("Content-Type", kind), ("Location", location), *(("Set-Cookie", c) for c in cookies or ())]
            for name, value in headers:
                if value:
                    self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", kept)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Keep the terminal for the run."""

    return Handler
