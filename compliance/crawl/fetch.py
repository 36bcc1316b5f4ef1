"""Plain GET requests beside the browser, for robots.txt and sitemaps only.

They go where the browser would go: the same resolver overrides, the same hosts whose
certificates are not verified. Bodies are capped, every step has a deadline, and a redirect
is followed only within the site.
"""

from __future__ import annotations

import asyncio
import http.client
import ssl
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from urllib.parse import urljoin, urlsplit

from compliance.model.urls import DEFAULT_PORTS, site_of

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
            address, _, own = target.rpartition(":") if target.count(":") == 1 else (target, "", "")
            return address or target, int(own) if own.isdigit() else port
    return host, port


async def fetch(url: str, resolve: tuple[str, ...], ignore_tls: tuple[str, ...], *, timeout: float = 15) -> Fetched:
    """GET `url`, following redirects within its site.

    Never raises for what the network does; `Fetched.error` says it.
    """
    first = url
    for _ in range(MAX_REDIRECTS + 1):
        try:
            async with asyncio.timeout(timeout):
                answer = await asyncio.to_thread(_get, url, resolve, ignore_tls, timeout)
        except TimeoutError:
            return Fetched(url, error=f"no answer in {timeout:g} s")
        location = answer.headers.get("location", "")
        if answer.status not in (301, 302, 303, 307, 308) or not location:
            return answer
        url = urljoin(url, location)
        if urlsplit(url).scheme not in ("http", "https") or site_of(url) != site_of(first):
            return Fetched(url, answer.status, error=f"redirects to {url}, outside the site")
    return Fetched(first, error="redirects without end")


def _get(url: str, resolve: tuple[str, ...], ignore_tls: tuple[str, ...], timeout: float) -> Fetched:
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        port = parts.port or DEFAULT_PORTS[parts.scheme]
        address, real_port = where(host, port, resolve)
        connection = http.client.HTTPConnection(address, real_port, timeout=timeout)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            if any(fnmatchcase(host, pattern) for pattern in ignore_tls):
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection.connect()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": USER_AGENT, "Accept": "*/*"}
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
            body = response.read(MAX_BYTES)
            return Fetched(url, response.status, body, {k.lower(): v for k, v in response.getheaders()})
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
        return Fetched(url, error=f"{type(error).__name__}: {error}")
