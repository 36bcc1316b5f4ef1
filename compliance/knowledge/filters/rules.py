"""One rule of a list, and reading a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from compliance.knowledge.filters.kinds import NAMES, USUAL
from compliance.knowledge.filters.patterns import Pattern, pattern

#: Between the domains and the selector of a rule that hides elements, runs scripts or changes pages.
_PAGE_MARKS = ("##", "#@#", "#?#", "#@?#", "#$#", "#@$#", "#$?#", "#@$?#", "#%#", "#@%#", "$$", "$@$")
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
#: Options of rules that say nothing on whether a request is a tracker's: they are about windows, elements and scripts
#: of a page, or change a request that is let through.
_SILENT = frozenset(
    (
        *("popup", "popunder", "elemhide", "ehide", "generichide", "ghide", "specifichide", "shide", "inline-script"),
        *("inline-font", "csp", "permissions", "removeparam", "queryprune", "redirect-rule", "rewrite", "cookie"),
        *("removeheader", "replace", "jsinject", "content", "extension", "stealth", "webrtc", "uritransform"),
    )
)
#: Options of exceptions for all that a page asks for.
_WHOLE_PAGE = frozenset({"document", "doc", "all", "urlblock", "genericblock"})
_THIRD = {"third-party": True, "3p": True, "first-party": False, "1p": False}


class Unsupported(Exception):
    """Why a rule is set aside."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule about requests."""

    text: str
    """As the list writes it."""
    list: str
    line: int
    """From 1."""
    source: str
    """The pattern, as written."""
    exception: bool = False
    """`@@`: takes back what other rules say."""
    important: bool = False
    """Holds against exceptions."""
    third_party: bool | None = None
    """Only for requests to others (True), to oneself (False); None: both."""
    kinds: frozenset[str] = USUAL
    domains: Mapping[str, bool] = field(default_factory=dict)
    """Domain of the asking page → may it ask; the longest one that fits decides."""
    match_case: bool = False
    expression: Any = None
    """Compiled by RE2, for a rule that is a regular expression."""
    cancels: bool = False
    """`badfilter`: takes back the rule that has the same text without this option."""
    key: tuple[object, ...] = ()
    """Equal for rules that say the same."""
    about_page: bool = False
    """For an exception that is not understood: it is about the page that asks, not about what is asked for."""

    def pattern(self) -> Pattern:
        """The pattern, taken apart."""
        return pattern(self.source, self.match_case)

    def asked_by(self, hosts: tuple[str, ...]) -> bool:
        """May a page with this host ask; `hosts` is the host and every domain above it, the longest first."""
        for host in hosts:
            if (said := self.domains.get(host)) is not None:
                return said
        return not any(self.domains.values())


