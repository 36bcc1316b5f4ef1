"""A policy as stored: the snapshot as received, and the version cut into numbered sentences."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

_SPACE = re.compile(r"\s+")
_STRAIGHT = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "\u00a0": " "}
    | dict.fromkeys(("\u2010", "\u2011"), "-")  # hyphens that look like the plain one
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def plain(text: str) -> str:
    """NFKC, straight quotes and dashes, no invisible characters; case and line breaks stay."""
    text = unicodedata.normalize("NFKC", text.translate(_STRAIGHT)).translate(_STRAIGHT)
    return _INVISIBLE.sub("", text)


def normalised(text: str) -> str:
    """Text for comparing: `plain`, single spaces, lower case."""
    return _SPACE.sub(" ", plain(text)).strip().casefold()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a policy version."""

    number: int
    """Counts from 1 through the whole version."""
    text: str
    section: str
    """The nearest heading above, empty before the first."""
    paragraph: int
    """Counts from 1; sentences of one paragraph share it."""
    heading: bool = False
    """A heading is a sentence too: it may promise, and must be accounted for."""


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """The extracted text of a policy at one date."""

    path: str
    """The folder it was read from."""
    site: str
    title: str
    source: str
    """The address it was taken from."""
    captured: date
    sentences: tuple[Sentence, ...]
    digest: str
    """SHA-256 of the normalised text."""
    note: str = ""
    """Where the snapshot comes from, in a person's words."""

    def find(self, quote: str) -> tuple[Sentence, ...]:
        """The sentences that `quote` touches; empty when the policy does not contain it.

        A quote is verbatim policy text (compared after `normalised`): part of a
        sentence, a sentence, or several in a row.
        """
        wanted = normalised(quote)
        if not wanted:
            return ()
        joined, spans = "", []
        for sentence in self.sentences:
            if joined:
                joined += " "
            start = len(joined)
            joined += normalised(sentence.text)
            spans.append((start, len(joined), sentence))
        at = joined.find(wanted)
        if at < 0:
            return ()
        end = at + len(wanted)
        return tuple(s for start, stop, s in spans if start < end and stop > at)


@dataclass(frozen=True, slots=True)
class PolicySnapshot:
    """A policy page as received."""

    url: str
    final_url: str
    captured: date
    html: str
    content_type: str = "text/html"
    headers: tuple[tuple[str, str], ...] = field(default=())
