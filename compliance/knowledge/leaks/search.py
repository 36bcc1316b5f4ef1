"""Looks for many needles at once, in time that grows with the data and not with the needles.

Every text to look for has at least 8 bytes. So at whatever place it stands, one of its first four windows of
5 bytes begins at a multiple of 4 there: only every fourth window of the data is looked up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from compliance.knowledge.leaks.parts import Part, parameter, parts_of
from compliance.knowledge.leaks.peel import layers
from compliance.knowledge.leaks.shapes import MIN_LENGTH, Needle, shapes
from compliance.model.activity import Request

_WINDOW = 5
_STRIDE = MIN_LENGTH - _WINDOW + 1
#: Texts with less than about 48 bits must stand alone: inside a longer number or word they are found by chance.
_STANDS = {"digits": 15, "hexadecimal": 12, "other": 10}
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
        for needle in dict.fromkeys(needles):
            if len(needle.value) >= MIN_LENGTH:
                self._add(needle)

    def __bool__(self) -> bool:
        """Is there anything to look for."""
        return bool(self._meaning)

    def _add(self, needle: Needle) -> None:
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
        for names, layer in layers(text.encode("utf-8", "surrogatepass")):
            for hit in self._in_layer(layer.lower()):
                for meant in self._meaning[hit]:
                    shape = ", ".join((meant.shape, *reversed(names)))
                    found.setdefault(meant.needle, Found(meant.needle, shape))
        if not found and len(self._clean) < _REMEMBERED:
            self._clean.add(text)
        return tuple(found.values())

    def counted(self, text: str) -> dict[Found, int]:
        """How often each needle stands in a text, for each shape in which it does."""
        if not self.in_text(text):
            return {}
        counts: dict[Found, int] = defaultdict(int)
        for names, layer in layers(text.encode("utf-8", "surrogatepass")):
            for hit in self._in_layer(layer.lower()):
                for meant in self._meaning[hit]:
                    counts[Found(meant.needle, ", ".join((meant.shape, *reversed(names))))] += 1
        return dict(counts)

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
        return hits


def _not_beside(text: bytes) -> frozenset[int]:
    """Characters that may not stand beside `text`; none when it is long enough to mean itself anywhere."""
    if _DIGITS.issuperset(text):
        return _DIGITS if len(text) < _STANDS["digits"] else frozenset()
    enough = _STANDS["hexadecimal" if _HEX.issuperset(text) else "other"]
    return _ALNUM if len(text) < enough else frozenset()
