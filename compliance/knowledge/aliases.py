"""Whose servers stand behind a name of the site: what is known about the targets of DNS aliases (CNAME)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from compliance.knowledge.parties import NETWORK_SCHEMES
from compliance.model.observation import Site
from compliance.model.urls import ascii_host, host_of

#: When its entries were compared with their sources the last time.
CHECKED = "2026-11-22"

#: Domains under which services for tracking give their customers targets for aliases. Found on the web at large
#: by Dimova et al., The CNAME of the Game, PoPETs 2021(3), and named in the services' own instructions.
TRACKERS = frozenset(
    (
        *("omtrdc.net", "2o7.net", "eulerian.net", "at-o.net", "dnsdelegation.io", "pardot.com", "actonsoftware.com"),
        *("eloqua.com", "keyade.com", "wizaly.com", "tracedock.com", "intentmedia.net", "storetail.io", "affex.org"),
    )
)

#: Domains of hosting and content delivery, as their documentation tells customers to point names at. Whoever rents
#: there is not told by the name.
HOSTS = frozenset(
    (
        *("akamai.net", "akamaiedge.net", "akamaized.net", "edgekey.net", "edgesuite.net", "amazonaws.com"),
        *("awsglobalaccelerator.com", "cloudfront.net", "elasticbeanstalk.com", "azureedge.net", "azurefd.net"),
        *("azurewebsites.net", "azurestaticapps.net", "cloudapp.azure.com", "cloudapp.net", "windows.net"),
        *("b-cdn.net", "cdn.cloudflare.net", "pages.dev", "workers.dev", "cdn77.org", "kxcdn.com", "edgecastcdn.net"),
        *("fastly.net", "fastlylb.net", "gcdn.co", "stackpathdns.com", "incapdns.net", "impervadns.net", "llnwd.net"),
        *("appspot.com", "firebaseapp.com", "ghs.google.com", "ghs.googlehosted.com", "googlehosted.com", "web.app"),
        *("fly.dev", "github.io", "gitlab.io", "herokuapp.com", "herokudns.com", "herokussl.com", "myshopify.com"),
        *("netlify.app", "netlify.com", "netlifyglobalcdn.com", "ondigitalocean.app", "onrender.com", "readthedocs.io"),
        *("squarespace.com", "vercel-dns.com", "vercel.app", "webflow.com", "wixdns.net", "wpengine.com"),
        "wpenginepowered.com",
    )
)

#: Top-level names that no public DNS answers for (RFC 2606, RFC 6761, RFC 6762, RFC 7686, RFC 8375).
_RESERVED = frozenset({"test", "example", "invalid", "localhost", "local", "onion", "internal", "home.arpa"})


def tracks(name: str) -> bool:
    """Is `name` a target that a service for tracking gives its customers."""
    return _below(name, TRACKERS)


def hosts(name: str) -> bool:
    """Is `name` a target that a provider of hosting or content delivery gives its customers."""
    return _below(name, HOSTS)


def reserved(name: str) -> bool:
    """Does no public DNS know `name`, by its ending."""
    return _below(name, _RESERVED)


def own_name(url: str, site: Site) -> str:
    """The host of `url` if it is a name of the site's owner that can have an alias; else empty."""
    host = ascii_host(host_of(url))
    if url.partition(":")[0].lower() not in NETWORK_SCHEMES or "." not in host or not site.is_first_party(url):
        return ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return ""


def _below(name: str, domains: Iterable[str]) -> bool:
    labels = name.split(".")
    return any(".".join(labels[at:]) in domains for at in range(len(labels)))
