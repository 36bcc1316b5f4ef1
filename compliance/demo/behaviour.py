"""What a variant of the demo site does besides serving files: `behaviour.toml`, a small closed set of rules.

Every variant folder holds one. Rules name the virtual host and the path they are for;
`*` stands for any text. Where two rules fit, the variant's own goes before the honest site's.

| table | does |
|---|---|
| `[[cookie]]` | adds a `Set-Cookie` line; only for visitors who do not send it, unless `always`; `every` n-th crawl |
| `[[header]]` | adds or replaces a response header |
| `[[redirect]]` | answers with a redirect; `{path}` in `to` is the path and query asked for |
| `[[status]]` | answers with a bare status (404 and the like get the site's error page) |
| `[[fill]]` | fills the placeholders in a text file, anew in every answer |
| `[[rewrite]]` | serves another file than the path says; `query` narrows it to one query string |
| `[[form]]` | accepts a POST and sends the visitor on to `to` |
| `[[socket]]` | accepts WebSockets, listens, says nothing |
| `[[dns]]` | makes `name` an alias of `cname` at the demo's DNS server |

Cookies, header values and files to fill may contain placeholders, filled anew in every answer:
`{uuid}`, `{random:hex:32}`, `{random:digits:9}`, `{random:base36:8}`, `{now}` (epoch in
seconds), `{now:ms}`, `{counter}` (1, 2, 3, … for the life of the server), `{cookie:NAME}`
(what the visitor sends), `{tag:hex:32}` (the validator that the visitor's cache sends, else
a new one; the same in all of an answer). An answer whose `ETag` is the one that the cache
sends is a bare 304. With `trusted = true` the browser trusts the certificate; without trust
it keeps no cache on disk.
"""

from __future__ import annotations

import itertools
import random
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

#: The host that rules are for when they name none, and that `DemoSite.url` points to.
MAIN_HOST = "www.spaceo.test"

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ALPHABETS = {"hex": "0123456789abcdef", "digits": "0123456789", "base36": "0123456789abcdefghijklmnopqrstuvwxyz"}


@dataclass
class Asked:
    """What a visitor sends that answers may repeat."""

    cookies: Mapping[str, str] = field(default_factory=dict)
    tag: str = ""
    """If-None-Match without quotes; made up when the answer needs one."""


class Filler:
    """Fills placeholders; one per server, because it counts."""

    def __init__(self) -> None:
        self._counter = itertools.count(1)

    def fill(self, template: str, asked: Asked | None = None) -> str:
        """`template` with every placeholder replaced; `asked` belongs to one answer."""
        one = asked or Asked()
        return _PLACEHOLDER.sub(lambda match: _maker(match[1])(self, one), template)

    def fill_file(self, text: str) -> str:
        """`text` with the placeholders filled, and every other pair of braces as it is."""
        one = Asked()

        def filled(match: re.Match[str]) -> str:
            try:
                return _maker(match[1])(self, one)
            except ValueError:
                return match[0]

        return _PLACEHOLDER.sub(filled, text)

    def count(self) -> str:
        """The next number."""
        return str(next(self._counter))


def _maker(placeholder: str) -> Callable[[Filler, Asked], str]:
    """What fills `placeholder`.

    Raises:
        ValueError: There is no such placeholder.
    """
    match placeholder.split(":"):
        case ["uuid"]:
            return lambda *_: str(uuid.uuid4())
        case ["now"]:
            return lambda *_: str(int(time.time()))
        case ["now", "ms"]:
            return lambda *_: str(time.time_ns() // 1_000_000)
        case ["counter"]:
            return lambda filler, _: filler.count()
        case ["cookie", name]:
            return lambda _, asked: asked.cookies.get(name, "")
        case ["tag", kind, length] if kind in _ALPHABETS and length.isdecimal():
            return lambda _, asked: _tag(asked, kind, int(length))
        case ["random", kind, length] if kind in _ALPHABETS and length.isdecimal():
            return lambda *_: _drawn(kind, int(length))
    raise ValueError(f"there is no placeholder {{{placeholder}}}; see compliance/demo/behaviour.py")


def _drawn(kind: str, length: int) -> str:
    return "".join(random.SystemRandom().choices(_ALPHABETS[kind], k=length))


def _tag(asked: Asked, kind: str, length: int) -> str:
    asked.tag = asked.tag or _drawn(kind, length)
    return asked.tag


def _known_placeholders(template: str) -> str:
    for name in _PLACEHOLDER.findall(template):
        _maker(name)
    return template


Template = Annotated[str, AfterValidator(_known_placeholders)]


class Rule(BaseModel):
    """For which requests a rule is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = MAIN_HOST
    path: str = "*"

    def fits(self, host: str, path: str) -> bool:
        """Is this rule for `path` (without query) on `host`."""
        return fnmatchcase(host, self.host) and fnmatchcase(path, self.path)


class CookieRule(Rule):
    """`[[cookie]]`."""

    set: Template = Field(pattern=r"^[^=;\s]+=")
    always: bool = False
    every: int = Field(1, ge=1)
    """In the first of so many crawls, and then in the first of so many more. Who asks for robots.txt begins one."""

    def due(self, crawls: int) -> bool:
        """Is it set now that so many crawls have begun."""
        return max(0, crawls - 1) % self.every == 0

    @property
    def name(self) -> str:
        """Name of the cookie."""
        return self.set.partition("=")[0]


class HeaderRule(Rule):
    """`[[header]]`."""

    name: str
    value: Template


class RedirectRule(Rule):
    """`[[redirect]]`."""

    to: str
    status: int = Field(302, ge=300, le=308)


class StatusRule(Rule):
    """`[[status]]`."""

    status: int = Field(ge=200, le=599)


class FillRule(Rule):
    """`[[fill]]`."""


class RewriteRule(Rule):
    """`[[rewrite]]`."""

    file: str
    query: str | None = None


class FormRule(Rule):
    """`[[form]]`."""

    to: str


class SocketRule(Rule):
    """`[[socket]]`."""


class DnsRule(BaseModel):
    """`[[dns]]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    cname: str


class Behaviour(BaseModel):
    """One `behaviour.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = Field(min_length=20)
    """One sentence: what this variant does."""
    breaks: tuple[str, ...] = ()
    """Ids of the checks that must find it; no other may."""
    trusted: bool = False
    """The certificate counts as trusted, so that the browser keeps a cache on disk; without trust it keeps none."""
    cookie: tuple[CookieRule, ...] = ()
    header: tuple[HeaderRule, ...] = ()
    redirect: tuple[RedirectRule, ...] = ()
    status: tuple[StatusRule, ...] = ()
    fill: tuple[FillRule, ...] = ()
    rewrite: tuple[RewriteRule, ...] = ()
    form: tuple[FormRule, ...] = ()
    socket: tuple[SocketRule, ...] = ()
    dns: tuple[DnsRule, ...] = ()

    def over(self, base: Behaviour) -> Behaviour:
        """This behaviour laid over `base`: its rules go first, its cookies replace those of the same name."""
        own = {(c.host, c.name) for c in self.cookie}
        return self.model_copy(
            update={
                "cookie": (*self.cookie, *(c for c in base.cookie if (c.host, c.name) not in own)),
                "header": (*self.header, *base.header),
                "redirect": (*self.redirect, *base.redirect),
                "status": (*self.status, *base.status),
                "fill": (*self.fill, *base.fill),
                "rewrite": (*self.rewrite, *base.rewrite),
                "form": (*self.form, *base.form),
                "socket": (*self.socket, *base.socket),
                "dns": (*base.dns, *self.dns),
            }
        )
