"""Who was contacted by a page, and what was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from compliance.knowledge.parties import NETWORK_SCHEMES
from compliance.model.activity import Request
from compliance.model.observation import Site
from compliance.model.urls import host_of, site_of, without_fragment
from compliance.model.visit import Visit, recorded


@dataclass(frozen=True, slots=True)
class Party:
    """One registrable domain that is not the site's, and the requests it got from one page."""

    domain: str
    requests: tuple[Request, ...]

    def told(self, requests: Sequence[Request]) -> str:
        """What was sent to it, in words, without a full stop."""
        kinds = Counter(r.resource or "other" for r in requests)
        listed = ", ".join(f"{n} {kind}" if len(kinds) > 1 else kind for kind, n in sorted(kinds.items()))
        count = len(requests)
        text = f"{count} request{'s' * (count != 1)} to {self.domain} ({listed})"
        if starters := list(dict.fromkeys(found for r in requests if (found := _starter(r)))):
            more = f" and {len(starters) - 1} more" if len(starters) > 1 else ""
            text += f", started by {starters[0]}{more}"
        if sent := _sent(requests):
            text += f", with {' and '.join(sent)}"
        lost = [r for r in requests if r.blocked or r.error]
        if lost:
            why = lost[0].blocked or lost[0].error
            text += f"; {len(lost)} of {count} did not get through ({why}), the attempt counts"
        if late := sum(r.induced for r in requests):
            text += f"; {late} of {count} sent when the page was left"
        return text


def own_loads(visit: Visit, site: Site) -> list[Request]:
    """What a page asks its own site for, the page itself and what led to it left out.

    Raises:
        NotRecorded: The visit recorded no requests.
    """
    if not site.is_first_party(visit.page):
        return []
    top = {without_fragment(url) for url in (visit.url, visit.final_url, visit.page)}
    hops = {r.id for r in _network(visit) if r.resource == "document" and without_fragment(r.url) in top}
    found = [r for r in _network(visit) if host_of(r.url) and site.is_first_party(r.url)]
    return [r for r in found if r.id not in hops]


def contacts(visit: Visit, site: Site) -> tuple[list[Party], list[str]]:
    """Parties that a page contacted, and the domains that its address forwarded the whole page to.

    Raises:
        NotRecorded: The visit recorded no requests.
    """
    requests = _network(visit)
    forwarded = _forwarded(visit, requests, site)
    away = not site.is_first_party(visit.page)
    left_for: list[str] = []
    by_domain: dict[str, list[Request]] = {}
    for request in requests:
        if not host_of(request.url) or site.is_first_party(request.url):
            continue
        if request.id in forwarded:
            left_for.append(request.site)
        elif not away or _asked_by(request, site):
            by_domain.setdefault(request.site, []).append(request)
    parties = [Party(domain, tuple(found)) for domain, found in sorted(by_domain.items())]
    return parties, sorted(set(left_for))


def unreadable(visit: Visit) -> list[str]:
    """Addresses that were asked for and have no host that could be read."""
    asked = recorded(visit.requests, "requests")
    return sorted({r.url for r in asked if _scheme(r.url) in NETWORK_SCHEMES and not host_of(r.url)})


def _network(visit: Visit) -> list[Request]:
    return [r for r in _with_last_hops(recorded(visit.requests, "requests")) if _scheme(r.url) in NETWORK_SCHEMES]


def _scheme(url: str) -> str:
    return url.partition(":")[0].lower()


def _with_last_hops(requests: Iterable[Request]) -> list[Request]:
    """The requests, and for a redirect whose target has no record of its own, that target as an attempt."""
    given = list(requests)
    known = {without_fragment(r.url) for r in given}
    unfollowed = [
        replace(
            r,
            id=f"{r.id}>",
            url=r.redirected_to,
            redirected_to="",
            status=None,
            blocked="redirect not followed",
            remote="",
        )
        for r in given
        if r.redirected_to and without_fragment(r.redirected_to) not in known
    ]
    return given + unfollowed


def _forwarded(visit: Visit, requests: Iterable[Request], site: Site) -> set[str]:
    """Ids of the hops by which the whole page went to another site and stayed there."""
    documents = [r for r in requests if r.resource == "document"]
    by_url = {without_fragment(r.url): r for r in reversed(documents)}
    trail: list[Request] = []
    passed: set[str] = set()
    at = by_url.get(without_fragment(visit.url))
    while at is not None and at.id not in passed:
        passed.add(at.id)
        trail = [] if site.is_first_party(at.url) else [*trail, at]
        at = by_url.get(without_fragment(at.redirected_to)) if at.redirected_to else None
    if not site.is_first_party(visit.page):
        trail += [r for r in documents if without_fragment(r.url) == without_fragment(visit.page)]
    return {r.id for r in trail}


def _asked_by(request: Request, site: Site) -> bool:
    """Did a page, frame or script of the site ask (and not the foreign page that the visit ended on)."""
    askers = [url for url in (request.initiator, request.frame) if host_of(url)]
    return any(site.is_first_party(url) for url in askers)


def _starter(request: Request) -> str:
    """What caused it, without query: the script or document, else the frame."""
    cause = request.initiator or request.frame
    return cause.partition("?")[0][:200] if site_of(cause) else ""


def _sent(requests: Iterable[Request]) -> list[str]:
    """What went along that says more than an IP address."""
    sent = []
    headers = {name.lower(): value for r in requests for name, value in r.headers}
    if "cookie" in headers:
        sent.append("a cookie")
    if headers.get("referer"):
        sent.append("the address of the page or its origin")
    if any(r.body or r.body_missing for r in requests):
        sent.append("a body")
    return sent
