"""The parts of a request that carry text to its recipient, and the names inside them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from compliance.model.activity import Request

_FIELD = re.compile(r'name="([^"\r\n]*)"[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n(.*?)(?=\r?\n--|\Z)', re.DOTALL)
_MAX_LEAVES = 2000


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
    """Names and values of the parameters or fields in a part; none where it has none."""
    match part:
        case Part.QUERY | Part.FRAGMENT:
            yield from parse_qsl(text)
        case Part.REDIRECT:
            for _, _, piece in _address(text):
                yield from parse_qsl(piece)
        case Part.BODY if text.lstrip()[:1] in ("{", "["):
            yield from _leaves(text)
        case Part.BODY if "Content-Disposition:" in text:
            for found in _FIELD.finditer(text):
                yield found[1], found[2]
        case Part.BODY:
            yield from parse_qsl(text)


def _leaves(text: str) -> Iterator[tuple[str, str]]:
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        return
    stack: list[tuple[str, Any]] = [("", data)]
    for _ in range(_MAX_LEAVES):
        if not stack:
            return
        path, value = stack.pop()
        if isinstance(value, dict):
            stack += [(f"{path}.{key}".lstrip("."), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            stack += [(f"{path}.{index}".lstrip("."), inner) for index, inner in enumerate(value)]
        else:
            yield path, str(value)
