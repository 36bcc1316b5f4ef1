"""Is an identifier sent to another owner: pieces of cookie values in what leaves the browser.

The search itself is that of `knowledge.leaks`. Each session has needles of its own: another visitor's
requests hold other values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from compliance.knowledge.identifiers.carriers import VISITORS, Carrier
from compliance.knowledge.identifiers.items import identity_pieces
from compliance.knowledge.identifiers.tokens import NAME_END, Path
from compliance.knowledge.leaks import MIN_LENGTH, Needle, Part, Search
from compliance.knowledge.parties import NETWORK_SCHEMES
from compliance.model.urls import site_of
from compliance.model.visit import OF_FIRST, SEEN, Aspect, Session, Visit

#: Session → the search for what that session's visitor was given; needles are named by the carrier's number.
Needles = Mapping[Session, Search]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that carried an identifier."""

    visit: str
    page: str
    request: str
    to: str
    """Registrable domain of its recipient."""
    where: str = ""
    """Part of the request and name inside it, in words."""
    shape: str = ""
    """How it was written: plain, hashed, encoded."""
    sender: str = ""
    """URL of the script or document that caused the request."""


def needles(carriers: Mapping[int, tuple[Carrier, tuple[Path, ...]]]) -> Needles:
    """What to look for. `carriers` gives each carrier a number and the places of its identity."""
    wanted: dict[Session, list[Needle]] = defaultdict(list)
    for number, (carrier, places) in carriers.items():
        common = shared_pieces(carrier, places)
        held = {
            session: [text for value in (*trace.kept, *trace.refused) for text in secrets_of(value, places, common)]
            for session, trace in carrier.sessions.items()
        }
        for session, texts in held.items():
            others = tuple({text: None for other in _independent(session) for text in held.get(other, ())})
            wanted[session] += (Needle(str(number), text, others) for text in texts)
    searches = {session: Search(found) for session, found in wanted.items()}
    return {session: search for session, search in searches.items() if search}


def _independent(session: Session) -> Iterator[Session]:
    """The visitors who are compared, without whose session it is."""
    return (other for other in VISITORS if other is not session and not (other in OF_FIRST and session in OF_FIRST))


def shared_pieces(carrier: Carrier, places: tuple[Path, ...]) -> set[str]:
    """Pieces at these places that two independent visitors have: `device` in `device:8f3a…` is a label."""
    of_visitor = [
        {p for value in (*t.kept, *t.refused) for p in identity_pieces(value, places)}
        for session in VISITORS
        if (t := carrier.sessions.get(session)) is not None
    ]
    return {piece for one, other in combinations(of_visitor, 2) for piece in one & other}


def secrets_of(value: str, places: tuple[Path, ...], common: set[str]) -> Iterator[str]:
    """Pieces with identity; the value from each of them to its end, and all of it, as they may be hashed."""
    whole = value.rpartition(NAME_END)[2]
    found = False
    for piece in identity_pieces(value, places):
        if len(piece) >= MIN_LENGTH and piece not in common:
            found = True
            yield piece
            at = whole.find(piece)
            if at >= 0:
                yield whole[at:]
    if found:
        yield whole


def find_sent(visits: Iterable[Visit], wanted: Needles) -> tuple[dict[int, list[Sent]], list[str]]:
    """Carrier number → requests that carried its identity (one per recipient); and pages without a record."""
    found: dict[int, dict[str, Sent]] = defaultdict(dict)
    unrecorded: list[str] = []
    for visit in visits:
        if visit.requests is None or Aspect.REQUESTS.value in visit.errors:
            if visit.outcome in SEEN:
                unrecorded.append(visit.page)
            if visit.requests is None:
                continue
        search = wanted.get(visit.session)
        if search is None:
            continue
        for request in visit.requests:
            if request.url.partition(":")[0].lower() not in NETWORK_SCHEMES:
                continue
            for hit in search.in_request(request):
                to = site_of(request.redirected_to) if hit.part is Part.REDIRECT else request.site
                sent = Sent(visit.id, visit.page, request.id, to, hit.where, hit.shape, request.initiator)
                found[int(hit.needle.name)].setdefault(to, sent)
    return {number: list(sent.values()) for number, sent in found.items()}, unrecorded
