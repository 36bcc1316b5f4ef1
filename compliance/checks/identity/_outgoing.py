"""Where a page leads: its links, and the hops by which the whole page is forwarded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compliance.knowledge.identifiers.decoration import Address
from compliance.knowledge.leaks import Search
from compliance.model.activity import Request, SetCookie
from compliance.model.observation import Site
from compliance.model.urls import site_of, without_fragment
from compliance.model.visit import Visit

_LEADS_OUT = ("http:", "https:")


def outgoing(visit: Visit, site: Site) -> Iterator[Address]:
    """Addresses that a page leads to; links in frames of other owners are not the site's."""
    known: set[str] = set()
    for link in visit.links or ():
        theirs = link.frame and not site.is_first_party(link.frame)
        if theirs or not link.href.lower().startswith(_LEADS_OUT) or link.href in known:
            continue
        known.add(link.href)
        yield Address(visit.session, visit.id, visit.url, link.href)
    for hop in chain(visit):
        if hop.redirected_to:
            yield Address(visit.session, visit.id, visit.url, hop.redirected_to, hop.id)


def chain(visit: Visit) -> list[Request]:
    """The requests by which the whole window went where it went, redirects and what a script did, in order.

    Runs of older versions do not say which those are. There it is worked out from redirects.
    """
    asked = [request for request in visit.requests or () if request.resource == "document"]
    if all(request.whole_page is None for request in asked):
        return _worked_out(visit, asked)
    return [request for request in asked if request.whole_page]


def _worked_out(visit: Visit, asked: list[Request]) -> list[Request]:
    """Redirects from the address of the visit on, and those that led to the page that was open at the end."""
    first = {without_fragment(one.url): one for one in reversed(asked)}
    before = {without_fragment(one.redirected_to): one for one in reversed(asked) if one.redirected_to}
    there: list[Request] = []
    hop = first.get(without_fragment(visit.url))
    while hop is not None and hop not in there:
        there.append(hop)
        hop = first.get(without_fragment(hop.redirected_to)) if hop.redirected_to else None
    on: list[Request] = []
    hop = first.get(without_fragment(visit.final_url))
    while hop is not None and hop not in there and hop not in on:
        on.append(hop)
        hop = before.get(without_fragment(hop.url))
    return [*there, *reversed(on)]


@dataclass(frozen=True, slots=True)
class Bounce:
    """A hop of somebody who is neither where the way begins nor where it ends."""

    visit: Visit
    hop: Request
    cookies: tuple[SetCookie, ...]
    """What its answer set."""
    adds: bool
    """It adds an identifier of the visitor to the address that it leads to."""


def bounces(visit: Visit, site: Site, search: Search | None) -> Iterator[Bounce]:
    """Hops of owners who are neither source nor destination, and which do something."""
    hops = chain(visit)
    if not hops:
        return
    ends = site_of(hops[-1].redirected_to or hops[-1].url)
    for hop in hops[1:]:
        if not hop.redirected_to or site.is_first_party(hop.url) or hop.site in (site_of(visit.url), ends):
            continue
        cookies = tuple(cookie for cookie in visit.set_cookies or () if cookie.request == hop.id)
        before = {found.needle for found in search.in_text(hop.url)} if search else set()
        after = search.in_text(hop.redirected_to) if search else ()
        adds = any(found.needle not in before for found in after)
        if cookies or adds:
            yield Bounce(visit, hop, cookies, adds)
