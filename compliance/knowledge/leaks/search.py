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
from compliance.knowledge.leaks.shapes import AS_BYTES, MIN_LENGTH, Needle, shapes
from compliance.model.activity import Request

_WINDOW = 5
_STRIDE = MIN_LENGTH - _WINDOW + 1
#: Texts with less than about 48 bits must stand alone: inside a longer number or word they are found by chance.
_STANDS = {"digits": 15, "hexadecimal": 12, "other": 10}
#: A value without a structure of its own, and what may be a part of one: with a digit, so that it is no word.
_ONE_WORD = re.compile(r"[0-9A-Za-z]{16,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_PIECE = re.compile(r"(?=[^0-9]*[0-9])[0-9A-Za-z-]{10,}")
#: Shorter numbers may be moments.
_PIECE_OF_DIGITS = 17
#: Texts without a hit that are remembered, because headers repeat from request to request.
_REMEMBERED = 20_000
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
        self._whole: dict[str, Needle] = {}
        """Values of which a part means itself, in lower case."""
        for needle in dict.fromkeys(needles):
            if len(needle.value) >= MIN_LENGTH:
                self._add(needle)

    def __bool__(self) -> bool:
        """Is there anything to look for."""
        return bool(self._meaning)

    def _add(self, needle: Needle) -> None:
        if _ONE_WORD.fullmatch(needle.value):
            self._whole.setdefault(needle.value.lower(), needle)
        for text, shape in shapes(needle.value):
            if text not in self._meaning:
                for offset in range(_STRIDE):
                    self._windows[text[offset : offset + _WINDOW]].append((offset, text))
                if same := _not_beside(text):
                    self._alone[text] = same
            self._meaning[text].append(Found(needle, shape))

    def in_text(self, text: str) -> tuple[Found, ...]:
        """Needles in a text: one `Found` for each, in its simplest shape."""
        if not self._windows or len(text) < MIN_LENGTH or text in self._clean:
            return ()
        found: dict[Needle, Found] = {}
        for names, layer in _layers(text):
            for one in self._meant(names, layer):
                found.setdefault(one.needle, one)
        if not found and len(self._clean) < _REMEMBERED:
            self._clean.add(text)
        return tuple(found.values())

    def counted(self, text: str) -> dict[Found, int]:
        """How often each needle stands in a text, for each shape in which it does."""
        if not self.in_text(text):
            return {}
        counts: dict[Found, int] = defaultdict(int)
        for names, layer in _layers(text):
            for one in self._meant(names, layer):
                counts[one] += 1
        return dict(counts)

    def _meant(self, names: tuple[str, ...], layer: bytes) -> Iterator[Found]:
        for hit in self._in_layer(layer.lower()):
            for meant in self._meaning[hit]:
                if meant.shape == AS_BYTES and HEXADECIMAL in names and "-" not in meant.needle.value:
                    continue  # the bytes were taken from the value itself, which stands there as it is
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
                known = {hit.needle for hit in hits}
                hits += (hit for hit in self._cut(part, text) if hit.needle not in known)
        return hits

    def _cut(self, part: Part, text: str) -> Iterator[Hit]:
        """Parameters and fields whose value is a long part of a needle: who sends two halves sends all of it."""
        for name, value in pairs(part, text):
            if _PIECE.fullmatch(value) and not (value.isdigit() and len(value) < _PIECE_OF_DIGITS):
                for whole, needle in self._whole.items():
                    for spelled, shape in ((value, "a part of it"), (value[::-1], "a part of it, backwards")):
                        if len(value) < len(whole) and spelled.lower() in whole:
                            yield Hit(needle, shape, part, name)
                            break


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
