"""Does an address of somebody else send the visitor back to the site?

A site may send who comes through another site, which learns of the visit, and back (bounce tracking). The browser goes
along where it is brought back, and nowhere else: a page of somebody else is not opened, and what its server would set
is not mistaken for the site's. So the way is asked for beside the browser first, once, without cookies.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from ipaddress import ip_address

from compliance.crawl.fetch import ask, leads_to
from compliance.knowledge.destructive import destructive
from compliance.model.urls import host_of, without_fragment

#: Redirects after which nobody expects to come back; browsers give up after twenty.
MAX_HOPS = 10
#: Seconds that the whole way may take; the page waits meanwhile.
PATIENCE = 6.0
#: Bytes read of an answer's body: only its headers matter.
BODY = 1_024
#: Addresses remembered.
MAX_KNOWN = 10_000


class Bounces:
    """What is known of the ways through other sites; shared by the tabs of a session."""

    def __init__(self, on_site: Callable[[str], bool], resolve: tuple[str, ...], ignore_tls: tuple[str, ...]) -> None:
        self._on_site = on_site
        self._resolve, self._ignore_tls = resolve, ignore_tls
        self._ways: dict[str, asyncio.Task[bool]] = {}

    async def explore(self, url: str) -> None:
        """Find out whether `url` leads back; afterwards `leads_back` knows."""
        key = without_fragment(url)
        if key not in self._ways and len(self._ways) < MAX_KNOWN:
            self._ways[key] = asyncio.create_task(self._follow(key))
        if key in self._ways:
            await asyncio.shield(self._ways[key])  # another page may wait for the same

    def leads_back(self, url: str) -> bool:
        """Was the way from `url` explored, and does it end on the site."""
        way = self._ways.get(without_fragment(url))
        return way is not None and way.done() and way.result()

    async def _follow(self, url: str) -> bool:
        way: list[str] = []
        until = time.monotonic() + PATIENCE
        while len(way) < MAX_HOPS and url not in way and _public(url) and not destructive(url):
            left = until - time.monotonic()
            if left <= 0:
                return False
            way.append(url)
            answer = await ask(url, self._resolve, self._ignore_tls, timeout=left, limit=BODY)
            try:
                url = without_fragment(leads_to(answer))
            except ValueError:
                return False
            if url and self._on_site(url):
                return True
        return False


def _public(url: str) -> bool:
    """May a site send a visitor there: a host with a name of its own, not a machine of some network's inside."""
    host = host_of(url)
    if not url.startswith(("http://", "https://")) or "." not in host:
        return False
    try:
        return ip_address(host.strip("[]")).is_global
    except ValueError:
        return True
