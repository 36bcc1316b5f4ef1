"""How much of a text cannot be read: encrypted, compressed beyond recognition, or binary."""

from __future__ import annotations

import re

from compliance.knowledge.identifiers.capacity import bits
from compliance.knowledge.identifiers.kinds import word_like

#: Random numbers of a page view have 128 bits, at times 256; what is longer has room for a visitor, encrypted.
OPAQUE_BITS = 272.0

_RUN = re.compile(r"[A-Za-z0-9+/_=-]{40,}", re.ASCII)
_PART = re.compile(r"[A-Za-z0-9]+", re.ASCII)
#: Parts of base64 that is cut at its separators are a third of the alphabet long on average; words are shorter.
_SHORT = 12


def opaque_bits(text: str) -> float:
    """Bits of what stands in `text` and is neither words nor numbers nor a known encoding, at least roughly.

    Counted are long runs of the alphabets of base64 and hexadecimal without the words in them, and bytes that no
    text has. The caller has taken off what can be taken off.
    """
    binary = sum(not c.isprintable() and c not in "\t\r\n" for c in text)
    # Of random bytes 65 in 256 are such; a few of them are separators.
    total = 32.0 * binary if binary > len(text) / 16 else 0.0
    for run in _RUN.findall(text):
        parts = [p for p in _PART.findall(run) if len(p) >= _SHORT and not p.isdigit() and not word_like(p)]
        # A path or a row of names has many short parts; what is encrypted, hardly any.
        if sum(map(len, parts)) * 2 >= len(run):
            total += bits(["".join(parts)])
    return total
