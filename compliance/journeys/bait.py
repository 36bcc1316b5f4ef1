"""Bait: what is typed into forms, recognisable wherever it turns up again, also encoded or hashed."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from urllib.parse import quote, quote_plus, unquote_plus

_LETTERS = "bcdfghjkmnpqrstvwxz"
#: Shorter values ("12", "on") would be found everywhere.
_MIN = 6


class Bait:
    """The values of one browser: all of them carry one random word, or random digits."""

    def __init__(self) -> None:
        self.word = "".join(secrets.choice(_LETTERS) for _ in range(10))
        self.digits = f"20255501{secrets.randbelow(100):02d}"
        """A number of the range that is kept free for fiction."""
        self._plain: set[str] = set()
        self._exact: set[str] = set()
        for value in (self.word, self.digits):
            self.add(value)

    @property
    def email(self) -> str:
        """An address that belongs to nobody (RFC 2606)."""
        return f"{self.word}@example.org"

    def add(self, value: str) -> None:
        """Remember a value that was typed."""
        value = value.strip()
        if len(value) < _MIN:
            return
        for form in {value, value.lower()}:
            raw = form.encode()
            self._plain |= {form.lower(), quote(form).lower(), quote_plus(form).lower(), raw.hex()}
            self._plain |= {h(raw).hexdigest() for h in (hashlib.md5, hashlib.sha1, hashlib.sha256)}
            for shift in range(3):
                # The same bytes look different in base64 depending on where in it they begin.
                code = base64.b64encode(b"\0" * shift + raw).decode()
                core = code[(0, 2, 3)[shift] :].rstrip("=")[: -1 if (shift + len(raw)) % 3 else None]
                self._exact |= {core, core.replace("+", "-").replace("/", "_")}

    def found(self, text: str) -> bool:
        """Does `text` carry anything that was typed."""
        readings = {text, unquote_plus(text)}
        if any(needle in reading for reading in readings for needle in self._exact):
            return True
        lower = {reading.lower() for reading in readings}
        if any(needle in reading for reading in lower for needle in self._plain):
            return True
        digits = re.sub(r"[\s().+-]", "", unquote_plus(text))
        return self.digits in digits

    def without(self, text: str) -> str:
        """`text` with the bait taken out, for records."""
        return re.sub(re.escape(self.word), "…", text, flags=re.IGNORECASE).replace(self.digits, "…")
