"""Site text made fit to be shown: the one sanitizer, addresses, and values that stay private.

Whatever a site wrote may be hostile to the reader (terminal escapes, text
directions that turn a name around, a megabyte of anything) or private (a token
in an address). `text` answers the first, `shown` and `address` the second.
Escaping for HTML is the template engine's work and happens on top.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

#: Characters of one string that a report shows; the whole string is in the run directory.
LIMIT = 2000

#: Letters and marks that draw nothing although Unicode calls them printable.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_BLANK = re.compile(f"[{''.join(sorted(_BLANKS))}]")
_SPACES = re.compile(r"[\t\n\r \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
#: No language stacks so many marks on one letter; pages do, to draw over their neighbours.
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED = re.compile(f"({_MARKS}{{3}}){_MARKS}+")
_USERINFO = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]{0,20}://)([^/?#@]+)@")
#: Bounded, so that a hostile address costs linear time.
_PAIR = re.compile(r"([?&#;])([^=&#;]{1,80})=([^&#;]+)")
_SECRET = re.compile(r"token|secret|passw|pwd|api_?-?key|signature|session|auth|e-?mail|jwt", re.IGNORECASE)


def text(value: str, limit: int = LIMIT) -> str:
    r"""`value` as one line of visible characters, cut after `limit`.

    Controls, text-direction marks, zero-width characters and lone surrogates
    appear as `\xNN` or `\uNNNN`; runs of white space as one space.
    """
    cut = value[:limit]
    if not cut.isprintable() or _BLANK.search(cut):
        cut = "".join(c if c.isprintable() and c not in _BLANKS else _escaped(c) for c in _SPACES.sub(" ", cut))
    elif "  " in cut:
        cut = _SPACES.sub(" ", cut)
    if not cut.isascii():
        cut = _STACKED.sub(r"\1…", cut)
    return cut if len(value) <= limit else f"{cut}… [cut: {len(value):,} characters in all]"


def _escaped(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def shown(value: str) -> str:
    """A private value so that it can be recognised and not used: first characters, length, short digest."""
    start = value[: min(4, len(value) // 2)]
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{start}…({len(value)} characters, sha256 {digest})"


@dataclass(frozen=True, slots=True)
class Address:
    """An address as a report shows it."""

    text: str
    href: str = ""
    """Where a click may lead; empty when nobody should be led there."""


def address(url: str) -> Address:
    """`url` to read, and to click where that is safe and still the same address.

    Only http and https become links. Credentials and the values of parameters that
    name a token, a session or an e-mail address are shown by `shown`, and such an address is no link.
    """
    redacted = _USERINFO.sub(lambda m: f"{m[1]}{shown(m[2])}@", url[:LIMIT])
    redacted = _PAIR.sub(_private, redacted)
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return Address(text(redacted))
    safe = (
        parts.scheme in ("http", "https")
        and bool(host)
        and redacted == url
        and url.isprintable()
        and not any(c in url for c in ' \\<>"')
    )
    note = f"… [cut: {len(url):,} characters in all]" if len(url) > LIMIT else ""
    return Address(text(redacted, limit=2 * LIMIT) + note, url if safe else "")


def _private(match: re.Match[str]) -> str:
    separator, name, value = match.groups()
    private = _SECRET.search(name) or "@" in value or "%40" in value
    return f"{separator}{name}={shown(value)}" if private else match[0]
