"""Clauses about links to other sites: does a text say that somebody else answers for them.

Two groups of words must stand together: one speaks of other sites ("links to other sites"), the other
takes no responsibility for them, or points to rules of their own. Together means in one sentence, or in the
two that follow when they refer back ("these sites …"). A negation belongs to the responsibility only within
six words, and not when it is turned round again ("not only responsible", "not hesitate").
Words of English, German, French, Spanish, Italian, Dutch and Portuguese.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from compliance.knowledge import clause_words as w
from compliance.knowledge.words import alternatives, entries, fold, pattern, words

_END = re.compile(r"(?<=[.!?…])\s+|\n+|;\s")
#: A line break inside a sentence, as in text that was wrapped by hand.
_WRAPPED = re.compile(r"(?<=[\w,])[ \t]*\n[ \t]*(?=[a-zà-ÿ])")
_LINK, _SITE, _ELSEWHERE = pattern(w.LINK), pattern(w.SITE), pattern(w.ELSEWHERE)
_REFERS, _THEIRS, _DISCLAIMS = pattern(w.REFERS), pattern(w.THEIRS), pattern(w.DISCLAIMS)
_LEAVING, _BACK_AGAIN, _NOT = pattern(w.LEAVING), pattern(w.BACK_AGAIN), pattern(w.NOT)
_DENIED = re.compile(rf"\b(?:{alternatives(w.NOT)})\b(?P<gap>(?: \w+){{0,6}}?) (?:{alternatives(w.RESPONSIBLE)})\b")
#: Where the negation comes last ("haften wir nicht", "geldt daar niet").
_DENIED_AFTER = re.compile(r"\b(?:haft\w*|gilt|gelten|geldt)\b(?: \w+){0,6} (?:nicht|niet)\b")

_MARK_ANYWHERE = pattern(w.MARK)
_MARK_PHRASE = pattern(",".join(entry for entry in entries(w.MARK) if " " in entry))
_NEW_WINDOW = pattern(w.NEW_WINDOW)
_MARK_AT_END = re.compile(rf"(?:^| )(?:{alternatives(w.MARK)})$")
_MARK_IN_FRONT = re.compile(rf"^(?:{alternatives(w.MARK)})\s*[:\-]")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,120})[)\]]")
_ARROWS = re.compile("[\u2197\u21d7\u2b00\u2b08\u279a\u29c9\U0001f855\U0001f865]")
_AT_END_ALONE = pattern("=external, =extern, =externe, =externo, =esterno")

REACH = 2
"""Sentences after the one that speaks of other sites."""


@dataclass(frozen=True, slots=True)
class _Marks:
    """What one sentence says."""

    elsewhere: bool
    """It names other people's sites."""
    links: bool
    """It names links and sites, perhaps not other people's."""
    denies: bool
    theirs: bool
    refers: bool


def sentences(text: str) -> list[str]:
    """Sentences of a rendered text; each block is at least one."""
    return [" ".join(part.split()) for part in _END.split(_WRAPPED.sub(" ", text)) if part.strip()]


def find_clause(text: str) -> str:
    """The passage that speaks of other sites and takes no responsibility for them; empty when there is none."""
    parts = sentences(text)
    marks = [_marks(part) for part in parts]
    for at, mark in enumerate(marks):
        if not (mark.elsewhere or mark.links):
            continue
        if mark.denies or (mark.elsewhere and mark.theirs):
            return _joined(parts, at, at)
        for later in range(at + 1, min(at + 1 + REACH, len(marks))):
            near = marks[later]
            if near.refers and (near.denies or (mark.elsewhere and near.theirs)):
                return _joined(parts, at, later)
    return ""


def is_notice(text: str) -> bool:
    """Does a text beside a link (or on a leave page) tell that another site lies behind it."""
    if _LEAVING.search(words(text)) or find_clause(text):
        return True
    return any(m.denies and (m.refers or _SITE.search(words(s))) for s in sentences(text) for m in (_marks(s),))


def mark_of(text: str, *more: str) -> str:
    """The mark that says a link leads to another site; empty when there is none.

    Args:
        text: The link's own words: only at their end, in front of a colon, or in brackets do they count as a
            mark ("External auditors" is no mark).
        more: Its title and description, where the words count anywhere.
    """
    arrow = _ARROWS.search(text)
    if arrow:
        return arrow[0]
    for said in _BRACKETS.findall(text):
        if _MARK_ANYWHERE.search(words(said)):
            return str(said)
    own = " ".join(_NEW_WINDOW.sub(" ", words(text)).split())
    found = _MARK_AT_END.search(own)
    if found and (len(found[0].split()) > 1 or _AT_END_ALONE.search(own)):
        return found[0].strip()
    if front := _MARK_IN_FRONT.search(fold(text)):
        return front[0]
    return next((said for said in more if _says_so(words(said))), "")


def _says_so(said: str) -> bool:
    """Is a title or a description a mark."""
    return any(known.search(said) for known in (_MARK_PHRASE, _AT_END_ALONE, _LEAVING))


@lru_cache(maxsize=20_000)
def _marks(sentence: str) -> _Marks:
    said = words(sentence)
    elsewhere = bool(_ELSEWHERE.search(said))
    return _Marks(
        elsewhere=elsewhere,
        links=elsewhere or bool(_LINK.search(said) and _SITE.search(said)),
        denies=_denies(said),
        theirs=bool(_THEIRS.search(said)),
        refers=elsewhere or bool(_REFERS.search(said)),
    )


def _denies(said: str) -> bool:
    """Does a folded sentence take no responsibility."""
    for found in _DENIED.finditer(said):
        if not _BACK_AGAIN.search(found["gap"]):
            return True
    if _DENIED_AFTER.search(said):
        return True
    disclaimer = _DISCLAIMS.search(said)
    return disclaimer is not None and not _NOT.search(" ".join(said[: disclaimer.start()].split()[-3:]))


def _joined(parts: Sequence[str], first: int, last: int) -> str:
    return " ".join(parts[first : last + 1])[:600]
