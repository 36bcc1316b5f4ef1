"""What was observed of one site, its circumstances included. Frozen facts; nothing here judges.

The page loads are in `compliance.model.visit`. Times are UTC ISO 8601 strings with milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from compliance.model.policy import PolicyVersion
from compliance.model.trials import FormProbe, LinkProbe
from compliance.model.urls import host_of, registrable_domain
from compliance.model.visit import Aspect, Session, Visit

if TYPE_CHECKING:
    from compliance.model.recording import RecordingProbe


@dataclass(frozen=True, slots=True)
class Alias:
    """One CNAME record."""

    name: str
    """What the asked name, or the alias before, stands for."""
    ttl: int
    """Seconds for which the answer may be kept."""


@dataclass(frozen=True, slots=True)
class NameLookup:
    """What DNS said about one host of the site, asked for once after the visits."""

    host: str
    chain: tuple[Alias, ...] = ()
    """Aliases in the order followed; empty when the host is none."""
    resolver: str = ""
    """Address and port of the server that answered."""
    asked: str = ""
    unasked: str = ""
    """Why it was not looked up, where that is meant."""
    error: str = ""
    """Why its aliases are not known."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An address that was found and not visited."""

    url: str
    reason: str
    """An outcome of the closed list: blocked_robots, blocked_destructive, blocked_scope, trap_cap, skipped."""
    detail: str = ""
    found_on: str = ""


@dataclass(frozen=True, slots=True)
class MissedControl:
    """What the instrument got wrong about a page of ours."""

    aspect: Aspect
    what: str
    """The behaviour, in words; `all` when nothing of the aspect can be told."""
    when: str
    """`before` or `after` the crawl."""
    why: str
    phantom: bool = False
    """Something was recorded that never happened: what was found cannot be relied upon either."""


@dataclass(frozen=True, slots=True)
class Controls:
    """What visiting the control pages showed, for one visitor."""

    tried: int
    """Behaviours that the record was compared with, both times together."""
    missed: tuple[MissedControl, ...] = ()
    aspects: frozenset[Aspect] = frozenset()
    """What was recorded of them; of the others nothing is proved."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the site was looked at, by one visitor."""

    found: int = 0
    """Distinct in-scope addresses found."""
    planned: int = 0
    """Addresses to be visited: found, less the skipped, capped by the budget."""
    visited: int = 0
    seen: int = 0
    """Visits that ended ok."""
    budget: int = 0
    budget_reached: bool = False
    complete: bool = False
    """The frontier ran empty: nothing found was left unvisited but for the recorded skips."""
    outcomes: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Reason → number of addresses."""
    interrupted: str = ""
    """Why the crawl ended early, empty when it did not."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What the observations were made with."""

    tool: str
    browser: str = ""
    """Product and version, as the browser says."""
    browser_path: str = ""
    browser_source: str = ""
    """Which rule of the resolution order found it."""
    headless: bool = True
    sandbox: bool = False
    user_agent: str = ""
    third_party_cookies: str = "unknown"
    """`visible`, `blocked` or `unknown`: what the probe saw in this browser."""
    python: str = ""
    playwright: str = ""
    platform: str = ""
    started: str = ""
    finished: str = ""
    locale: str = ""
    timezone: str = ""
    resolve: tuple[str, ...] = ()
    dns: str = ""
    """The DNS server that was named for it."""
    ignored_tls: tuple[str, ...] = ()
    """Hosts whose certificates were not verified."""
    delay: float = 0.0
    """Seconds between two page loads."""
    limits: tuple[str, ...] = ()
    """What this run could not see, in words."""


@dataclass(frozen=True, slots=True)
class Site:
    """The site under audit, and who belongs to it."""

    url: str
    """Start address, after `--site`."""
    name: str = ""
    first_party: frozenset[str] = frozenset()
    """Registrable domains of the same owner, the site's own included."""
    processors: Mapping[str, str] = field(default_factory=dict)
    """Registrable domain → what the policy or the spec says it does for the site."""
    policy_url: str = ""
    """Where the policy is published, empty when the spec names no page."""

    def is_first_party(self, url: str) -> bool:
        """Does `url` belong to the site's owner (registrable domain; a URL without host belongs to its page)."""
        host = host_of(url)
        return not host or registrable_domain(host) in self.first_party


class Observations(Protocol):
    """Everything that was observed of one site, read lazily; what a check with scope `site` gets.

    `visits` decodes only the aspects asked for and keeps none of them in memory.
    """

    @property
    def site(self) -> Site:
        """The site under audit."""
        ...

    @property
    def policy(self) -> PolicyVersion | None:
        """The stored version that is quoted."""
        ...

    @property
    def environment(self) -> Environment:
        """What observed."""
        ...

    def coverage(self, visitor: str) -> Coverage:
        """Coverage of one visitor's crawl."""
        ...

    def visits(
        self,
        *,
        visitor: str | None = None,
        session: Session | None = None,
        aspects: frozenset[Aspect] = frozenset(),
        url: str | None = None,
    ) -> Iterator[Visit]:
        """Visits in the order made, with the aspects asked for (others are None).

        Without `session`, those of all sessions but the ones that stand apart (`APART`).
        """
        ...

    def skipped(self, visitor: str) -> Iterator[Skipped]:
        """Addresses found and not visited."""
        ...

    def form_probes(self, visitor: str) -> tuple[FormProbe, ...] | None:
        """Forms tried; None when no check asked for it."""
        ...

    def link_probes(self, visitor: str) -> tuple[LinkProbe, ...] | None:
        """External links clicked; None when no check asked for it."""
        ...

    def recording_probes(self, visitor: str) -> tuple[RecordingProbe, ...] | None:
        """Pages tried for session recording; None when no check asked for it."""
        ...

    def lookups(self) -> tuple[NameLookup, ...] | None:
        """What DNS said about the site's hosts; None when nobody asked."""
        ...

    def controls(self, visitor: str) -> Controls:
        """How the instrument did on pages of which everything is known."""
        ...
