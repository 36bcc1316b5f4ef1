"""A small loopback server for tests: a dictionary of pages, a log of what arrived."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HTML = "text/html; charset=utf-8"


@dataclass
class Page:
    """One answer."""

    body: str | bytes = ""
    status: int = 200
    type: str = HTML
    headers: list[tuple[str, str]] = field(default_factory=list)
    raw: Callable[[BaseHTTPRequestHandler], None] | None = None
    """Writes the answer itself (hanging, broken, endless)."""


def hang(seconds: float) -> Page:
    """An answer that does not come."""
    return Page(raw=lambda _: time.sleep(seconds))


def redirect(to: str, status: int = 302, **more) -> Page:
    """An answer that sends elsewhere."""
    return Page(status=status, headers=[("Location", to), *more.get("headers", [])])


class LocalSite:
    """Serves `pages` (path with query, or path) on 127.0.0.1; a name of the machine makes it another site."""

    def __init__(self, pages: dict[str, Page | str] | None = None) -> None:
        self.pages: dict[str, Page] = {}
        for path, page in (pages or {}).items():
            self.add(path, page)
        self.hits: Counter[str] = Counter()
        self.log: list[tuple[str, str, float]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        """Path and headers (lower-case names) of every request."""
        self._turns: dict[str, list[Page]] = {}
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/"
        self.other = f"http://localhost:{self.port}/"
        """The same server under a name that is another site."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def add(self, path: str, page: Page | str) -> None:
        """Serve a page; text is the body of an HTML page."""
        self.pages[path] = page if isinstance(page, Page) else Page(f"<!doctype html><html lang=en>{page}")

    def first(self, path: str, *pages: Page) -> None:
        """Answer the first requests for a path by these, one after the other."""
        self._turns[path] = list(pages)

    def answer(self, path: str) -> Page:
        """What a path with its query is answered by."""
        turns = self._turns.get(path)
        if turns:
            return turns.pop(0)
        return self.pages.get(path) or self.pages.get(path.partition("?")[0]) or Page("nothing here", 404)

    def __enter__(self) -> LocalSite:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """Broken connections are what these tests are about."""


def _handler(site: LocalSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if length:
                self.rfile.read(length)
            site.hits[self.path] += 1
            site.log.append((self.command, self.path, time.monotonic()))
            site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            page = site.answer(self.path)
            if page.raw is not None:
                page.raw(self)
                self.close_connection = True
                return
            body = page.body.encode() if isinstance(page.body, str) else page.body
            self.send_response(page.status)
            for name, value in page.headers:
                self.send_header(name, value)
            if page.status not in (204, 304):
                self.send_header("Content-Type", page.type)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD" and page.status not in (204, 304):
                self.wfile.write(body)

        do_POST = do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    return Handler
