"""Every cookie is one that the policy declares, its owner's, and no longer-lived than declared.

## What it checks
The list of cookies in a policy or a consent tool, against every cookie that the site and everything on its pages
set or try to set, in all sessions. An attempt that the browser refused counts: another browser may allow it. So does
a cookie in the jar that nobody saw being set. As soon as the list has an entry with `carrier: local-storage`, it is
taken as a list of local storage as well, and what lies there is compared with it.

## How it decides
An entry fits by `name` (a glob; capital letters count) and by owner. The owner is the registrable domain of the
cookie or of the storage's origin: that of the entry's `domain`, or the site's own where the entry names none. All
domains of the spec's `site` are one owner. An exact name goes before a glob; of several entries that fit equally,
the longest lifetime holds.

* No entry of that name: a finding.
* Entries of that name, all of other owners: a finding. A policy that declares the site's own `uid` has not declared
  an advertiser's.
* A lifetime, asked for or kept, of more than 5 % above the declared one: a finding. Policies round, and "13 months"
  are here 390 days and may be 397. Two seconds more are let pass, because an Expires date is rounded. `session`
  allows session cookies only. Shorter than declared is no deviation, and an entry without lifetime says nothing.
* A declared entry that was never seen: a note. It may need a login, a country, or consent.

## Why it matters
A list of cookies is the part of a policy that can be compared word for word with what a browser does, and it is out
of date as soon as somebody adds a tag.

## Limits
Whether the declared purpose is true cannot be seen. What a script of another owner writes under the site's own
domain is the site's cookie; the message names the writer. Only pages and visitors of this run are compared: nobody
logs in, buys, or answers a consent dialog. Local storage has no lifetime, so an entry for it can declare none.

## References
* Regulation (EU) 2016/679, Art. 13(2)(a): the period of storage is to be told.
* CJEU, C-673/17 (Planet49): how long cookies work, and who else has access, is part of what a visitor is told.
* Bollinger et al., Automating Cookie Consent and GDPR Violation Detection, USENIX Security 2022: undeclared cookies
  and lifetimes beyond the declared ones on sites with consent tools.

## Example
```yaml
checks:
  declared-cookies:
    cookies:
      - {name: sid, purpose: keeps the basket, lifetime: session}
      - {name: "_ga*", purpose: statistics, lifetime: 13 months}
      - {name: IDE, domain: doubleclick.net, purpose: advertising, lifetime: 390 days}
      - {name: theme, carrier: local-storage, purpose: remembers light or dark}
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.knowledge.identifiers import Carrier, gather, spoken
from compliance.knowledge.identifiers.describe import (
    cause_of,
    cookies,
    is_own,
    lifetime,
    listed,
    origin,
    pointers,
    redacted,
    shown,
    title,
)
from compliance.knowledge.identifiers.tokens import normal_name
from compliance.knowledge.parties import Domain
from compliance.model.activity import StorageItem
from compliance.model.observation import Observations, Site
from compliance.model.spec import Duration, Model
from compliance.model.urls import registrable_domain, site_of
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import SEEN, Aspect, Visit

#: Share by which a lifetime may exceed the declared one: a month of a policy has 28 to 31 days, here 30.
TOLERANCE = 0.05
#: An Expires date has whole seconds and takes a moment from server to browser.
ROUNDING = 2.0

OWN = ""
"""The site's owner, where owners are compared; others are their registrable domains."""


def _without_dot(value: object) -> object:
    """Lists of cookies write `.example.com` for "and its subdomains"."""
    return value.removeprefix(".") if isinstance(value, str) else value


class Declared(Model):
    """One line of the list of cookies."""

    name: str = Field(min_length=1, description="Name, or a glob of names.")
    domain: Annotated[Domain, BeforeValidator(_without_dot)] | None = Field(
        None, description="Whose it is; the site's own when left out."
    )
    carrier: Literal["cookie", "local-storage"] = Field("cookie", description="Where it is kept.")
    purpose: str = Field("", description="What the policy says it is for.")
    lifetime: Duration | None = Field(None, description='How long it may live: "13 months", "session".')

    @model_validator(mode="after")
    def _lifetimes_are_of_cookies(self) -> Declared:
        if self.carrier == "local-storage" and self.lifetime is not None:
            raise ValueError("local storage has no lifetime that could be seen: leave `lifetime` out")
        return self

    def names(self, name: str) -> bool:
        """Does it name `name`; names may hold brackets, so the text itself fits, too."""
        return self.name == name or fnmatchcase(name, self.name)

    def owner(self, site: Site) -> str:
        """`OWN`, or a registrable domain."""
        domain = registrable_domain(self.domain) if self.domain else OWN
        return OWN if domain in site.first_party else domain


class DeclaredCookies(Parameters):
    """What the policy lists."""

    cookies: tuple[Declared, ...] = Field(
        description="The list: `name` (glob) of each, and where the policy says so its `domain`, `purpose`, `lifetime` "
        'as in "13 months" or "session", and `carrier`: `cookie` or `local-storage`. An empty list declares none.'
    )

    def also_reads(self) -> frozenset[Aspect]:
        """Storage, when the list speaks of it."""
        return frozenset({Aspect.STORAGE}) if self.of("local-storage") else frozenset()

    def of(self, carrier: str) -> list[Declared]:
        """Entries for one kind of carrier."""
        return [entry for entry in self.cookies if entry.carrier == carrier]


