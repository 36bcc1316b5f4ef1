"""What requests say, taken apart: the texts of address, body and headers, each with the place where it stands.

Texts at the same place of requests to the same owner are what `telling` compares between visitors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from compliance.knowledge.identifiers.decoration import Place, places
from compliance.knowledge.identifiers.kinds import word_like
from compliance.knowledge.identifiers.tokens import name_noise, normal_name, unwrapped
from compliance.knowledge.leaks.inflate import inflated
from compliance.model.activity import Request
from compliance.model.urls import host_of

#: Texts of one request that are looked at; of longer ones, what follows is not.
MAX_TEXTS = 2_000
#: Shorter texts tell few visitors apart.
SHORTEST = 4
#: Headers that browsers fill by themselves (the cookies are the recipient's own, cache validators are looked at by
#: `no-respawning`), or that change with every request.
BY_BROWSER = frozenset(
    (
        *("cookie", "referer", "origin", "host", "user-agent", "content-length", "content-type", "authorization"),
        *("if-none-match", "if-modified-since", "if-range", "range", "sec-websocket-key", "accept-language"),
    )
)
_MULTIPART = re.compile(r'name="([^"\r\n]*)"[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n(.*?)(?=\r?\n--|\Z)', re.DOTALL)
_PAIR = r"[\w.\[\]:$%+-]{1,64}(?:=(?!=)[^&\s]*)?"
_FORM = re.compile(rf"{_PAIR}(?:&{_PAIR})*&?")
_BEFORE_BYTES = re.compile(r"[\t\r\n\x20-\x7e]*")
#: Longer texts are cut into slices, between pieces where that can be.
_WHOLE = 512
_SLICE = re.compile(r".{1,512}(?![A-Za-z0-9_-])|.{1,512}", re.DOTALL)
#: Shorter texts are no encoding of anything longer than a word.
_ENCODED = 12
#: Shorter names of parameters, and words, hold no number of a visitor.
_NAME = 12
# What is left of a measured time when it is written as a binary fraction: `64.10000000149` is 64.1.
_ARTEFACT = re.compile(r"(?<![\w.])\d{1,7}\.\d{0,4}?(?:0{4,}|9{4,})\d*(?![\w.])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """A text and where in a request it stands."""

    place: Place
    text: str


def endpoint(request: Request) -> str:
    """Host and path of a request, without numbers and other noise: what one kind of request has in common."""
    try:
        path = urlsplit(request.url).path
    except ValueError:
        path = ""
    return normal_name(f"{host_of(request.url)}{path}")


def said(request: Request) -> Iterator[Said]:
    """All texts of a request, at most `MAX_TEXTS`."""
    return islice(chain(_of_address(request.url), _kept(_of_rest(request))), MAX_TEXTS)


def _kept(found: Iterable[Said]) -> Iterator[Said]:
    for one in found:
        text = _ARTEFACT.sub(_rounded, one.text) if "." in one.text else one.text
        if len(text) >= SHORTEST:
            yield one if text is one.text else Said(one.place, text)


def _rounded(match: re.Match[str]) -> str:
    return f"{float(match.group()):.4f}".rstrip("0")


@lru_cache(maxsize=10_000)
def _of_address(url: str) -> tuple[Said, ...]:
    """Remembered, because the files of a site are asked for on every page."""
    return tuple(_kept(_in_address(url)))


def _in_address(url: str) -> Iterator[Said]:
    for place, text in places(url):
        yield from _texts(place, text)
    try:
        query = urlsplit(url).query
    except ValueError:
        return
    if query and not _is_form(query):
        yield from _texts(Place("parameter"), query)
    for name, _ in parse_qsl(query, keep_blank_values=True):
        if noise := name_noise(name):  # a number in the name of a parameter
            yield Said(Place("parameter", f"{normal_name(name)} (its name)"), noise)
        elif len(name) >= _NAME and not word_like(name):
            yield Said(Place("parameter", "a parameter's name"), name)


def _of_rest(request: Request) -> Iterator[Said]:
    for name, value in request.headers:
        if name not in BY_BROWSER and not name.startswith((":", "sec-", "accept")):
            yield from _texts(Place("header", name), value)
    if request.body:
        for text in _readable(request.body):
            yield from _body(text, sockets=request.resource == "websocket")


def _readable(body: str) -> Iterator[str]:
    """A body, or what was compressed in it and what stood before that."""
    try:
        plain = inflated(body.encode("latin-1"))
    except UnicodeEncodeError:
        plain = b""
    if not plain or _json(body) is not None:
        yield body
    if plain:
        yield _BEFORE_BYTES.match(body)[0]  # type: ignore[index]  # it matches any text
        yield plain.decode("utf-8", "replace")


def _body(body: str, *, sockets: bool) -> Iterator[Said]:
    """The fields of a body; of a socket or a batch, those of each line."""
    lines = body.split("\n")
    batch = len(lines) > 1 and (sockets or all(line[:1] in "{[" for line in lines if line))
    for line in lines if batch else (body,):
        if "Content-Disposition:" in line:
            for found in _MULTIPART.finditer(line):
                yield from _texts(Place("body", normal_name(found[1])), found[2])
        elif _is_form(line.strip()):
            for name, value in parse_qsl(line.strip()):
                yield from _texts(Place("body", normal_name(name)), value)
        else:
            yield from _texts(Place("body"), line)


def _is_form(text: str) -> bool:
    """Names and values, and no base64 that ends in `=`."""
    return _FORM.fullmatch(text) is not None and any(value for _, value in parse_qsl(text))


def _texts(place: Place, text: str) -> Iterator[Said]:
    """A text as it is; the leaves of what is JSON below its encodings; slices of what is long."""
    if len(text) < _ENCODED and text[:1] not in ("{", "[", "%"):
        yield Said(place, text)
        return
    plain = unwrapped(text)
    data = _json(plain)
    if data is not None:
        yield from _leaves(place, data)
    elif len(plain) <= _WHOLE:
        yield Said(place, text)
    else:
        # No more pieces in each than are compared.
        for number, found in enumerate(_SLICE.finditer(plain)):
            yield Said(Place(place.kind, f"{place.name} part {number}".lstrip() if number else place.name), found[0])


def _json(text: str) -> Any:
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None


def _leaves(top: Place, data: Any) -> Iterator[Said]:
    """Members of JSON by their path; the places in a list are one place, as what is sent together varies."""
    stack: list[tuple[str, Any]] = [(top.name, data)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                plain = normal_name(str(key))
                if plain != key:
                    yield Said(Place(top.kind, f"{path}.{plain} (its name)".lstrip(".")), name_noise(str(key)))
                stack.append((f"{path}.{plain}".lstrip("."), inner))
        elif isinstance(value, list):
            stack += [(f"{path}[]", inner) for inner in value]
        elif value is not None:
            yield from _texts(Place(top.kind, path), str(value))
