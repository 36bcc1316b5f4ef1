"""Encodings taken off, one inside the other: percent, escapes of JSON, base64 and hexadecimal, compression.

Works on bytes. A layer holds everything that one step can decode of the layer above, joined by line breaks;
so its size, and with it the time, stays proportional to the text.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

from compliance.knowledge.leaks.inflate import inflated
from compliance.knowledge.leaks.shapes import MIN_LENGTH

#: Encodings that are taken off inside one another.
DEPTH = 3
HEXADECIMAL = "hexadecimal"
#: Percent signs that are themselves encoded (`%2525`) count as one step, up to this often.
_PERCENTS = 4

_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_BACKSLASH = re.compile(rb"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(/))")
# The shortest base64 that holds MIN_LENGTH bytes.
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{%d,}" % -(-MIN_LENGTH * 4 // 3))
_HEX = re.compile(rb"[0-9A-Fa-f]{%d,}" % (MIN_LENGTH * 2))
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def layers(data: bytes) -> Iterator[tuple[tuple[str, ...], bytes]]:
    """`data` itself and what is left after each way to take off up to `DEPTH` encodings, with their names."""
    level: list[tuple[tuple[str, ...], bytes]] = [((), data)]
    known = {data}
    for depth in range(DEPTH + 1):
        below: list[tuple[tuple[str, ...], bytes]] = []
        for names, layer in level:
            yield names, layer
            if depth == DEPTH:
                continue
            for name, decode in _STEPS:
                inner = decode(layer)
                if len(inner) >= MIN_LENGTH and inner not in known:
                    known.add(inner)
                    below.append(((*names, name), inner))
        level = below


def _percent(data: bytes) -> bytes:
    for _ in range(_PERCENTS):
        if not _PERCENT.search(data):
            break
        data = unquote_to_bytes(data)
    return data


def _backslash(data: bytes) -> bytes:
    return _BACKSLASH.sub(_unescaped, data) if b"\\" in data else data


def _unescaped(match: re.Match[bytes]) -> bytes:
    wide, narrow, _ = match.groups()
    if wide or narrow:
        return chr(int(wide or narrow, 16)).encode("utf-8", "surrogatepass")
    return b"/"


def _base64(data: bytes) -> bytes:
    out = []
    for run in _BASE64.findall(data):
        text = run.translate(_URL_SAFE)
        for offset in range(4):
            part = text[offset:]
            # One character too many stands for six bits, which are no byte.
            part = part[:-1] if len(part) % 4 == 1 else part
            out.append(base64.b64decode(part + b"=" * (-len(part) % 4)))
    return b"\n".join(out)


def _hex(data: bytes) -> bytes:
    out = []
    for run in _HEX.findall(data):
        for offset in range(2):
            part = run[offset:]
            out.append(bytes.fromhex(part[: len(part) // 2 * 2].decode()))
    return b"\n".join(out)


def _narrow(data: bytes) -> bytes:
    """UTF-16 as text: `btoa` of 16-bit strings and the like."""
    return data.replace(b"\0", b"") if b"\0" in data else data


_STEPS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("percent-encoded", _percent),
    ("escaped", _backslash),
    ("base64", _base64),
    (HEXADECIMAL, _hex),
    ("UTF-16", _narrow),
    ("compressed", inflated),
)