@dataclass(frozen=True, slots=True)
class FilterList:
    """A list as read."""

    name: str
    rules: tuple[Rule, ...]
    header: Mapping[str, str]
    """What comments at its top say, by name in lower case: `title`, `version`, `last modified`, `licence`, …"""
    set_aside: Mapping[str, int]
    """Why → number of rules about requests that are not applied."""
    page_rules: int = 0
    """Rules that are about a page's elements, and so not about requests."""
    first_aside: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Why → line and text of the first rule that is set aside for it."""
    unclear: tuple[Rule, ...] = ()
    """Of the rules that are set aside, those that may speak of a request: their pattern and what is understood of their
    options. What is not understood could only narrow them."""


def parse(name: str, text: str) -> FilterList:
    """Read a list. Never fails: what cannot be applied is counted."""
    rules: list[Rule] = []
    header: dict[str, str] = {}
    aside: Counter[str] = Counter()
    first_aside: dict[str, tuple[int, str]] = {}
    unclear: list[Rule] = []
    page_rules = 0
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line = raw.strip()
        if not line or (line.startswith("[") and line.endswith("]")):
            continue
        if line.startswith("!") or line.split()[0] == "#":
            key, colon, value = line[1:].partition(":")
            if colon and not rules:
                header.setdefault(key.strip().lower(), value.strip())
        elif _is_page_rule(line):
            page_rules += 1
        else:
            try:
                rules.append(_rule(line, name, number))
            except Unsupported as why:
                aside[str(why)] += 1
                first_aside.setdefault(str(why), (number, line))
                unclear += _unclear(line, name, number)
    return FilterList(name, tuple(rules), header, dict(aside), page_rules, first_aside, tuple(unclear))


def _is_page_rule(line: str) -> bool:
    if "#" not in line and "$$" not in line and "$@$" not in line:
        return False
    for mark in _PAGE_MARKS:
        before, found, after = line.partition(mark)
        # Domains stand before the mark; an address with such a mark has a slash or an anchor before it.
        if found and after and not any(c in before for c in '/|@"!'):
            return True
    return False


def _rule(line: str, name: str, number: int) -> Rule:
    """The rule of one line.

    Raises:
        Unsupported: It says something that is not understood here.
    """
    exception = line.startswith("@@")
    source, options = _cut(line[2:] if exception else line)
    if any(c.isspace() for c in source):
        raise Unsupported("not a rule about addresses")
    told = _options(options)
    if exception and "document" in told["kinds"]:
        raise Unsupported("exception for whole pages")
    expression = None
    if len(source) > 2 and source.startswith("/") and source.endswith("/"):
        expression = _compiled(source[1:-1], told["match_case"])
    elif not source.strip("|*^"):
        if not any(told["domains"].values()):
            raise Unsupported("would fit every address")
        source = "*"
    said = (told["third_party"], told["kinds"], frozenset(told["domains"].items()))
    key = (exception, source, *said, told["important"], told["match_case"])
    return Rule(line, name, number, source, exception, expression=expression, key=key, **told)


def _unclear(line: str, name: str, number: int) -> list[Rule]:
    """What is left of a rule that is set aside: where it may hold."""
    exception = line.startswith("@@")
    source, options = _cut(line[2:] if exception else line)
    names = {option.lstrip("~").partition("=")[0].lower() for option in options}
    if any(c.isspace() for c in source) or not source.strip("|*^") or names & _SILENT:
        return []
    if source.startswith("/") and source.endswith("/") and len(source) > 2:
        return []  # an expression that cannot be read fits nothing that could be said
    told: dict[str, Any] = {}
    for known in (tuple(option for option in options if _known(option)), ()):
        try:
            told = dict(_options(known))
            break
        except Unsupported:
            continue  # understood one by one, and not together
    about_page = exception and bool(names & _WHOLE_PAGE)
    if about_page:
        told["kinds"] = frozenset({"document"})
    return [] if told.get("cancels") else [Rule(line, name, number, source, exception, **told, about_page=about_page)]


def _known(option: str) -> bool:
    try:
        return bool(_options((option,)))
    except Unsupported:
        return False


def _cut(text: str) -> tuple[str, tuple[str, ...]]:
    """Pattern and options. A `$` that no name follows is part of the pattern."""
    at = text.rfind("$")
    while at >= 0:
        options = text[at + 1 :].split(",")
        first = options[0].lstrip("~").partition("=")[0].lower()
        if first and _NAME.issuperset(first):
            return text[:at], tuple(options)
        at = text.rfind("$", 0, at)
    return text, ()


@lru_cache(maxsize=4096)
def _options(options: tuple[str, ...]) -> dict[str, Any]:
    """What the options say, as fields of a rule.

    Raises:
        Unsupported: One of them is not known here.
    """
    wanted: set[str] = set()
    unwanted: set[str] = set()
    told: dict[str, Any] = {"important": False, "third_party": None, "match_case": False, "cancels": False}
    domains: dict[str, bool] = {}
    for option in options:
        name, given, value = option.partition("=")
        negated, name = name.startswith("~"), name.lstrip("~").lower()
        if name in ("domain", "from") and value and not negated:
            domains |= _domains(value)
        elif given:
            raise Unsupported(f"option {name}")
        elif name in NAMES:
            (unwanted if negated else wanted).add(NAMES[name])
        elif name in _THIRD:
            party = _THIRD[name] != negated
            if told["third_party"] not in (None, party):
                raise Unsupported("options that contradict each other")
            told["third_party"] = party
        elif name in ("important", "match-case", "badfilter") and not negated:
            told[{"match-case": "match_case", "badfilter": "cancels"}.get(name, name)] = True
        else:
            raise Unsupported(f"option {option.strip() or '(empty)'}"[:60])
    kinds = frozenset(wanted or USUAL) - unwanted
    if not kinds:
        raise Unsupported("options that contradict each other")
    return told | {"kinds": kinds, "domains": domains}


def _domains(value: str) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for entry in value.lower().split("|"):
        domain = entry.removeprefix("~").rstrip(".")
        # `shop.*` is shop under any public suffix; other stars are no domain.
        if not domain.removesuffix(".*") or any(c in domain.removesuffix(".*") for c in "*/~"):
            raise Unsupported("domains with wildcards")
        found[domain] = not entry.startswith("~")
    return found


def _compiled(expression: str, match_case: bool) -> Any:
    import re2  # noqa: PLC0415 - few lists have such rules

    options = re2.Options()
    options.case_sensitive = match_case
    options.log_errors = False
    try:
        return re2.compile(expression, options)
    except re2.error as error:
        raise Unsupported("expression that RE2 does not know") from error
