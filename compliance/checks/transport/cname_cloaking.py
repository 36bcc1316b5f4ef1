"""No host of the site is, by its DNS records, the server of somebody else who tracks.

## What it checks
Every host of the site's own domains that a page contacted, in all sessions. After the visits each is looked up
once; the chain of aliases (CNAME), the server that answered, the time and the TTLs are kept in the run. A name is
followed to the end, and every element of the chain is judged by its registrable domain.

## How it decides

| an alias of | verdict |
|---|---|
| the site's own domains | passes |
| a processor of the spec (`site.processors`), or a domain of `allow` | note |
| a provider of hosting or content delivery | note |
| a service that gives out such names for tracking | failed |
| another owner, and an identifier of the site's cookies was sent there | failed |
| another owner | inconclusive: a person has to look who that is |

Identifiers are found as `no-identifying-cookies` finds them, by comparing three visitors; those of the session
count, too. One is sent when the browser adds its cookie to a request to that host, or when it stands in an address
or a body. A host that was contacted and whose aliases are not known is no pass. Hosts that `--resolve` maps and
names that no public DNS knows (`.test` and the like) are not looked up, and noted, unless a DNS server is named
(`COMPLIANCE_DNS`, or `dns` in `[tool.compliance]`). If nothing is left to be looked up, the check does not apply.

## Why it matters
`metrics.shop.example` can be a tracker's server. It then gets the visitor's address and the site's cookies, and every
rule about third parties, in browsers, blockers and policies, is passed by.

## Limits
An address record (A, AAAA) that leads to another owner, and a path of the site that forwards what it gets, leave no
alias. Whoever rents at a hosting provider is not told by the name. The browser may ask other DNS servers than the
machine does, and answers differ by place and time. Two lists are built in, of hosting and of services known for such
names; neither is complete, and what is on none of them is left to a person. Of a Cookie header only the length is
kept, so that a cookie was in it is concluded from its domain and that length. At most 500 hosts are looked up.

## References
* Dimova, Acar, Olejnik, Joosen, Van Goethem, The CNAME of the Game, PoPETs 2021(3): about 10 % of the top 10,000
  sites; identifiers and session cookies that leak to trackers.
* Ren et al., An Analysis of First-Party Cookie Exfiltration due to CNAME Redirections, MADWeb 2021.
* RFC 1034, 3.6.2: aliases and canonical names.

## Example
```yaml
checks:
  cname-cloaking:
    allow: [example-platform.com]
```
The demo site `broken/cname-cloaking/metrics` breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum

from pydantic import Field

from compliance.checks._check import Context, Doubt, Examined, Note, Parameters, Result, check
from compliance.checks.transport._given import given
from compliance.knowledge.aliases import hosts, own_name, tracks
from compliance.knowledge.parties import Domains, listed
from compliance.model.observation import NameLookup, Observations
from compliance.model.urls import ascii_host, registrable_domain
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import SEEN, Aspect, Session, recorded


class CnameCloaking(Parameters):
    """Whose servers the site's names may stand for."""

    allow: Domains = Field(
        frozenset(),
        description="Domains that a name of the site may be an alias of. A registrable domain (example.com) covers all "
        "its hosts, a longer name (cdn.example.com) that host only.",
    )


class _Whose(IntEnum):
    """What is known about an element of a chain; the highest of a chain decides."""

    OWN = 0
    NAMED = 1
    HOSTING = 2
    OTHER = 3
    TRACKER = 4


