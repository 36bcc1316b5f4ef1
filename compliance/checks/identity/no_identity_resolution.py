"""No service is asked which company or person stands behind a visitor's address.

## What it checks
Every request that a page makes to somebody else, those that failed or were blocked included: does it go to a
service that turns an IP address into a company ("visitors from Acme Ltd. read your prices") or into a person
(name, profile, address to write to). The services are a table of vendors, each with the hosts that its script
comes from and reports to, and with the page on which the vendor says what it does.

## How it decides

| what is found | `strict` | `reasonable` |
|---|---|---|
| a service that names persons | failed | failed |
| a service that names companies | failed | inconclusive: a company is no person, an office of one is |
| a request of the form by which such services are asked, to any other host | inconclusive | note |
| a page that asks a service for the visitor's own IP address | inconclusive | note |

One finding for each page and service. That a service is a processor of the spec excuses nothing: it would still
name the visitor. What is in `allow` is noted, with its reason. Links to such services are no requests.

## Why it matters
Who promises that addresses are not used to find out who a visitor is, and loads a script whose only purpose that
is, has broken the promise by loading it: the address was handed over.

## Limits
The table is a seed; a service that it does not know is not seen, nor one behind a host of the site unless its
addresses keep their form. What a server does with its own logs, and what large products do inside (HubSpot, CRM
systems), cannot be seen from outside. A service that is loaded only after consent is not loaded here.

## References
* Judgment of the CJEU, C-582/14 (Breyer): a dynamic IP address can be personal data.
* EDPB, Guidelines 2/2023 on the technical scope of Article 5(3) of the ePrivacy Directive.
* Omnibug, https://github.com/MisterPhilip/omnibug (addresses of 6sense and Demandbase).

## Example
```yaml
checks:
  no-identity-resolution:
    reading: reasonable
    allow:
      albacross.com: the policy names it, and visitors agreed
```
The demo site `broken/no-identity-resolution/company-script` breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.checks.transport._parties import contacts
from compliance.knowledge.identity_services import IdentityService, identity_service, is_lookup
from compliance.knowledge.parties import DomainReasons, is_ip_echo, listed
from compliance.model.activity import Request
from compliance.model.urls import host_of
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect, Visit, recorded

EVIDENCE = 20
"""Requests that one finding points to; the number of all is in its message."""

_NAMES = {"company": "which company is behind a visitor's address", "person": "which person a visitor is"}


class NoIdentityResolution(Parameters):
    """Parameters of `no-identity-resolution`."""

    reading: Literal["strict", "reasonable"] = Field(
        "strict",
        description="strict: nobody is asked who a visitor is. reasonable: nobody is asked which person a visitor is; "
        "services that name companies are for a person to judge.",
    )
    allow: DomainReasons = Field(
        {},
        description="Domain → why such a service may be asked there. A registrable domain (example.com) covers all "
        "its hosts, a longer name that host only.",
    )


@check("no-identity-resolution", parameters=NoIdentityResolution, reads=[Aspect.REQUESTS], knows=["identity-services"])
def no_identity_resolution(visit: Visit, parameters: NoIdentityResolution, context: Context) -> Iterator[Result]:
    """No service is asked which company or person stands behind a visitor's address."""
    strict = parameters.reading == "strict"
    parties, _ = contacts(visit, context.site)
    others = [request for party in parties for request in party.requests]
    own = [r for r in recorded(visit.requests, "requests") if context.site.is_first_party(r.url)]
    found: dict[str, tuple[IdentityService, list[Request]]] = {}
    unclear: dict[str, str] = {}
    for request in [*others, *own]:
        host = host_of(request.url)
        service = identity_service(request.url)
        lookup = service is None and is_lookup(request.url)
        echo = service is None and is_ip_echo(request.url)
        if not (service or lookup or echo):
            continue
        if entry := listed(host, parameters.allow):
            yield Note(f"{host} was asked, which the parameter `allow` permits: {parameters.allow[entry]}.")
        elif service:
            found.setdefault(service.name, (service, []))[1].append(request)
        elif lookup:
            unclear[host] = f"{host} was asked in the form by which services are asked who is behind an address"
        else:
            unclear[host] = f"the page asked {host} for the visitor's own IP address"
    for _, (service, requests) in sorted(found.items()):
        told = _told(service, requests)
        if strict or service.level == "person":
            evidence = tuple(Evidence(visit.id, Aspect.REQUESTS, r.id, r.url[:300]) for r in requests[:EVIDENCE])
            yield Finding(f"{told}.", visit.page, f"identity:{service.name}", evidence)
        else:
            yield Doubt(Reason.NEEDS_HUMAN, told, visit.page)
    for message in unclear.values():
        if strict:
            yield Doubt(Reason.NEEDS_HUMAN, f"{message}; what it is used for cannot be seen", visit.page)
        else:
            yield Note(f"{message[0].upper()}{message[1:]} ({visit.page}).")


def _told(service: IdentityService, requests: list[Request]) -> str:
    hosts = ", ".join(sorted({host_of(r.url) for r in requests}))
    count = len(requests)
    lost = [r for r in requests if r.blocked or r.error]
    failed = f"; {len(lost)} of {count} did not get through, the attempt counts" if lost else ""
    return (
        f"{count} request{'s' * (count != 1)} to {service.name} ({hosts}), a service that tells "
        f"{_NAMES[service.level]} (see {service.source}){failed}"
    )
