"""Identifiers that are there again after what held them was deleted.

Two deletions are compared with what was there before them: the cookies were deleted and all else kept, all else was
deleted and the cookies kept. An identifier of the deleted kind that is there again was kept somewhere else. It is
looked for by its value, so another name, another place and the usual encodings and hashes do not hide it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from compliance.knowledge.identifiers.capacity import bits
from compliance.knowledge.identifiers.carriers import Carrier
from compliance.knowledge.identifiers.items import STRONG_BITS, WEAK_BITS, Assessment, ItemLabel, identity_pieces
from compliance.knowledge.identifiers.sharing import shared_pieces
from compliance.knowledge.identifiers.tokens import NAME_END
from compliance.knowledge.leaks import Needle, Search
from compliance.model.visit import Session, Visit

#: A carrier, and what its values say.
Assessed = tuple[Carrier, Assessment]
#: Labels under which a value may be an identity that stays.
CANDIDATES = frozenset({ItemLabel.STRONG, ItemLabel.WEAK, ItemLabel.UNCOMPARED})
#: Headers by which a browser shows what its cache holds.
_CACHE_HEADERS = frozenset({"if-none-match", "if-modified-since"})


class Deletion(StrEnum):
    """What was deleted, in words."""

    COOKIES = "all cookies were deleted"
    STORAGE = "everything but the cookies was deleted"


@dataclass(frozen=True, slots=True)
class _Round:
    deletion: Deletion
    after: Session


_ROUNDS = (
    _Round(Deletion.COOKIES, Session.WITHOUT_COOKIES),
    _Round(Deletion.STORAGE, Session.WITHOUT_STORAGE),
)
#: What the deletions are compared with.
_BEFORE = (Session.FIRST, Session.FIRST_AGAIN)
#: Session → the deletion that it follows.
FOLLOWS = {one.after: one.deletion for one in _ROUNDS}


@dataclass(frozen=True, slots=True)
class Respawned:
    """An identifier that came back."""

    carrier: Carrier
    """What held it, and was deleted."""
    where: Carrier
    """What holds it now; mostly the same."""
    found: Assessment
    deletion: Deletion
    value: str
    """As it is there again."""
    sure: bool
    """It tells visitors apart by enough bits; otherwise a person has to look."""
    sources: tuple[tuple[Carrier, str], ...]
    """What was kept and holds the same value, with the shape in which it does."""
    visits: tuple[str, ...]
    """Ids of visits before, and of one after."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Where an identifier that came back may have come from, and who wrote it, as the visits tell."""

    validators: tuple[str, ...] = ()
    """Addresses for which the browser's cache sent a validator that holds it."""
    writers: tuple[str, ...] = ()
    """Addresses of the responses and scripts that set the cookie."""


def after(deletion: Deletion) -> Session:
    """The session that comes after a deletion."""
    return next(one.after for one in _ROUNDS if one.deletion is deletion)


def deleted_by(deletion: Deletion, carrier: Carrier) -> bool:
    """Does this deletion remove the carrier."""
    if deletion is Deletion.COOKIES:
        return carrier.kind == "cookie"
    # What ends with the tab is made anew in every tab; where it is made from is judged there.
    return carrier.kind != "cookie" and carrier.lifetime is not None


def respawned(
    judged: Sequence[Assessed], *, strong_bits: float = STRONG_BITS, weak_bits: float = WEAK_BITS
) -> list[Respawned]:
    """What came back, once for each carrier.

    Args:
        judged: All carriers of cookies and storage, assessed.
        strong_bits: Bits from which a value identifies.
        weak_bits: Bits from which a person has to look.
    """
    found = (
        _back(one, carrier, label, judged, strong_bits, weak_bits)
        for one in _ROUNDS
        for carrier, label in judged
        if label.label in CANDIDATES and deleted_by(one.deletion, carrier)
    )
    return [back for back in found if back is not None]


def _back(
    one: _Round,
    carrier: Carrier,
    label: Assessment,
    judged: Sequence[Assessed],
    strong_bits: float,
    weak_bits: float,
) -> Respawned | None:
    before = _pieces(carrier, label)
    if not before:
        return None
    search = Search(Needle(carrier.name, piece) for piece in before)
    where, value, held = carrier, "", 0.0
    for mine, _ in [(carrier, label), *(other for other in judged if other[0] is not carrier)]:
        trace = mine.sessions.get(one.after)
        if trace is None or not deleted_by(one.deletion, mine):
            continue
        for seen in reversed(trace.kept):
            same = before & set(identity_pieces(seen, label.places)) if mine is carrier else set()
            same |= {hit.needle.value for hit in search.in_text(_whole(mine, seen))}
            amount = sum(bits([piece]) for piece in same)
            if amount > held:
                where, value, held = mine, seen, amount
        if held and mine is carrier:
            break
    if held < weak_bits:
        return None
    seen_in = (*(t for s in _BEFORE if (t := carrier.sessions.get(s)) is not None), where.sessions[one.after])
    return Respawned(
        carrier=carrier,
        where=where,
        found=label,
        deletion=one.deletion,
        value=value,
        sure=label.label is ItemLabel.STRONG and held >= strong_bits,
        sources=tuple(_sources(one, carrier, search, judged)),
        visits=tuple(visit for trace in seen_in for visit in [next(iter(trace.visits), "")] if visit),
    )


def _pieces(carrier: Carrier, label: Assessment) -> set[str]:
    """Pieces with identity that the carrier held before the deletion."""
    traces = (carrier.sessions.get(session) for session in _BEFORE)
    held = {p for t in traces if t is not None for value in t.kept for p in identity_pieces(value, label.places)}
    return held - shared_pieces(carrier, label.places)


def _whole(carrier: Carrier, value: str) -> str:
    """Name and value: either may hold it."""
    return f"{carrier.name}\n{value.replace(NAME_END, chr(10))}"


def _sources(
    one: _Round, carrier: Carrier, search: Search, judged: Sequence[Assessed]
) -> Iterator[tuple[Carrier, str]]:
    """What this deletion left, and which held the value before it."""
    for other, _ in judged:
        if other is carrier or deleted_by(one.deletion, other):
            continue
        traces = [t for s in _BEFORE if (t := other.sessions.get(s)) is not None]
        hits = (hit for t in traces for value in t.kept for hit in search.in_text(_whole(other, value)))
        hit = next(hits, None)
        if hit is not None:
            yield other, hit.shape


@dataclass(slots=True)
class _Traces:
    validators: dict[str, None] = field(default_factory=dict)
    writers: dict[str, None] = field(default_factory=dict)


def origins(back: Sequence[Respawned], visits: Iterable[Visit]) -> list[Origins]:
    """Origins of each, read from the visits after its deletion (with cookies and requests)."""
    searches = [
        Search(Needle(one.carrier.name, piece) for piece in identity_pieces(one.value, one.found.places))
        for one in back
    ]
    found = [_Traces() for _ in back]
    for visit in visits:
        for one, search, traces in zip(back, searches, found, strict=True):
            if visit.session is not after(one.deletion):
                continue
            for request in visit.requests or ():
                for name, value in request.headers:
                    if name in _CACHE_HEADERS and search.in_text(value):
                        traces.validators[request.url] = None
            for attempt in visit.set_cookies or ():
                same = (attempt.name, attempt.value) == (one.where.name, one.value) or search.in_text(attempt.value)
                if one.where.kind == "cookie" and same:
                    traces.writers[attempt.setter] = None
    return [Origins(tuple(t.validators), tuple(t.writers)) for t in found]
