"""Which sentences of a policy version a quote stands in, and what became of every sentence.

`PolicyVersion.find` says the same for one quote; here the text is normalised once for all of them, because
a spec has hundreds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from compliance.model.policy import PolicyVersion, Sentence, normalised
from compliance.model.run import SentenceAccount
from compliance.specfile.collector import quoted

_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class QuoteFinder:
    """Looks for quotes in one policy version."""

    version: PolicyVersion
    _text: str = ""
    _spans: list[tuple[int, int, Sentence]] = field(default_factory=list)
    _whole: dict[str, list[Sentence]] = field(default_factory=dict)
    _words: list[tuple[frozenset[str], Sentence]] = field(default_factory=list)

    def __post_init__(self) -> None:
        parts, at = [], 0
        for sentence in self.version.sentences:
            text = normalised(sentence.text)
            parts.append(text)
            # As in `PolicyVersion.find`: sentences are joined by one space, and nothing goes before the first.
            at += bool(at)
            self._spans.append((at, at + len(text), sentence))
            self._whole.setdefault(text, []).append(sentence)
            at += len(text)
        self._text = ""
        for part in parts:
            self._text += f" {part}" if self._text else part

    def touched(self, quote: str) -> tuple[Sentence, ...]:
        """The sentences that a quote accounts for; empty when the policy does not contain it.

        A quote that is a whole sentence (a heading such as "Cookies", a line that the policy repeats) stands
        for every sentence with exactly that text, not for the first longer one that happens to contain it.
        """
        wanted = normalised(quote)
        if not wanted:
            return ()
        if wanted in self._whole:
            return tuple(self._whole[wanted])
        at = self._text.find(wanted)
        if at < 0:
            return ()
        end = at + len(wanted)
        return tuple(s for start, stop, s in self._spans if start < end and stop > at)

    def is_whole(self, quote: str) -> bool:
        """Is it the whole text of a sentence (of each one that says the same)."""
        return normalised(quote) in self._whole

    def places(self, quote: str) -> int:
        """In how many places the policy says this."""
        wanted = normalised(quote)
        if not wanted:
            return 0
        return len(self._whole.get(wanted, ())) or self._text.count(wanted)

    def closest(self, quote: str) -> str:
        """A hint for a quote that is not in the policy: the sentence it may mean, and the first words that differ."""
        if not self._words:
            self._words = [(frozenset(_WORD.findall(normalised(s.text))), s) for s in self.version.sentences]
        wanted = frozenset(_WORD.findall(normalised(quote)))
        score, best = 0.0, None
        for words, sentence in self._words:
            common = len(words & wanted)
            likeness = 2 * common / ((len(words) + len(wanted)) or 1)
            if likeness > score:
                score, best = likeness, sentence
        if best is None or score < 0.3:
            return "copy the words from the stored version; nothing there is close to it"
        return f"closest is sentence {best.number}: {quoted(best.text, 200)}{_first_difference(quote, best.text)}"


def _first_difference(quote: str, sentence: str) -> str:
    """Where a quote leaves the sentence, when both run side by side for a while."""
    mine, theirs = quote.split()[:400], sentence.split()[:400]
    matcher = SequenceMatcher(None, [normalised(w) for w in mine], [normalised(w) for w in theirs], autojunk=False)
    if matcher.ratio() < 0.6:
        return ""
    for kind, a, b, c, d in matcher.get_opcodes():
        # Words before and after the quote are no difference: a part of a sentence may be quoted.
        outside = kind == "insert" and (a in (0, len(mine)))
        if kind != "equal" and not outside:
            here, there = " ".join(mine[a:b]), " ".join(theirs[c:d])
            return f"; the quote says {quoted(here)}, the policy {quoted(there)}"
    return ""


def accounts(
    finder: QuoteFinder, promised: Iterable[tuple[str, str]], not_promised: Iterable[tuple[str, str]]
) -> tuple[SentenceAccount, ...]:
    """One account per sentence, without outcomes.

    Args:
        finder: The policy version.
        promised: Promise id and quote.
        not_promised: Quote and why it commits the site to nothing.
    """
    promises: dict[int, dict[str, None]] = {}
    because: dict[int, str] = {}
    for promise, quote in promised:
        for sentence in finder.touched(quote):
            promises.setdefault(sentence.number, {})[promise] = None
    for quote, reason in not_promised:
        for sentence in finder.touched(quote):
            because.setdefault(sentence.number, reason)
    return tuple(
        SentenceAccount(
            number=s.number,
            text=s.text,
            section=s.section,
            paragraph=s.paragraph,
            heading=s.heading,
            promises=tuple(promises.get(s.number, ())),
            not_promised=because.get(s.number, ""),
        )
        for s in finder.version.sentences
    )
