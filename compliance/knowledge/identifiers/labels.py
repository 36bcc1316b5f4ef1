"""The label of one piece: what three visitors and one return say about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from compliance.knowledge.identifiers.capacity import alike, bits, cores
from compliance.knowledge.identifiers.kinds import Kind, Surroundings, kind_of_row, lone_bits, unit_of

#: Bits that a running number counts for: it tells visitors apart, but not more of them than there were.
SEQUENTIAL_BITS = 16.0
#: Opaque pieces of this length that change at every turn may hide one identity under changing encryption.
ROTATING_LENGTH = 16
#: Bits of a word that is another one for each visitor: few sites draw words, and then out of a few hundred.
WORD_BITS = 8.0
#: Words of one piece, each another one for each visitor, from which they count: a language or a group may be chance.
MANY_WORDS = 3
#: Units in one day as bits: which moment of today (16.4 for seconds, 26.4 for milliseconds).
TIME_BITS = {1.0: 16.4, 1e3: 26.4, 1e6: 36.3}


class PieceLabel(StrEnum):
    """What a piece does."""

    CONSTANT = "constant"
    NONCE = "nonce"
    ROTATING = "opaque-rotating"
    TIME = "timestamp"
    SEQUENTIAL = "sequential"
    BUCKET = "experiment bucket"
    TYPED = "typed"
    """Words, consent strings, addresses of pages and the like."""
    SIMILAR = "similar"
    OPAQUE = "opaque"
    UNCOMPARED = "uncompared"
    """Opaque, and not seen often enough to tell what it does."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A labelled piece of a value."""

    label: PieceLabel
    bits: float = 0.0
    """Bits that count."""
    possible: float = 0.0
    """Bits that might count if more had been seen."""
    support: float = 0.0
    """Bits that a time adds to an identifier beside it."""
    words: int = 0
    """Words in it that are different for all three visitors, and stay."""


def label_piece(
    texts: Sequence[str | None],
    *,
    stable: bool | None,
    around: Surroundings,
    persistent: bool = True,
    order: Sequence[float] = (0.0, 1.0, 2.0),
) -> Piece:
    """Label the piece that stands at one place in the values of three visitors.

    Args:
        texts: The piece for each of the three independent visitors, None where it was not seen.
        stable: Does the first visitor's piece stay the same; None when that was not seen.
        around: Moment and place.
        persistent: Does the carrier outlive the session.
        order: When each visitor got it: running numbers follow it.
    """
    seen = [t for t in texts if t is not None]
    distinct = len(set(seen))
    if not seen or (distinct == 1 and len(seen) > 1 and stable is not False):
        return Piece(PieceLabel.CONSTANT)
    kind = kind_of_row(seen, around, max(order) - min(order))
    if stable is False:
        return Piece(_changing(seen, kind, distinct, persistent))
    if kind is Kind.TIME:
        return Piece(PieceLabel.TIME, support=_time_bits(seen, around) if stable else 0.0)
    if len(seen) < 3 or stable is None:
        return _uncompared(seen, kind)
    if _sequential(seen, order):
        return Piece(PieceLabel.SEQUENTIAL, bits=SEQUENTIAL_BITS)
    inner = cores(seen)
    if distinct < 3 or min(len(core) for core in inner) <= 2:
        return Piece(PieceLabel.BUCKET)
    if kind is Kind.WORD:
        return Piece(PieceLabel.TYPED, words=_different_words(seen))
    if kind is not Kind.OPAQUE:
        return Piece(PieceLabel.TYPED)
    if alike(seen):
        return Piece(PieceLabel.SIMILAR)
    return Piece(PieceLabel.OPAQUE, bits=bits(inner))


def _different_words(seen: Sequence[str]) -> int:
    """Words at the same place of all texts that are another one in each; none when they have not equally many."""
    rows = [re.split(r"[-_]+", text.lower()) for text in seen]
    if len({len(row) for row in rows}) != 1:
        return 0
    return sum(len(set(words)) == len(rows) for words in zip(*rows, strict=True))


def _changing(seen: Sequence[str], kind: Kind, distinct: int, persistent: bool) -> PieceLabel:
    if distinct < len(seen):
        return (
            PieceLabel.CONSTANT
        )  # another visitor has the same: it changes for all alike, as a deployment's hash does
    if kind is Kind.OPAQUE and persistent and min(len(t.replace("-", "")) for t in seen) >= ROTATING_LENGTH:
        return PieceLabel.ROTATING
    return PieceLabel.NONCE


def _uncompared(seen: Sequence[str], kind: Kind) -> Piece:
    if kind is not Kind.OPAQUE:
        return Piece(PieceLabel.TYPED)
    if len(seen) == 1:
        return Piece(PieceLabel.UNCOMPARED, possible=lone_bits(seen[0]))
    inner = cores(seen)
    if min(len(core) for core in inner) <= 2:
        return Piece(PieceLabel.BUCKET)
    return Piece(PieceLabel.SIMILAR) if alike(seen) else Piece(PieceLabel.UNCOMPARED, possible=bits(inner))


def _time_bits(seen: Sequence[str], around: Surroundings) -> float:
    units = [unit for t in seen if (unit := unit_of(t, around)) is not None]
    return min((TIME_BITS[unit] for unit in units), default=TIME_BITS[1.0])


def _sequential(seen: Sequence[str], order: Sequence[float]) -> bool:
    """Whole numbers of one length that rise in the order in which the visitors came."""
    if len({len(t) for t in seen}) != 1 or not all(t.isascii() and t.isdigit() and 5 <= len(t) <= 18 for t in seen):
        return False
    numbers = [int(t) for _, t in sorted(zip(order, seen, strict=True))]
    rising = all(a < b for a, b in pairwise(numbers))
    return rising and numbers[-1] - numbers[0] < 10_000
