"""No page contacts a company that is known for advertising or for measuring visitors.

## What it checks
Every request of a page, those that failed or were blocked included: who is behind the host, and what does that
company do. Owners and their categories are third-party-web's, a snapshot that ships with this program. With `lists`
the user's own lists are asked as well: filter lists as EasyPrivacy, hosts files, and others
([how they are installed](../lists.md)).

## How it decides
* The owner's category is one of `categories`: a finding for each page and owner, with host, owner, category and the
  entry of the data that says so. An attempt counts.
* A rule of a list in `lists` blocks the request, and no exception takes it back: a finding for each page, list and
  host, with the rule and its line. Options count as in a blocker: `third-party`, `domain=`, kinds of requests,
  `important`, `badfilter`. Requests to hosts of the site are asked about, too; the page itself is not.
* A rule that is not understood may take it back, or may have blocked: inconclusive.
* Hosts in `allow` are noted with their reason. A processor of the spec is judged like others: that the policy names
  a tracker makes it no less one.
* A host that neither the data nor a list knows, and one whose owner does something else: nothing is said.
* Hosts of the site (`site.url`, `site.first_party`) are never judged by who owns them.

## Why it matters
A company that advertises or measures on many sites recognises a visitor from one to the next. Naming it makes a
third-party request concrete.

## Limits
The data holds large companies; that it does not know a host is no praise, so a pass says: none of those that it and
the named lists know. A company is filed under one category, also where it has several products. Without `lists`,
trackers behind a host of the site are not seen. What is loaded only after consent is not loaded here. A list's date
stands in the report; what is newer is not on it.

## References
* third-party-web, https://github.com/patrickhulce/third-party-web (MIT).
* Englehardt, Narayanan, Online Tracking, CCS 2016 (how few companies reach how many sites).
* Filter options: https://help.adblockplus.org/hc/en-us/articles/360062733293.

## Example
```yaml
checks:
  known-trackers:
    categories: [ad, analytics, marketing, social]
    lists: [easyprivacy]
    allow:
      stats.example.com: the policy names it, and says what it counts
```
The demo site `broken/known-trackers/measuring` breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.checks.transport._parties import contacts, own_loads
from compliance.knowledge.filters import kind_of
from compliance.knowledge.lists import Hit
from compliance.knowledge.owners import CATEGORIES, Owner, owner_of, source
from compliance.knowledge.parties import DomainReasons, listed
from compliance.model.activity import Request
from compliance.model.lists import is_list_name
from compliance.model.urls import host_of
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect, Visit

EVIDENCE = 20
"""Requests that one finding points to; the number of all is in its message."""

Category = Literal[
    "ad",
    "analytics",
    "cdn",
    "consent-provider",
    "content",
    "customer-success",
    "hosting",
    "marketing",
    "other",
    "social",
    "tag-manager",
    "utility",
    "video",
]


def _list_names(names: frozenset[str]) -> frozenset[str]:
    for name in names:
        if not is_list_name(name):
            raise ValueError(f"{name!r} is no name of a list: lower case letters, digits and dashes, as in easyprivacy")
    return names


class KnownTrackers(Parameters):
    """Parameters of `known-trackers`."""

    categories: frozenset[Category] = Field(
        frozenset({"ad", "analytics", "marketing"}),
        min_length=1,
        description="What an owner does whose hosts must not be contacted, in the words of third-party-web.",
    )
    lists: Annotated[frozenset[str], AfterValidator(_list_names)] = Field(
        frozenset(),
        description="Installed lists that are asked as well, as `compliance lists` names them. A finding needs one of "
        "them, or an owner of one of the `categories`.",
    )
    allow: DomainReasons = Field(
        {},
        description="Domain → why it may be contacted. A registrable domain (example.com) covers all its hosts, a "
        "longer name that host only.",
    )

    def names_lists(self) -> frozenset[str]:
        """Those of `lists`."""
        return self.lists


@check("known-trackers", parameters=KnownTrackers, reads=[Aspect.REQUESTS], knows=["third-party-web"])
def known_trackers(visit: Visit, parameters: KnownTrackers, context: Context) -> Iterator[Result]:
    """No page contacts a company that is known for advertising or for measuring visitors."""
    found: dict[str, tuple[Owner, list[Request]]] = {}
    allowed: set[str] = set()
    parties, _ = contacts(visit, context.site)
    others = [r for party in parties for r in party.requests]
    for request in others:
        host = host_of(request.url)
        owner = owner_of(host)
        if owner is None or owner.category not in parameters.categories:
            continue
        if entry := listed(host, parameters.allow):
            allowed.add(f"{entry} ({owner.name}) was contacted, which is allowed: {parameters.allow[entry]}.")
        else:
            found.setdefault(owner.name, (owner, []))[1].append(request)
    for message in sorted(allowed):
        yield Note(message)
    for name, (owner, requests) in sorted(found.items()):
        yield Finding(_told(owner, requests), visit.page, f"tracker:{name}", _evidence(visit, requests))
    if parameters.lists:
        yield from _by_lists(visit, [*others, *own_loads(visit, context.site)], parameters, context)


def _by_lists(
    visit: Visit, requests: list[Request], parameters: KnownTrackers, context: Context
) -> Iterator[Finding | Doubt | Note]:
    """What the user's lists say."""
    matcher = context.lists.matcher(parameters.lists)
    found: dict[tuple[str, str], list[tuple[Hit, Request]]] = {}
    allowed: set[str] = set()
    doubts: dict[str, None] = {}
    for request in requests:
        host = host_of(request.url)
        # A frame's own document is asked for by the page around it.
        asker = visit.page if request.resource == "document" or not host_of(request.frame) else request.frame
        kind = None if request.log_only else kind_of(request.resource)
        hit = matcher.ask(request.url, source=host_of(asker), page=asker, kind=kind)
        if hit is None or (hit.category in CATEGORIES and hit.category not in parameters.categories):
            continue
        if entry := listed(host, parameters.allow):
            allowed.add(f"{entry} ({hit.list}) was contacted, which is allowed: {parameters.allow[entry]}.")
        elif not hit.sure:
            doubts[f"a request to {host} may be a tracker's: {hit.why}"] = None
        else:
            found.setdefault((hit.list, host), []).append((hit, request))
    for message in sorted(allowed):
        yield Note(message)
    for message in doubts:
        yield Doubt(Reason.NEEDS_HUMAN, message, visit.page)
    for (name, host), hits in sorted(found.items()):
        first, asked = hits[0][0], [request for _, request in hits]
        own = ", a host of the site itself" if context.site.is_first_party(asked[0].url) else ""
        owner = f" ({first.owner})" if first.owner else ""
        category = f", `{first.category}`" if first.category else ""
        rules = len({hit.line for hit, _ in hits})
        more = f" and {rules - 1} more" if rules > 1 else ""
        yield Finding(
            f"{_requests(asked)} to {host}{owner}{own}: on the list {context.lists.info(name).told()}{category}, line "
            f"{first.line}, `{first.text[:200]}`{more}{_lost(asked)}.",
            visit.page,
            f"list:{name}:{host}",
            _evidence(visit, asked, tuple(f"{hit.list} line {hit.line}: {hit.text[:120]} · " for hit, _ in hits)),
        )


def _told(owner: Owner, requests: list[Request]) -> str:
    hosts = ", ".join(sorted({host_of(r.url) for r in requests}))
    company = f" of {owner.company}" if owner.company and owner.company not in owner.name else ""
    return (
        f"{_requests(requests)} to {hosts}: {owner.name}{company}, known for "
        f"{CATEGORIES[owner.category]} (`{owner.category}`, by {owner.entry} in {source().told()}){_lost(requests)}."
    )


def _requests(requests: list[Request]) -> str:
    return f"{len(requests)} request{'s' * (len(requests) != 1)}"


def _lost(requests: list[Request]) -> str:
    lost = sum(bool(r.blocked or r.error) for r in requests)
    return f"; {lost} of {len(requests)} did not get through, the attempt counts" if lost else ""


def _evidence(visit: Visit, requests: list[Request], before: tuple[str, ...] = ()) -> tuple[Evidence, ...]:
    said = before or ("",) * len(requests)
    pairs = list(zip(requests, said, strict=True))[:EVIDENCE]
    return tuple(Evidence(visit.id, Aspect.REQUESTS, r.id, f"{rule}{r.url[:300]}") for r, rule in pairs)
