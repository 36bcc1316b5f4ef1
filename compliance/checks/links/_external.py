"""Links that lead to other sites, each address once, and what is said about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from compliance.checks._check import Doubt, Note, Result
from compliance.knowledge.parties import is_share_link, listed
from compliance.model.content import Link
from compliance.model.observation import Site
from compliance.model.urls import host_of, registrable_domain, url_key
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Visit

TOLERATED = 0.05
"""Share of links or pages that the reasonable reading lets pass (logos, an odd page)."""


def outward(visit: Visit, site: Site, exempt: frozenset[str]) -> tuple[list[Link], list[Link]]:
    """Links of a page to other sites, and those of them that only open a dialog for sharing."""
    links: list[Link] = []
    shares: list[Link] = []
    for link in visit.links or ():
        host = host_of(link.href)
        ours = site.is_first_party(link.href) or not link.href.lower().startswith(("http:", "https:"))
        if ours or listed(host, exempt) or (link.frame and not site.is_first_party(link.frame)):
            continue
        (shares if is_share_link(link.href) else links).append(link)
    return links, shares


@dataclass(slots=True)
class Address:
    """One address that links lead to."""

    href: str
    link: Link | None = None
    """The first that does not; a visible one, if there is one."""
    visit: str = ""
    page: str = ""


@dataclass(slots=True)
class Addresses:
    """All addresses that external links lead to."""

    known: dict[str, Address] = field(default_factory=dict)
    shares: set[str] = field(default_factory=set)

    def add(self, visit: Visit, links: list[Link], shares: list[Link], told: Callable[[Link], bool]) -> None:
        """Take in the links of one page; `told` says whether a link tells where it leads."""
        self.shares.update(url_key(link.href) for link in shares)
        for link in links:
            one = self.known.setdefault(url_key(link.href), Address(link.href))
            if told(link):
                continue
            if one.link is None or (link.visible and not one.link.visible):
                one.link, one.visit, one.page = link, visit.id, visit.page

    def note(self) -> Iterator[Note]:
        """What was found and not judged."""
        if self.shares:
            yield Note(f"{len(self.shares)} links open a network's dialog for sharing; they were not judged.")

    def missing(self, reading: str, what: str, cause: str) -> Iterator[Result]:
        """Findings for the addresses whose links do not tell; `what` completes "the link …"."""
        silent = [one for one in self.known.values() if one.link is not None]
        shown = [one for one in silent if one.link is not None and one.link.visible]
        if tolerated(reading, len(shown), len(self.known)):
            yield Note(f"{len(shown)} of {len(self.known)} external addresses: a link {what}; within the 5 % allowed.")
        else:
            for one in shown:
                yield finding(one, what, cause)
        for one in silent:
            if one.link is not None and not one.link.visible:
                where = f"the link to {host_of(one.href)} in a closed menu or panel {what}"
                yield Doubt(Reason.NEEDS_HUMAN, where, one.page)


def finding(one: Address, what: str, cause: str, *, page: str = "", evidence: Evidence | None = None) -> Finding:
    """One address that visitors are not told about; all addresses of a party are one cause."""
    link = one.link
    shown = f"“{link.text[:80]}” " if link and link.text else ""
    pointer = evidence or Evidence(one.visit, "links", one.href[:300], (link.context if link else "")[:200])
    party = registrable_domain(host_of(one.href))
    return Finding(f"The link {shown}to {host_of(one.href)} {what}.", page or one.page, f"{cause}:{party}", (pointer,))


def silent_page(visit: Visit, links: list[Link], lacking: str, cause: str) -> Finding | Doubt:
    """A page that links to other sites and lacks the notice (a doubt where nobody sees those links)."""
    shown = [link for link in links if link.visible]
    if not shown:
        why = f"only closed menus or panels link to {host_of(links[0].href)}, and {lacking}"
        return Doubt(Reason.NEEDS_HUMAN, why, visit.page)
    hosts = sorted({host_of(link.href) for link in shown})
    more = f" and {len(hosts) - 3} more" if len(hosts) > 3 else ""
    evidence = tuple(Evidence(visit.id, "links", link.href[:300], link.text[:100]) for link in shown[:5])
    return Finding(f"The page links to {', '.join(hosts[:3])}{more}, and {lacking}.", visit.page, cause, evidence)


def tolerated(reading: str, missing: int, of: int) -> bool:
    """Does this reading let so many of so many pass."""
    return reading == "reasonable" and 0 < missing <= TOLERATED * of
