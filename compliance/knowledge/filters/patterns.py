"""Does an address fit a rule's pattern: anchors, `*` and `^`, without regular expressions.

A pattern is a row of pieces with `*` between them. Each piece is taken at the first place where it fits; for patterns
of this form no other choice can do better, so there is nothing to go back to and the time is bounded by the length of
the address times the length of the pattern, whatever a site writes into its addresses.
"""

from __future__ import annotations

from dataclasses import dataclass

_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.%")

#: A piece, cut at each `^`.
Piece = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """An address to be matched, taken apart once."""

    text: str
    lower: str
    labels: tuple[int, ...]
    """Where the host and each of its labels begin."""


def address(url: str) -> Address:
    """`url` taken apart. It may be anything; what has no host fits no pattern that begins with `||`."""
    if not url.isascii():  # RE2 takes no lone surrogates
        url = url.encode("utf-8", "replace").decode("utf-8")
    scheme = url.find("://")
    if scheme < 0:
        return Address(url, _lower(url), ())
    start = scheme + 3
    end = min((i for c in "/?#" if (i := url.find(c, start)) >= 0), default=len(url))
    start = max(start, url.rfind("@", start, end) + 1)
    # `example.com.` is the same host as `example.com`, and no way around a rule.
    host, colon, port = url[start:end].partition(":")
    if host.endswith("."):
        url = url[:start] + host.rstrip(".") + colon + port + url[end:]
        end -= len(host) - len(host.rstrip("."))
    labels = [start]
    while (dot := url.find(".", labels[-1], end)) >= 0:
        labels.append(dot + 1)
    return Address(url, _lower(url), tuple(labels))


def _lower(text: str) -> str:
    """Lower case that keeps every character at its place: outside ASCII, some become two."""
    return text.lower() if text.isascii() else "".join(c.lower() if c.isascii() else c for c in text)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern taken apart once."""

    pieces: tuple[Piece, ...]
    start: str = ""
    """`||` at a label of the host, `|` at the beginning of the address, empty anywhere."""
    ends: bool = False
    """Up to the end of the address."""
    match_case: bool = False

    def fits(self, url: Address) -> bool:
        """Does `url` fit."""
        text = url.text if self.match_case else url.lower
        if self.start == "||":
            return any(self._fits_at(text, at) for at in url.labels)
        if self.start == "|":
            return self._fits_at(text, 0)
        return self._rest(text, 0, 0)

    def _fits_at(self, text: str, at: int) -> bool:
        at = _at(self.pieces[0], text, at)
        if at < 0:
            return False
        if len(self.pieces) == 1:
            return not self.ends or at == len(text)
        return self._rest(text, at, 1)

    def _rest(self, text: str, at: int, first: int) -> bool:
        """Do the pieces from `first` on fit somewhere after `at`, in their order."""
        last = len(self.pieces) - self.ends
        for piece in self.pieces[first:last]:
            at = _find(piece, text, at)
            if at < 0:
                return False
        return not self.ends or _at_end(self.pieces[-1], text, at)


def pattern(source: str, match_case: bool = False) -> Pattern:
    """The pattern that a rule's text says."""
    if not match_case:
        source = _lower(source)
    start = "||" if source.startswith("||") else "|" if source.startswith("|") else ""
    source = source[len(start) :]
    ends = source.endswith("|")
    source = source[:-1] if ends else source
    pieces = tuple(tuple(piece.split("^")) for piece in source.split("*"))
    # A `*` next to an anchor is an empty piece there, which fits where it is asked and leaves the rest free.
    return Pattern(pieces, start, ends, match_case)


def _separates(character: str) -> bool:
    return character not in _WORD and character.isascii()


def _at(piece: Piece, text: str, at: int) -> int:
    """Where `piece` ends that begins at `at`; -1 where it does not fit."""
    first, *others = piece
    if not text.startswith(first, at):
        return -1
    at += len(first)
    for part in others:
        if at < len(text):
            if not _separates(text[at]):
                return -1
            at += 1
        if not text.startswith(part, at):
            return -1
        at += len(part)
    return at


def _find(piece: Piece, text: str, at: int) -> int:
    """Where the first `piece` from `at` on ends; -1 where there is none."""
    if len(piece) == 1:
        found = text.find(piece[0], at)
        return found if found < 0 else found + len(piece[0])
    while at <= len(text):
        at = text.find(piece[0], at)
        if at < 0:
            return -1
        end = _at(piece, text, at)
        if end >= 0:
            return end
        at += 1
    return -1


def _at_end(piece: Piece, text: str, at: int) -> bool:
    """Does `piece`, begun at `at` or later, reach the end of the address."""
    length = sum(map(len, piece)) + len(piece) - 1
    # A `^` takes one character, or none at the very end.
    shorter = next((n for n, part in enumerate(reversed(piece)) if part), len(piece) - 1)
    return any(
        begin >= at and _at(piece, text, begin) == len(text)
        for begin in range(len(text) - length, len(text) - length + shorter + 1)
    )
