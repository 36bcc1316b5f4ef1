"""Does a text still say what was quoted from it.

The window of the live text that is most like the quote is found by its words, wherever
it stands between menus and footers, and then compared word by word:

| similarity of the best window | state |
|---|---|
| same words and punctuation | `same` |
| 0.95 and more, no word that decides the meaning | `cosmetic` |
| 0.75 and more, or a number, negation, modal verb, party or kind of data differs | `changed` |
| less | `removed` |

A quote that is a whole sentence is changed, too, when the live sentence goes on ("…, except
with our partners") or starts earlier. That policies are watched as a snapshot (as received)
and a version (the text) kept apart follows Open Terms Archive. That "may" and "might" are no
matter of taste follows the WP29 guidelines on transparency (WP260 rev.01, paragraph 13).

Words are compared, not meanings: a sentence reworded throughout is `removed`, whatever it says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from compliance.model.policy import PolicyVersion, Sentence, plain
from compliance.model.wording import STOPS, Token, is_name, kind_of, opposite, same_word, tokens_of

COSMETIC, CHANGED = 0.95, 0.75


class DriftState(StrEnum):
    """What became of a quote."""

    SAME = "same"
    COSMETIC = "cosmetic"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Drift:
    """What became of one quote in the live text."""

    state: DriftState
    similarity: float
    live: str
    """The live wording closest to the quote; empty where nothing is like it."""
    changes: tuple[str, ...] = ()
    """What differs, word by word."""
    span: tuple[int, int] = (0, 0)
    """First and one past the last word of the window, counted in the live text."""


@dataclass(frozen=True, slots=True)
class VersionDrift:
    """What became of a whole stored version."""

    sentences: tuple[tuple[Sentence, Drift], ...]
    added: tuple[str, ...]
    """Passages that stand between known sentences and were not in the stored version."""

    def count(self, state: DriftState) -> int:
        """Sentences in `state`."""
        return sum(drift.state is state for _, drift in self.sentences)

    @property
    def summary(self) -> str:
        """One line for a report."""
        counts = ", ".join(f"{self.count(s)} {s.value}" for s in DriftState if self.count(s))
        return f"{counts}; {len(self.added)} passage{'s' * (len(self.added) != 1)} added"


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with its words and where each occurs."""

    text: str
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    places: dict[str, list[int]]


@lru_cache(maxsize=4)
def _indexed(text: str) -> _Text:
    text = plain(text)
    tokens = tuple(tokens_of(text))
    places: dict[str, list[int]] = defaultdict(list)
    for at, token in enumerate(tokens):
        places[token.word].append(at)
    return _Text(text, tokens, tuple(t.word for t in tokens), dict(places))


def compare(quote: str, live_text: str) -> Drift:
    """State of one quote in the live text (module docstring: how)."""
    live = _indexed(live_text)
    old = plain(quote)
    tokens = tuple(tokens_of(old))
    words = tuple(t.word for t in tokens)
    if not words:
        raise ValueError(f"a quote without words cannot be compared: {quote!r}")
    verbatim = _verbatim(words, live)
    similarity, span = (1.0, verbatim) if verbatim else _closest(words, live)
    if similarity < CHANGED:
        shown = _excerpt(live, span) if similarity >= CHANGED / 2 else ""
        return Drift(DriftState.REMOVED, similarity, shown, (), span)
    span = _whole_sentence(old, live, span)
    changes, decisive, credit = _changes(old, tokens, live, span)
    # A misspelt word that was put right counts for what it has in common with the right one.
    similarity = credit / (len(words) + span[1] - span[0])
    if decisive or (changes and similarity < COSMETIC):
        state = DriftState.CHANGED
    elif changes:
        state = DriftState.COSMETIC
    elif _squeezed(_excerpt(live, span)) != _squeezed(old[tokens[0].start : tokens[-1].end]):
        state, changes = DriftState.COSMETIC, ("punctuation or spelling",)
    else:
        state = DriftState.SAME
    return Drift(state, round(similarity, 3), _excerpt(live, span), changes, span)


def compare_versions(old: PolicyVersion, live_text: str) -> VersionDrift:
    """State of every sentence of a stored version, and what was added between them."""
    pairs = tuple((s, compare(s.text, live_text)) for s in old.sentences if next(tokens_of(plain(s.text)), None))
    live = _indexed(live_text)
    spans = sorted(d.span for s, d in pairs if d.state is not DriftState.REMOVED and d.span[1] - d.span[0] >= 5)
    every = sorted(d.span for _, d in pairs if d.state is not DriftState.REMOVED)
    added: list[str] = []
    if spans:
        at, last = spans[0][0], max(end for _, end in spans)
        for start, end in [*every, (last, last)]:
            if at < start <= last:
                added.append(_excerpt(live, (at, start)))
            at = max(at, end)
    return VersionDrift(pairs, tuple(added))


def _verbatim(words: tuple[str, ...], live: _Text) -> tuple[int, int] | None:
    """Where the words stand in a row, by way of the rarest of them."""
    offset, rarest = min(enumerate(words), key=lambda pair: len(live.places.get(pair[1], ())))
    for place in live.places.get(rarest, ()):
        start = place - offset
        if start >= 0 and live.words[start : start + len(words)] == words:
            return start, start + len(words)
    return None