@check(
    "cname-cloaking",
    parameters=CnameCloaking,
    reads=[Aspect.REQUESTS, Aspect.COOKIES, Aspect.DNS],
    scope="site",
    counts="host names of the site",
    sessions=[Session.FIRST_AGAIN, Session.SECOND, Session.THIRD],
    knows=["aliases"],
)
def cname_cloaking(observations: Observations, parameters: CnameCloaking, context: Context) -> Iterator[Result]:
    """No host of the site is, by its DNS records, the server of somebody else who tracks."""
    contacted: dict[str, tuple[str, Evidence]] = {}
    for visit in observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.REQUESTS})):
        missing = "requests were not recorded" if visit.requests is None else ""
        why = visit.errors.get(Aspect.REQUESTS.value) or missing
        if why and visit.outcome in SEEN:
            yield Doubt(Reason.INSTRUMENT, why, visit.page)
        for request in visit.requests or ():
            if (name := own_name(request.url, context.site)) and name not in contacted:
                evidence = Evidence(visit.id, Aspect.REQUESTS.value, request.id, request.url[:300])
                contacted[name] = visit.page, evidence
    answers = {found.host: found for found in recorded(observations.lookups(), "what DNS says about the site's hosts")}
    strangers: dict[str, tuple[NameLookup, str]] = {}
    for name, (page, evidence) in sorted(contacted.items()):
        found = answers.get(name)
        if found is None:
            yield Doubt(Reason.COVERAGE, f"{name} was contacted and not looked up", page)
            continue
        if found.unasked:
            yield Note(f"{name} was not looked up: {found.unasked}.")
            continue
        if found.error:
            yield Doubt(Reason.INSTRUMENT, f"the aliases of {name} are not known ({found.error})", page)
            continue
        yield Examined()
        whose, alias = _worst(found, parameters, context)
        if whose is _Whose.TRACKER:
            yield _finding(found, alias, page, (evidence,), "which gives out such names for tracking")
        elif whose is _Whose.OTHER:
            strangers[name] = found, alias
        elif whose is not _Whose.OWN:
            known = "named in the spec" if whose is _Whose.NAMED else "a provider of hosting or content delivery"
            yield Note(f"{_told(found)}: {known}.")
    yield from _judged(observations, strangers, contacted, context)


def _judged(
    observations: Observations,
    strangers: Mapping[str, tuple[NameLookup, str]],
    contacted: Mapping[str, tuple[str, Evidence]],
    context: Context,
) -> Iterator[Result]:
    """Names that stand for servers of somebody nobody knows: what they were given decides."""
    got, missing = given(observations, strangers, context) if strangers else ({}, [])
    for name, (found, alias) in strangers.items():
        page, evidence = contacted[name]
        if name in got:
            what = f"and an identifier of this site, cookie “{got[name].cookie}”, was sent there {got[name].how}"
            yield _finding(found, alias, page, (got[name].evidence, evidence), what)
            continue
        unknown = f"; whether it got an identifier is not known ({missing[0]})" if missing else ""
        yield Doubt(
            Reason.NEEDS_HUMAN,
            f"{_told(found)}; who {registrable_domain(alias)} is has to be looked up (add it to `site.processors` or "
            f"`allow` when it may have the visitors' addresses){unknown}",
            page,
        )


def _worst(found: NameLookup, parameters: CnameCloaking, context: Context) -> tuple[_Whose, str]:
    """Whose the chain's most foreign element is, the last one of equals, and its name."""
    processors = [ascii_host(name.lower()) for name in context.site.processors]
    worst, at = _Whose.OWN, found.host
    for alias in found.chain:
        if registrable_domain(alias.name) in context.site.first_party:
            whose = _Whose.OWN
        elif listed(alias.name, processors) or listed(alias.name, parameters.allow):
            whose = _Whose.NAMED
        elif tracks(alias.name):
            whose = _Whose.TRACKER
        else:
            whose = _Whose.HOSTING if hosts(alias.name) else _Whose.OTHER
        if whose >= worst:
            worst, at = whose, alias.name
    return worst, at


def _told(found: NameLookup) -> str:
    """The chain in words."""
    chain = " → ".join(f"{alias.name} ({alias.ttl} s)" for alias in found.chain)
    return f"{found.host} is an alias of {chain}, says {found.resolver}"


def _finding(found: NameLookup, alias: str, page: str, evidence: tuple[Evidence, ...], what: str) -> Finding:
    domain = registrable_domain(alias)
    return Finding(
        f"{_told(found)}. It is a server of {domain}, {what}. Whoever is contacted learns the visitor's IP address.",
        page,
        f"alias:{domain}",
        evidence,
    )
