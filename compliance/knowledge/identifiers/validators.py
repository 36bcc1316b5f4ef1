"""Validators of the browser's cache as identifiers: `ETag` and `Last-Modified`.

The browser keeps them beside a file and sends them back when it asks for the file again (`If-None-Match`,
`If-Modified-Since`; RFC 9110, 13.1). They are to name the state of the file. A validator that is different for each
visitor though the file is the same, and that the server goes on accepting, names the visitor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum

from compliance.knowledge.headers import first
from compliance.knowledge.identifiers.carriers import VISITORS, moment
from compliance.knowledge.identifiers.items import STRONG_BITS, Assessment, ItemLabel, Samples, assess
from compliance.knowledge.identifiers.kinds import Surroundings
from compliance.model.activity import Request
from compliance.model.visit import SEEN, Session, Visit

#: Header of an answer → header by which it is sent back.
_SENT_BACK = {"etag": "if-none-match", "last-modified": "if-modified-since"}
#: What servers add for a compressed copy of the same file.
_COMPRESSED = re.compile(r"[-;:_]{1,2}(gzip|br|zstd|deflate|df)$", re.IGNORECASE)
#: Of an entity tag that Apache, nginx and their like make: inode, size and time of the file, hexadecimal.
_OF_FILE = re.compile(r"[0-9a-f]{1,16}(-[0-9a-f]{1,16}){1,2}")


class Suspicion(StrEnum):
    """What is known of a validator that tells visitors apart."""

    SURE = "one file, another validator for each visitor, and the server goes on accepting it"
    BODY = "whether the visitors got the same file is not known"
    UNASKED = "the file was not asked for again, so whether the server goes on accepting it was not seen"
    OF_FILE = "it is made like those that name a file's place and time on one of several servers"


@dataclass(frozen=True, slots=True)
class Named:
    """A validator that may name visitors."""

    url: str
    header: str
    suspicion: Suspicion
    found: Assessment
    value: str
    page: str
    requests: tuple[tuple[str, str], ...]
    """Visit and request of each visitor."""


@dataclass(slots=True)
class _Validator:
    """One validator of one address."""

    page: str
    values: dict[Session, dict[str, int]] = field(default_factory=dict)
    bodies: dict[Session, set[str]] = field(default_factory=dict)
    began: dict[Session, float] = field(default_factory=dict)
    requests: dict[Session, tuple[str, str]] = field(default_factory=dict)


def named(visits: Iterable[Visit], now: float, *, strong_bits: float = STRONG_BITS) -> Iterator[Named]:
    """Validators that all three visitors got, and by which they can be told apart.

    Args:
        visits: Visits of one visitor in all sessions, with requests.
        now: When they were made.
        strong_bits: Bits from which a value identifies.
    """
    found: dict[tuple[str, str], _Validator] = {}
    for visit in visits:
        for request in visit.requests or () if visit.outcome in SEEN else ():
            if request.method == "GET" and request.url.startswith(("http://", "https://")):
                _take(found, visit, request, moment(visit.started, now))
    for (url, header), one in found.items():
        judged = _judged(one, now, strong_bits)
        if judged is not None:
            suspicion, assessment = judged
            requests = tuple(one.requests[session] for session in VISITORS)
            yield Named(url, header, suspicion, assessment, _last(one.values[Session.FIRST]), one.page, requests)


def _take(found: dict[tuple[str, str], _Validator], visit: Visit, request: Request, began: float) -> None:
    for header, back in _SENT_BACK.items():
        asked = plain(header, first(request.headers, back) or "")
        value = plain(header, first(request.response_headers, header) or "") or (asked if request.status == 304 else "")
        if not value:
            continue
        one = found.setdefault((request.url, header), _Validator(visit.page))
        if request.from_cache and not asked:
            continue  # nobody was asked: it says no more than the answer before
        values = one.values.setdefault(visit.session, {})
        values[value] = values.pop(value, 0) + 1
        one.began.setdefault(visit.session, began)
        one.requests.setdefault(visit.session, (visit.id, request.id))
        if request.body_digest:
            one.bodies.setdefault(visit.session, set()).add(request.body_digest)


def plain(header: str, text: str) -> str:
    """The opaque part of an entity tag; of a date its seconds, so that it is compared as other times are."""
    if header == "etag":
        return _COMPRESSED.sub("", text.removeprefix("W/").strip('"'))
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return text  # browsers send back whatever stands there
    return str(int((date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()))


def _of_file(values: Iterable[str]) -> bool:
    """Are they made alike, with one part in common: the size, while inode and time are a server's."""
    each = [value.lower() for value in values]
    parts = [value.split("-") for value in each]
    alike = all(map(_OF_FILE.fullmatch, each)) and len({len(one) for one in parts}) == 1
    return alike and any(len(set(column)) == 1 for column in zip(*parts, strict=True))


def _judged(one: _Validator, now: float, strong_bits: float) -> tuple[Suspicion, Assessment] | None:
    if not all(session in one.values for session in VISITORS):
        return None
    bodies = [one.bodies.get(session, set()) for session in VISITORS]
    if all(bodies) and not set.intersection(*bodies):
        return None  # each names what its visitor got
    first, second, third = (one.values[session] for session in VISITORS)
    order = tuple(one.began[session] for session in VISITORS)
    again = one.values.get(Session.FIRST_AGAIN, {})
    samples = Samples(first, again, second, third, (order[0], order[1], order[2]))
    found = assess(samples, Surroundings(now), strong_bits=strong_bits)
    unasked = found.label is ItemLabel.UNCOMPARED and found.possible >= strong_bits
    if found.label is not ItemLabel.STRONG and not unasked:
        return None
    if _of_file(map(_last, (first, second, third))):
        return Suspicion.OF_FILE, found
    if unasked:
        return Suspicion.UNASKED, found
    return (Suspicion.SURE if all(bodies) else Suspicion.BODY), found


def _last(values: Mapping[str, int]) -> str:
    return next(reversed(list(values)))
