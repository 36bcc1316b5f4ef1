"""A value taken apart: names, decoded layers, and the pieces that can be compared.

Whole values hide identifiers: two `_ga` values written in the same second are 76 % alike, because most
of the text is a format and a time. So a value is decoded (URL encoding, JSON, base64, JWT) and split, and
pieces at the same place are compared.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any
from urllib.parse import unquote

Path = tuple[str, ...]
#: Place in the value → the pieces that stand there, in order.
Parsed = dict[Path, list[str]]
#: Place and, for each value that was aligned, the piece that it has there.
Row = tuple[Path, tuple[str | None, ...]]

#: Stands between the varying part of a cookie's name and its value (no cookie holds control characters).
NAME_END = "\x1f"
#: Place of the varying part of a name.
NAME: Path = ("(name)",)

#: Encodings that are undone inside one another.
MAX_DEPTH = 3
_NO_LAYERS = MAX_DEPTH + 1
#: Cookies end at 4 KiB; what is longer is cut.
MAX_LENGTH = 16_384
MAX_PIECES = 256
_MAX_NESTING = 20

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_NOISE = re.compile(rf"{_UUID}|[0-9a-fA-F]{{8,}}|\d{{4,}}", re.ASCII)
# A moment with a fraction or a zone is one piece; cut at its dots its parts would look like small secrets.
_FRACTION = r"1\d{9}\.\d{3,9}"
_PIECE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?(?![A-Za-z0-9_-])"
    rf"|(?<![A-Za-z0-9_-]){_FRACTION}(?![A-Za-z0-9_-])"
    r"|[A-Za-z0-9_-]+"
    # Letters beyond ASCII in a row: a language that is the same for all, or bytes written as letters.
    r"|[^\x00-\x7f]{6,}",
    re.ASCII,
)
_MOMENT = re.compile(_FRACTION)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")


def pieces_of(text: str) -> list[str]:
    """The pieces of a text, no layer decoded."""
    return _PIECE.findall(text)


def normal_name(name: str) -> str:
    """`name` with UUIDs, hexadecimal runs of 8 and digit runs of 4 characters or more replaced by `#`."""
    return _NOISE.sub("#", name)


def name_noise(name: str) -> str:
    """What `normal_name` leaves out of a name."""
    return " ".join(_NOISE.findall(name))


def parse_all(values: Sequence[str | None]) -> list[Parsed | None]:
    """Parse values that belong together. A layer that not all of them have was no layer but chance.

    Nor was a moment with a fraction, which two random numbers with a dot between them may look like.
    """
    parsed = [None if v is None else _parse(v, decode=True) for v in values]
    if len({p[1] for p in parsed if p is not None}) > 1:
        parsed = [None if v is None else _parse(v, decode=False) for v in values]
    made = [None if p is None else p[0] for p in parsed]
    moments = {sum(_MOMENT.fullmatch(one) is not None for pieces in p.values() for one in pieces) for p in made if p}
    return made if len(moments) <= 1 else [None if p is None else _without_moments(p) for p in made]


def _without_moments(parsed: Parsed) -> Parsed:
    """Moments with a fraction as the two numbers that they are made of."""
    return {
        place: [part for one in pieces for part in (one.split(".") if _MOMENT.fullmatch(one) else (one,))]
        for place, pieces in parsed.items()
    }


def parse(value: str) -> Parsed:
    """Places and pieces of one value."""
    return _parse(value, decode=True)[0]


def unwrapped(text: str) -> str:
    """`text` without the encodings around all of it, at most `MAX_DEPTH` of them; of a web token, what it claims."""
    for _ in range(MAX_DEPTH):
        plain = unquote(text) if "%" in text else text
        token = _token_of_web(plain)
        if token is not None:
            return json.dumps(token)
        inner = _base64(plain) or plain
        if inner == text:
            break
        text = inner
    return text


def _parse(value: str, *, decode: bool) -> tuple[Parsed, str]:
    """Pieces, and the kind of the outermost layer."""
    out: Parsed = {}
    noise, marked, rest = value[:MAX_LENGTH].partition(NAME_END)
    if marked:
        _split(noise, NAME, out)
    layer = _walk(rest if marked else noise, (), 0 if decode else _NO_LAYERS, out)
    return out, layer


def _walk(text: str, path: Path, depth: int, out: Parsed) -> str:
    """Decode one layer and go on, or split what is left; returns what the layer was."""
    for _ in range(2):
        if "%" in text:
            text = unquote(text)
    token = _token_of_web(text) if depth < MAX_DEPTH else None
    if token is not None:
        _flatten(token, path, depth + 1, out)
        return "jwt"
    data = _json(text) if depth < _NO_LAYERS else None
    if data is not None:
        _flatten(data, path, depth, out)
        return "json"
    plain = _base64(text) if depth < MAX_DEPTH else None
    if plain is not None:
        _walk(plain, path, depth + 1, out)
        return "base64"
    _split(text, path, out)
    return ""


def _flatten(data: Any, path: Path, depth: int, out: Parsed) -> None:
    if isinstance(data, dict) and len(path) < _MAX_NESTING:
        for key, value in data.items():
            plain = normal_name(str(key))
            if plain != key:  # an identifier used as a key
                _split(name_noise(str(key)), (*path, plain, "(key)"), out)
            _flatten(value, (*path, plain), depth, out)
    elif isinstance(data, list) and len(path) < _MAX_NESTING:
        for index, value in enumerate(data[:MAX_PIECES]):
            _flatten(value, (*path, str(index)), depth, out)
    elif isinstance(data, str):
        _walk(data, path, depth, out)
    elif isinstance(data, dict | list):  # too deep to matter
        _put(out, path, "nested")
    else:
        _put(out, path, "null" if data is None else str(data).lower())


def _split(text: str, path: Path, out: Parsed) -> None:
    """Split at everything but letters, digits, `_` and `-`; `name=` names what follows it."""
    pieces = list(_PIECE.finditer(text))
    place = path
    for piece, after in zip_longest(pieces, pieces[1:]):
        if after is not None and text[piece.end() : after.start()] == "=":
            plain = normal_name(piece.group())
            place = (*path, plain)
            if plain != piece.group():
                _put(out, (*place, "(key)"), name_noise(piece.group()))
        else:
            _put(out, place, piece.group())


def _put(out: Parsed, path: Path, piece: str) -> None:
    kept = out.setdefault(path, [])
    if len(kept) < MAX_PIECES and len(out) < MAX_PIECES:
        kept.append(piece)


def _json(text: str) -> Any:
    """JSON objects, lists and strings; numbers keep their spelling."""
    text = text.strip()
    if text[:1] not in ("{", "[", '"'):
        return None
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None


def _bytes(text: str) -> bytes | None:
    body = text.rstrip("=")
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_" if set(body) & {"-", "_"} else None)
    except (binascii.Error, ValueError):
        return None


def _base64(text: str) -> str | None:
    """Printable text that was encoded; random strings hardly ever decode to any."""
    if not _BASE64.fullmatch(text) or text.isdigit():
        return None
    data = _bytes(text)
    if data is None:
        return None
    try:
        plain = data.decode("utf-8" if data[:1] in (b"{", b"[") else "ascii")
    except UnicodeDecodeError:
        return None
    return plain if plain and all(c.isprintable() or c in "\r\n\t" for c in plain) else None


def _token_of_web(text: str) -> dict[str, Any] | None:
    """Header and claims of a JSON Web Token; its signature says nothing that these do not."""
    parts = text.split(".")
    if len(parts) != 3 or not all(re.fullmatch(r"[A-Za-z0-9_-]*", p) for p in parts) or not parts[0]:
        return None
    decoded = []
    for part in parts[:2]:
        data = _bytes(part)
        claims = None if data is None else _json(data.decode("utf-8", "replace"))
        if not isinstance(claims, dict):
            return None
        decoded.append(claims)
    return {"header": decoded[0], "claims": decoded[1]} if "alg" in decoded[0] else None


def align(parsed: Sequence[Parsed | None]) -> list[Row]:
    """Rows of pieces that stand at the same place; the first value is the one others are aligned to."""
    rows: list[Row] = []
    places = dict.fromkeys(place for p in parsed if p is not None for place in p)
    for place in places:
        lists = [None if p is None else p.get(place) for p in parsed]
        if len({len(pieces) for pieces in lists if pieces is not None}) > 1 and lists[0] is not None:
            rows += [(place, row) for row in _by_shape(lists)]
        else:
            columns = [pieces or [] for pieces in lists]
            rows += [(place, row) for row in zip_longest(*columns)]
    return rows


def _by_shape(lists: Sequence[list[str] | None]) -> list[tuple[str | None, ...]]:
    """Longest common runs of shapes with the first list; what fits nowhere gets a row of its own."""
    first = lists[0] or []
    table: list[list[str | None]] = [[piece, *([None] * (len(lists) - 1))] for piece in first]
    anchors = set(first).intersection(*(pieces for pieces in lists if pieces is not None))

    def shape(piece: str) -> str:
        return f"={piece}" if piece in anchors else _shape(piece)

    shapes = [shape(piece) for piece in first]
    extra: list[list[str | None]] = []
    for column, pieces in enumerate(lists[1:], start=1):
        taken: set[int] = set()
        matcher = SequenceMatcher(None, shapes, [shape(p) for p in pieces or []], autojunk=False)
        for mine, theirs, size in matcher.get_matching_blocks():
            for offset in range(size):
                table[mine + offset][column] = (pieces or [])[theirs + offset]
                taken.add(theirs + offset)
        for index, piece in enumerate(pieces or []):
            if index not in taken:
                extra.append([piece if c == column else None for c in range(len(lists))])
    return [tuple(row) for row in (*table, *extra)]


def _shape(piece: str) -> str:
    """What a piece looks like, roughly: pieces of one shape may be the same field."""
    if re.fullmatch(_UUID, piece):
        return "uuid"
    if piece.isdigit():
        return "long number" if len(piece) >= 8 else "number"
    if piece.isalpha():
        return "letters"
    return "long mixed" if len(piece) >= 12 else "mixed"
