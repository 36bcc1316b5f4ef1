"""What a needle looks like after hashing: the texts to look for, made once for each needle.

Encodings are not here: they are taken off what is searched (`peel`), so that a needle is found inside
encoded text of which it is only a part. A hash cannot be taken off, so hashes are made beforehand.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote_plus

#: Shorter values turn up by chance; they are not searched.
MIN_LENGTH = 8
PLAIN, AS_BYTES = "plain", "as bytes"
#: Hexadecimal of enough bytes to mean itself, dashes left out.
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
#: Hashes that pages use for identifiers (Englehardt et al., PoPETs 2018; Senol et al., USENIX Security 2022).
HASHES = ("md5", "sha1", "sha256", "sha384", "sha512")
#: Hashes that are hashed once more.
_INNER = ("md5", "sha1", "sha256")


@dataclass(frozen=True, slots=True)
class Needle:
    """Something to look for."""

    name: str
    """What it is, for messages: the name of a cookie, of a form's field."""
    value: str
    others: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """The same of independent visitors: a part of `value` that stands in one of these, too, tells nobody apart."""


def shapes(value: str) -> Iterator[tuple[bytes, str]]:
    """Texts that give `value` away, in lower case, with the name of their shape.

    Plain, backwards, and what is hexadecimal as bytes; the five hashes of the value as it is, in lower and in
    upper case, and of its base64 and its hexadecimal form; the hashes of its MD5, SHA-1 and SHA-256 as hexadecimal
    text. Each hash as hexadecimal text and as bytes: base64 of a hash shows its bytes when it is decoded.
    """
    data = _bytes(value)
    yield data.lower(), PLAIN
    yield data.lower()[::-1], "backwards"
    bare = value.replace("-", "")
    if _HEX.fullmatch(bare):
        yield bytes.fromhex(bare).lower(), AS_BYTES
    if b" " in data:
        yield quote_plus(value).encode().lower(), PLAIN
        yield data.replace(b" ", b"+").lower(), PLAIN
    spelled = {data: "", _bytes(value.lower()): " in lower case", _bytes(value.upper()): " in upper case"}
    spelled |= {how(data): f" as {name}" for name, how in _WRITTEN.items()}
    spelled = {text: how for text, how in reversed(spelled.items()) if how} | {data: ""}
    for text, how in spelled.items():
        for name in HASHES:
            yield from _both(_digest(name, text), f"{_NAMES[name]} of the value{how}")
    for inner in _INNER:
        text = _digest(inner, data).hex().encode()
        for name in HASHES:
            yield from _both(_digest(name, text), f"{_NAMES[name]} of the {_NAMES[inner]} of the value")


_NAMES = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
_WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "base64": base64.b64encode,
    "hexadecimal": lambda data: data.hex().encode(),
}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()


def _both(digest: bytes, shape: str) -> Iterator[tuple[bytes, str]]:
    yield digest.hex().encode(), shape
    yield digest.lower(), shape
