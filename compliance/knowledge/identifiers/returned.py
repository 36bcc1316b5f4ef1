"""What a visitor finds who closed the browser and comes back: cookies and storage from before.

Looked at are the last state before the end and the first one after the return, so that what pages write anew
later is not taken for something that stayed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from compliance.knowledge.identifiers.carriers import Carrier, Gap, moment
from compliance.knowledge.identifiers.stored import OF_SESSION, origin_of, partition_of
from compliance.model.activity import Cookie, StorageItem
from compliance.model.urls import host_of, site_of
from compliance.model.visit import SEEN, Aspect, Session, Visit

#: Kind, name, domain or origin, path, partition.
_Key = tuple[str, str, str, str, str]


class Fate(StrEnum):
    """What became of something that was stored."""

    SAME = "there again with a value it had before"
    CHANGED = "there again with another value"
    REMADE = "taken back before the end, and there again"
    UNSEEN = "not looked at on the return"
    HARMLESS = "there again: a file, a worker, or nothing inside"


@dataclass(frozen=True, slots=True)
class Returned:
    """Something that is there, or may be there, after the return."""

    carrier: Carrier
    fate: Fate
    value: str
    visits: tuple[str, ...]
    """Ids of the visits before and after."""

    @property
    def aspect(self) -> str:
        """Where it was recorded."""
        return (Aspect.COOKIES if self.carrier.kind == "cookie" else Aspect.STORAGE).value

    @property
    def group(self) -> Carrier:
        """Itself, or the store of many entries that it is one of."""
        c = self.carrier
        name = c.name
        if c.kind in ("indexeddb", "file"):
            name = name.rpartition("/")[0] or name
        elif c.kind == "cache":
            name = name.partition("/http")[0]
        return Carrier(name, c.domain, c.path, c.partition, c.kind)


@dataclass(slots=True)
class _Before:
    """One entry in the first session."""

    carrier: Carrier
    visit: str
    values: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    there: bool = True
    """It was there at the last look."""
    expires: float | None = None


def came_back(visits: Iterable[Visit], now: float) -> tuple[list[Returned], list[Gap]]:
    """What the first visitor's return found of the first session, and pages that were not recorded whole.

    Args:
        visits: Visits of one visitor with cookies and storage, in the order made.
        now: Stands in for the time of a visit that has none.
    """
    before: dict[_Key, _Before] = {}
    gaps: list[Gap] = []
    again: list[Visit] = []
    for visit in visits:
        if visit.session not in (Session.FIRST, Session.FIRST_AGAIN):
            continue
        gaps += _gaps(visit)
        if visit.session is Session.FIRST:
            _remember(before, visit)
        else:
            again.append(visit)
    return [*_cookies(before, again, now), *_storage(before, again)], gaps


def _gaps(visit: Visit) -> Iterator[Gap]:
    if visit.outcome not in SEEN:
        return
    for aspect, value in ((Aspect.COOKIES, visit.jar), (Aspect.STORAGE, visit.storage)):
        missing = f"{aspect} were not recorded" if aspect is Aspect.COOKIES else f"{aspect} was not recorded"
        if why := visit.errors.get(aspect.value) or (missing if value is None else ""):
            yield Gap(visit.page, why)


def _remember(before: dict[_Key, _Before], visit: Visit) -> None:
    """Take in a page of the first session."""
    if visit.jar is not None:
        for key, one in before.items():
            one.there = one.there and key[0] != "cookie"
        for cookie in visit.jar:
            if cookie.expires is not None:
                domain = cookie.domain.lstrip(".").lower()
                partition = (site_of(cookie.partition) or cookie.partition) if cookie.partition else ""
                carrier = Carrier(cookie.name, domain, cookie.path, partition, page=visit.page)
                _note(before, _cookie_key(cookie), carrier, visit, cookie.value).expires = cookie.expires
    if visit.storage is None or visit.outcome not in SEEN:
        return
    origin = origin_of(visit.page)
    for key, one in before.items():
        if key[2] == origin and key[0] != "cookie" and Aspect.STORAGE.value not in visit.errors:
            one.there = False
    for item in visit.storage:
        if item.kind not in OF_SESSION:
            partition = partition_of(visit, item.origin)
            carrier = Carrier(item.key, host_of(item.origin), item.origin, partition, item.kind, page=visit.page)
            _note(before, _item_key(item, visit), carrier, visit, item.value)


def _note(before: dict[_Key, _Before], key: _Key, carrier: Carrier, visit: Visit, value: str) -> _Before:
    one = before.setdefault(key, _Before(carrier, visit.id))
    one.there = True
    one.values.add(value)
    one.pages.add(visit.page)
    return one


def _cookie_key(cookie: Cookie) -> _Key:
    return ("cookie", cookie.name, cookie.domain.lower(), cookie.path, cookie.partition)


def _item_key(item: StorageItem, visit: Visit) -> _Key:
    return (item.kind, item.key, item.origin, "", partition_of(visit, item.origin))


def _cookies(before: dict[_Key, _Before], again: list[Visit], now: float) -> Iterator[Returned]:
    first = next((v for v in again if v.jar is not None), None)
    began = moment(first.started, now) if first else now
    jar = {_cookie_key(c): c.value for c in (first.jar or () if first else ()) if c.expires is not None}
    for key, one in before.items():
        if key[0] != "cookie" or (one.expires or 0) <= began:
            continue
        if first is None:
            yield Returned(one.carrier, Fate.UNSEEN, "", (one.visit,))
        elif key in jar:
            yield Returned(one.carrier, _fate(one, jar[key]), jar[key], (one.visit, first.id))


def _storage(before: dict[_Key, _Before], again: list[Visit]) -> Iterator[Returned]:
    looks = [v for v in again if v.storage is not None and v.outcome in SEEN]
    found = {v.id: {_item_key(i, v): i.value for i in v.storage or ()} for v in looks}
    origins = {v.id: origin_of(v.page) for v in looks}
    for key, one in before.items():
        if key[0] == "cookie":
            continue
        look = next((v for v in looks if key[2] == origins[v.id] or v.page in one.pages), None)
        if look is None:
            if one.there:
                yield Returned(one.carrier, Fate.UNSEEN, "", (one.visit,))
        elif key in found[look.id]:
            value = found[look.id][key]
            fate = Fate.HARMLESS if _harmless(key[0], key[1], value) else _fate(one, value)
            yield Returned(one.carrier, fate, value, (one.visit, look.id))


def _fate(one: _Before, value: str) -> Fate:
    if not one.there:
        return Fate.REMADE
    return Fate.SAME if value in one.values else Fate.CHANGED


def _harmless(kind: str, key: str, value: str) -> bool:
    """A file from the network, a worker or something empty: by itself it says nothing about the visitor.

    An empty file of the visitor's own is no such thing: that it is there is what it says.
    """
    if kind == "cache" and value:
        try:
            return not json.loads(value).keys() & {"body", "headers"}
        except (ValueError, AttributeError):  # cut in the middle
            return False
    folder = kind == "file" and key.endswith("/")
    return kind == "worker" or (not value and (folder or kind in ("indexeddb", "cache")))
