"""What requests to one owner say, compared between visitors: which place tells one visitor from another.

A place is compared on pages that three independent visitors saw and on which each of them sent something there.
What two of them sent alike is left out: it names content, a site's key, a version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from compliance.knowledge.identifiers.carriers import VISITORS
from compliance.knowledge.identifiers.decoration import PAGES, Place
from compliance.knowledge.identifiers.items import Assessment, ItemLabel, Samples, assess, identity_pieces
from compliance.knowledge.identifiers.kinds import Kind, Surroundings, kind_of, lone_bits
from compliance.knowledge.identifiers.opaque import OPAQUE_BITS, opaque_bits
from compliance.knowledge.identifiers.payloads import MAX_TEXTS as TEXTS_OF_REQUEST
from compliance.knowledge.identifiers.payloads import endpoint, said
from compliance.knowledge.identifiers.tokens import parse, unwrapped
from compliance.model.activity import Request
from compliance.model.urls import url_key
from compliance.model.visit import Session, Visit

#: The sessions that are compared.
COMPARED = (*VISITORS, Session.FIRST_AGAIN)
_MINE = frozenset({Session.FIRST, Session.FIRST_AGAIN})
#: Different values of one place that are kept for one session, and pages of one value.
MAX_VALUES = 200
MAX_PAGES = 12
#: Pages on which one place is compared.
_TRIES = 3
#: Different texts for one owner of which it is kept that they were sent.
MAX_TEXTS = 20_000
#: Shorter pieces stand elsewhere by chance.
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Example:
    """One request that said something."""

    session: Session
    visit: str
    page: str
    request: str
    url: str
    value: str


@dataclass(frozen=True, slots=True)
class Told:
    """A place whose text tells visitors apart, or may."""

    to: str
    """Registrable domain of the recipient."""
    place: Place
    found: Assessment
    lasting: bool | None
    """Was it there again after the browser was closed; None when that was not seen."""
    pages: int
    """Pages on which the first visitor sent it."""
    examples: tuple[Example, ...]
    tokens: tuple[str, ...] = ()
    """The pieces with the first visitor's identity."""


#: Value → page → the first request there.
_Values: TypeAlias = dict[str, dict[str, Example]]
_Key: TypeAlias = tuple[str, str, Place]


@dataclass(slots=True)
class Payloads:
    """What was said to whom, by visitor."""

    slots: dict[_Key, dict[Session, _Values]] = field(default_factory=lambda: defaultdict(dict))
    texts: dict[str, dict[Session, dict[str, Example]]] = field(default_factory=lambda: defaultdict(dict))
    """Owner → session → text; of owners other than the site's."""
    pages: dict[Session, set[str]] = field(default_factory=lambda: defaultdict(set))
    cut: dict[str, str] = field(default_factory=dict)
    """Other owners who were sent more than is compared → a page."""

    def seen(self, visit: Visit) -> None:
        """A page was seen whole."""
        self.pages[visit.session].update((url_key(visit.url), url_key(visit.page)))

    def add(self, visit: Visit, request: Request, *, foreign: bool) -> None:
        """Take in a request."""
        to, kind, page = request.site, endpoint(request), url_key(visit.url)
        texts = list(said(request))
        if foreign and len(texts) >= TEXTS_OF_REQUEST:
            self.cut.setdefault(to, visit.page)
        for one in texts:
            example = Example(visit.session, visit.id, visit.page, request.id, request.url, one.text)
            values = self.slots[to, kind, one.place].setdefault(visit.session, {})
            if one.text in values or len(values) < MAX_VALUES:
                pages = values.setdefault(one.text, {})
                if len(pages) < MAX_PAGES:
                    pages.setdefault(page, example)
            if foreign:
                known = self.texts[to].setdefault(visit.session, {})
                known.setdefault(one.text, example)
                if len(known) > MAX_TEXTS:
                    del known[one.text]
                    self.cut.setdefault(to, visit.page)

    @property
    def common(self) -> set[str]:
        """Pages that all three visitors saw."""
        return set.intersection(*(self.pages[session] for session in VISITORS))


def told(payloads: Payloads, around: Surroundings, strong_bits: float, weak_bits: float) -> Iterator[Told]:
    """Places that tell visitors apart, or may; one for each owner and name, the surest one."""
    best: dict[tuple[str, Place], Told] = {}
    for (to, _, place), slot in payloads.slots.items():
        found = _compare(to, place, slot, around, strong_bits, weak_bits)
        if found is not None and ((to, place) not in best or _rank(found) > _rank(best[to, place])):
            best[to, place] = found
    yield from best.values()


def _rank(one: Told) -> tuple[bool, bool, int]:
    return one.found.label is ItemLabel.STRONG, bool(one.lasting), one.pages


def own_values(slot: dict[Session, _Values], session: Session) -> _Values:
    """Values that no other visitor sent; the first visitor and its return are one."""
    others = {
        value
        for other, values in slot.items()
        if other is not session and not {other, session} <= _MINE
        for value in values
    }
    return {value: pages for value, pages in slot.get(session, {}).items() if value not in others}


def _compare(
    to: str, place: Place, slot: dict[Session, _Values], around: Surroundings, strong_bits: float, weak_bits: float
) -> Told | None:
    own = {session: own_values(slot, session) for session in COMPARED}
    if not own[Session.FIRST]:
        return None
    where = [{page for pages in own[session].values() for page in pages} for session in VISITORS]
    common = where[0] & where[1] & where[2]
    again = {page for pages in own[Session.FIRST_AGAIN].values() for page in pages}
    tries = sorted(common, key=lambda page: (page not in again, page))[:_TRIES]
    if not tries:
        return _uncompared(to, place, slot, own, strong_bits)
    candidates = [one for page in tries if (one := _on(page, to, place, own, around, strong_bits, weak_bits))]
    return max(candidates, key=_rank, default=None)


