"""What a piece of a value is, when it is something that everybody understands.

Times, words, dates, consent strings, addresses and the site's own page names tell visitors apart only by
accident, so they carry no bits of identity. All else is opaque.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from compliance.knowledge.identifiers.capacity import affixes, bits

DAY = 86_400.0
YEAR = 365.25 * DAY


class Kind(StrEnum):
    """What a piece is."""

    WORD = "word"
    """Boolean, enumeration, language, currency, country: anything that reads like words."""
    CONSENT = "consent string"
    VERSION = "version"
    DATE = "date"
    TIME = "time"
    ADDRESS = "address"
    SCREEN = "screen size"
    PAGE = "page of the site"
    OPAQUE = "opaque"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known about the moment and the place a value comes from."""

    now: float
    """When it was observed, seconds since the epoch."""
    moments: tuple[float, ...] = ()
    """Expiry times of its carrier."""
    pages: Collection[str] = frozenset()
    """Pieces of the addresses that were visited."""


_UNITS = {10: 1.0, 13: 1e3, 16: 1e6}
_VERSION = re.compile(r"v?\d{1,4}(\.\d{1,4}){1,3}")
_DATE = re.compile(r"(19|20)\d\d-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(T\d\d:?\d\d\S*)?")
_ADDRESS = re.compile(r"\d{1,3}([.-]\d{1,3}){3}")
_SCREEN = re.compile(r"\d{3,4}x\d{3,4}(x\d{1,2})?")
_USP = re.compile(r"1[YNyn-]{3}")
_B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# Pairs of letters that make up most of the running text of European languages; a random pair is one of them in a
# quarter of all cases, so a random string of letters rarely consists of them by half.
_COMMON = (
    "th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al de se le sa si ar ve "
    "ra ld ur me ne ro ri li ic io co ma om ce ll ho ch la el ta be us ut ac ec ss ly ns tr di pr ie il ca lo ot "
    "po no so ag ge ei pe ci mo em un wa wo ul op oo ol ad ai ay ow ab bl am ap pl im ep ee fo fi fe ff rs rt rm "
    "rd rk ry ig gh gr ke ck sh sp ts tt mp mi mu pa pi pp qu id if iv ev vi vo su tu ub br ba bo da do fr gu ue "
    "ga go ht ex ki lu nc ni nk nu ob oc od os ov pu rc ru sc va ua ui um up"
)
_PAIRS = frozenset(_COMMON.split())


def unit_of(text: str, around: Surroundings) -> float | None:
    """Units per second (1, 1000, 1000000) of a plausible time since the epoch; None when it is none."""
    whole, _, fraction = text.partition(".")
    unit = _UNITS.get(len(whole)) if whole.isascii() and whole.isdigit() else None
    if unit is None or (fraction and unit != 1.0):
        return None
    moment = int(whole) / unit
    if -5 * YEAR <= moment - around.now <= 2 * YEAR or any(abs(moment - m) <= 3600 for m in around.moments):
        return 1e3 if fraction else unit
    return None


def _moment(text: str) -> float:
    """The time that a piece is, seconds since the epoch (`unit_of` has said that it is one)."""
    whole = text.partition(".")[0]
    return int(whole) / _UNITS[len(whole)]


def one_clock(texts: Sequence[str], around: Surroundings, apart: float) -> bool:
    """Do times that different visitors got tell of the same moments, give or take a day.

    One number in ten of the size that analytics draws for a visitor reads as a time of these years.
    Drawn numbers lie years apart; what a clock gave lies as far apart as the visitors came.
    """
    moments = [_moment(text) for text in texts]
    if len(moments) == 1:
        return any(abs(moments[0] - known) <= DAY for known in (around.now, *around.moments))
    return max(moments) - min(moments) <= DAY + apart


def word_like(text: str) -> bool:
    """Does every part of `text` read like a word: `variant`, `accepted-all`, `en_US`, `EUR`."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+|[^A-Za-z_-]+", text)
    if not parts or len(parts) > 6 or (len(parts) > 2 and sum(map(len, parts)) < 3 * len(parts)):
        return False
    return all(_is_word(part.lower()) for part in parts)


def _is_word(part: str) -> bool:
    if not part.isascii() or not part.isalpha() or len(part) > 18:
        return False
    if len(part) <= 3:
        return True
    pairs = [part[i : i + 2] for i in range(len(part) - 1)]
    return sum(pair in _PAIRS for pair in pairs) >= 0.5 * len(pairs)


def is_tcf(text: str, around: Surroundings) -> bool:
    """Is it the core of a TCF version 2 consent string: version, two times and a language where they belong."""
    if len(text) < 20 or text[0] != "C" or any(c not in _B64 for c in text[:20]):
        return False
    bits = "".join(f"{_B64.index(c):06b}" for c in text[:20])
    times = (int(bits[6:42], 2) / 10, int(bits[42:78], 2) / 10)
    letters = (int(bits[108:114], 2), int(bits[114:120], 2))
    return all(abs(t - around.now) <= 5 * YEAR for t in times) and all(v < 26 for v in letters)


def kind_of(text: str, around: Surroundings) -> Kind:
    """The first kind that fits."""
    if _USP.fullmatch(text) or is_tcf(text, around):
        return Kind.CONSENT
    if unit_of(text, around) is not None:
        return Kind.TIME
    if text in around.pages:
        return Kind.PAGE
    if word_like(text):
        return Kind.WORD
    for pattern, kind in (
        (_DATE, Kind.DATE),
        (_VERSION, Kind.VERSION),
        (_ADDRESS, Kind.ADDRESS),
        (_SCREEN, Kind.SCREEN),
    ):
        if pattern.fullmatch(text):
            return kind
    return Kind.OPAQUE


def kind_of_row(texts: Sequence[str], around: Surroundings, apart: float = 0.0) -> Kind:
    """The kind that all have in common, with or without what they all begin and end with.

    Args:
        texts: The piece of each visitor.
        around: Moment and place.
        apart: Seconds between the first and the last visitor's getting it.
    """
    for row in (texts, without_labels(texts)):
        kinds = {kind_of(text, around) for text in row or ()}
        if len(kinds) != 1 or kinds == {Kind.OPAQUE}:
            continue
        if row and kinds == {Kind.TIME} and not one_clock(row, around, apart):
            continue
        return kinds.pop()
    return Kind.OPAQUE


def without_labels(texts: Sequence[str]) -> list[str] | None:
    """`texts` without the common beginning and end, cut where a word or a number ends; None when nothing goes."""
    if len(set(texts)) < 2:
        return None
    before, after = affixes(texts)
    while before and any(_same_run(text[before - 1], text[before : before + 1]) for text in texts):
        before -= 1
    while after and any(
        _same_run(text[len(text) - after], text[len(text) - after - 1 : len(text) - after]) for text in texts
    ):
        after -= 1
    inner = [text[before : len(text) - after] for text in texts]
    return inner if (before or after) and all(inner) else None


def _same_run(one: str, other: str) -> bool:
    return bool(other) and ((one.isdigit() and other.isdigit()) or (one.isalpha() and other.isalpha()))


def lone_bits(text: str) -> float:
    """Bits of a piece that has nothing to be compared with; parts of it that read like words do not count."""
    parts = [p for p in re.split(r"[-_.]+", text) if p and not word_like(p)]
    return bits(["".join(parts)]) if parts else 0.0
