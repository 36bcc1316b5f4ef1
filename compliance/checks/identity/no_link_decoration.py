"""No link and no redirect of a page tells another site who the visitor is.

## What it checks
The links of every page to other owners, and the addresses to which a page forwards the whole window by HTTP
redirects, for a visitor, its return after closing the browser, and two independent visitors.

One visible link for each other site (the first twelve) is also pressed, by a visitor of its own and with the mouse, and
the address is read that the browser then goes for. The other site is never contacted.

## How it decides
Addresses are taken apart: host, segments of the path, parameters of the query and of the fragment.

* A part that holds an identifier of a cookie, plain, hashed or encoded (the search of `no-cookie-syncing`), is
  a finding on any page.
* Otherwise, on pages that all three visitors saw, the parts at the same place are compared. What several
  visitors got alike names content or a campaign. What changes from page to page or with the return is a
  nonce. What is left tells visitors apart when it holds 27 bits or more, as `no-identifying-cookies` counts
  them, and stays. If it stood on two pages or more, it is a finding; on one page alone it may name content
  chosen for the visitor, and a person has to look.
* A hop by which the whole page is led, and whose owner is neither that of its source nor that of its
  destination, is a finding when it adds an identifier to the address, or sets a cookie that tells visitors apart
  and outlives a day. A cookie with a number for the session may be a log-in: a person has to look.
* A press that adds to the address the value of a cookie or stored entry in which the crawl found an identifier
  is a finding. Something opaque of 27 bits or more that it adds and that is none of these, a person has to look
  at. Words, times, the page's own address, and what several visitors of the crawl were given alike are neither.
* A link that was to be pressed and could not be, or behind which a dialog or a page of the site comes first, is
  inconclusive.
* Links inside the site that keep an identifier after the return are noted.

No list of parameters decides. In the reading `reasonable`, a processor of the spec may be told.

## Why it matters
Browsers keep the cookies of two sites apart. A number in the address of a link joins them again, and the
visitor takes it across.

## Limits
One link for each other site is pressed, of those that can be seen, and no more than twelve; what others are given
at a press is not known. They are pressed with the left button of a mouse: what only a finger, a key or another
button sets off is not seen. The visitor who presses has opened one page and nothing else. A number that is made at
the press, and known to nobody in the crawl, is for a person to judge.

Destinations are not opened, so redirects behind a link to another site are unknown. A way through another
site is followed where its servers redirect back; a page there that sends the visitor back by script or `meta
refresh` is not opened. Pages that only the first visitor saw are searched for identifiers of cookies and not
compared. Addresses inside frames of other owners are theirs.

## References
* W3C Privacy Community Group, Navigational-Tracking Mitigations (link decoration, bounce tracking).
* Randall et al., Measuring UID Smuggling in the Wild, IMC 2022.

## Example
```yaml
checks:
  no-link-decoration:
    reading: strict
```
The demo sites `broken/no-link-decoration/*` break it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.checks.identity._bouncing import by_name, judged
from compliance.checks.identity._outgoing import Bounce, bounces, outgoing
from compliance.checks.identity._pressed import Pressed, pressed
from compliance.knowledge.identifiers import (
    STRONG_BITS,
    Assessment,
    Carrier,
    Gathered,
    ItemLabel,
    Options,
    Surroundings,
    assessed,
    gather,
    gather_stored,
    needles,
)
from compliance.knowledge.identifiers.carriers import VISITORS
from compliance.knowledge.identifiers.cases import page_names
from compliance.knowledge.identifiers.decoration import PAGES, Address, Decoration, Place, decorations, places
from compliance.knowledge.identifiers.describe import shown, title
from compliance.knowledge.leaks import Search
from compliance.knowledge.parties import listed
from compliance.model.observation import Observations
from compliance.model.urls import site_of, url_key
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import SEEN, Aspect, Session


class NoLinkDecoration(Parameters):
    """Who may be told identifiers by links."""

    reading: Literal["strict", "reasonable"] = Field(
        "strict", description="strict: no other owner is told. reasonable: processors named in the spec may be told."
    )
    strong_bits: float = Field(
        STRONG_BITS, gt=0, le=256, description="Bits from which a value identifies; 33 for a site with 10^8 visitors."
    )


@dataclass(slots=True)
class _Seen:
    """What the visits had to show."""

    addresses: list[Address] = field(default_factory=list)
    bounced: list[Bounce] = field(default_factory=list)
    unread: dict[str, None] = field(default_factory=dict)
    """Pages whose links or requests were not recorded."""


@check(
    "no-link-decoration",
    parameters=NoLinkDecoration,
    reads=[Aspect.COOKIES, Aspect.LINKS, Aspect.REQUESTS, Aspect.STORAGE, Aspect.LINK_PROBES],
    scope="site",
    sessions=[Session.FIRST_AGAIN, Session.SECOND, Session.THIRD],
    statistical=True,
)
def no_link_decoration(observations: Observations, parameters: NoLinkDecoration, context: Context) -> Iterator[Result]:
    """No link and no redirect tells another site who the visitor is, as it stands or when it is pressed."""
    now = context.now.timestamp()
    gathered = gather(observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.COOKIES})), now)
    for gap in gathered.gaps:
        yield Doubt(Reason.INSTRUMENT, gap.why, gap.page)
    options = Options(strong_bits=parameters.strong_bits)
    carriers = dict(enumerate(assessed(gathered, options, now)))
    wanted = needles({n: (c, found.places) for n, (c, found) in carriers.items() if found.label is ItemLabel.STRONG})
    seen = _look(observations, context, wanted)
    for page in seen.unread:
        yield Doubt(Reason.INSTRUMENT, "its links or requests were not recorded", page)
    abroad = [one for one in seen.addresses if not context.site.is_first_party(one.url)]
    yield from _coverage(abroad, gathered)
    told: dict[tuple[str, Place], Result] = {}
    for one in abroad:
        for place, carrier, shape in _carried(one, wanted, {n: c for n, (c, _) in carriers.items()}):
            key = (site_of(one.url), place)
            if key not in told:
                what = f"holds the value of {title(carrier)} ({shape})"
                told[key] = _standing(key[0], place, what, (one,), parameters, context)
    around = Surroundings(now, (), page_names(gathered))
    for found in decorations(seen.addresses, around, parameters.strong_bits):
        key = (found.to, found.place)
        if found.to in context.site.first_party:
            if found.found.returned:
                yield Note(_inside(found))
        elif key not in told:
            told[key] = _compared(found, parameters, context)
    yield from told.values()
    yield from judged(seen.bounced, by_name(carriers.values()), context, strict=parameters.reading == "strict")
    # Last, because it ends the check where no link was tried at all.
    everything = carriers | _stored(observations, options, context, len(carriers))
    for result in pressed(observations, everything, seen.addresses, around, parameters.strong_bits, context):
        if not isinstance(result, Pressed):
            yield result
        elif not isinstance(told.get((result.to, result.place)), Finding):
            yield _given(result, parameters, context)


def _stored(
    observations: Observations, options: Options, context: Context, number: int
) -> dict[int, tuple[Carrier, Assessment]]:
    """Stored entries of the crawl. A page whose storage was not read makes one unknown, never innocent."""
    visits = observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.STORAGE}))
    now = context.now.timestamp()
    return dict(enumerate(assessed(gather_stored(visits, now), options, now), number))


def _look(observations: Observations, context: Context, wanted: Mapping[Session, Search]) -> _Seen:
    """One pass over the visits; addresses and hops are kept, pages are not."""
    seen = _Seen()
    aspects = frozenset({Aspect.LINKS, Aspect.REQUESTS, Aspect.COOKIES})
    for visit in observations.visits(visitor=context.visitor, aspects=aspects):
        cut = {Aspect.LINKS.value, Aspect.REQUESTS.value} & visit.errors.keys()
        if visit.outcome in SEEN and (visit.links is None or visit.requests is None or cut):
            seen.unread[visit.page] = None
        seen.addresses += outgoing(visit, context.site)
        search = wanted.get(visit.session)
        seen.bounced += bounces(visit, context.site, search)
    return seen


def _coverage(abroad: list[Address], gathered: Gathered) -> Iterator[Result]:
    """How many pages with links to others were seen by all three visitors."""
    pages: dict[Session, set[str]] = {}
    for session in VISITORS:
        pages[session] = {url_key(one.page) for one in abroad if one.session is session}
    first = pages[Session.FIRST]
    common = first & pages[Session.SECOND] & pages[Session.THIRD]
    if first and not (common and gathered.complete):
        yield Doubt(Reason.COVERAGE, "no page with links to other sites was seen by three independent visitors")
    yield Note(f"{len(first)} pages lead to other sites; on {len(common)} of them three visitors were compared.")


def _carried(
    one: Address, wanted: Mapping[Session, Search], carriers: Mapping[int, Carrier]
) -> Iterator[tuple[Place, Carrier, str]]:
    """Identifiers of cookies in an address."""
    search = wanted.get(one.session)
    found = search.in_text(one.url) if search is not None else ()
    for hit in found:
        assert search is not None
        inner = (p for p, text in places(one.url) if any(f.needle == hit.needle for f in search.in_text(text)))
        yield next(inner, Place("path")), carriers[int(hit.needle.name)], hit.shape


def _standing(
    to: str, place: Place, what: str, examples: tuple[Address, ...], parameters: NoLinkDecoration, context: Context
) -> Result:
    first = examples[0]
    lead = "An address that the page is forwarded to, at" if first.request else "A link to"
    return _broken(lead, to, place, what, first.page, tuple(map(_pointer, examples)), parameters, context)


def _broken(
    lead: str,
    to: str,
    place: Place,
    what: str,
    page: str,
    pointers: tuple[Evidence, ...],
    parameters: NoLinkDecoration,
    context: Context,
) -> Result:
    text = f"{lead} {shown(to)} identifies the visitor: {shown(place.words)} {what}."
    processor = listed(to, context.site.processors)
    if parameters.reading == "reasonable" and processor:
        return Note(f"{text} {processor} is a processor: {context.site.processors[processor]}.")
    return Finding(text, page, f"link:{to}:{place.kind}:{shown(place.name)}", pointers)


def _given(one: Pressed, parameters: NoLinkDecoration, context: Context) -> Result:
    pointer = Evidence(one.probe.id, Aspect.LINK_PROBES.value, one.went[:300], f"before: {one.probe.stood[:200]}")
    lead, what = "The address that a pressed link leads to, at", f"{one.what}, which it did not before the press"
    return _broken(lead, one.to, one.place, what, one.probe.page, (pointer,), parameters, context)


def _pointer(one: Address) -> Evidence:
    aspect = Aspect.REQUESTS if one.request else Aspect.LINKS
    return Evidence(one.visit, aspect.value, one.request or one.url[:300], one.session.value)


def _compared(found: Decoration, parameters: NoLinkDecoration, context: Context) -> Result:
    if found.found.label is ItemLabel.UNCOMPARED:
        text = f"in a link to {shown(found.to)}, {shown(found.place.words)} differs for three independent visitors"
        return Doubt(Reason.COVERAGE, f"{text} and was seen once: whether it stays is not known", _at(found))
    stays = "was there again after the browser was closed" if found.found.returned else "stayed while the browser ran"
    what = f"got three values from three independent visitors, about {found.found.bits:.0f} bits apart, and {stays}"
    if found.pages >= PAGES:
        return _standing(found.to, found.place, f"{what}, on {found.pages} pages", found.examples, parameters, context)
    text = f"in a link to {shown(found.to)}, {shown(found.place.words)} {what}, on one page alone"
    return Doubt(Reason.NEEDS_HUMAN, f"{text}: it may be the visitor's number or content chosen for it", _at(found))


def _inside(found: Decoration) -> str:
    return (
        f"Links inside the site hold an identifier of the visitor ({shown(found.place.words)}), and it was there again "
        f"after the browser was closed, on {_at(found)}."
    )


def _at(found: Decoration) -> str:
    return found.examples[0].page
