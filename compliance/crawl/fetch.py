"""Plain GET requests beside the browser, for robots.txt and sitemaps only.

They go where the browser would go: the same resolver overrides, the same hosts whose
certificates are not verified. Bodies are capped, every step has a deadline, and a redirect
is followed only within the site.
"""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from urllib.parse import quote, urljoin, urlsplit

from compliance.model.urls import DEFAULT_PORTS, ascii_host, site_of

USER_AGENT = "policy-compliance"
MAX_BYTES = 50_000_000
MAX_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, or why there is none."""

    url: str
    status: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    error: str = ""


def where(host: str, port: int, resolve: tuple[str, ...]) -> tuple[str, int]:
    """Address and port to connect to for a host, after `--resolve`."""
    for entry in resolve:
        pattern, _, target = entry.partition(":")
        if fnmatchcase(host, pattern):
            address, colon, own = target.rpartition(":")
            if not colon or not own.isdigit() or (":" in address and not address.endswith("]")):
                address, own = target, ""
            return address.strip("[]"), int(own) if own else port
    return host, port


async def fetch(url: str, resolve: tuple[str, ...], ignore_tls: tuple[str, ...], *, timeout: float = 15) -> Fetched:
    """GET `url`, following redirects within its site.

    Never raises for what the network does; `Fetched.error` says it.
    """
    first, status = url, 0
    for _ in range(MAX_REDIRECTS + 1):
        opened: list[socket.socket] = []
        try:
            async with asyncio.timeout(timeout):
                answer = await asyncio.to_thread(_get, url, resolve, ignore_tls, timeout, opened)
        except TimeoutError:
            # A server that drips keeps every single read short: without this its thread would never end.
            for one in opened:
                _cut(one)
            return Fetched(url, error=f"no answer in {timeout:g} s")
        status, location = answer.status, answer.headers.get("location", "")
        if status not in (301, 302, 303, 307, 308) or not location:
            return answer
        try:
            url = urljoin(url, location)
            scheme = urlsplit(url).scheme
        except ValueError:
            return Fetched(url, status, error=f"redirects to {location[:200]}, which is no address")
        if scheme not in ("http", "https") or site_of(url) != site_of(first):
            return Fetched(url, status, error=f"redirects to {url}, outside the site")
    return Fetched(first, status, error="redirects without end")


def _cut(opened: socket.socket) -> None:
    try:
        # Not SSLSocket.shutdown: it would pull the TLS layer from under the thread that reads.
        socket.socket.shutdown(opened, socket.SHUT_RDWR)
    except OSError:
        return  # it ended by itself at this moment


def _get(
    url: str, resolve: tuple[str, ...], ignore_tls: tuple[str, ...], timeout: float, opened: list[socket.socket]
) -> Fetched:
    try:
        parts = urlsplit(url)
        host = ascii_host(parts.hostname or "")
        port = parts.port or DEFAULT_PORTS[parts.scheme]
        address, real_port = where(host, port, resolve)
        connection = http.client.HTTPConnection(address, real_port, timeout=timeout)
        try:
            connection.connect()
            opened.append(connection.sock)
            if parts.scheme == "https":
                context = ssl.create_default_context()
                if any(fnmatchcase(host, pattern) for pattern in ignore_tls):
                    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                secured = context.wrap_socket(connection.sock, server_hostname=host, do_handshake_on_connect=False)
                connection.sock = secured
                opened[:] = [secured]
                secured.do_handshake()
            shown = f"[{host}]" if ":" in host else host
            headers = {
                "Host": shown if parts.port is None else f"{shown}:{port}",
                "User-Agent": USER_AGENT,
                "Accept": "*/*",
            }
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", quote(target, safe="/?%:@!$&'()*+,;=~[]"), headers=headers)
            response = connection.getresponse()
            body = response.read(MAX_BYTES)
            return Fetched(url, response.status, body, {k.lower(): v for k, v in response.getheaders()})
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
        return Fetched(url, error=f"{type(error).__name__}: {error}")
