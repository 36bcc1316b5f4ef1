"""Looks for many needles at once, in time that grows with the data and not with the needles.

Every text to look for has at least 8 bytes. So at whatever place it stands, one of its first four windows of
5 bytes begins at a multiple of 4 there: only every fourth window of the data is looked up.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from compliance.knowledge.leaks.parts import Part, pairs, parameter, parts_of
from compliance.knowledge.leaks.peel import HEXADECIMAL, layers
from compliance.knowledge.leaks.shapes import AS_BYTES, MIN_LENGTH, PLAIN, Needle, shapes
from compliance.model.activity import Request

_WINDOW = 5
_STRIDE = MIN_LENGTH - _WINDOW + 1
#: Texts with less than about 48 bits must stand alone: inside a longer number or word they are found by chance.
_STANDS = {"digits": 15, "hexadecimal": 12, "other": 10}
#: A value without a structure of its own, and what may be a part of one: with a digit, so that it is no word.
_ONE_WORD = re.compile(r"[0-9A-Za-z]{16,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_PIECE = re.compile(r"(?=[^0-9]*[0-9])[0-9A-Za-z-]{10,}")
#: Characters of a part that no other visitor has, and from which on a beginning or end that others have is a label:
#: fewer are the same by chance.
_OWN, _LABEL = 10, 5
#: Shorter numbers may be moments.
_PIECE_OF_DIGITS = 17
#: Texts without a hit that are remembered, because headers repeat from request to request; long ones do not.
_REMEMBERED, _LONGEST_REMEMBERED = 20_000, 10_000
_DIGITS = frozenset(b"0123456789")
_HEX = _DIGITS | frozenset(b"abcdef")
_ALNUM = _DIGITS | frozenset(b"abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Found:
    """A needle in a text."""

    needle: Needle
    shape: str
    """`plain`, `SHA-256 of the value`, `plain, base64`: what was found, then what was taken off, innermost first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A needle in a request."""

    needle: Needle
    shape: str
    part: Part
    parameter: str
    """Name of the parameter, field or header; empty when the part has none."""

    @property
    def where(self) -> str:
        """In words: `parameter “uid” of the address`."""
        return self.part.named(self.parameter)


class Search:
    """A search for some needles; values shorter than `MIN_LENGTH` are left out."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._windows: dict[bytes, list[tuple[int, bytes]]] = defaultdict(list)
        self._meaning: dict[bytes, list[Found]] = defaultdict(list)
        self._alone: dict[bytes, frozenset[int]] = {}
        self._clean: set[str] = set()
        self._uncut: set[tuple[Part, str]] = set()
        self._whole: dict[str, list[Needle]] = defaultdict(list)
        """Values of which a part means itself, in lower case."""
        self._parts: dict[str, list[Needle]] = {}
        for needle in dict.fromkeys(needles):
            if len(needle.value) >= MIN_LENGTH:
                self._add(needle)
        self._joined = "\n".join(self._whole)

    def __bool__(self) -> bool:
        """Is there anything to look for."""
        return bool(self._meaning)

    def _add(self, needle: Needle) -> None:
        if _ONE_WORD.fullmatch(needle.value):
            whole = needle.value.lower()
            for spelled in dict.fromkeys((whole, whole.replace("-", ""))):
                self._whole[spelled].append(needle)
        for text, shape in shapes(needle.value):
            if text not in self._meaning:
                for offset in range(_STRIDE):
                    self._windows[text[offset : offset + _WINDOW]].append((offset, text))
                if shape != AS_BYTES and (same := _not_beside(text)):
                    self._alone[text] = same
            self._meaning[text].append(Found(needle, shape))

    def in_text(self, text: str) -> tuple[Found, ...]:
        """Needles in a text: one `Found` for each, in its simplest shape."""
        if not self._windows or len(text) < MIN_LENGTH or text in self._clean:
            return ()
        found: dict[Needle, Found] = {}
        for one in self._meant(text):
            found.setdefault(one.needle, one)
        if not found and len(self._clean) < _REMEMBERED and len(text) <= _LONGEST_REMEMBERED:
            self._clean.add(text)
        return tuple(found.values())

    def counted(self, text: str) -> dict[Found, int]:
        """How often each needle stands in a text, for each shape in which it does."""
        if not self.in_text(text):
            return {}
        counts: dict[Found, int] = defaultdict(int)
        for one in self._meant(text):
            counts[one] += 1
        return dict(counts)

    def _meant(self, text: str) -> Iterator[Found]:
        # Layers in which a needle stands as it is, with the name of the layer that shows its bytes once more.
        shown: set[tuple[Needle, tuple[str, ...]]] = set()
        for names, layer in _layers(text):
            for hit in self._in_layer(layer.lower()):
                for meant in self._meaning[hit]:
                    if meant.shape == PLAIN:
                        shown.add((meant.needle, (*names, HEXADECIMAL)))
                    elif meant.shape == AS_BYTES and any(
                        (meant.needle, names[: end + 1]) in shown for end in range(len(names))
                    ):
                        continue
                    yield Found(meant.needle, ", ".join((meant.shape, *reversed(names))))

    def _in_layer(self, layer: bytes) -> Iterator[bytes]:
        windows = self._windows
        last = len(layer) - _WINDOW + 1
        places = [at for at in range(0, last, _STRIDE) if layer[at : at + _WINDOW] in windows]
        for at in places:
            for offset, text in windows[layer[at : at + _WINDOW]]:
                start = at - offset
                if start >= 0 and layer.startswith(text, start) and self._stands(layer, start, text):
                    yield text

    def _stands(self, layer: bytes, start: int, text: bytes) -> bool:
        """Is it more than a stretch of a longer number or word."""
        same = self._alone.get(text)
        if same is None:
            return True
        end = start + len(text)
        return not (start and layer[start - 1] in same) and not (end < len(layer) and layer[end] in same)

    def _holds(self, needle: Needle, text: str) -> bool:
        return any(found.needle == needle for found in self.in_text(text))

    def in_request(self, request: Request, *, cookies: bool = False) -> list[Hit]:
        """Needles in address, headers, redirect and body of a request.

        Args:
            request: What was sent, and where its answer led.
            cookies: Also look into the Cookie header, which browsers fill by themselves.
        """
        if not self._windows:
            return []
        hits = []
        for part, name, text in parts_of(request, cookies=cookies):
            for found in self.in_text(text):
                inner = name or parameter(part, text, partial(self._holds, found.needle))
                hits.append(Hit(found.needle, found.shape, part, inner))
            if self._whole:
                # A redirect leads to somebody else.
                known = {hit.needle for hit in hits if (hit.part is Part.REDIRECT) is (part is Part.REDIRECT)}
                hits += (hit for hit in self._cut(part, text) if hit.needle not in known)
        return hits

    def _cut(self, part: Part, text: str) -> Iterator[Hit]:
        """Parameters and fields whose value is a long part of a needle: who sends two halves sends all of it."""
        if (part, text) in self._uncut:
            return
        clean = True
        for name, value in pairs(part, text):
            if not _PIECE.fullmatch(value) or (value.isdigit() and len(value) < _PIECE_OF_DIGITS):
                continue
            said: set[Needle] = set()
            for spelled, shape in ((value, "a part of it"), (value[::-1], "a part of it, backwards")):
                for needle in self._of_which(spelled.lower()):
                    clean = False
                    if needle not in said:
                        said.add(needle)
                        yield Hit(needle, shape, part, name)
        if clean and len(self._uncut) < _REMEMBERED and len(text) <= _LONGEST_REMEMBERED:
            self._uncut.add((part, text))

    def _of_which(self, piece: str) -> list[Needle]:
        """Needles of which it is a part that no other visitor has."""
        if piece not in self._joined:
            return []
        if (known := self._parts.get(piece)) is not None:
            return known
        wholes = [whole for whole in self._whole if len(piece) < len(whole) and piece in whole]
        found = [n for whole in wholes for n in self._whole[whole] if _own(piece, n.others) >= _OWN]
        if len(self._parts) < _REMEMBERED:
            self._parts[piece] = found
        return found


def _own(piece: str, others: Iterable[str]) -> int:
    """Characters of a part without the labels that it begins and ends with: values of others have them, too."""
    begin, end = 0, len(piece)
    for other in map(str.lower, others):
        while begin < len(piece) and piece[: max(begin + 1, _LABEL)] in other:
            begin = max(begin + 1, _LABEL)
        while end > 0 and piece[min(end - 1, len(piece) - _LABEL) :] in other:
            end = min(end - 1, len(piece) - _LABEL)
    return end - begin


def _layers(text: str) -> Iterator[tuple[tuple[str, ...], bytes]]:
    yield from layers(text.encode("utf-8", "surrogatepass"))
    # Bodies that are no text are recorded with a character for each byte.
    if not text.isascii() and max(text) <= "\xff":
        yield from layers(text.encode("latin-1"))


def _not_beside(text: bytes) -> frozenset[int]:
    """Characters that may not stand beside `text`; none when it is long enough to mean itself anywhere."""
    if _DIGITS.issuperset(text):
        return _DIGITS if len(text) < _STANDS["digits"] else frozenset()
    enough = _STANDS["hexadecimal" if _HEX.issuperset(text) else "other"]
    return _ALNUM if len(text) < enough else frozenset()