@check("declared-cookies", parameters=DeclaredCookies, reads=[Aspect.COOKIES], scope="site")
def declared_cookies(observations: Observations, parameters: DeclaredCookies, context: Context) -> Iterator[Result]:
    """Every cookie is one that the policy declares, its owner's, and no longer-lived than declared."""
    unseen = dict.fromkeys(parameters.cookies)
    visits = observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.COOKIES}))
    # Names are taken as they are: it is these that the globs were written for.
    gathered = gather(visits, context.now.timestamp(), merged=False)
    for gap in gathered.gaps:
        yield Doubt(Reason.INSTRUMENT, gap.why, gap.page)
    entries, reported = parameters.of("cookie"), set[str]()
    for carrier in sorted(gathered.carriers, key=lambda c: -_longest(c)):
        owner = OWN if is_own(carrier, context.site) else registrable_domain(carrier.domain)
        fitting = _fitting(carrier.name, owner, entries, context.site)
        for entry in fitting:
            unseen.pop(entry, None)
        kind, wrong = _deviation(carrier, fitting, entries)
        if kind and (cause := cause_of(kind, carrier, context.site)) not in reported:
            reported.add(cause)
            message = f"{title(carrier)} {lifetime(carrier)}; {wrong}. {origin(carrier, context.site)}"
            yield Finding(message, carrier.page, cause, pointers(carrier))
    yield Note(f"{cookies(len(gathered.carriers))} seen, refused ones included; {len(entries)} declared.")
    if entries := parameters.of("local-storage"):
        visits = observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.STORAGE}))
        yield from _stored(visits, entries, unseen, context.site)
    for entry in unseen:
        whose = f" of {entry.domain}" if entry.domain else ""
        yield Note(f"“{shown(entry.name)}”{whose} is declared ({entry.carrier}) and was never seen.")


def _longest(carrier: Carrier) -> float:
    """The longer of what is asked for and what the browser keeps; nothing for a session cookie."""
    return max(carrier.requested or 0.0, carrier.effective or 0.0)


def _fitting(name: str, owner: str, entries: Sequence[Declared], site: Site) -> list[Declared]:
    """Entries for that name and owner, only the exact ones if there are any."""
    named = [entry for entry in entries if entry.names(name) and entry.owner(site) == owner]
    return [entry for entry in named if entry.name == name] or named


def _deviation(carrier: Carrier, fitting: Sequence[Declared], entries: Sequence[Declared]) -> tuple[str, str]:
    """Kind of deviation and its words; empty when there is none."""
    if not fitting:
        return _undeclared(carrier.name, entries)
    lifetimes = [entry.lifetime for entry in fitting if entry.lifetime is not None]
    if len(lifetimes) < len(fitting):
        return "", ""  # an entry without lifetime allows any
    allowed = max(lifetimes)
    if _longest(carrier) <= (allowed * (1 + TOLERANCE) + ROUNDING if allowed else 0):
        return "", ""
    return "outlives", f"declared: {spoken(allowed) if allowed else 'no longer than the session'}"


def _undeclared(name: str, entries: Iterable[Declared]) -> tuple[str, str]:
    """Nobody's, or declared for others only."""
    others = [entry.domain or "the site itself" for entry in entries if entry.names(name)]
    if others:
        return "other-owner", f"declared for {listed(others)} only"
    return "undeclared", "not declared"


def _stored(
    visits: Iterable[Visit], entries: Sequence[Declared], unseen: dict[Declared, None], site: Site
) -> Iterator[Result]:
    """Local storage against its entries."""
    found: dict[tuple[str, str], tuple[Visit, StorageItem]] = {}
    for visit in visits:
        missing = "local storage was not recorded" if visit.storage is None else ""
        why = visit.errors.get(Aspect.STORAGE.value) or missing
        if why and visit.outcome in SEEN:
            yield Doubt(Reason.INSTRUMENT, why, visit.page)
        for item in visit.storage or ():
            if item.kind == "local":
                domain = site_of(item.origin)
                found.setdefault((OWN if domain in site.first_party else domain, item.key), (visit, item))
    for (owner, key), (visit, item) in found.items():
        fitting = _fitting(key, owner, entries, site)
        for entry in fitting:
            unseen.pop(entry, None)
        if not fitting:
            kind, wrong = _undeclared(key, entries)
            excerpt = f"{shown(key)}={redacted(item.value)}"
            yield Finding(
                f"“{shown(key)}” in local storage of {shown(item.origin)}: {wrong}.",
                visit.page,
                f"{kind}-storage:{owner or 'self'}:{shown(normal_name(key))}",
                (Evidence(visit.id, Aspect.STORAGE.value, shown(key), excerpt),),
            )
    yield Note(f"{len(found)} item{'s' * (len(found) != 1)} of local storage seen; {len(entries)} declared.")
