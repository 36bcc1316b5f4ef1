"""What a page did with the address that its visitor came by: what it keeps of it, and whom it tells."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from compliance.checks.identity._outgoing import chain, outgoing
from compliance.knowledge.identifiers import Carrier, gather
from compliance.knowledge.identifiers.stored import OF_SESSION, partition_of
from compliance.knowledge.landing import Text, Traces
from compliance.knowledge.leaks import Part, parts_of
from compliance.knowledge.leaks.parts import parameter
from compliance.knowledge.parties import NETWORK_SCHEMES
from compliance.model.activity import Request, StorageItem
from compliance.model.observation import Site
from compliance.model.urls import host_of, site_of
from compliance.model.visit import SEEN, Aspect, Session, Visit


@dataclass(frozen=True, slots=True)
class Kept:
    """A cookie or stored entry with something of the address."""

    carrier: Carrier
    lifetime: float | None
    """Seconds; None for the session."""
    singled: Mapping[str, str]
    """Click identifiers that were picked out → in which shape; empty where the address is kept whole."""
    in_name: bool
    """Is it the name that holds something, so that it is another one in each run."""


@dataclass(frozen=True, slots=True)
class Told:
    """Another owner who is told something of the address."""

    owner: str
    link: bool
    """By a link that leads there; else by a request."""
    singled: Mapping[str, str]
    where: str
    """In words, of the first request or link."""
    pointer: str
    """Id of the request; the link."""


@dataclass(frozen=True, slots=True)
class _Text:
    """Something that another owner is or will be told."""

    part: Part
    name: str
    text: str
    pointer: str


def unseen(visit: Visit, site: Site) -> Iterator[str]:
    """What is not known about a landing whose page was seen."""
    if visit.outcome not in SEEN:
        return
    records = {
        Aspect.COOKIES: None if visit.set_cookies is None or visit.jar is None else (),
        Aspect.STORAGE: visit.storage,
        Aspect.REQUESTS: visit.requests,
        Aspect.LINKS: visit.links,
    }
    for aspect, record in records.items():
        if record is None:
            yield f"{aspect.value} were not recorded" if aspect is not Aspect.STORAGE else "storage was not recorded"
        elif aspect.value in visit.errors:
            yield f"{aspect.value}: {visit.errors[aspect.value]}"
    for request in visit.requests or ():
        if site.is_first_party(request.url):
            continue
        if request.body_missing:
            yield f"a body sent to {request.site} could not be read whole"
        elif request.log_only and request.method not in ("GET", "HEAD"):
            yield f"of a request to {request.site} only the address is known"


def stripped(visit: Visit, traces: Traces) -> bool:
    """Did redirects lead to a page whose address has nothing of it any more."""
    hops = chain(visit)
    return len(hops) > 1 and not traces.anything(hops[-1].url)


def uncontrolled(visit: Visit, traces: Traces) -> bool:
    """Does the address of the page have click identifiers and the control no more: then a copy of it has, too."""
    hops = chain(visit)
    addresses = [visit.page, *(hop.url for hop in hops[-1:])]
    return any(copied.singled for copied in traces.copied(Text((url,), part=Part.PATH) for url in addresses))


def kept(visit: Visit, traces: Traces, now: float) -> Iterator[Kept]:
    """Cookies and stored entries with click identifiers."""
    kinds: dict[str, list[tuple[Carrier, Text]]] = defaultdict(list)
    for carrier in gather([visit], now, merged=False).carriers:
        if values := _left(carrier):
            kinds[carrier.kind].append((carrier, Text(tuple(values), carrier.name)))
    for item in visit.storage or ():
        # A text that is no data is one piece: cut, a piece could hold a click identifier and the next one the control.
        kinds[item.kind].append((_entry(visit, item), Text((item.value,), item.key)))
    for carriers in kinds.values():
        found = traces.copied(text for _, text in carriers)
        for (carrier, _), copied in zip(carriers, found, strict=True):
            if copied.singled or copied.whole:
                yield Kept(carrier, _lifetime(carrier, visit), copied.singled, traces.anything(carrier.name))


def _entry(visit: Visit, item: StorageItem) -> Carrier:
    partition = partition_of(visit, item.origin)
    entry = Carrier(item.key, host_of(item.origin), item.origin, partition, item.kind, page=visit.page)
    entry.requested = None if item.kind in OF_SESSION else math.inf
    return entry


def _left(carrier: Carrier) -> list[str]:
    """Its last value, and the last that this browser refused; none when it was taken back."""
    trace = carrier.sessions[Session.LANDED]
    bags = [trace.refused] if trace.deleted else [trace.kept, trace.refused]
    return [next(reversed(bag)) for bag in bags if bag]


def _lifetime(carrier: Carrier, visit: Visit) -> float | None:
    """As asked for; the jar knows better where a lasting cookie was replaced by one of the session."""
    key = (carrier.name, carrier.domain, carrier.path)
    jar = [c for c in visit.jar or () if (c.name, c.domain.lstrip(".").lower(), c.path) == key]
    if carrier.kind == "cookie" and jar and all(c.expires is None for c in jar):
        return None
    return carrier.lifetime


def told(visit: Visit, traces: Traces, site: Site) -> Iterator[Told]:
    """Other owners who are told click identifiers, each once for requests and once for links."""
    parties: dict[tuple[str, bool], list[_Text]] = defaultdict(list)
    for request in visit.requests or ():
        for owner, text in _sent(request, site):
            parties[owner, False].append(text)
    for one in outgoing(visit, site):
        if not one.request and not site.is_first_party(one.url):
            parties[site_of(one.url), True].append(_Text(Part.REDIRECT, "", one.url, one.url[:300]))
    for (owner, link), texts in parties.items():
        found = traces.copied(Text((one.text,), one.name, one.part) for one in texts)
        singled = {name: shape for copied in found for name, shape in copied.singled.items()}
        if not singled and not any(copied.whole for copied in found):
            continue
        first = next(one for one, c in zip(texts, found, strict=True) if c.singled or (not singled and c.whole))
        name = first.name or parameter(first.part, first.text, partial(traces.holds, names=singled))
        where = f"the parameter “{name}” of the link" if link and name else first.part.named(name)
        yield Told(owner, link, singled, "the address of the link" if link and not name else where, first.pointer)


def _sent(request: Request, site: Site) -> Iterator[tuple[str, _Text]]:
    """What a request tells other owners: its own, and the one that its answer leads to."""
    if request.url.partition(":")[0].lower() not in NETWORK_SCHEMES:
        return
    for part, name, text in parts_of(request, cookies=True):
        where = text if part is Part.REDIRECT else request.url
        if not site.is_first_party(where):
            yield site_of(where), _Text(part, name, text, request.id)
