"""Which further sessions have something to tell, and the pages that they need to see.

A visitor without cookies tells nothing about a site that keeps no identifier in them. So these sessions are planned
from what the others found, by the same rule when the run is made and when it is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from compliance.knowledge.identifiers.carriers import Carrier, Gap, gather
from compliance.knowledge.identifiers.cases import Options, assessed, page_names
from compliance.knowledge.identifiers.items import Assessment
from compliance.knowledge.identifiers.kinds import Surroundings
from compliance.knowledge.identifiers.respawn import CANDIDATES, FOLLOWS, deleted_by
from compliance.knowledge.identifiers.stored import gather_stored
from compliance.knowledge.identifiers.traits import OTHERS, shared
from compliance.model.visit import Session, Visit

#: What is known when a session is planned.
_BEFORE = {
    **dict.fromkeys(OTHERS, frozenset({Session.FIRST, Session.SECOND})),
    **dict.fromkeys(
        (Session.WITHOUT_COOKIES, Session.WITHOUT_STORAGE),
        frozenset({Session.FIRST, Session.SECOND, Session.THIRD, Session.FIRST_AGAIN}),
    ),
}


def wanted(session: Session, visits: Callable[[], Iterable[Visit]], now: float) -> list[Carrier]:
    """The cookies and stored entries because of which this session is worth making; empty when it is not.

    Args:
        session: One of `AS_NEEDED`.
        visits: Gives the visits of one visitor with cookies and storage, in the order made; called twice.
        now: Stands in for the time of a visit that has none.
    """

    def known() -> Iterator[Visit]:
        return (visit for visit in visits() if visit.session in _BEFORE[session])

    judged, _ = everything(known, now)
    if session in OTHERS:
        return [one.carrier for one in judged if shared(one.carrier, one.around)]
    if session is Session.WITHOUT_STORAGE and not any(_kept_cookie(one.carrier) for one in judged):
        return []  # without cookies either, it would be one more independent visitor
    return [
        one.carrier
        for one in judged
        if one.found.label in CANDIDATES and deleted_by(FOLLOWS[session], one.carrier) and _lasting(one.carrier)
    ]


def _lasting(carrier: Carrier) -> bool:
    """Did it last until the first visitor came back, or come back itself: closing the browser deletes it, too."""
    first, again = carrier.sessions.get(Session.FIRST), carrier.sessions.get(Session.FIRST_AGAIN)
    if first is None or not first.kept:
        return False
    return carrier.lifetime is not None or (again is not None and bool(set(first.kept) & set(again.kept)))


def _kept_cookie(carrier: Carrier) -> bool:
    last = carrier.sessions.get(Session.FIRST_AGAIN)
    return carrier.kind == "cookie" and carrier.lifetime is not None and last is not None and bool(last.kept)


def pages_of(carriers: Iterable[Carrier], sample: Sequence[str]) -> list[str]:
    """The sample, which showed what it did to the other visitors, and before it a page of what it does not hold.

    Which page wrote an entry, and which would bring it back, is not known: pages load side by side.
    """
    return list(dict.fromkeys([*(next(iter(c.pages)) for c in unseen(carriers, sample) if c.pages), *sample]))


def unseen(carriers: Iterable[Carrier], pages: Iterable[str]) -> list[Carrier]:
    """Those that the first visitor got on other pages than these."""
    seen = set(pages)
    return [carrier for carrier in carriers if not seen & carrier.pages.keys()]


@dataclass(frozen=True, slots=True)
class Known:
    """A cookie or stored entry, and what its values say."""

    carrier: Carrier
    around: Surroundings
    found: Assessment


def everything(visits: Callable[[], Iterable[Visit]], now: float) -> tuple[list[Known], list[Gap]]:
    """All cookies and stored entries of these visits, and the pages where they are not known whole."""
    known: list[Known] = []
    gaps: list[Gap] = []
    for gathered in (gather(visits(), now), gather_stored(visits(), now)):
        around = Surroundings(now, pages=page_names(gathered))
        known += (Known(carrier, around, found) for carrier, found in assessed(gathered, Options(), now))
        gaps += gathered.gaps
    return known, gaps
