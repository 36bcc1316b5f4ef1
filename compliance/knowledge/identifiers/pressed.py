"""What a press adds to the address of a link, and what its visitor kept at that moment.

One visitor presses a link, so values cannot be compared. But the visitors of the crawl were: a cookie or stored entry
of the same name holds an identifier in the hands of this visitor, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from urllib.parse import parse_qsl, urlsplit

from compliance.knowledge.identifiers.carriers import VISITORS, Carrier, gather
from compliance.knowledge.identifiers.decoration import Place, places
from compliance.knowledge.identifiers.kinds import Kind, Surroundings, kind_of, lone_bits
from compliance.knowledge.identifiers.sharing import secrets_of, shared_pieces
from compliance.knowledge.identifiers.stored import gather_stored
from compliance.knowledge.identifiers.tokens import NAME_END, Path, name_noise, normal_name, parse
from compliance.knowledge.leaks import Needle, Search
from compliance.model.trials import LinkProbe
from compliance.model.visit import Session, Visit, VisitOutcome

_Key = tuple[str, str, str, str, str]


def secrets(probe: LinkProbe, strong: Mapping[int, tuple[Carrier, tuple[Path, ...]]], now: float) -> Search:
    """A search for the identifiers of a trial's visitor; needles are named by the carrier's number.

    Args:
        probe: With what was kept.
        strong: Carriers in which the crawl found identifiers, and the places of these.
        now: When the observations were made.
    """
    known: dict[_Key, list[int]] = {}
    for number, (carrier, _) in strong.items():
        known.setdefault(_key(carrier), []).append(number)
    wanted: list[Needle] = []
    for held in _kept(probe, now):
        for number in known.get(_key(held), ()):
            carrier, spots = strong[number]
            common = shared_pieces(carrier, spots)
            for value in held.sessions[Session.FIRST].kept:
                # The varying part of a name belongs to the value, where carriers of several names were taken for one.
                whole = value if carrier.name == held.name else f"{name_noise(held.name)}{NAME_END}{value}"
                wanted += (Needle(str(number), text) for text in secrets_of(whole, spots, common))
    return Search(wanted)


def _kept(probe: LinkProbe, now: float) -> list[Carrier]:
    visit = Visit(
        probe.id,
        "",
        Session.FIRST,
        probe.page,
        VisitOutcome.OK,
        set_cookies=(),
        jar=probe.cookies,
        storage=probe.storage,
    )
    return [*gather([visit], now, merged=False).carriers, *gather_stored([visit], now).carriers]


def _key(carrier: Carrier) -> _Key:
    # The path of a cookie differs with the page that sets it.
    path = "" if carrier.kind == "cookie" else carrier.path
    return carrier.kind, normal_name(carrier.name), carrier.domain, path, carrier.partition


def opaque(stood: str, went: str, known: Iterable[str], around: Surroundings) -> list[tuple[Place, float]]:
    """Places of `went` with something opaque that the address as it stood has not, and how many bits it has.

    Args:
        stood: The address before the press.
        went: The address that the browser went for.
        known: Texts whose pieces tell nobody apart: the page's own address.
        around: Moment and place.
    """
    before = {text for _, text in _texts(stood)}
    pieces = {piece for text in (stood, *before, *known) for piece in _pieces(text)}
    found: dict[Place, float] = {}
    for place, text in _texts(went):
        if text in before:
            continue
        fresh = (piece for piece in _pieces(text) if piece not in pieces and kind_of(piece, around) is Kind.OPAQUE)
        found[place] = found.get(place, 0.0) + sum(lone_bits(piece) for piece in fresh)
    return [(place, bits) for place, bits in found.items() if bits]


def _texts(url: str) -> Iterator[tuple[Place, str]]:
    """As `places`, and the names of parameters that are none."""
    yield from places(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    for kind, text in (("parameter", parts.query), ("fragment", parts.fragment)):
        for name, value in parse_qsl(text, keep_blank_values=True) if "=" in text or "&" in text else ():
            if not value or normal_name(name) != name:
                yield Place(kind, normal_name(name)), name


def _pieces(text: str) -> set[str]:
    return {piece for pieces in parse(text).values() for piece in pieces}


def common_pieces(texts: Mapping[Session, Iterable[str]]) -> set[str]:
    """Pieces that two independent visitors were given: they name content."""
    had = [{p for text in texts.get(session, ()) for p in _pieces(text)} for session in VISITORS]
    return {piece for one, other in combinations(had, 2) for piece in one & other}
