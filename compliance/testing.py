"""Builders for tests of checks: literals with defaults, and observations held in memory.

Public: authors of third-party checks test with the same helpers.

```python
from compliance.checks import judge
from compliance.testing import context, observe, request, visit

verdict = judge(my_check, MyParameters(), observe(visit(requests=[request("https://ads.test/p")])), context())
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from compliance.checks import Context
from compliance.model.activity import ApiCall, Cookie, Request, SetCookie, StorageItem
from compliance.model.content import Field, Form, Link
from compliance.model.observation import Controls, Coverage, Environment, NameLookup, Site, Skipped
from compliance.model.policy import PolicyVersion
from compliance.model.recording import RecordingProbe
from compliance.model.trials import FormProbe, LinkProbe
from compliance.model.urls import host_of, site_of
from compliance.model.visit import APART, SEEN, Aspect, Session, Visit, VisitOutcome

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOME = "https://shop.test/"

#: Aspect → the fields of a visit that hold it.
FIELDS: dict[Aspect, tuple[str, ...]] = {
    Aspect.REQUESTS: ("requests",),
    Aspect.COOKIES: ("set_cookies", "jar"),
    Aspect.STORAGE: ("storage",),
    Aspect.LINKS: ("links",),
    Aspect.FORMS: ("forms",),
    Aspect.TEXT: ("text",),
    Aspect.CONSOLE: ("console",),
    Aspect.API_CALLS: ("api_calls",),
}


def request(url: str, **fields: Any) -> Request:
    """A GET for an image that was answered with 200.

    Whether the window itself went to a document says `whole_page`. Where no document of a visit says so, checks work
    it out from the addresses of the visit and the redirects.
    """
    defaults: dict[str, Any] = {"id": url, "method": "GET", "resource": "image", "status": 200, "frame": HOME}
    return Request(url=url, **(defaults | fields))


def set_cookie(name: str, value: str = "1", **fields: Any) -> SetCookie:
    """A session cookie set by the home page's response."""
    defaults: dict[str, Any] = {"domain": "shop.test", "path": "/", "set_by": "header", "setter": HOME}
    if fields.get("lifetime") is not None:
        defaults["expires"] = NOW.timestamp() + fields["lifetime"]
    return SetCookie(name=name, value=value, **(defaults | fields))


def cookie(name: str, value: str = "1", **fields: Any) -> Cookie:
    """A session cookie of the shop in the jar; `lifetime` in seconds sets `expires`."""
    defaults: dict[str, Any] = {"domain": "shop.test", "path": "/"}
    lifetime = fields.pop("lifetime", None)
    if lifetime is not None:
        defaults["expires"] = NOW.timestamp() + lifetime
    return Cookie(name=name, value=value, **(defaults | fields))


def stored(key: str, value: str, kind: str = "local", **fields: Any) -> StorageItem:
    """A localStorage item of the shop."""
    defaults: dict[str, Any] = {"origin": "https://shop.test", "length": len(value), "frame": HOME}
    return StorageItem(kind=kind, key=key, value=value, **(defaults | fields))


def api_call(api: str, *samples: str, **fields: Any) -> ApiCall:
    """Calls of an API by a script of the shop, once for each sample."""
    defaults: dict[str, Any] = {"script": f"{HOME}app.js", "frame": HOME, "count": max(1, len(samples))}
    defaults |= {"distinct": len(samples), "most": min(1, len(samples))}
    return ApiCall(api=api, samples=samples, **(defaults | fields))


def link(href: str, text: str = "", **fields: Any) -> Link:
    """A visible link."""
    return Link(href=href, text=text or host_of(href), raw=fields.pop("raw", href), **fields)


def form_field(name: str, type: str = "text", label: str = "", **fields: Any) -> Field:
    """A visible, optional control."""
    defaults: dict[str, Any] = {"selector": f'[name="{name}"]'}
    return Field(name=name, type=type, label=label or name.capitalize(), **(defaults | fields))


def form(*fields: Field, **more: Any) -> Form:
    """A contact form that posts to the shop."""
    defaults: dict[str, Any] = {"action": "https://shop.test/contact", "method": "post", "submit": "button"}
    return Form(fields=fields, **(defaults | more))


