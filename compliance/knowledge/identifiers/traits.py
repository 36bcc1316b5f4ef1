"""Identifiers made of the browser itself: whoever starts with nothing and the same browser gets the same value.

Three visitors with one kind of browser, two whose browsers have other traits (window, time zone, version), each
other ones. A value that the three share and that is another one for each of the two is made of the traits. What is
the same for everybody, and groups into which visitors are drawn, do not behave so: of two groups there is no third
value; of three or more, one site in forty at most would draw three alike and two different others, and one in a
hundred when the first visitor's return is drawn anew as well. The first, second and third visitor come before,
between and after the fourth, so that a value that changes with time does not look like it either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from compliance.knowledge.identifiers.capacity import alike, bits, cores
from compliance.knowledge.identifiers.carriers import VISITORS, Carrier
from compliance.knowledge.identifiers.items import WEAK_BITS
from compliance.knowledge.identifiers.kinds import Kind, Surroundings, kind_of, kind_of_row, lone_bits
from compliance.knowledge.identifiers.tokens import align, parse_all
from compliance.model.visit import Session

#: Visitors whose browsers have other traits.
OTHERS = (Session.FOURTH, Session.FIFTH)
#: Digits of a width, a height, a version.
_NUMBER = 4
_BETWEEN = re.compile(r"[-_]+")


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that follows the traits of the browser."""

    carrier: Carrier
    bits: float
    """By which the values of different browsers differ."""
    sure: bool
    """Enough bits to identify; otherwise a person has to look."""
    value: str


def shared(carrier: Carrier, around: Surroundings, *, weak_bits: float = WEAK_BITS) -> bool:
    """Did the first two visitors get one long value that means nothing to a reader: everybody's, or their browser's."""
    values = [_last(carrier, session) for session in VISITORS[:2]]
    if None in values:
        return False
    rows = [texts for _, texts in align(parse_all(values))]
    same = [text for text, other in rows if text is not None and text == other]
    return sum(lone_bits(text) for text in same if kind_of(text, around) is Kind.OPAQUE) >= weak_bits


def derived(carrier: Carrier, around: Surroundings, *, strong_bits: float, weak_bits: float) -> Derived | None:
    """Is the carrier's value made of traits; None when it is not, or could not be compared."""
    values = [_last(carrier, session) for session in (*VISITORS, *OTHERS)]
    if None in values:
        return None
    again = _last(carrier, Session.FIRST_AGAIN) or values[0]
    total = sum(_bits(texts, around) for _, texts in align(parse_all([again, *values])))
    if total < weak_bits:
        return None
    return Derived(carrier, total, total >= strong_bits, values[0] or "")


def uncompared(carrier: Carrier) -> bool:
    """Had the first three visitors the value, and none of the others."""
    return all(_last(carrier, s) is not None for s in VISITORS) and all(_last(carrier, s) is None for s in OTHERS)


def _bits(texts: Sequence[str | None], around: Surroundings) -> float:
    """Bits of one piece, when it is the same in one kind of browser and another one in each other kind."""
    seen = [text for text in texts if text is not None]
    if len(seen) < len(texts) or len(set(texts[:-2])) != 1:
        return 0.0
    kinds = [seen[0], *seen[-2:]]
    dark = [_unreadable(text, around) for text in kinds]
    if not all(dark) or len(set(dark)) < len(dark) or kind_of_row(dark, around) is not Kind.OPAQUE or alike(dark):
        return 0.0
    inner = cores(dark)
    return bits(inner) if min(map(len, inner)) > 2 else 0.0


def _unreadable(text: str, around: Surroundings) -> str:
    """What is left of a piece without words, widths and versions: those say what they are, a hash of them does not."""
    parts = [p for p in _BETWEEN.split(text) if p and kind_of(p, around) is Kind.OPAQUE]
    return "-".join(p for p in parts if not (p.isdigit() and len(p) <= _NUMBER))


def _last(carrier: Carrier, session: Session) -> str | None:
    trace = carrier.sessions.get(session)
    values = (trace.kept or trace.refused) if trace is not None else {}
    return next(reversed(values), None)
