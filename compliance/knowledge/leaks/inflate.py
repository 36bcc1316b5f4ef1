"""Compressed data inside what was sent: gzip, zlib and bare deflate, also within text and cut short.

Recorders compress before they send (`CompressionStream`, pako, fflate). The bytes come here as they were recorded:
bytes that are no UTF-8 stand as the characters of their numbers, and a compressed piece may stand in a JSON string
with escapes, after a line of text, or several times in one body.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

#: Bytes that are taken out of one text at most: a few kilobytes can hold gigabytes.
MAX_OUT = 1_048_576
#: Beginnings of compressed pieces that are tried in one text.
_TRIES = 64
#: Shorter pieces are found by chance.
_MIN = 8
#: Share of printable characters from which on something is text.
_TEXT = 0.9

_BEGINS = re.compile(rb"\x1f\x8b\x08|x[\x01\x5e\x9c\xda]")
#: The same, also as UTF-8 of these characters, and as escapes of JSON.
_MAY_BEGIN = re.compile(
    rb"\x1f(?:\xc2?\x8b)|x(?:[\x01\x5e\x9c\xda]|\xc2\x9c|\xc3\x9a)|\\u001f|x\\u00(?:01|9c|da)", re.IGNORECASE
)
_ESCAPE = re.compile(rb'\\(?:u([0-9A-Fa-f]{4})|(["\\/bfnrt]))')
_NAMED = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_PRINTABLE = bytes(range(32, 127)) + b"\t\r\n"


def inflated(data: bytes) -> bytes:
    """What is compressed in `data`, piece after piece; empty when nothing is."""
    for form in _forms(data):
        if out := b"\n".join(_pieces(form)):
            return out
    return b""


def is_text(data: bytes) -> bool:
    """Is it nearly all printable, as ASCII or UTF-8."""
    if len(data.translate(None, _PRINTABLE)) <= len(data) * (1 - _TEXT):
        return True
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum(c.isprintable() or c in "\t\r\n" for c in text) >= len(text) * _TEXT


def as_bytes(data: bytes) -> bytes:
    """UTF-8 of characters below 256 as the bytes of their numbers; `data` itself when it is something else."""
    try:
        return data.decode("utf-8").encode("latin-1")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return data


def _forms(data: bytes) -> Iterator[bytes]:
    """Bytes that `data` may stand for."""
    if _MAY_BEGIN.search(data):
        yield data
        yield as_bytes(data)
        if b"\\" in data:
            yield _ESCAPE.sub(_unescaped, data).decode("utf-8", "ignore").encode("latin-1", "ignore")
    raw = as_bytes(data)
    if not is_text(raw[:2000]):
        out = _piece(raw, -zlib.MAX_WBITS)[0]
        if len(out) > len(raw) and is_text(out[:2000]):
            yield zlib.compress(out)  # bare deflate has no beginning to look for


def _unescaped(match: re.Match[bytes]) -> bytes:
    code, name = match.groups()
    return chr(int(code, 16)).encode("utf-8", "replace") if code else _NAMED.get(name, name)


def _pieces(data: bytes) -> Iterator[bytes]:
    at, room = 0, MAX_OUT
    for _ in range(_TRIES):
        begin = _BEGINS.search(data, at)
        if begin is None or room <= 0:
            return
        out, used = _piece(data[begin.start() :], zlib.MAX_WBITS | 32, room)
        if len(out) >= _MIN:
            yield out
            room -= len(out)
        at = begin.start() + max(used if len(out) >= _MIN else 0, 1)


def _piece(data: bytes, bits: int, room: int = MAX_OUT) -> tuple[bytes, int]:
    """What the piece at the beginning of `data` holds, and how long it is; of one that is cut, what there is."""
    reader = zlib.decompressobj(bits)
    out = bytearray()
    # In steps: of a piece that breaks, what came before is kept.
    for start in range(0, len(data), 4096):
        try:
            out += reader.decompress(data[start : start + 4096], max(1, room - len(out)))
        except zlib.error:
            break
        if reader.eof or len(out) >= room:
            break
    return bytes(out), len(data) - len(reader.unused_data) if reader.eof else len(data)
