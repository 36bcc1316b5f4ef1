"""The parts of a request that carry text to its recipient, and the names inside them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from compliance.model.activity import Request

_FORM = re.compile("content-disposition:", re.IGNORECASE)
_NAME = re.compile(r'\bname="([^"\r\n]*)"')
_BLANK = re.compile(r"\r?\n\r?\n")
#: Parameters or fields of one part that are looked at.
MAX_FIELDS = 20_000
#: Characters of the names inside one another that are told: data can repeat a long one for each of its fields.
_MAX_NAME = 200


class Part(StrEnum):
    """A part of a request."""

    HOST = "host name"
    PATH = "path"
    QUERY = "query"
    FRAGMENT = "fragment"
    HEADER = "header"
    BODY = "body"
    REDIRECT = "redirect"
    """The address that the answer leads to; its recipient is that address's owner."""

    def named(self, name: str) -> str:
        """The part in words, with the name inside it."""
        match self:
            case Part.HEADER:
                return f"the header {name}"
            case Part.QUERY | Part.FRAGMENT | Part.REDIRECT if name:
                return f"the parameter “{name}” of the {'address' if self is Part.QUERY else self.value}"
            case Part.BODY if name:
                return f"the field “{name}” of the body"
            case Part.BODY | Part.REDIRECT:
                return f"the {self.value}"
        return f"the {self.value} of the address"


def parts_of(request: Request, *, cookies: bool = False) -> Iterator[tuple[Part, str, str]]:
    """Part, name (of a header, else empty) and text."""
    yield from _address(request.url)
    for name, value in request.headers:
        # Pseudo-headers (`:path`) repeat the address.
        if not name.startswith(":") and (cookies or name.lower() != "cookie"):
            yield Part.HEADER, name, value
    if request.body:
        yield Part.BODY, "", request.body
    if request.redirected_to:
        yield Part.REDIRECT, "", request.redirected_to


def _address(url: str) -> Iterator[tuple[Part, str, str]]:
    try:
        parts = urlsplit(url)
    except ValueError:
        yield Part.PATH, "", url
        return
    yield Part.HOST, "", parts.netloc
    yield Part.PATH, "", parts.path
    yield Part.QUERY, "", parts.query
    yield Part.FRAGMENT, "", parts.fragment


def parameter(part: Part, text: str, holds: Callable[[str], bool]) -> str:
    """Name of the parameter or field whose value (or name) `holds` the needle; empty when there is none such."""
    for name, value in pairs(part, text):
        if holds(value) or holds(name):
            return name
    return ""


def pairs(part: Part, text: str) -> Iterator[tuple[str, str]]:
    """Names and values of the first `MAX_FIELDS` parameters or fields in a part; none where it has none."""
    match part:
        case Part.QUERY | Part.FRAGMENT:
            yield from _parameters(text)
        case Part.REDIRECT:
            for _, _, piece in _address(text):
                yield from _parameters(piece)
        case Part.BODY if text.lstrip()[:1] in ("{", "["):
            yield from _leaves(text)
        case Part.BODY if boundary := _boundary(text):
            yield from _fields(text, boundary)
        case Part.BODY:
            yield from _parameters(text)


def _parameters(text: str) -> list[tuple[str, str]]:
    return parse_qsl("&".join(text.split("&", MAX_FIELDS)[:MAX_FIELDS]))


def _boundary(text: str) -> str:
    """The line between the fields of a form with several parts; empty when it is none."""
    if not _FORM.search(text):
        return ""
    begin = 0 if text.startswith("--") else text.find("\n--") + 1
    line = text[begin:].partition("\n")[0].rstrip()
    return line if line.startswith("--") else ""


def _fields(text: str, boundary: str) -> Iterator[tuple[str, str]]:
    for piece in f"\n{text}".split(f"\n{boundary}", MAX_FIELDS + 1)[1 : MAX_FIELDS + 1]:
        head, *value = _BLANK.split(piece, 1)
        if value:
            name = _NAME.search(head)
            yield name[1] if name else "", value[0].removesuffix("\r")


def _leaves(text: str) -> Iterator[tuple[str, str]]:
    stack: list[tuple[str, Any]] = [("", data) for data in _json(text)]
    for _ in range(MAX_FIELDS):
        if not stack:
            return
        path, value = stack.pop()
        if isinstance(value, dict):
            stack += [(_inside(path, key), inner) for key, inner in islice(value.items(), MAX_FIELDS)]
        elif isinstance(value, list):
            stack += [(_inside(path, str(index)), inner) for index, inner in enumerate(value[:MAX_FIELDS])]
        else:
            yield path, str(value)


def _json(text: str) -> list[Any]:
    """The data of a text, or of its lines where each is data of its own: messages of a socket, events.

    Lines between them that are none stand for themselves.
    """
    if (data := _data(text)) is not None:
        return [data]
    lines = text.split("\n", MAX_FIELDS)[:MAX_FIELDS]
    found = [_data(line) for line in lines]
    if not any(isinstance(data, dict | list) for data in found):
        return []
    return [line if data is None else data for line, data in zip(lines, found, strict=True)]


def _data(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _inside(path: str, name: str) -> str:
    return f"{path}.{name[:_MAX_NAME]}".lstrip(".")[:_MAX_NAME]
