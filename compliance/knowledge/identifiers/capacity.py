"""How much a value can tell apart: bits, and how alike two values are.

`bits = length × log2(alphabet)`, with the shortest core and the smallest alphabet that holds all cores: a
lower estimate, because what is not seen to vary does not count.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import combinations

#: Two pieces at least this alike are one value with small changes (Englehardt & Narayanan 2016).
ALIKE = 0.66
#: Characters in a row that count as shared.
RUN = 3
#: Similarity of longer pieces is that of their beginnings: the comparison takes quadratic time.
MAX_COMPARED = 256

_ALPHABETS = (
    (2, re.compile(r"[01]*")),
    (10, re.compile(r"[0-9]*")),
    (16, re.compile(r"[0-9a-f]*")),
    (26, re.compile(r"[a-z]*")),
    (36, re.compile(r"[a-z0-9]*")),
)


def affixes(texts: Sequence[str]) -> tuple[int, int]:
    """How many characters all texts begin with and, of the rest, end with."""
    shortest = min(len(t) for t in texts)
    before = 0
    while before < shortest and len({t[before] for t in texts}) == 1:
        before += 1
    after = 0
    while after < shortest - before and len({t[-1 - after] for t in texts}) == 1:
        after += 1
    return before, after


def cores(texts: Sequence[str]) -> list[str]:
    """`texts` without their common beginning and end."""
    before, after = affixes(texts)
    return [t[before : len(t) - after] for t in texts]


def alphabet(texts: Sequence[str]) -> int:
    """Size of the smallest usual alphabet that holds all characters; case counts only where it is mixed."""
    joined = re.sub(r"[^A-Za-z0-9]", "", "".join(texts))
    if joined.upper() == joined:
        joined = joined.lower()
    return next((size for size, pattern in _ALPHABETS if pattern.fullmatch(joined)), 64)


def bits(texts: Sequence[str]) -> float:
    """Bits of the shortest text; separators do not count. Of letters beyond ASCII, those seen are the alphabet."""
    shortest = min(len(re.sub(r"[^A-Za-z0-9]", "", t)) for t in texts)
    further = [re.sub(r"[\x00-\x7f]", "", t) for t in texts]
    seen = len(set("".join(further)))
    return shortest * math.log2(alphabet(texts)) + (min(map(len, further)) * math.log2(seen) if seen else 0.0)


def similarity(one: str, other: str) -> float:
    """Ratcliff-Obershelp ratio over what they share in runs, the smaller of both orders (it is not symmetric).

    Single digits match by chance: of a thousand pairs of random ten-digit numbers, three would count as alike.
    """
    one, other = one[:MAX_COMPARED], other[:MAX_COMPARED]
    return min(_in_runs(one, other), _in_runs(other, one))


def _in_runs(one: str, other: str) -> float:
    run = min(RUN, len(one), len(other))
    matches = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return 2.0 * sum(m.size for m in matches if m.size >= run) / ((len(one) + len(other)) or 1)


def alike(texts: Sequence[str]) -> bool:
    """Are some two of the texts nearly the same, and their cores as well?"""
    inner = cores(texts)
    return max(similarity(*pair) for pair in combinations(texts, 2)) >= ALIKE and (
        max(similarity(*pair) for pair in combinations(inner, 2)) >= ALIKE
    )