def _closest(words: tuple[str, ...], live: _Text) -> tuple[float, tuple[int, int]]:
    """Similarity and place of the window that is most like the quote.

    Every occurrence of a rarer word of the quote votes for where the quote would start;
    only around the places with most votes are words aligned.
    """
    rare = sorted(enumerate(words), key=lambda pair: len(live.places.get(pair[1], ())))[: max(12, len(words) // 2)]
    slack = max(3, len(words) // 4)
    votes: Counter[int] = Counter()
    for offset, word in rare:
        places = live.places.get(word, ())
        for place in places:
            bucket = (place - offset) // slack
            weight = 1000 // len(places) + 1
            votes[bucket] += weight
            votes[bucket + 1] += weight
    best = (0.0, (0, 0))
    for bucket, _ in votes.most_common(6):
        low = max(0, (bucket - 1) * slack - slack)
        high = max(0, (bucket + 1) * slack) + len(words) + 2 * slack
        best = max(best, _aligned(words, live.words[low:high], low))
    return best


def _aligned(words: Sequence[str], window: Sequence[str], low: int) -> tuple[float, tuple[int, int]]:
    """The stretch of `window` that shares most with `words`: twice the common words, by all words of both."""
    blocks = [b for b in SequenceMatcher(None, words, window, autojunk=False).get_matching_blocks() if b.size]
    best = (0.0, (low, low))
    for first, begin in enumerate(blocks):
        common = 0
        for block in blocks[first:]:
            common += block.size
            end = block.b + block.size
            ratio = 2 * common / (len(words) + end - begin.b)
            best = max(best, (ratio, (low + begin.b, low + end)))
    return best


def _whole_sentence(old: str, live: _Text, span: tuple[int, int]) -> tuple[int, int]:
    """`span`, stretched over what the live sentence says before and after, where the quote was a whole sentence."""
    start, end = span
    stripped = old.strip(" \"'()[]*-\n")
    limit = 60
    if stripped[-1:] in tuple(STOPS) or old.rstrip(" \"')]")[-1:] in tuple(STOPS):
        while end < len(live.tokens) and end - span[1] < limit and _runs_on(live, end):
            end += 1
    if stripped[:1].isupper():
        first = live.text[live.tokens[start].start]
        before = live.text[: live.tokens[start].start][-3:].rstrip(" ")[-1:]
        if before == "," or (first.islower() and before not in STOPS and before):
            while start > 0 and span[0] - start < limit and _joined(live, start - 1):
                start -= 1
    return start, end


def _between(live: _Text, at: int) -> str:
    """What stands between the word before `at` and the word `at`."""
    return live.text[live.tokens[at - 1].end : live.tokens[at].start]


def _joined(live: _Text, at: int) -> bool:
    """Does the sentence go on from word `at` to the next."""
    return not any(stop in _between(live, at + 1) for stop in STOPS)


def _runs_on(live: _Text, end: int) -> bool:
    """Does the live sentence go on at word `end`: no full stop before it, and no capital that starts another."""
    gap = _between(live, end)
    if any(stop in gap for stop in STOPS):
        return False
    return gap.strip() != "" or not live.text[live.tokens[end].start].isupper()


def _changes(
    old: str, tokens: tuple[Token, ...], live: _Text, span: tuple[int, int]
) -> tuple[tuple[str, ...], bool, float]:
    """Differences in words; whether one decides the meaning; twice the words in common (spellings in part)."""
    window = live.tokens[span[0] : span[1]]
    was, now = [t.word for t in tokens], [t.word for t in window]
    shouted = _excerpt(live, span).isupper()
    described: list[str] = []
    decisive, credit = False, 0.0
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag == "equal":
            credit += 2.0 * (b - a)
            continue
        lost, gained = list(was[a:b]), list(now[c:d])
        if len(lost) == len(gained):
            for at in reversed(range(len(lost))):
                alike = same_word(lost[at], gained[at])
                if alike:
                    described.append(f"'{lost[at]}' now spelt '{gained[at]}'")
                    credit += 2 * alike
                    del lost[at], gained[at]
        if not lost and not gained:
            continue
        kinds = {k for w in (*lost, *gained) if (k := kind_of(w))}
        if any(opposite(x, y) for x in lost for y in gained):
            kinds.add("negation or limit")
        if not kinds and not shouted:
            named = any(is_name(live.text, t) for t in window[c:d] if t.word in gained)
            named = named or any(is_name(old, t) for t in tokens[a:b] if t.word in lost)
            kinds = {"name"} if named else set()
        decisive = decisive or bool(kinds)
        described.append(_told(lost, gained) + (f" ({', '.join(sorted(kinds))})" if kinds else ""))
    return tuple(described), decisive, credit


def _told(lost: list[str], gained: list[str]) -> str:
    cut = [" ".join(words[:12]) + (" …" if len(words) > 12 else "") for words in (lost, gained)]
    if lost and gained:
        return f"'{cut[0]}' became '{cut[1]}'"
    return f"'{cut[0]}' left out" if lost else f"'{cut[1]}' added"


def _excerpt(live: _Text, span: tuple[int, int]) -> str:
    if span[0] >= span[1]:
        return ""
    return " ".join(live.text[live.tokens[span[0]].start : live.tokens[span[1] - 1].end].split())


def _squeezed(text: str) -> str:
    """Without white space, and without the bars between the cells of a stored table row."""
    return "".join(text.casefold().replace("|", " ").split())
