"""Addresses that pages lead to, compared between visitors: which part of them tells one visitor from another.

An address is taken apart into places (a parameter by its name, a segment of the path by its position). At
each place only pages that all three visitors saw are compared, and what two of them got alike is left out:
it names content. No list of parameters is used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from compliance.knowledge.identifiers.carriers import VISITORS
from compliance.knowledge.identifiers.items import Assessment, ItemLabel, Samples, assess, identity_pieces
from compliance.knowledge.identifiers.kinds import Surroundings
from compliance.knowledge.identifiers.tokens import normal_name
from compliance.knowledge.leaks import Needle, Search
from compliance.model.urls import registrable_domain, site_of, url_key
from compliance.model.visit import OF_FIRST, Session

#: Pages on which the same token stood in an address: from two on it belongs to the visitor, not to a page.
PAGES = 2
#: Shorter pieces of an identifier stand in other addresses by chance.
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an address a text stands."""

    kind: str
    """`parameter`, `fragment`, `path` or `host`; of a request also `body` and `header`."""
    name: str = ""

    @property
    def words(self) -> str:
        """For messages."""
        match self.kind:
            case "parameter":
                return f"the parameter “{self.name}”" if self.name else "the query"
            case "fragment":
                return f"the parameter “{self.name}” of the fragment" if self.name else "the fragment"
            case "body":
                return f"the field “{self.name}” of the body" if self.name else "the body"
            case "header":
                return f"the header {self.name}"
        return f"the {'host name' if self.kind == 'host' else 'path'}"


@dataclass(frozen=True, slots=True)
class Address:
    """One address that a page leads to, by a link or by a redirect of the whole page."""

    session: Session
    visit: str
    page: str
    """The page as it was asked for: the same for all visitors."""
    url: str
    request: str = ""
    """Id of the request that led there; empty for a link."""


@dataclass(slots=True)
class _Slot:
    """What stood at one place of the addresses of one site."""

    seen: dict[Session, dict[str, dict[str, Address]]] = field(default_factory=lambda: defaultdict(dict))
    """Session → value → page → the first address there."""


@dataclass(frozen=True, slots=True)
class Decoration:
    """A place whose text tells visitors apart."""

    to: str
    place: Place
    found: Assessment
    pages: int
    """Pages on which the first visitor's token stood in an address of any kind."""
    examples: tuple[Address, ...]
    """One address for each visitor."""


def places(url: str) -> Iterator[tuple[Place, str]]:
    """The texts of an address and where they stand."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return
    labels = host.removesuffix(registrable_domain(host)).rstrip(".")
    if labels:
        yield Place("host"), labels
    segments = parts.path.split("/")
    for number, segment in enumerate(segments):
        if segment:
            yield Place("path", f"{number} of {len(segments)}"), segment
    for kind, text in (("parameter", parts.query), ("fragment", parts.fragment)):
        pairs = parse_qsl(text) if "=" in text else []
        for name, value in pairs:
            yield Place(kind, normal_name(name)), value
        if text and not pairs:
            yield Place(kind), text


def decorations(addresses: Iterable[Address], around: Surroundings, strong_bits: float) -> list[Decoration]:
    """Places that hold identifiers of the visitor (ID-strong)."""
    given = list(addresses)
    slots: dict[tuple[str, Place], _Slot] = defaultdict(_Slot)
    for one in given:
        # Pages that only one visitor saw are not compared; that a value stays is seen there as well.
        for place, text in places(one.url):
            pages = slots[site_of(one.url), place].seen[one.session].setdefault(text, {})
            pages.setdefault(url_key(one.page), one)
    return [
        found for (to, place), slot in slots.items() if (found := _compare(to, place, slot, around, strong_bits, given))
    ]


def _compare(
    to: str, place: Place, slot: _Slot, around: Surroundings, strong_bits: float, given: list[Address]
) -> Decoration | None:
    own = {session: _own(slot, session) for session in (*VISITORS, Session.FIRST_AGAIN)}
    if not all(own[session] for session in VISITORS):
        return None
    page = next((p for p in _pages(own[Session.FIRST]) if all(p in _pages(own[s]) for s in VISITORS)), None)
    if page is None:
        return None
    # What is compared must come from one page: on another page the same parameter may name other content.
    first, second, third, again = (_sightings(own[s], page) for s in (*VISITORS, Session.FIRST_AGAIN))
    samples = Samples(first=first, second=second, third=third, again=again)
    found = assess(samples, around, strong_bits=strong_bits)
    if found.label is not ItemLabel.STRONG:  # it may last as long as the session only
        samples = Samples(first=first, second=second, third=third, persistent=False)
        found = assess(samples, around, strong_bits=strong_bits)
    unsure = found.label is ItemLabel.UNCOMPARED and found.possible >= strong_bits
    if found.label is not ItemLabel.STRONG and not unsure:
        return None
    tokens = [p for p in identity_pieces(next(reversed(first)), found.places) if len(p) >= _SHORTEST]
    search = Search(Needle(to, token) for token in tokens)
    mine = [one for one in given if one.session in (Session.FIRST, Session.FIRST_AGAIN)]
    pages = {url_key(one.page) for one in mine if any(token in one.url for token in tokens) or search.in_text(one.url)}
    examples = tuple(own[session][next(reversed(_sightings(own[session], page)))][page] for session in VISITORS)
    return Decoration(to, place, found, len(pages), examples)


def _own(slot: _Slot, session: Session) -> dict[str, dict[str, Address]]:
    """Values that no other visitor got; the first visitor and its returns are one."""
    others = {
        value
        for other, values in slot.seen.items()
        if other is not session and not (other in OF_FIRST and session in OF_FIRST)
        for value in values
    }
    return {value: pages for value, pages in slot.seen.get(session, {}).items() if value not in others}


def _pages(values: dict[str, dict[str, Address]]) -> list[str]:
    return list(dict.fromkeys(page for pages in values.values() for page in pages))


def _sightings(values: dict[str, dict[str, Address]], page: str) -> dict[str, int]:
    """Value → at how many pages it was seen; the first one of `page` last."""
    counted = {value: len(pages) for value, pages in values.items()}
    chosen = next((value for value, pages in values.items() if page in pages), None)
    if chosen is not None:
        counted[chosen] = counted.pop(chosen)
    return counted
