"""Whoever is asked for a file learns the visitor's IP address.

## What it checks
Every request that a page makes: documents, scripts, images, fonts, fetches, beacons (those sent when the
page is left, too), WebSockets, requests of frames and workers, and every hop of a redirect. Each must go to
the site's own hosts (`site.url`, `site.first_party`), to a processor of the spec (`site.processors`), or to
a domain of `allow`.

## How it decides
Parties are told apart by registrable domain, with the private section of the public suffix list:
`a.github.io` and `b.github.io` are two parties, `example.com.evil.test` belongs to `evil.test`. Ports and
user names in an address make no difference. In `allow`, a registrable domain covers all its hosts, a longer
host name that host only. `data:`, `blob:`, `about:` and the browser's own schemes reach nobody.

* A request to anybody else: a finding, one for each page and party. That the request failed or was blocked
  changes nothing: in another browser it would have arrived. What third-party frames load counts as well,
  because the site put them there.
* Reading `reasonable`: only advertising, data-broker and identity services break the promise. Which an unlisted
  party is, a person decides; who is behind it is said where third-party-web knows it. `known-trackers` and
  `no-identity-resolution` judge by lists. A service that tells a script the visitor's own IP address
  (`api.ipify.org` and the like) is a finding in both readings.
* Processors and allowed domains that were contacted are noted.

## Why it matters
"Only we see your IP address" is contradicted by the first font from somebody else's server. A German court
awarded damages for exactly that (LG München I, 20 January 2022, 3 O 17493/20).

## Limits
Ownership is taken from the spec, not from registers. DNS aliases (CNAME) are what `cname-cloaking` looks at.
WebRTC is not seen. An address of the site that forwards the visitor to another site is a link, and noted only.
What a party does with the address cannot be seen from outside.

## References
* Judgment of the CJEU, C-582/14 (Breyer): a dynamic IP address can be personal data.
* OWASP ASVS 5.0, 14.2.3: sensitive data is not sent to untrusted parties.

## Example
```yaml
checks:
  third-party-requests:
    allow: [example-cdn.net, fonts.example.org]
```
The demo site `broken/third-party-requests/pixel` breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.checks.transport._parties import contacts, unreadable
from compliance.knowledge.owners import CATEGORIES, owner_of, source
from compliance.knowledge.parties import Domains, is_ip_echo, listed
from compliance.model.activity import Request
from compliance.model.urls import ascii_host, host_of
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect, Visit

EVIDENCE = 20
"""Requests that one finding points to; the number of all is in its message."""


class ThirdPartyRequests(Parameters):
    """Parameters of `third-party-requests`."""

    allow: Domains = Field(
        frozenset(),
        description="Domains that may be contacted. A registrable domain (example.com) covers all its hosts, a longer "
        "name (cdn.example.com) that host only.",
    )
    reading: Literal["strict", "reasonable"] = Field(
        "strict",
        description="strict: nobody else is contacted. reasonable: no advertising, data-broker or identity service is.",
    )


@check("third-party-requests", parameters=ThirdPartyRequests, reads=[Aspect.REQUESTS])
def third_party_requests(visit: Visit, parameters: ThirdPartyRequests, context: Context) -> Iterator[Result]:
    """Pages contact only the site itself and the parties that are named."""
    for url in unreadable(visit):
        yield Doubt(
            Reason.NEEDS_HUMAN, f"a request went to an address without a readable host: {url[:200]!r}", visit.page
        )
    processors = {ascii_host(name.lower()): purpose for name, purpose in context.site.processors.items()}
    parties, left_for = contacts(visit, context.site)
    for domain in left_for:
        yield Note(f"An address of the site forwards to {domain}: a link there, which this check does not judge.")
    for party in parties:
        domain = party.domain
        others = []
        for request in party.requests:
            host = host_of(request.url)
            if entry := listed(host, processors):
                yield Note(f"{entry} was contacted; the spec names it: {processors[entry]}.")
            elif entry := listed(host, parameters.allow):
                yield Note(f"{entry} was contacted, which the parameter `allow` permits.")
            else:
                others.append(request)
        if not others:
            continue
        told = party.told(others)
        echo = [r for r in others if is_ip_echo(r.url)]
        if parameters.reading == "reasonable" and not echo:
            yield Doubt(
                Reason.NEEDS_HUMAN,
                f"{told}{_behind(others)}; whether {domain} is an advertising, data-broker or identity service is for "
                "a person to decide (add it to `allow` or to `site.processors` when it is none)",
                visit.page,
            )
            continue
        asked = f" It was asked for the visitor's own IP address ({host_of(echo[0].url)})." if echo else ""
        yield Finding(
            f"{told}. {domain} is not named in the spec, and whoever is contacted learns the visitor's IP "
            f"address.{asked}",
            visit.page,
            f"party:{domain}",
            tuple(Evidence(visit.id, Aspect.REQUESTS.value, r.id, r.url[:300]) for r in (echo or others)[:EVIDENCE]),
        )


def _behind(requests: list[Request]) -> str:
    """Who is behind the hosts and what they do, where the data knows it."""
    owners = {owner.name: owner for r in requests if (owner := owner_of(host_of(r.url)))}
    said = [f"{name} ({CATEGORIES[owner.category]})" for name, owner in sorted(owners.items())]
    return f"; behind it, by {source().told()}: {', '.join(said)}" if said else ""
