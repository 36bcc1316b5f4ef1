"""E-mail addresses in what is sent, told from what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from compliance.knowledge.identifiers.tokens import unwrapped
from compliance.model.urls import registrable_domain

_MAIL = re.compile(
    r"(?<![\w.%+/@-])([A-Za-z0-9][\w.%+-]{0,63})@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24})"
    r"(?![\w-])",
    re.ASCII,
)
_IN_ADDRESS = re.compile(r"//[^\s/\"']*\Z")
_SCALE = re.compile(r"\d+x", re.IGNORECASE)
#: Percent signs that are themselves encoded, up to this often.
_PERCENTS = 3


def addresses(text: str) -> Iterator[str]:
    """E-mail addresses in a text, in lower case, also below percent encoding and base64 of the whole.

    None of these is one: the user part of an address (`https://key@host/`), the size in a file's name
    (`logo@2x.png`), a version (`lib@1.2.3`), a name without a public suffix.
    """
    plain = unwrapped(text)
    for _ in range(_PERCENTS):
        if "%" in plain:
            plain = unquote(plain)
    if "@" not in plain:
        return
    for found in _MAIL.finditer(plain):
        host = found[2].lower()
        named = registrable_domain(f"x.{host}") != f"x.{host}"  # under a public suffix, and not one itself
        user = _IN_ADDRESS.search(plain, 0, found.start())
        if named and not user and not _SCALE.fullmatch(host.partition(".")[0]):
            yield f"{found[1]}@{host}".lower()
