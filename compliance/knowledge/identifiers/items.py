"""The label of a whole value: is it an identifier, and how sure is that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from compliance.knowledge.identifiers.kinds import Surroundings
from compliance.knowledge.identifiers.labels import MANY_WORDS, WORD_BITS, Piece, PieceLabel, label_piece
from compliance.knowledge.identifiers.tokens import Parsed, Path, align, parse, parse_all

#: Places with one of two values, drawn for each visitor and kept, from which they count together. Of places drawn by a
#: fair coin, three visitors differ at three of four.
DRAWN, DRAWN_SHARE = 20, 0.75

#: Value → at how many visits it was seen; the last one seen stands last.
Sightings = dict[str, int]

#: Of a million visitors, more than 99 % get one of 2^27 values for themselves alone.
STRONG_BITS = 27.0
#: Singles out among thousands.
WEAK_BITS = 16.0


class ItemLabel(StrEnum):
    """What a value is."""

    STRONG = "ID-strong"
    WEAK = "ID-weak"
    ROTATING = "opaque-rotating"
    UNCOMPARED = "uncompared"
    """Might be an identifier; it was not seen with all visitors, or not twice."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Samples:
    """Everything that was seen of one carrier's value: three visitors, and the first one's return."""

    first: Sightings
    again: Sightings = field(default_factory=dict)
    second: Sightings = field(default_factory=dict)
    third: Sightings = field(default_factory=dict)
    order: tuple[float, float, float] = (0.0, 1.0, 2.0)
    """When each of the three visitors got it."""
    persistent: bool = True
    """The carrier was to outlive the session."""
    refused: bool = False
    """The browser never stored it, so the site had to make a new one each time."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the values of one carrier say."""

    label: ItemLabel
    bits: float = 0.0
    """Bits that were compared, with the support of a time."""
    possible: float = 0.0
    """Further bits that could not be compared."""
    visitors: int = 0
    """How many of the three independent visitors had it."""
    sequential: bool = False
    quasi: bool = False
    """Holds the moment of the first visit and nothing stronger: among few visitors that is nearly an identifier."""
    returned: bool | None = None
    """The value was there again after the browser was closed; None when no return was seen."""
    places: tuple[Path, ...] = ()
    """Places whose pieces carry the identity."""


_IDENTITY = frozenset({PieceLabel.OPAQUE, PieceLabel.ROTATING, PieceLabel.SEQUENTIAL, PieceLabel.UNCOMPARED})


def assess(
    samples: Samples, around: Surroundings, *, strong_bits: float = STRONG_BITS, weak_bits: float = WEAK_BITS
) -> Assessment:
    """Label a carrier by the values it had."""
    # What ended with the session and has the same value afterwards came back: that is staying, too.
    again = samples.again if samples.persistent else {v: n for v, n in samples.again.items() if v in samples.first}
    returned = _last(again) if not samples.refused else None
    values = (returned or _last(samples.first), _last(samples.second), _last(samples.third))
    parsed = parse_all([*values, *samples.first])
    # The first visitor's earlier values: what a piece is compared with to see whether it stays.
    earlier = list(zip(parsed[3:], samples.first.values(), strict=True))
    pieces: list[tuple[Path, Piece]] = []
    drawn: list[Path] = []
    redrawn = 0
    stays: set[Path] = set()
    for place, texts in align(parsed[:3]):
        stable = True if samples.refused else _stable(texts[0], place, earlier, returned is not None)
        if texts[0] is None:  # only other visitors have it: nothing is known about its staying
            stable = None
        piece = label_piece(texts, stable=stable, around=around, persistent=samples.persistent, order=samples.order)
        pieces.append((place, piece))
        if None not in texts and len(set(texts)) == 2:
            if stable and piece.label is PieceLabel.BUCKET:
                drawn.append(place)
            redrawn += stable is False
        if stable and (piece.label in _IDENTITY or piece.words):
            stays.add(place)
    judged = _sum_up(pieces, values, strong_bits, weak_bits)
    if judged.label is not ItemLabel.STRONG and len(drawn) >= max(DRAWN, 9 * redrawn):
        judged = _many_draws(judged, drawn, strong_bits, weak_bits)
        stays.update(drawn)
    return judged if returned is None else replace(judged, returned=bool(stays))


def _last(values: Sightings) -> str | None:
    return next(reversed(values), None) if values else None


def _stable(text: str | None, place: Path, earlier: list[tuple[Parsed | None, int]], returned: bool) -> bool | None:
    """Was the piece there before (after a return), or at two visits at least (without one)."""
    seen = sum(times for parsed, times in earlier if parsed is not None and text in parsed.get(place, ()))
    total = sum(times for _, times in earlier)
    if not total:
        return None
    if returned:
        return seen > 0
    return None if total < 2 else seen >= 2


def _sum_up(
    pieces: list[tuple[Path, Piece]],
    values: tuple[str | None, ...],
    strong_bits: float,
    weak_bits: float,
) -> Assessment:
    labels = {piece.label for _, piece in pieces}
    total = sum(piece.bits for _, piece in pieces)
    possible = sum(piece.possible for _, piece in pieces)
    if total >= weak_bits:
        total += max((piece.support for _, piece in pieces), default=0.0)
    # By words alone nobody is convicted: the name of an article that was shown by chance is made of words, too.
    spoken = total < strong_bits and max((piece.words for _, piece in pieces), default=0) >= MANY_WORDS
    if spoken:
        total = max(total, weak_bits, min(total + MANY_WORDS * WORD_BITS, strong_bits - 1))
    if total >= strong_bits:
        label = ItemLabel.STRONG
    elif PieceLabel.ROTATING in labels:
        label = ItemLabel.ROTATING
    elif total >= weak_bits:
        label = ItemLabel.WEAK
    elif total + possible >= weak_bits:
        label = ItemLabel.UNCOMPARED
    else:
        label = ItemLabel.NONE
    return Assessment(
        label=label,
        bits=total,
        possible=possible,
        visitors=sum(v is not None for v in values),
        sequential=PieceLabel.SEQUENTIAL in labels,
        quasi=label is ItemLabel.NONE and any(piece.support for _, piece in pieces),
        places=tuple(dict.fromkeys(p for p, piece in pieces if piece.label in _IDENTITY or (spoken and piece.words))),
    )


def _many_draws(judged: Assessment, drawn: list[Path], strong_bits: float, weak_bits: float) -> Assessment:
    """Many small draws tell visitors apart as one large number does; whether they are meant to, a person has to say."""
    bits = max(judged.bits, weak_bits, min(len(drawn) / DRAWN_SHARE, strong_bits - 1))
    return replace(judged, label=ItemLabel.WEAK, bits=bits, quasi=False, places=(*judged.places, *drawn))


def identity_pieces(value: str, places: tuple[Path, ...]) -> list[str]:
    """The pieces of another value of the same carrier that stand where its identity is."""
    parsed = parse(value)
    return [piece for place in places for piece in parsed.get(place, ())]