_counter = iter(range(1, 10**9))


def visit(url: str = HOME, **fields: Any) -> Visit:
    """A page seen whole by the first visitor; aspects not named are recorded and empty.

    Pass `requests=None` to say "not recorded".
    """
    defaults: dict[str, Any] = {
        "id": f"v{next(_counter)}",
        "visitor": "visitor",
        "session": Session.FIRST,
        "outcome": VisitOutcome.OK,
        "final_url": url,
        "status": 200,
        "content_type": "text/html",
        "started": NOW.isoformat(),
        "text_length": 500,
        "requests": (),
        "set_cookies": (),
        "jar": (),
        "storage": (),
        "links": (),
        "forms": (),
        "text": "",
        "console": (),
        "api_calls": (),
    }
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
    return Visit(url=url, **(defaults | given))


@dataclass
class MemoryObservations:
    """`Observations` over literals."""

    site: Site
    visits_made: list[Visit]
    policy: PolicyVersion | None = None
    environment: Environment = field(default_factory=lambda: Environment(tool="test", third_party_cookies="visible"))
    coverages: Mapping[str, Coverage] = field(default_factory=dict)
    skips: tuple[Skipped, ...] = ()
    forms_tried: tuple[FormProbe, ...] | None = None
    links_tried: tuple[LinkProbe, ...] | None = None
    recordings_tried: tuple[RecordingProbe, ...] | None = None
    names: tuple[NameLookup, ...] | None = None
    instrument: Controls = field(default_factory=lambda: Controls(tried=1, aspects=frozenset(Aspect)))

    def coverage(self, visitor: str) -> Coverage:
        """As given, else what the visits say."""
        if visitor in self.coverages:
            return self.coverages[visitor]
        mine = [v for v in self.visits_made if v.visitor == visitor and v.session is Session.FIRST]
        seen = sum(v.outcome in SEEN for v in mine)
        return Coverage(len(mine), len(mine), len(mine), seen, budget=500, complete=True)

    def visits(
        self,
        *,
        visitor: str | None = None,
        session: Session | None = None,
        aspects: frozenset[Aspect] = frozenset(),
        url: str | None = None,
    ) -> Iterator[Visit]:
        """Narrowed to the aspects asked for, as the store does."""
        hidden: dict[str, Any] = {name: None for a, names in FIELDS.items() if a not in aspects for name in names}
        for v in self.visits_made:
            asked = v.session is session or (session is None and v.session not in APART)
            if visitor in (None, v.visitor) and asked and url in (None, v.url, v.final_url):
                yield replace(v, **hidden)

    def skipped(self, visitor: str) -> Iterator[Skipped]:
        """As given."""
        yield from self.skips

    def form_probes(self, visitor: str) -> tuple[FormProbe, ...] | None:
        """As given."""
        return self.forms_tried

    def link_probes(self, visitor: str) -> tuple[LinkProbe, ...] | None:
        """As given."""
        return self.links_tried

    def recording_probes(self, visitor: str) -> tuple[RecordingProbe, ...] | None:
        """As given."""
        return self.recordings_tried

    def lookups(self) -> tuple[NameLookup, ...] | None:
        """As given."""
        return self.names

    def controls(self, visitor: str) -> Controls:
        """As given; by default the instrument got everything right."""
        return self.instrument


def observe(*visits: Visit, url: str = HOME, first_party: Iterable[str] = (), **fields: Any) -> MemoryObservations:
    """Observations of the shop made of these visits."""
    return MemoryObservations(site=site(url, first_party=first_party), visits_made=list(visits), **fields)


def site(url: str = HOME, first_party: Iterable[str] = (), **fields: Any) -> Site:
    """The shop."""
    return Site(url=url, first_party=frozenset({site_of(url), *first_party}), **fields)


def context(**fields: Any) -> Context:
    """Context of a check at the shop."""
    defaults: dict[str, Any] = {"site": site(), "now": NOW}
    return Context(**(defaults | fields))
