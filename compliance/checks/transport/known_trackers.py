"""No page contacts a company that is known for advertising or for measuring visitors.

## What it checks
Every request of a page to somebody else, those that failed or were blocked included: who is behind the host, and
what does that company do. Owners and their categories are third-party-web's, a snapshot that ships with this program.

## How it decides
* The owner's category is one of `categories`: a finding for each page and owner, with host, owner, category and the
  entry of the data that says so. An attempt counts.
* Hosts in `allow` are noted with their reason. A processor of the spec is judged like others: that the policy names
  a tracker makes it no less one.
* A host that the data does not know, and one whose owner does something else: nothing is said.
* Hosts of the site (`site.url`, `site.first_party`) are never judged by who owns them.

## Why it matters
A company that advertises or measures on many sites recognises a visitor from one to the next. Naming it makes a
third-party request concrete.

## Limits
The data holds large companies; that it does not know a host is no praise, so a pass says: none of those it
knows. A company is filed under one category, also where it has several products. Trackers behind a host of
the site are not seen. What is loaded only after consent is not loaded here. The data's date stands in each finding.

## References
* third-party-web, https://github.com/patrickhulce/third-party-web (MIT).
* Englehardt, Narayanan, Online Tracking, CCS 2016 (how few companies reach how many sites).

## Example
```yaml
checks:
  known-trackers:
    categories: [ad, analytics, marketing, social]
    allow:
      stats.example.com: the policy names it, and says what it counts
```
The demo site `broken/known-trackers/measuring` breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Note, Parameters, Result, check
from compliance.checks.transport._parties import contacts
from compliance.knowledge.owners import CATEGORIES, Owner, owner_of, source
from compliance.knowledge.parties import DomainReasons, listed
from compliance.model.observation import Aspect, Request, Visit
from compliance.model.urls import host_of
from compliance.model.verdict import Evidence, Finding

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


class KnownTrackers(Parameters):
    """Parameters of `known-trackers`."""

    categories: frozenset[Category] = Field(
        frozenset({"ad", "analytics", "marketing"}),
        min_length=1,
        description="What an owner does whose hosts must not be contacted, in the words of third-party-web.",
    )
    allow: DomainReasons = Field(
        {},
        description="Domain → why it may be contacted. A registrable domain (example.com) covers all its hosts, a "
        "longer name that host only.",
    )


@check("known-trackers", parameters=KnownTrackers, reads=[Aspect.REQUESTS])
def known_trackers(visit: Visit, parameters: KnownTrackers, context: Context) -> Iterator[Result]:
    """No page contacts a company that is known for advertising or for measuring visitors."""
    found: dict[str, tuple[Owner, list[Request]]] = {}
    allowed: set[str] = set()
    parties, _ = contacts(visit, context.site)
    for request in (r for party in parties for r in party.requests):
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
        evidence = tuple(Evidence(visit.id, Aspect.REQUESTS, r.id, r.url[:300]) for r in requests[:EVIDENCE])
        yield Finding(_told(owner, requests), visit.page, f"tracker:{name}", evidence)


def _told(owner: Owner, requests: list[Request]) -> str:
    count = len(requests)
    hosts = ", ".join(sorted({host_of(r.url) for r in requests}))
    company = f" of {owner.company}" if owner.company and owner.company not in owner.name else ""
    lost = sum(bool(r.blocked or r.error) for r in requests)
    failed = f"; {lost} of {count} did not get through, the attempt counts" if lost else ""
    return (
        f"{count} request{'s' * (count != 1)} to {hosts}: {owner.name}{company}, known for "
        f"{CATEGORIES[owner.category]} (`{owner.category}`, by {owner.entry} in {source().told()}){failed}."
    )
