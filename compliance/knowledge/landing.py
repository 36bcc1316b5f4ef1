"""A landing: the start page, visited as by somebody who followed an advertisement or a mailing.

Its address has every click identifier of the table with a random value, and before them a control parameter that nobody
can know. What holds a click identifier and not the control chose it; what holds both copied the address whole. The idea
of a control is that of DuckDuckGo's tracker-radar-detector. The table is for asking: a verdict rests on the names and
values in the address of the visit, so that an old run keeps its verdict when the table grows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, unquote, unquote_plus, urlencode, urlsplit, urlunsplit

from compliance.knowledge.leaks import Found, Needle, Part, Search
from compliance.knowledge.leaks.parts import pairs
from compliance.knowledge.leaks.shapes import shapes
from compliance.knowledge.sources import Source, sources
from compliance.model.visit import Visit

#: Name of the needles that stand for the control.
_CONTROL = ""
#: Data inside data is taken apart as often as this.
_DEPTH = 3
_FORM = re.compile(r"[^\s=&]{1,256}=\S*")
#: How data begins, as it is and percent-encoded.
_DATA = re.compile(r"\s*([\[{]|%5B|%7B)", re.IGNORECASE)


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
    name: str = ""
    """Name of the control parameter."""


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
    return Landing(visit.referrer, added[0][1], dict(added[1:]), added[0][0])


@dataclass(frozen=True, slots=True)
class Copied:
    """What one text holds of the address of a landing."""

    singled: Mapping[str, str]
    """Click identifiers that stand in it more often than the control → the shape in which they do."""
    whole: tuple[str, ...]
    """Click identifiers that came along with everything else."""


@dataclass(frozen=True, slots=True)
class Text:
    """What stands at one place: a part of a request, or something stored under a name."""

    values: tuple[str, ...]
    name: str = ""
    """Name of a header, cookie or stored entry."""
    part: Part | None = None
    """Of a request; None for what is stored."""

    @property
    def whole(self) -> str:
        """Everything, in lines."""
        return "\n".join(filter(None, (self.name, *self.values)))


class Traces:
    """Finds the values of one landing in texts: plain, encoded, hashed, and the half of a value that was cut."""

    def __init__(self, landing: Landing) -> None:
        values = {_CONTROL: landing.control, **landing.values}
        self._parameters = {name: name or landing.name for name in values}
        self._names: dict[Needle, tuple[str, int]] = {}
        for name, value in values.items():
            middle = len(value) // 2
            for role, piece in enumerate((value, value[:middle], value[middle:])):
                self._names[Needle(f"{name}/{role}", piece)] = (name, role)
        self.search = Search(self._names)
        self._bare = {text: (name, shape) for name, value in values.items() for text, shape in shapes(value)}
        known = "|".join(map(re.escape, landing.values)) or "(?!)"
        self._copy = re.compile(rf"{re.escape(landing.control)}(?:&(?:{known})=[\w.-]*)+")

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

    def copied(self, texts: Iterable[Text]) -> list[Copied]:
        """What each of some texts that belong together holds.

        Texts are taken apart into fields, and each is looked at by itself: an address that was cut short after the
        control says nothing about what stands beside it. Who copies parameters one by one, the control as well, has a
        field for each; where the control alone is the value of a field, what is written in just that way is not
        singled out.
        """
        each = [(text.whole, list(self._fields(text)) if self.anything(text.whole) else []) for text in texts]
        ways = {way for _, fields in each for name, value in fields if (way := self._way(_CONTROL, name, value))}
        return [self._sorted_out(whole, fields, ways) for whole, fields in each]

    def _sorted_out(self, whole: str, fields: list[tuple[str, str]], ways: set[tuple[str, str]]) -> Copied:
        counts = self.search.counted(whole)
        names = {self.name_of(found) for found in counts} - {_CONTROL}
        singled: dict[str, str] = {}
        seen: set[str] = set()
        for field, value in fields:
            for text in filter(None, (field, value)):
                inside = self.search.counted(text)
                seen |= {self.name_of(found) for found in inside}
                for name, shape in self._more_often(inside).items():
                    if text is not value or self._way(name, field, value) not in ways:
                        singled.setdefault(name, shape)
        for name, shape in self._more_often(counts).items():
            if name not in seen:  # beside all fields
                singled.setdefault(name, shape)
        return Copied(singled, tuple(sorted(names - singled.keys())))

    def _more_often(self, counts: Mapping[Found, int]) -> dict[str, str]:
        """Click identifiers that were counted more often than the control, with the shape in which they were."""
        control: dict[tuple[int, str], int] = {}
        for found, times in counts.items():
            name, role = self._names[found.needle]
            if name == _CONTROL:
                control[role, found.shape] = times
        more: dict[str, str] = {}
        for found, times in counts.items():
            name, role = self._names[found.needle]
            if name != _CONTROL and times > control.get((role, found.shape), 0):
                more.setdefault(name, found.shape)
        return more

    def _way(self, parameter: str, field: str, value: str) -> tuple[str, str] | None:
        """How a field was named after a parameter, and in which shape it holds its value and nothing else."""
        name, shape = self._bare.get(value.strip().strip('"').lower().encode("utf-8", "replace"), (None, ""))
        if name != parameter:
            return None
        own = self._parameters[parameter].lower()
        return re.sub(r"\d+", "#", field.lower().replace(own, "{}") if own else field.lower()), shape

    def _fields(self, text: Text) -> Iterator[tuple[str, str]]:
        """Names and values of the fields of a text; all of it where it has none."""
        if text.part is None:
            yield "", text.name
        for value in text.values:
            for name, inner in self._of_part(text, value):
                yield from _opened(name, inner)

    def _of_part(self, text: Text, value: str) -> Iterator[tuple[str, str]]:
        match text.part:
            case Part.QUERY | Part.FRAGMENT:
                yield from self._parameters_of(value)
            case Part.REDIRECT:
                before, _, query = value.partition("?")
                yield "", before
                yield from self._parameters_of(query)
            case Part.HEADER if text.name.lower() == "cookie":
                for pair in value.split(";"):
                    name, _, inner = pair.strip().partition("=")
                    yield name, inner
            case Part.BODY if "Content-Disposition:" in value:
                yield from pairs(Part.BODY, value)
            case Part.BODY if _FORM.fullmatch(value):
                yield from self._parameters_of(value)
            case _:
                yield text.name, value

    def _parameters_of(self, query: str) -> Iterator[tuple[str, str]]:
        """Of an address that was written into another one without being encoded, all is one parameter."""
        together = self._copy.sub(lambda found: found[0].replace("&", "%26"), query)
        for pair in re.split("[&;]", together):
            name, _, value = pair.partition("=")
            yield unquote_plus(name), unquote_plus(value)


def _opened(name: str, value: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """The fields of data, also of data that is a field; the value where it is no data."""
    if depth == _DEPTH or not _DATA.match(value):
        yield name, value
        return
    data = unquote(value) if value.lstrip().startswith("%") else value
    fields = list(pairs(Part.BODY, data))
    if not fields:
        yield name, value
    for field, inner in fields:
        yield from _opened(f"{name}.{field}", inner, depth + 1)
