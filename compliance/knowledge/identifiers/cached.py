"""Answers that the browser's cache keeps long, as carriers: what one visitor got under an address and no other did.

A script that is fresh for a year is run from the cache on every visit. If the server writes a number of its own into
each visitor's copy, the cache has kept it, and nothing has to be sent back. What is the same for two visitors names
neither, so only that is compared in which the copies differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from compliance.knowledge.freshness import KEPT, kept_long
from compliance.knowledge.headers import first
from compliance.knowledge.identifiers.capacity import affixes
from compliance.knowledge.identifiers.carriers import VISITORS, Carrier, Gathered, Trace, moment
from compliance.knowledge.identifiers.stored import WHOLE, origin_of, partition_of
from compliance.knowledge.identifiers.tokens import MAX_PIECES, pieces_of
from compliance.knowledge.identifiers.validators import plain
from compliance.model.activity import Request
from compliance.model.urls import host_of
from compliance.model.visit import SEEN, Session, Visit

#: Bytes on the wire of what is read.
_READ = 262_144
#: Bytes by which copies of one file differ on the wire: headers are part of it, and compression is not always the same.
_WIRE = 4_096
_VALIDATORS = ("etag", "last-modified")


@dataclass(frozen=True, slots=True)
class Unlike:
    """Each of three visitors got a copy of its own under one address, and it is not known in what they differ."""

    url: str
    page: str
    lifetime: float
    requests: tuple[tuple[str, str], ...]
    """Visit and request of each visitor."""
    large: bool = False
    """It was too large to be read, and differs in size or validator."""


@dataclass(frozen=True, slots=True)
class Cached:
    """What the caches of three visitors hold."""

    gathered: Gathered
    unlike: tuple[Unlike, ...]
    unread: tuple[tuple[str, str], ...]
    """Address and page of what all three visitors got, and was not recorded of all."""
    large: tuple[tuple[str, str], ...] = ()
    """Address and page of what was too large to be read; by size and validator it may be one file."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """What is known of a copy without reading it."""

    validators: tuple[str, ...]
    length: str
    size: int

    @classmethod
    def of(cls, request: Request) -> _Mark:
        said = {name: first(request.response_headers, name) or "" for name in (*_VALIDATORS, "content-length")}
        return cls(tuple(plain(name, said[name]) for name in _VALIDATORS), said["content-length"], request.size)

    def named(self, other: _Mark) -> bool | None:
        """Do their validators say that they are one file; None when they have none in common."""
        both = [(a, b) for a, b in zip(self.validators, other.validators, strict=True) if a and b]
        return all(a == b for a, b in both) if both else None

    def alike(self, other: _Mark) -> bool:
        """May they be one file."""
        if self.named(other) is False:
            return False
        if self.length and other.length:
            return self.length == other.length
        return abs(self.size - other.size) <= _WIRE


@dataclass(slots=True)
class _Answer:
    """One address in the caches of the visitors."""

    page: str
    partition: str
    lifetime: float = 0.0
    texts: dict[Session, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """Digest → text, empty when it was not kept."""
    began: dict[Session, float] = field(default_factory=dict)
    requests: dict[Session, tuple[str, str]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    marks: dict[Session, set[_Mark]] = field(default_factory=lambda: defaultdict(set))
    """Of copies that came over the network."""
    large: set[Session] = field(default_factory=set)
    """Who got a copy that was too large to be read."""

    def known(self, session: Session) -> bool:
        """Was a copy read, or was it too large for that."""
        return bool(self.texts.get(session)) or session in self.large

    def apart(self) -> bool:
        """Did each visitor get a copy with another size or validator, and the first one no third copy on the return."""
        first, second, third = (self.marks.get(session, set()) for session in VISITORS)
        pairs = ((first, second), (first, third), (second, third))
        if not (first and second and third) or any(a.alike(b) for one, other in pairs for a in one for b in other):
            return False
        again = self.marks.get(Session.FIRST_AGAIN)
        return not again or any(a.named(b) or a.alike(b) for a in again for b in first)

    def own(self, session: Session) -> dict[str, str]:
        """Copies that no other of the three visitors got."""
        others = {digest for other in VISITORS if other is not session for digest in self.texts.get(other, {})}
        return {digest: text for digest, text in self.texts.get(session, {}).items() if digest not in others}


def gather_cached(visits: Iterable[Visit], now: float) -> Cached:
    """What is kept long and was given to each of three visitors as a copy of its own.

    Args:
        visits: Visits of one visitor in all sessions with requests, in the order made.
        now: Stands in for the time of a visit that has none.
    """
    found: dict[tuple[str, str], _Answer] = {}
    pages: dict[Session, set[str]] = defaultdict(set)
    for visit in visits:
        if visit.outcome in SEEN:
            pages[visit.session].add(visit.page)
        for request in visit.requests or ():
            _take(found, visit, request, moment(visit.started, now))
    carriers: list[Carrier] = []
    unlike: list[Unlike] = []
    unread: list[tuple[str, str]] = []
    large: list[tuple[str, str]] = []
    for (url, _), one in found.items():
        if not all(session in one.requests for session in VISITORS):
            continue  # an address of one visitor's own is not asked for again
        requests = tuple(one.requests[session] for session in VISITORS)
        if not all(map(one.known, VISITORS)):
            unread.append((url, one.page))
            continue
        if not all(one.texts.get(session) for session in VISITORS):
            if one.apart():
                unlike.append(Unlike(url, one.page, one.lifetime, requests, large=True))
            else:
                large.append((url, one.page))
            continue
        own = {session: one.own(session) for session in VISITORS}
        if not all(own.values()):
            continue
        again = one.texts.get(Session.FIRST_AGAIN, {})
        values = _differences({**own, Session.FIRST_AGAIN: again})
        if values is not None:
            carriers.append(_carrier(url, one, values))
        elif not again or again.keys() & own[Session.FIRST].keys():
            unlike.append(Unlike(url, one.page, one.lifetime, requests))
    return Cached(Gathered(carriers, [], dict(pages)), tuple(unlike), tuple(unread), tuple(large))


def _take(found: dict[tuple[str, str], _Answer], visit: Visit, request: Request, began: float) -> None:
    if request.method != "GET" or request.status not in KEPT or not request.url.startswith(("http://", "https://")):
        return
    lifetime = kept_long(request.resource, request.response_headers, began)
    if not lifetime or request.error:
        return
    large = request.size > _READ and not request.body_digest
    seen = visit.outcome in SEEN
    if not request.body_digest and not large and (request.resource == "other" or not seen):
        return  # fetched ahead, and read when a page uses it; or by a page that was not seen
    partition = partition_of(visit, origin_of(request.url))
    one = found.setdefault((request.url, partition), _Answer(visit.page, partition))
    one.lifetime = max(one.lifetime, lifetime)
    one.began.setdefault(visit.session, began)
    one.requests.setdefault(visit.session, (visit.id, request.id))
    if visit.session is Session.FIRST and seen:
        one.pages.setdefault(visit.page, visit.id)
    if request.body_digest:
        texts = one.texts[visit.session]
        texts.pop(request.body_digest, None)
        texts[request.body_digest] = request.answer_text
    # What is small beside a large copy is a server's word that the copy is still good.
    if not request.from_cache and (large or visit.session not in one.large):
        one.marks[visit.session].add(_Mark.of(request))
    if large:
        one.large.add(visit.session)


def _differences(copies: dict[Session, dict[str, str]]) -> dict[Session, list[str]] | None:
    """What each copy has that not all have; None when that is not known, or too much to be compared."""
    texts = [text for session in copies.values() for text in session.values()]
    if not all(texts):
        return None
    inner = _inner(texts)
    if not all(map(_comparable, inner)):
        shared = set.intersection(*({*pieces_of(text)} for text in texts))
        inner = [" ".join(piece for piece in pieces_of(text) if piece not in shared) for text in texts]
    if not all(map(_comparable, inner)):
        return None
    left = iter(inner)
    return {session: [next(left) for _ in own] for session, own in copies.items()}


def _comparable(text: str) -> bool:
    return len(text) <= WHOLE and len(pieces_of(text)) < MAX_PIECES


def _inner(texts: Sequence[str]) -> list[str]:
    """Without what all begin and end with; no word is cut in two."""
    before, after = affixes(texts)
    one = texts[0]
    start = before - _word_at_end(one[:before])
    end = after - _word_at_end(one[len(one) - after :][::-1])
    return [text[start : len(text) - end] for text in texts]


def _word_at_end(text: str) -> int:
    """Characters at the end of `text` that may be part of a longer word."""
    length = 0
    while length < len(text) and (text[-1 - length].isalnum() or text[-1 - length] in "_-%+/=."):
        length += 1
    return length


def _carrier(url: str, one: _Answer, values: dict[Session, list[str]]) -> Carrier:
    name = url.partition("?")[0]
    carrier = Carrier(name, host_of(url), origin_of(url), one.partition, kind="answer", page=one.page)
    carrier.requested = one.lifetime
    carrier.pages = dict(one.pages)
    for session, texts in values.items():
        if texts:
            visit, _ = one.requests[session]
            carrier.sessions[session] = Trace(dict.fromkeys(texts, 1), began=one.began[session], visits={visit: None})
    return carrier
