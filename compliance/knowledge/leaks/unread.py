"""How much of a text nobody here can read: encrypted, or packed in a way that is not known."""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote

from compliance.knowledge.leaks.inflate import as_bytes, inflated, is_text

#: Shorter runs of letters and digits are names, identifiers, signatures.
_RUN = re.compile(r"[^\s\"'{}\[\]:,&=;<>()|\\]{120,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
#: Characters that text and data have few of; what was packed into printable characters has as many as of any other.
_RARE, _RARELY = "!#$*?@^`~|", 0.07
_URL_SAFE = str.maketrans("+/", "-_")


def unreadable(text: str) -> int:
    """Characters of `text` that are neither readable nor can be decoded to something that is."""
    raw = as_bytes(text.encode("utf-8", "surrogatepass"))
    if inflated(raw):
        return 0
    if not is_text(raw):
        return len(raw)
    plain = unquote(text)
    if sum(map(plain.count, _RARE)) > len(plain) * _RARELY:
        return len(text)
    return sum(len(run[0]) for run in _RUN.finditer(plain) if not _readable(run[0]))


def _readable(run: str) -> bool:
    """Does a long run without spaces hold something readable."""
    if _HEX.fullmatch(run):
        data = bytes.fromhex(run)
        return is_text(data) or bool(inflated(data))
    if _BASE64.fullmatch(run):
        data = base64.urlsafe_b64decode(run.translate(_URL_SAFE)[: len(run) // 4 * 4])
        if is_text(data) or inflated(data):
            return True
        # Words with hyphens and paths are base64 by their characters alone; but what was packed has half capitals.
        letters = [c for c in run if c.isalpha()]
        return bool(letters) and not 0.15 < sum(c.isupper() for c in letters) / len(letters) < 0.85
    # With dots and tildes it is an address or a list of names; what was packed has all kinds of characters.
    return len(re.findall(r"[A-Za-z]{3,}", run)) * 12 >= len(run)