def _on(
    page: str,
    to: str,
    place: Place,
    own: dict[Session, _Values],
    around: Surroundings,
    strong_bits: float,
    weak_bits: float,
) -> Told | None:
    """Compare what was sent on one page."""
    back = own[Session.FIRST_AGAIN]
    mine = [value for value, pages in own[Session.FIRST].items() if page in pages]
    first = next((value for value in mine if value in back), mine[0])
    second, third = (next(v for v, pages in own[s].items() if page in pages) for s in VISITORS[1:])
    returned = first if first in back else next((v for v, pages in back.items() if page in pages), next(iter(back), ""))
    seen = {value: len(pages) for value, pages in own[Session.FIRST].items() if value != first}
    seen[first] = len(own[Session.FIRST][first])
    samples = Samples(first=seen, second={second: 1}, third={third: 1}, again={returned: 1} if returned else {})
    found = assess(samples, around, strong_bits=strong_bits, weak_bits=weak_bits)
    lasting = found.returned
    if found.label not in (ItemLabel.STRONG, ItemLabel.WEAK) or not lasting:
        session = Samples(first=seen, second={second: 1}, third={third: 1}, persistent=False)
        within = assess(session, around, strong_bits=strong_bits, weak_bits=weak_bits)
        if within.label is ItemLabel.STRONG:
            found, lasting = within, False if returned else None
    if found.label in (ItemLabel.NONE, ItemLabel.ROTATING):  # new every time: `unreadable` looks at what is long
        return None
    if found.label is ItemLabel.UNCOMPARED:
        before = {piece for value in own[Session.FIRST] for piece in _pieces(value) if len(piece) >= _SHORTEST}
        if returned and not before & set(_pieces(returned)):
            return None  # its pieces do not match because all of it is new
        lasting = None
    tokens = tuple(p for p in identity_pieces(returned if lasting else first, found.places) if len(p) >= _SHORTEST)
    on = {
        session: {
            page
            for value, pages in own[session].items()
            if set(tokens) & set(identity_pieces(value, found.places))
            for page in pages
        }
        for session in _MINE
    }
    if found.label is ItemLabel.WEAK and max(map(len, on.values())) < PAGES:
        return None  # measured numbers of seven digits coincide now and then
    chosen = ((Session.FIRST, first), (Session.FIRST_AGAIN, returned), (Session.SECOND, second), (Session.THIRD, third))
    examples = tuple(_example(own[session][value], page) for session, value in chosen if value in own[session])
    return Told(to, place, found, lasting, len(set.union(*on.values())), examples, tokens)


def _example(pages: dict[str, Example], page: str) -> Example:
    return pages.get(page) or next(iter(pages.values()))


def _uncompared(
    to: str, place: Place, slot: dict[Session, _Values], own: dict[Session, _Values], strong_bits: float
) -> Told | None:
    """A value that stays from page to page, and that no other visitor had the chance to send."""
    if any(slot.get(session) for session in VISITORS[1:]) or place.kind in ("path", "host"):
        return None
    for value, pages in own[Session.FIRST].items():
        bits = sum(lone_bits(piece) for pieces in parse(value).values() for piece in pieces)
        if len({*pages, *own[Session.FIRST_AGAIN].get(value, ())}) > 1 and bits >= strong_bits:
            found = Assessment(ItemLabel.UNCOMPARED, possible=bits, visitors=1)
            return Told(to, place, found, None, len(pages), (next(iter(pages.values())),))
    return None


def came_back(payloads: Payloads, around: Surroundings, strong_bits: float) -> Iterator[tuple[str, str, Example]]:
    """Pieces that the first visitor alone sent to another owner, before and after closing the browser, in any place.

    Gives the owner, the piece and a request.
    """
    for to, texts in payloads.texts.items():
        others = {p for session in VISITORS[1:] for text in texts.get(session, ()) for p in _pieces(text)}
        mine: dict[str, Example] = {}
        for text, example in texts.get(Session.FIRST_AGAIN, {}).items():
            for piece in _pieces(text):
                mine.setdefault(piece, example)
        wanted = {
            piece
            for piece in mine.keys() - others
            if lone_bits(piece) >= strong_bits and kind_of(piece, around) is Kind.OPAQUE
        }
        if wanted:
            before = {p for text in texts.get(Session.FIRST, ()) for p in _pieces(text)}
            yield from ((to, piece, mine[piece]) for piece in sorted(wanted & before))


def _pieces(text: str) -> Iterable[str]:
    return {piece for pieces in parse(text).values() for piece in pieces}


def unreadable(payloads: Payloads) -> Iterator[tuple[str, Place, Example]]:
    """Owner, place, example: long texts to other owners that cannot be read and that nobody sent twice."""
    done: set[tuple[str, Place]] = set()
    for (to, _, place), slot in payloads.slots.items():
        if to not in payloads.texts or (to, place) in done:
            continue
        for value, pages in own_values(slot, Session.FIRST).items():
            again = value in slot.get(Session.FIRST_AGAIN, {})
            if len(pages) == 1 and not again and opaque_bits(unwrapped(value)) > OPAQUE_BITS:
                done.add((to, place))
                yield to, place, next(iter(pages.values()))
                break
