"""Answers one request of the demo site: whose host, which rule, which file."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import quote

from compliance.demo.behaviour import Asked
from compliance.demo.files import Page, find
from compliance.demo.sockets import accept, listen

if TYPE_CHECKING:
    from compliance.demo.server import DemoServer

_BODY_LIMIT = 10_000_000
_PLAIN = "text/plain; charset=utf-8"
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it arrived."""

    scheme: str
    host: str
    method: str
    path: str
    """With its query."""
    headers: tuple[tuple[str, str], ...]
    body: bytes
    status: int
    """What it was answered with."""

    def header(self, name: str) -> str:
        """Value of a header, empty when it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Handler(BaseHTTPRequestHandler):
    """One connection; HTTP/1.1, kept alive."""

    server: DemoServer
    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    timeout = 30
    wbufsize = -1  # headers and body in one packet
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Any method: the rules tell them apart."""
        body = self._body()
        if body is None:
            return
        self._host = (self.headers.get("Host") or "").partition(":")[0].rstrip(".").lower()
        self._path, _, self._query = self.path.partition("?")
        if not self._path.startswith("/"):
            status, headers, page = self._plainly(HTTPStatus.BAD_REQUEST, "Only paths are served here.\n")
        elif self._host not in self.server.chosen.hosts:
            # 421: this connection is not for that host (RFC 9110, 15.5.20).
            status, headers, page = self._plainly(HTTPStatus.MISDIRECTED_REQUEST, f"No site {self._host!r} here.\n")
        elif not self._secure:
            status, headers, page = self._redirect(f"https://{self._host}{self.path}", HTTPStatus.MOVED_PERMANENTLY)
        elif any(rule.fits(self._host, self._path) for rule in self.server.chosen.behaviour.socket):
            self._socket()
            return
        else:
            status, headers, page = self._answer()
            headers = self._with_rules(headers)
            if status == HTTPStatus.OK and self._tag() and (("ETag", f'"{self._tag()}"') in headers):
                status, page = HTTPStatus.NOT_MODIFIED, Page(b"", _PLAIN)
        # Before the answer: whoever has the answer finds the request in the log.
        self._note(body, status)
        self._send(status, headers, page)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error: `DemoSite.log` has it all."""

    def _tag(self) -> str:
        """The validator that the visitor's cache sends, without its quotes."""
        return (self.headers.get("If-None-Match") or "").removeprefix("W/").strip('"')

    @property
    def _secure(self) -> bool:
        return isinstance(self.connection, ssl.SSLSocket)

    def _socket(self) -> None:
        """Accept a WebSocket, and note what came over it when it is closed."""
        self.close_connection = True
        self.send_response(HTTPStatus.SWITCHING_PROTOCOLS)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept(self.headers.get("Sec-WebSocket-Key") or ""))
        self.end_headers()
        self.wfile.flush()
        self._note(listen(self.rfile), HTTPStatus.SWITCHING_PROTOCOLS)

    def _answer(self) -> tuple[int, Headers, Page]:
        rules = self.server.chosen.behaviour
        for redirect in rules.redirect:
            if redirect.fits(self._host, self._path):
                return self._redirect(redirect.to.replace("{path}", self.path), redirect.status)
        for bare in rules.status:
            if bare.fits(self._host, self._path):
                return self._error(bare.status) if bare.status >= 400 else (bare.status, [], Page(b"", _PLAIN))
        if self.command == "OPTIONS":
            return HTTPStatus.NO_CONTENT, [("Allow", "GET, HEAD, POST, OPTIONS")], Page(b"", _PLAIN)
        if self.command == "POST":
            for form in rules.form:
                if form.fits(self._host, self._path):
                    return self._redirect(form.to, HTTPStatus.SEE_OTHER)
        if self.command not in ("GET", "HEAD"):
            status, headers, page = self._error(HTTPStatus.METHOD_NOT_ALLOWED)
            return status, [*headers, ("Allow", "GET, HEAD")], page
        path = self._path
        for rewrite in rules.rewrite:
            if rewrite.fits(self._host, path) and rewrite.query in (None, self._query):
                path = rewrite.file
                break
        found = find(self.server.chosen.layers, self._host, path)
        if isinstance(found, str):
            return self._redirect(found, HTTPStatus.MOVED_PERMANENTLY)
        if found is None:
            return self._error(HTTPStatus.NOT_FOUND)
        if any(rule.fits(self._host, self._path) for rule in rules.fill):
            found = Page(self.server.filler.fill_file(found.body.decode()).encode(), found.content_type)
        return HTTPStatus.OK, [("Cache-Control", found.cache_control)], found

    def _with_rules(self, headers: Headers) -> Headers:
        """`headers` with the cookies and headers of the rules that fit; the first rule for a name wins."""
        rules, fill = self.server.chosen.behaviour, self.server.filler.fill
        parts = (part.strip().partition("=") for part in (self.headers.get("Cookie") or "").split(";"))
        visitor_sends = {name: value for name, _, value in parts}
        asked = Asked(visitor_sends, self._tag())
        cookies = [
            ("Set-Cookie", fill(cookie.set, asked))
            for cookie in rules.cookie
            if cookie.fits(self._host, self._path)
            and (cookie.always or cookie.name not in visitor_sends)
            and (cookie.every == 1 or cookie.due(self.server.crawls))
        ]
        result = {name.lower(): (name, value) for name, value in headers}
        ruled: set[str] = set()
        for header in rules.header:
            if header.fits(self._host, self._path) and header.name.lower() not in ruled:
                ruled.add(header.name.lower())
                result[header.name.lower()] = (header.name, fill(header.value, asked))
        return [*result.values(), *cookies]

    def _error(self, status: int) -> tuple[int, Headers, Page]:
        """The host's own error page, where it has one."""
        page = find(self.server.chosen.layers, self._host, "/404.html")
        if isinstance(page, Page):
            return status, [("Cache-Control", "no-store")], page
        return self._plainly(status, f"{HTTPStatus(status).phrase}\n")

    def _plainly(self, status: int, text: str) -> tuple[int, Headers, Page]:
        return status, [("Cache-Control", "no-store")], Page(text.encode(), _PLAIN)

    def _redirect(self, to: str, status: int) -> tuple[int, Headers, Page]:
        # Quoted anew: a decoded line break in the path must not become one in the header.
        location = quote(to, safe="/:?#[]@!$&'()*+,;=%~-._")
        return status, [("Location", location), ("Cache-Control", "no-store")], Page(b"", _PLAIN)

    def _body(self) -> bytes | None:
        """The request's body; None when it cannot be read and an error was sent."""
        if self.headers.get("Transfer-Encoding"):
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
            return None
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > _BODY_LIMIT:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE if length.isdecimal() else HTTPStatus.BAD_REQUEST)
            return None
        return self.rfile.read(int(length))

    def _note(self, body: bytes, status: int) -> None:
        self.server.log.append(
            Received(
                scheme="https" if self._secure else "http",
                host=self._host,
                method=self.command,
                path=self.path,
                headers=tuple(self.headers.items()),
                body=body,
                status=status,
            )
        )

    def _send(self, status: int, headers: Headers, page: Page) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        bodiless = status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        if not bodiless:
            self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        if not bodiless and self.command != "HEAD":
            self.wfile.write(page.body)
