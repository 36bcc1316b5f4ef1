"""A landing: the start page, visited as by somebody who followed an advertisement or a mailing.

Its address has every click identifier of the table with a random value, and before them a control parameter that nobody
can know. What holds a click identifier and not the control chose it; what holds both copied the address whole. The idea
of a control is that of DuckDuckGo's tracker-radar-detector. The table is for asking: a verdict rests on the names and
values in the address of the visit, so that an old run keeps its verdict when the table grows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from compliance.knowledge.leaks import Found, Needle, Search
from compliance.knowledge.sources import Source, sources
from compliance.model.visit import Visit

#: Name of the needles that stand for the control.
_CONTROL = ""


@dataclass(frozen=True, slots=True)
class ClickId:
    """A parameter that tells one click, or one recipient, from another."""

    name: str
    owner: str
    """Who puts it into addresses."""
    shape: str
    """How its values look: `text` (letters and digits), `hex`, `digits`."""


@dataclass(frozen=True, slots=True)
class Landing:
    """What the address of a landing was made of."""

    start: str
    """The address without what was added."""
    control: str
    """Value of the control parameter."""
    values: Mapping[str, str]
    """Name of a click identifier → its value."""


def source() -> Source:
    """Where the table stands."""
    return sources()["click-ids"]


@cache
def click_ids() -> tuple[ClickId, ...]:
    """The table."""
    return tuple(ClickId(**row) for row in json.loads(source().path.read_text("utf-8")))


def address(start: str, control: tuple[str, str], values: Mapping[str, str]) -> str:
    """`start` with the control and the click identifiers; the control first, so that it is in what is cut short."""
    parts = urlsplit(start)
    query = "&".join(filter(None, (parts.query, urlencode([control, *values.items()]))))
    return urlunsplit(parts._replace(path=parts.path or "/", query=query))


def landing_of(visit: Visit) -> Landing | None:
    """What a visit's address was made of; None when it is no landing."""
    own = len(parse_qsl(urlsplit(visit.referrer).query, keep_blank_values=True))
    added = parse_qsl(urlsplit(visit.url).query, keep_blank_values=True)[own:]
    if not visit.referrer or len(added) < 2:
        return None
    return Landing(visit.referrer, added[0][1], dict(added[1:]))


@dataclass(frozen=True, slots=True)
class Copied:
    """What one text holds of the address of a landing."""

    singled: Mapping[str, str]
    """Click identifiers that stand in it more often than the control → the shape in which they do."""
    whole: tuple[str, ...]
    """Click identifiers that came along with everything else."""


class Traces:
    """Finds the values of one landing in texts: plain, encoded, hashed, and the half of a value that was cut."""

    def __init__(self, landing: Landing) -> None:
        values = {_CONTROL: landing.control, **landing.values}
        self._names: dict[Needle, tuple[str, int]] = {}
        for name, value in values.items():
            middle = len(value) // 2
            for role, piece in enumerate((value, value[:middle], value[middle:])):
                self._names[Needle(f"{name}/{role}", piece)] = (name, role)
        self.search = Search(self._names)

    def name_of(self, found: Found) -> str:
        """The click identifier that was found; empty for the control."""
        return self._names[found.needle][0]

    def holds(self, text: str, names: Iterable[str]) -> bool:
        """Does a text hold one of these click identifiers."""
        wanted = set(names)
        return any(self.name_of(found) in wanted for found in self.search.in_text(text))

    def anything(self, text: str) -> bool:
        """Does a text hold any of it, the control included."""
        return bool(self.search.in_text(text))

    def copied(self, texts: Iterable[str]) -> list[Copied]:
        """What each of some texts that belong together holds.

        Who copies parameters one by one, the control as well, has a text for each: where one of the texts holds the
        control alone, nothing is singled out.
        """
        counts = [self.search.counted(text) for text in texts]
        held = [{self._names[found.needle][0] for found in count} for count in counts]
        one_by_one = {_CONTROL} in held
        return [
            self._sorted_out(count, names - {_CONTROL}, one_by_one) for count, names in zip(counts, held, strict=True)
        ]

    def _sorted_out(self, count: Mapping[Found, int], names: set[str], one_by_one: bool) -> Copied:
        control: dict[tuple[int, str], int] = {}
        for found, times in count.items():
            name, role = self._names[found.needle]
            if name == _CONTROL:
                control[role, found.shape] = times
        singled: dict[str, str] = {}
        for found, times in count.items():
            name, role = self._names[found.needle]
            if name != _CONTROL and not one_by_one and times > control.get((role, found.shape), 0):
                singled.setdefault(name, found.shape)
        return Copied(singled, tuple(sorted(names - singled.keys())))
