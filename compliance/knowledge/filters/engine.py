"""Which rule of some lists does a request meet.

Few rules are tried for each request. A rule for a host (`||example.com^`) is found by the host's name, any other by one
word of its pattern that an address must hold as a whole word; only what has neither is tried always. The shape is
that of all blockers; the measure is a list of 30,000 rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from compliance.knowledge.filters.patterns import Address, Pattern, address
from compliance.knowledge.filters.rules import FilterList, Rule
from compliance.model.urls import ascii_host, host_of, registrable_domain

# One class of characters, repeated: read once from left to right, never back.
_WORDS = re.compile(r"[a-z0-9%]+")
_HOST = re.compile(r"\|\|([a-z0-9.-]*[a-z0-9])(?=[\^/:?])", re.IGNORECASE)
#: Words that nearly every address holds; a rule filed under one of them would be tried nearly always.
_COMMON = frozenset({"http", "https", "www", "com", "net", "org", "js", "html", "php"})


class _Index:
    """Rules, filed by what an address or its page must have for them to fit."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_host: dict[str, list[Rule]] = {}
        self._by_word: dict[str, list[Rule]] = {}
        self._by_page: dict[str, list[Rule]] = {}
        self._always: list[Rule] = []
        for rule in rules:
            self._file(rule)

    def _file(self, rule: Rule) -> None:
        if rule.expression is None:
            if host := _HOST.match(rule.source):
                self._by_host.setdefault(host[1].lower(), []).append(rule)
                return
            if words := _words(rule.source.lower()):
                # The word with the fewest rules so far, and of those the longest: the rarest in addresses.
                word = min(words, key=lambda w: (len(self._by_word.get(w, ())), -len(w)))
                self._by_word.setdefault(word, []).append(rule)
                return
        if pages := [domain for domain, may in rule.domains.items() if may]:
            for domain in pages:
                self._by_page.setdefault(domain, []).append(rule)
            return
        self._always.append(rule)

    def candidates(self, hosts: tuple[str, ...], words: Iterable[str], pages: tuple[str, ...]) -> Iterator[Rule]:
        """Rules that may fit."""
        for filed, keys in ((self._by_host, hosts), (self._by_word, words), (self._by_page, pages)):
            if filed:
                for key in keys:
                    yield from filed.get(key, ())
        yield from self._always


@dataclass(frozen=True, slots=True)
class _Asking:
    """A request, taken apart once for all indexes."""

    asked: Address
    hosts: tuple[str, ...]
    pages: tuple[str, ...]
    words: frozenset[str]
    third: bool | None
    """Asks the page somebody else; None when it is not known who asks."""
    kind: str


def _asking(url: str, source: str, kind: str) -> _Asking:
    source = ascii_host(source.strip("[]").rstrip(".").lower())
    host = host_of(url).strip("[]")
    third = None if not source else registrable_domain(host) != registrable_domain(source)
    asked = address(url)
    return _Asking(asked, _above(host), _page_names(source), frozenset(_WORDS.findall(asked.lower)), third, kind)


class Filters:
    """The rules of some lists, ready to be asked."""

    def __init__(self, lists: Iterable[FilterList]) -> None:
        self.lists = tuple(lists)
        rules = [rule for given in self.lists for rule in given.rules]
        cancelled = {rule.key for rule in rules if rule.cancels}
        held = [rule for rule in rules if not rule.cancels and rule.key not in cancelled]
        self._important = _Index(r for r in held if r.important and not r.exception)
        self._block = _Index(r for r in held if not r.important and not r.exception)
        self._except = _Index(r for r in held if r.exception)
        unclear = [rule for given in self.lists for rule in given.unclear]
        self._unclear = {
            "block": _Index(r for r in unclear if not r.exception),
            "except": _Index(r for r in unclear if r.exception and not r.about_page),
            "page": _Index(r for r in unclear if r.about_page),
        }
        self._patterns: dict[str, Pattern] = {}

    def match(self, url: str, *, source: str = "", kind: str = "other") -> Rule | None:
        """The rule that says "this is a tracker" of a request, unless an exception takes it back.

        Args:
            url: What is asked for.
            source: Host of the page or frame that asks; empty when unknown, which fits no rule that depends on it.
            kind: One of `KINDS`.
        """
        asking = _asking(url, source, kind)
        if found := self._first(self._important, asking):
            return found
        found = self._first(self._block, asking)
        return None if found is None or self._first(self._except, asking) else found

    def unclear(self, url: str, *, found: bool, source: str = "", page: str = "", kind: str = "other") -> Rule | None:
        """A rule that is not understood and may turn the answer of `match`.

        Args:
            url: What is asked for.
            found: Did `match` give a rule. Then it is an exception that is looked for, else a rule that blocks.
            source: As for `match`.
            page: Address of the page or frame that asks: exceptions for whole pages are about it.
            kind: As for `match`.
        """
        asking = _asking(url, source, kind)
        if not found:
            return self._first(self._unclear["block"], asking)
        of_page = _asking(page, source, "document")
        return self._first(self._unclear["except"], asking) or self._first(self._unclear["page"], of_page)

    def _first(self, index: _Index, asking: _Asking) -> Rule | None:
        """A rule of `index` that fits."""
        for rule in index.candidates(asking.hosts, asking.words, asking.pages):
            if asking.kind in rule.kinds and (rule.third_party is None or rule.third_party is asking.third):
                if rule.domains and not (asking.pages and rule.asked_by(asking.pages)):
                    continue
                if self._fits(rule, asking.asked):
                    return rule
        return None

    def _fits(self, rule: Rule, asked: Address) -> bool:
        if rule.expression is not None:
            return rule.expression.search(asked.text) is not None
        # Taken apart when it is first needed: of 30,000 rules an audit tries a few hundred.
        key = f"{rule.match_case:d}{rule.source}"
        pattern = self._patterns.get(key)
        if pattern is None:
            pattern = self._patterns[key] = rule.pattern()
        return pattern.fits(asked)


@lru_cache(maxsize=4096)
def _above(host: str) -> tuple[str, ...]:
    """The host and every domain above it, the longest first."""
    labels = host.split(".") if host else []
    return tuple(".".join(labels[i:]) for i in range(len(labels)))


@lru_cache(maxsize=4096)
def _page_names(host: str) -> tuple[str, ...]:
    """What rules may call a page's host: itself and those above it, and the same with `.*` for the public suffix."""
    names = _above(host)
    suffix = registrable_domain(host).partition(".")[2]
    if not suffix:
        return names
    stars = tuple(f"{name.removesuffix(suffix)}*" for name in names if name.endswith(f".{suffix}"))
    return tuple(sorted((*names, *stars), key=lambda name: -name.count(".")))


def _words(source: str) -> list[str]:
    """Words of a pattern that are whole words of every address it fits: nothing can stand before or after them."""
    found = []
    for word in _WORDS.finditer(source):
        begin, end = word.span()
        open_left = begin == 0 or source[begin - 1] == "*"
        open_right = end == len(source) or source[end] == "*"
        if not open_left and not open_right and word[0] not in _COMMON:
            found.append(word[0])
    return found
