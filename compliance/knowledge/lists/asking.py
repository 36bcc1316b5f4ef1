"""What some lists together say of a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from compliance.knowledge.filters import KINDS, Filters
from compliance.knowledge.lists.domains import Entry
from compliance.knowledge.lists.reading import TrackerList
from compliance.model.lists import ListInfo
from compliance.model.urls import host_of


@dataclass(frozen=True, slots=True)
class Hit:
    """What a list says of a request."""

    list: str
    line: int
    text: str
    """The rule or entry, as the list writes it."""
    host: str = ""
    """Of an entry for a host or domain."""
    owner: str = ""
    category: str = ""
    sure: bool = True
    """False: another part of the list, which is not understood here, may say the opposite."""
    why: str = ""
    """What makes it unsure, in words."""


class Matcher:
    """Some lists, ready to be asked.

    As in a blocker, exceptions of one filter list hold against the rules of the others. A list of hosts has no
    exceptions and is asked by itself.
    """

    def __init__(self, lists: Iterable[TrackerList]) -> None:
        given = tuple(lists)
        self._filters = Filters(found.filters for found in given if found.filters)
        self._named = tuple((found.name, _by_host(found)) for found in given if found.entries)

    def ask(self, url: str, *, source: str, page: str, kind: str | None) -> Hit | None:
        """What the lists say of a request; None when they say nothing.

        Args:
            url: What is asked for.
            source: Host of the page or frame that asks.
            page: Address of it.
            kind: One of `knowledge.filters.KINDS`; None where it is not known.
        """
        if kind is None:
            return self._of_any_kind(url, source, page)
        rule = self._filters.match(url, source=source, kind=kind)
        if rule and rule.important:
            return Hit(rule.list, rule.line, rule.text)
        entry = next((hit for name, by_host in self._named if (hit := _entry(name, by_host, url))), None)
        if entry is not None and entry.sure:
            return entry
        if doubt := self._filters.unclear(url, found=rule is not None, source=source, page=page, kind=kind):
            why = f"line {doubt.line} of {doubt.list}, `{doubt.text[:120]}`, is not understood and may say otherwise"
            blocks = rule or doubt
            return Hit(blocks.list, blocks.line, blocks.text, sure=False, why=why)
        return Hit(rule.list, rule.line, rule.text) if rule else entry

    def _of_any_kind(self, url: str, source: str, page: str) -> Hit | None:
        """What the lists say of a request whatever kind it is of; unsure where that depends on the kind."""
        said = [self.ask(url, source=source, page=page, kind=kind) for kind in sorted(KINDS - {"document"})]
        hits = [hit for hit in said if hit is not None]
        if not hits or (len(hits) == len(said) and all(hit.sure for hit in hits)):
            return hits[0] if hits else None
        why = f"line {hits[0].line} of {hits[0].list} is about kinds of requests, and the kind of this one is not known"
        return replace(hits[0], sure=False, why=hits[0].why or why)


class Lists:
    """The lists of a run by name, with what is known about each. Empty where a run has none."""

    def __init__(self, found: Mapping[str, tuple[ListInfo, TrackerList]] | None = None) -> None:
        self._found = dict(found or {})
        self._matchers: dict[frozenset[str], Matcher] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def info(self, name: str) -> ListInfo:
        """What is known about a list.

        Raises:
            KeyError: There is none of that name.
        """
        return self._found[name][0]

    def matcher(self, names: frozenset[str]) -> Matcher:
        """Some of the lists, to be asked together; made once.

        Raises:
            KeyError: There is none of one of the names.
        """
        if names not in self._matchers:
            self._matchers[names] = Matcher(self._found[name][1] for name in sorted(names))
        return self._matchers[names]


def _by_host(given: TrackerList) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in given.entries:
        found.setdefault(entry.host, []).append(entry)
    return found


def _entry(name: str, by_host: Mapping[str, list[Entry]], url: str) -> Hit | None:
    """What the longest entry that covers a host says."""
    labels = host_of(url).split(".")
    for start in range(len(labels)):
        for entry in by_host.get(".".join(labels[start:]), ()):
            if start == 0 or entry.below:
                return _judged(name, entry, url)
    return None


def _judged(name: str, entry: Entry, url: str) -> Hit | None:
    hit = Hit(name, entry.line, entry.text, entry.host, entry.owner, entry.category)
    if _meets(entry.tracking, url):
        return hit
    if _meets(entry.excused, url):
        why = f"{name} has a rule for this address with conditions that are not read here"
        return Hit(name, entry.line, entry.text, entry.host, entry.owner, entry.category, sure=False, why=why)
    return hit if entry.listed else None


def _meets(expressions: tuple[str, ...], url: str) -> bool:
    return any((compiled := _compiled(text)) is not None and compiled.search(url) for text in expressions)


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> Any:
    """None for an expression that RE2 does not know: it fits nothing."""
    import re2  # noqa: PLC0415 - few lists have such rules

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        return re2.compile(expression, options)
    except re2.error:
        return None
