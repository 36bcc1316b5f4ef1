"""Services that tell a site who stands behind a visitor's IP address: a company, or a person.

A seed, not a register: each row is a product whose vendor sells exactly this, with the hosts that its embedding
instructions load or call. That each host is part of them was looked up, on the day of `CHECKED`, in the vendor's help
pages or in the source code of sites that embed it, which quote the vendor's snippet. Products that do it among much
else and share their hosts with harmless parts of it (HubSpot, Clearbit's logos), and vendors' own sites, are listed
only with hosts, or paths, that serve nothing else.

Patterns of 6sense and Demandbase also stand in Omnibug's providers (https://github.com/MisterPhilip/omnibug, MIT).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from compliance.model.urls import host_of

#: When its entries were compared with their sources the last time.
CHECKED = "2026-11-22"

Level = Literal["company", "person"]


@dataclass(frozen=True, slots=True)
class IdentityService:
    """One service."""

    name: str
    level: Level
    """What it names: the company whose network the visitor uses, or the visitor."""
    places: tuple[str, ...]
    """Hosts, each with all hosts below it, and where a path follows only addresses whose path begins so."""
    source: str
    """Where its vendor says what it does."""


SERVICES = (
    IdentityService("6sense", "company", ("6sc.co", "epsilon.6sense.com"), "https://api.6sense.com/docs/"),
    IdentityService(
        "Albacross",
        "company",
        ("serve.albacross.com", "collect.albacross.com", "new-collect.albacross.com"),
        "https://albacross.com/",
    ),
    IdentityService(
        "Clearbit Reveal",
        "company",
        ("reveal.clearbit.com", "x.clearbitjs.com", "grow.clearbitjs.com", "tag.clearbitscripts.com"),
        "https://clearbit.com/",
    ),
    IdentityService(
        "Demandbase",
        "company",
        ("company-target.com", "tag.demandbase.com", "tag-logger.demandbase.com", "scripts.demandbase.com"),
        "https://support.demandbase.com/hc/en-us/articles/23789223879323",
    ),
    IdentityService("Factors", "company", ("api.factors.ai", "app.factors.ai/assets/"), "https://www.factors.ai/"),
    IdentityService("Lead Forensics", "company", ("secure.leadforensics.com",), "https://www.leadforensics.com/"),
    IdentityService("LeadLander", "company", ("tracking.leadlander.com",), "https://www.leadlander.com/"),
    IdentityService(
        "Leadfeeder (Dealfront)", "company", ("lftracker.leadfeeder.com", "lfeeder.com"), "https://www.leadfeeder.com/"
    ),
    IdentityService("Leadinfo", "company", ("leadinfo.net",), "https://www.leadinfo.com/"),
    IdentityService(
        "RB2B",
        "person",
        (
            "b2bjsstore.s3.us-west-2.amazonaws.com",
            "s3-us-west-2.amazonaws.com/b2bjsstore/",
            "ddwl4m2hdecbv.cloudfront.net",
        ),
        "https://intercom.help/retention-b2b/en/articles/9910029-rb2b-cookie-information",
    ),
    IdentityService(
        "Retention.com",
        "person",
        ("s3-us-west-2.amazonaws.com/jsstore/",),
        "https://retention.com/support/suppression-lists-and-scripts/",
    ),
    IdentityService(
        "Snitcher",
        "company",
        ("snid.snitcher.com", "radar.snitcher.com", "cdn.snitcher.com"),
        "https://docs.snitcher.com/",
    ),
    IdentityService("Visitor Queue", "company", ("t.visitorqueue.com",), "https://www.visitorqueue.com/"),
    IdentityService(
        "Warmly",
        "person",
        ("opps-widget.getwarmly.com",),
        "https://help.warmly.ai/en/articles/8002445-the-warmly-script-performance",
    ),
    IdentityService(
        "ZoomInfo WebSights", "company", ("ws.zoominfo.com", "js.zi-scripts.com"), "https://www.zoominfo.com/"
    ),
)

#: Ends of paths by which these services are asked "which company is this address"; on a host of the site itself they
#: may be a service behind a proxy, or the site's own interface.
LOOKUPS = ("/v1/companies/reveal", "/v3/company/details", "/api/v2/ip.json", "/api/v3/ip.json")


def _by_host() -> dict[str, list[tuple[str, IdentityService]]]:
    """Host → beginnings of paths and their services."""
    found: dict[str, list[tuple[str, IdentityService]]] = {}
    for service in SERVICES:
        for place in service.places:
            host, _, path = place.partition("/")
            found.setdefault(host, []).append((f"/{path}", service))
    return found


_PLACES = _by_host()


def identity_service(url: str) -> IdentityService | None:
    """The service that `url` belongs to."""
    labels = host_of(url).split(".")
    for start in range(len(labels) - 1):
        for path, service in _PLACES.get(".".join(labels[start:]), ()):
            if (urlsplit(url).path or "/").startswith(path):
                return service
    return None


def is_lookup(url: str) -> bool:
    """Is `url` of the form by which a service is asked who stands behind an address."""
    return bool(host_of(url)) and urlsplit(url).path.rstrip("/").endswith(LOOKUPS)
