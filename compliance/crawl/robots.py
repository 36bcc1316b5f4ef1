"""robots.txt per origin, read as RFC 9309 says: 4xx allows all, 5xx and no answer forbid all."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from protego import Protego

from compliance.crawl.fetch import USER_AGENT, Fetched, fetch
from compliance.model.observation import Skipped
from compliance.model.urls import origin_of
from compliance.model.visit import VisitOutcome

MAX_DELAY = 60.0
MAX_LENGTH = 512_000


@dataclass(slots=True)
class _Rules:
    parser: Protego | None
    forbidden: str = ""
    """Why everything is forbidden, empty when it is not."""
    silent: bool = False
    """Nothing answered, not even with an error."""


class Robots:
    """What the site's robots.txt files say; each is fetched once."""

    def __init__(self, resolve: tuple[str, ...], ignore_tls: tuple[str, ...], *, honour: bool = True) -> None:
        self._resolve, self._ignore_tls = resolve, ignore_tls
        self._honour = honour
        self._rules: dict[str, _Rules] = {}
        self._loading = asyncio.Lock()

    async def load(self, url: str) -> None:
        """Fetch the rules of `url`'s origin if they are not known yet."""
        origin = origin_of(url)
        if not origin or origin in self._rules:
            return
        async with self._loading:
            if origin not in self._rules:
                self._rules[origin] = _read(await fetch(f"{origin}/robots.txt", self._resolve, self._ignore_tls))

    def forbids(self, url: str, *, named: bool = False) -> str:
        """Why `url` may not be visited, empty when it may.

        Args:
            url: The address.
            named: The spec names it. Where robots.txt gets no answer at all, a look at such an address is what
                tells what is wrong with the site.
        """
        rules = self._rules.get(origin_of(url))
        if rules is None or not self._honour or (named and rules.silent):
            return ""
        if rules.forbidden:
            return rules.forbidden
        if rules.parser is not None and not rules.parser.can_fetch(url, USER_AGENT):
            return "robots.txt forbids it"
        return ""

    def reason(self, url: str) -> VisitOutcome:
        """What a forbidden address is: kept back by the site, or lost because the site did not say what it wants."""
        rules = self._rules.get(origin_of(url))
        return VisitOutcome.LOST if rules is not None and rules.silent else VisitOutcome.BLOCKED_ROBOTS

    def refuse(self, url: str, *, found_on: str = "", named: bool = False) -> Skipped | None:
        """Why `url` is not visited; None when it may be."""
        forbidden = self.forbids(url, named=named)
        return Skipped(url, self.reason(url).value, forbidden, found_on) if forbidden else None

    def delay(self, url: str) -> float:
        """Crawl-delay in seconds, capped at a minute."""
        rules = self._rules.get(origin_of(url))
        if rules is None or rules.parser is None or not self._honour:
            return 0.0
        return min(float(rules.parser.crawl_delay(USER_AGENT) or 0), MAX_DELAY)

    def sitemaps(self, url: str) -> list[str]:
        """Sitemaps that the file names."""
        rules = self._rules.get(origin_of(url))
        return list(rules.parser.sitemaps) if rules and rules.parser else []


def _read(answer: Fetched) -> _Rules:
    if answer.error and not answer.status:
        why = f"robots.txt gives no answer ({answer.error}): nothing may be visited (RFC 9309)"
        return _Rules(None, forbidden=why, silent=True)
    if answer.status >= 500 or answer.status == 429:
        return _Rules(None, forbidden=f"robots.txt answers HTTP {answer.status}: nothing may be visited (RFC 9309)")
    if answer.status >= 300 or not answer.body:
        return _Rules(None)
    return _Rules(Protego.parse(answer.body[:MAX_LENGTH].decode("utf-8-sig", "replace")))
