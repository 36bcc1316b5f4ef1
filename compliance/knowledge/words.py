"""Words as checks compare them: folded text, and patterns from plain word lists."""

from __future__ import annotations

import re
import unicodedata

from compliance.model.policy import normalised

#: Languages (ISO 639-1) whose words the tables of this package hold.
LANGUAGES = frozenset({"en", "de", "fr", "es", "it", "nl", "pt"})

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
_READ = 2000
_NO_WORD = re.compile(r"[^\w]+|_+")


def fold(text: str) -> str:
    """`normalised`, and without accents: `Prénom` and `PRENOM` are one word (`ß` is `ss`)."""
    decomposed = unicodedata.normalize("NFKD", normalised(text))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> str:
    """Folded words with single spaces between them; `contact[firstName]` becomes `contact first name`.

    Only the beginning of a very long text is read: what a field asks for stands there.
    """
    return " ".join(_NO_WORD.sub(" ", fold(_CAMEL.sub(" ", text[:_READ]))).split())


def entries(table: str) -> list[str]:
    """The entries of a word table: separated by commas, over as many lines as it takes."""
    return [" ".join(entry.split()) for entry in table.split(",") if entry.strip()]


def alternatives(table: str) -> str:
    """The entries of a word table as one alternation, without word borders; `*` stands for letters."""
    return "|".join(re.escape(entry).replace(r"\*", r"\w*").replace(r"\ ", " ") for entry in entries(table))


def pattern(table: str) -> re.Pattern[str]:
    """One expression for a word table.

    In an entry `*` stands for letters; `=` in front means "and nothing else".
    """
    parts = ",".join(entry for entry in entries(table) if not entry.startswith("="))
    whole = ",".join(entry.removeprefix("=") for entry in entries(table) if entry.startswith("="))
    found = [rf"\b(?:{alternatives(parts)})\b"] if parts else []
    if whole:
        found.append(rf"^(?:{alternatives(whole)})$")
    return re.compile("|".join(found))
