"""Traces of a visitor's behaviour in what a page sends: a path of the mouse, keys one by one, the page itself.

They are looked for in everything that can be decoded (`leaks.peel`). A trace is long enough never to be there by
chance: several points of a random path in their order, all letters of a random word in theirs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice, product

from compliance.knowledge.leaks.peel import layers

#: Points of a path that must be there, in their order. Two numbers of a path stand side by side by chance about once
#: in 10 000 numbers; five such pairs in order and near each other do not.
POINTS = 5
#: Numbers between the two of one point, and between two points (times, identifiers and kinds of events).
_BESIDE, _BETWEEN = 3, 80
#: Numbers between the codes of two keys.
_KEYS_BETWEEN = 12
#: Words and numbers of one text that are looked at.
MAX_WORDS = 200_000
#: Points that may be left out between two steps of a path.
_SKIPPED = 12
_WORD = re.compile(r"[0-9A-Za-z]{1,5}")
#: Words for parts of a page in a serialised one (rrweb, MutationSummary and the like), and how often they stand there.
_STRUCTURE, _STRUCTURES, _KINDS = (
    re.compile(r'"(tagName|childNodes|nodeName|nodeType|textContent|attributes|parentId|parentNode|rootId)"\s*:'),
    10,
    3,
)
#: Closing tags in markup: a whole page, and not a comment with a link in it.
_MARKUP, _TAGS = re.compile(r"</[a-z][a-z0-9-]*>|\\u003c\\?/[a-z][a-z0-9-]*>", re.IGNORECASE), 20
_NUMBER = re.compile(r"(?<![\w.])-?\d{1,5}(?:\.\d+)?(?![\w.])")
#: One character as a value: `"key":"k"`, `k=x`, `["a","b"]`.
_KEY = re.compile(r"""(?:["'=:,\[]\s*["']?)(?:Key)?([A-Za-z])(?=["'&;,\]}\s]|$)""")


def streams(texts: Iterable[str]) -> dict[tuple[str, ...], str]:
    """What was sent in the course of time, in every way to read it: names of decodings → all texts so decoded.

    Args:
        texts: Texts of requests in the order sent.
    """
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for text in texts:
        for names, layer in layers(text.encode("utf-8", "surrogatepass")):
            found[names].append(layer.decode("utf-8", "replace"))
    return {names: "\n".join(parts) for names, parts in found.items()}


def too_long(text: str) -> bool:
    """Are there more words in a text than are looked at."""
    return any(True for _ in islice(_WORD.finditer(text), MAX_WORDS, None))


def points_in(text: str, track: Sequence[tuple[int, int]]) -> int:
    """How many points of a path stand in a text, in their order and near each other."""
    numbers = [round(float(m[0])) for _, m in zip(range(MAX_WORDS), _NUMBER.finditer(text), strict=False)]
    by_x: dict[int, list[int]] = defaultdict(list)
    by_y: dict[int, list[int]] = defaultdict(list)
    for index, (x, y) in enumerate(track):
        by_x[x].append(index)
        by_y[y].append(index)
    seen: list[tuple[int, int]] = []
    for place, number in enumerate(numbers):
        beside = numbers[max(0, place - _BESIDE) : place] + numbers[place + 1 : place + 1 + _BESIDE]
        seen += [(place, index) for index in by_x.get(number, ()) if track[index][1] in beside]
    # The longest chain of points; `longest[n]` ends with the n-th of those seen.
    longest: list[int] = []
    for n, (place, index) in enumerate(seen):
        before = [
            longest[m] for m in range(max(0, n - 200), n) if seen[m][1] < index and place - seen[m][0] <= _BETWEEN
        ]
        longest.append(1 + max(before, default=0))
    return max(longest, default=0)


def steps_in(text: str, track: Sequence[tuple[int, int]]) -> int:
    """How many points of a path stand in a text as steps, each told by its distance from the one before.

    Signs are not read, since they are written in many ways; numbers are read as decimal, hexadecimal and of base 36.
    Between the two numbers of a step nothing stands, and between two steps at most two numbers (a time, a kind).
    """
    leads: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for here, (x, y) in enumerate(track):
        for there in range(here + 1, min(here + 1 + _SKIPPED, len(track))):
            leads[abs(track[there][0] - x), abs(track[there][1] - y)].append((here, there))
    lengths = {length for pair in leads for length in pair}
    words = [m[0].lower() for _, m in zip(range(MAX_WORDS), _WORD.finditer(text), strict=False)]
    best = 0
    for base in (10, 16, 36):
        meant = {word: [n for n in _readings(word, base) if n in lengths] for word in set(words)}
        read = [meant[word] for word in words]
        # Place of a step's second number → point reached → steps so far.
        reached: dict[int, dict[int, int]] = {}
        for place in range(1, len(read)):
            if not read[place] or not read[place - 1]:
                continue
            now: dict[int, int] = {}
            for pair in product(read[place - 1], read[place]):
                for here, there in leads.get(pair, ()):
                    before = max((reached.get(place - gap, {}).get(here, 0) for gap in (2, 3, 4)), default=0)
                    now[there] = max(now.get(there, 0), before + 1)
            if now:
                reached[place] = now
                best = max(best, *now.values())
    return best


def _readings(word: str, base: int) -> tuple[int, ...]:
    """What a word means as a number, with and without a letter before it that stands for its sign."""
    found = []
    for spelled in (word, word[1:] if word[0].isalpha() else ""):
        try:
            found.append(int(spelled, base))
        except ValueError:
            continue
    return tuple(found)


def keys_in(text: str, word: str) -> bool:
    """Do the letters of a word stand in a text one by one: as characters of their own, or as codes of keys."""
    if word.lower() in "".join(match[1] for match in _KEY.finditer(text)).lower():
        return True
    numbers = [int(m[0]) for _, m in zip(range(MAX_WORDS), re.finditer(r"(?<!\w)\d{2,3}(?!\w)", text), strict=False)]
    return any(_in_order(numbers, [ord(c) for c in spelled]) for spelled in (word.upper(), word.lower()))


def _in_order(numbers: Sequence[int], wanted: Sequence[int]) -> bool:
    """Do the wanted numbers stand in this order, each near the one before."""
    # Where the part so far can end, with the newest place of each number that follows it.
    reached = [-(10**9)] * len(wanted)
    for place, number in enumerate(numbers):
        for step in range(len(wanted) - 1, -1, -1):
            near = step == 0 or place - reached[step - 1] <= _KEYS_BETWEEN
            if number == wanted[step] and near:
                reached[step] = place
                if step == len(wanted) - 1:
                    return True
    return False


def holds_page(text: str) -> bool:
    """Is a page in it, serialised or as markup."""
    kinds = [match[1] for match in _STRUCTURE.finditer(text)]
    if len(kinds) >= _STRUCTURES and len(set(kinds)) >= _KINDS:
        return True
    return sum(1 for _ in zip(range(_TAGS), _MARKUP.finditer(text), strict=False)) >= _TAGS
