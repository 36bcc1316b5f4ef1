"""From the text of a file to a list: which form it has, what is understood of it, and what is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from compliance.knowledge.filters import FilterList, parse
from compliance.knowledge.lists.domains import (
    NOWHERE,
    Entry,
    Skipped,
    clean_host,
    hosts_file,
    json_entries,
    json_form,
    plain_names,
)

#: Lines by which a form is told.
SAMPLE = 5000

FORMS = ("adblock", "hosts", "domains", "disconnect", "tracker-radar", "third-party-web")

_HTML = re.compile(r"\s*<(!doctype|html|head|\?xml)", re.IGNORECASE)
_ADBLOCK = re.compile(
    r"^(\[adblock.*\]|! *title:.*|@@.*|\|\|.*|.*#@?#.*|.*\$(third-party|3p|script|image).*)$",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_REMARK = ("#", "!", ";")


class NotAList(Exception):
    """Why a text is no list."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Entries that are not applied, all for one reason."""

    why: str
    count: int
    line: int
    """The first of them."""
    text: str


@dataclass(frozen=True, slots=True)
class TrackerList:
    """A list as read."""

    name: str
    form: str
    """One of `FORMS`."""
    header: Mapping[str, str]
    filters: FilterList | None = None
    """Of the form `adblock`."""
    entries: tuple[Entry, ...] = ()
    """Of all other forms."""
    aside: tuple[Aside, ...] = field(default=())
    page_rules: int = 0
    """Rules about the elements of pages, which say nothing about requests."""

    def __len__(self) -> int:
        """Entries that are applied."""
        return len(self.filters.rules) if self.filters else len(self.entries)


def read(name: str, text: str) -> TrackerList:
    """Read a list of any form.

    Raises:
        NotAList: It is none, or nothing in it is understood; the message says why, without a full stop.
    """
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise NotAList("it is empty")
    if _HTML.match(text):
        raise NotAList("it is a page (HTML), not a list")
    if text.lstrip()[:1] == "{" or re.match(r"\s*\[\s*[{\]\"]", text):
        found = _of_json(name, text)
    elif (form := _form(text)) == "adblock":
        found = _of_rules(name, text)
    else:
        if not form:
            raise NotAList("it is no filter list, no hosts file, and no list of one name in a line")
        reader = hosts_file if form == "hosts" else plain_names
        found = _of_entries(name, form, _header(text), reader(_lines(text)))
    if not len(found):
        first = f": line {found.aside[0].line}, {found.aside[0].why}" if found.aside else ""
        raise NotAList(f"nothing in it says which requests are meant (read as {found.form}{first})")
    return found


def _form(text: str) -> str:
    """Which form a text of lines has: by marks that only filter lists have, else by what most lines look like.

    Empty for neither: any text is a row of patterns, but few are meant so.
    """
    if _ADBLOCK.search(text[:200_000]):
        return "adblock"
    hosts = names = others = 0
    for _, line in islice(_lines(text), SAMPLE):
        words = line.partition("#")[0].split()
        if len(words) > 1 and words[0] in NOWHERE:
            hosts += 1
        elif len(words) == 1 and clean_host(words[0].removeprefix("*.")):
            names += 1
        else:
            others += 1
    if hosts >= max(names, others, 1):
        return "hosts"
    return "domains" if names > others else ""


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of the lines that are no remarks."""
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if line and not line.startswith(_REMARK):
            yield number, line


def _header(text: str) -> dict[str, str]:
    """What the remarks before the first entry say, as `# Name: value`."""
    found: dict[str, str] = {}
    for raw in text.split("\n"):
        line = raw.strip()
        if line and not line.startswith(_REMARK):
            break
        key, colon, value = line.lstrip("#!; ").partition(":")
        if colon and value.strip():
            found.setdefault(key.strip().lower(), value.strip())
    return found


def _of_rules(name: str, text: str) -> TrackerList:
    read_rules = parse(name, text)
    aside = tuple(
        Aside(why, count, *read_rules.first_aside[why])
        for why, count in sorted(read_rules.set_aside.items(), key=lambda item: (-item[1], item[0]))
    )
    return TrackerList(name, "adblock", read_rules.header, read_rules, (), aside, read_rules.page_rules)


def _of_json(name: str, text: str) -> TrackerList:
    try:
        data: Any = json.loads(text)
    except ValueError as error:
        place = f"line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)
        raise NotAList(f"it is broken JSON ({place})") from error
    except RecursionError as error:
        raise NotAList("it is JSON without end") from error
    form = json_form(data)
    if not form:
        raise NotAList("it is JSON, and not Disconnect's, Tracker Radar's or third-party-web's")
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for found in _QUOTED.finditer(line):
            lines.setdefault(found[1], number)
    said = {key: str(data[key]) for key in ("license", "version", "date") if isinstance(data, dict) and key in data}
    return _of_entries(name, form, said, json_entries(data, form, lines))


def _of_entries(name: str, form: str, header: Mapping[str, str], found: Iterator[Entry | Skipped]) -> TrackerList:
    entries: dict[tuple[str, bool], Entry] = {}
    aside: dict[str, Aside] = {}
    for one in found:
        if isinstance(one, Entry):
            held = entries.setdefault((one.host, one.below), one)
            # One domain in several categories: that one of them is let through does not clear it.
            if one.listed and not held.listed:
                entries[one.host, one.below] = one
        else:
            first = aside.get(one.why, Aside(one.why, 0, one.line, one.text))
            aside[one.why] = Aside(one.why, first.count + 1, first.line, first.text)
    ordered = tuple(sorted(aside.values(), key=lambda a: (-a.count, a.why)))
    return TrackerList(name, form, header, None, tuple(entries.values()), ordered)
