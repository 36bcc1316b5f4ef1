"""What sites keep in the browser besides cookies, with its history, in the terms of cookies.

One carrier for each key of localStorage and sessionStorage, each record of a database, each cached response,
each private file, each service worker and the window's name. Nothing here has an expiry: it ends with the tab, or
never.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from compliance.knowledge.identifiers.carriers import Carrier, Gap, Gathered, Trace, count, merge, moment
from compliance.model.activity import StorageItem
from compliance.model.urls import host_of, site_of
from compliance.model.visit import SEEN, Aspect, Session, Visit

#: Kinds of storage that closing the browser ends.
OF_SESSION = frozenset({"session", "name"})
#: Longer values are taken apart, so that each part can be compared whole.
WHOLE = 4096
MAX_PARTS = 500
_MAX_DEPTH = 4
#: Slices of long text that is no JSON, cut between pieces where that can be; none has more pieces than are compared.
_SLICE = re.compile(r".{1,512}(?![A-Za-z0-9_-])|.{1,512}", re.DOTALL)

#: Kind, key, origin, partition.
_Key = tuple[str, str, str, str]


def gather_stored(visits: Iterable[Visit], now: float) -> Gathered:
    """All that these visits found in storage, and the pages whose storage is not known whole.

    Args:
        visits: Visits of one visitor in all sessions, in the order made.
        now: Stands in for the time of a visit that has none.
    """
    found: dict[_Key, Carrier] = {}
    gaps: list[Gap] = []
    pages: dict[Session, set[str]] = defaultdict(set)
    opened: dict[Session, dict[str, float]] = defaultdict(dict)
    for visit in visits:
        missing = "storage was not recorded" if visit.storage is None else ""
        why = visit.errors.get(Aspect.STORAGE.value) or missing
        if visit.outcome in SEEN:
            pages[visit.session].add(visit.page)
            if why:
                gaps.append(Gap(visit.page, why))
        began = moment(visit.started, now)
        opened[visit.session].setdefault(visit.page, began)
        here = {key for item in visit.storage or () for key in _take(found, visit, item, began)}
        if not why:
            _missed(found, visit, here)
    carriers = list(found.values())
    for carrier in carriers:
        _forgive(carrier)
    kinds = dict.fromkeys(carrier.kind for carrier in carriers)
    merged = [c for kind in kinds for c in merge(c for c in carriers if c.kind == kind)]
    return Gathered(merged, gaps, dict(pages), dict(opened))


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as browsers write an origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def partition_of(visit: Visit, origin: str) -> str:
    """The site under which a frame's origin keeps its storage apart; empty in a page of its own."""
    return "" if site_of(origin) == visit.site else visit.site


def _take(found: dict[_Key, Carrier], visit: Visit, item: StorageItem, began: float) -> Iterator[_Key]:
    """Take in one item; the keys of its carriers."""
    partition = partition_of(visit, item.origin)
    for name, value in parts(item.key, item.value):
        key = (item.kind, name, item.origin, partition)
        carrier = found.get(key)
        if carrier is None:
            carrier = found[key] = Carrier(
                name, host_of(item.origin), item.origin, partition, kind=item.kind, page=visit.page
            )
            carrier.requested = None if item.kind in OF_SESSION else math.inf
        trace = carrier.sessions.setdefault(visit.session, Trace(began=began))
        trace.deleted = False
        trace.found = min(trace.found, moment(visit.finished, began))
        trace.visits.setdefault(visit.id)
        if visit.session is Session.FIRST:
            carrier.pages.setdefault(visit.page, visit.id)
        count(carrier, trace.kept, value, 1)
        yield key


def parts(name: str, value: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """A value as it is, or a long one member by member, piece by piece."""
    if len(value) <= WHOLE or depth > _MAX_DEPTH:
        yield name, value
        return
    try:
        data = json.loads(value, parse_int=str, parse_float=str) if value.lstrip()[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict | list) and data:
        members = data.items() if isinstance(data, dict) else enumerate(data)
        for _, (key, inner) in zip(range(MAX_PARTS), members, strict=False):
            text = inner if isinstance(inner, str) else json.dumps(inner)
            yield from parts(f"{name}.{key}", text, depth + 1)
    else:
        for number, piece in enumerate(_SLICE.findall(value)):
            yield f"{name}[{number}]" if number else name, piece


def _missed(found: dict[_Key, Carrier], visit: Visit, here: set[_Key]) -> None:
    """What this page's own origin kept before and does not keep now was taken back."""
    origin = origin_of(visit.page)
    for key, carrier in found.items():
        trace = carrier.sessions.get(visit.session)
        if trace is not None and key not in here and carrier.path == origin and visit.outcome in SEEN:
            trace.deleted = True


def _forgive(carrier: Carrier) -> None:
    """Pages are read side by side, so one read early may have missed it: what came back was not taken back."""
    first, again = carrier.sessions.get(Session.FIRST), carrier.sessions.get(Session.FIRST_AGAIN)
    if first is not None and again is not None and set(first.kept) & set(again.kept):
        first.deleted = False
