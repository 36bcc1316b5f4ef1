"""Whose servers stand behind a name of the site: what is known about the targets of DNS aliases (CNAME)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from compliance.knowledge.parties import NETWORK_SCHEMES
from compliance.model.observation import Site
from compliance.model.urls import ascii_host, host_of

#: When its entries were compared with their sources the last time.
CHECKED = "2026-11-22"

#: Domains and hosts under which services for tracking give their customers targets for aliases. That such names are
#: given out at large is shown by Dimova et al., The CNAME of the Game, PoPETs 2021(3). Each entry stands in at least
#: one of two lists of such targets, and most in both:
#: https://github.com/nextdns/cname-cloaking-blocklist (`domains`, MIT) and
#: https://github.com/AdguardTeam/cname-trackers (`combined_original_trackers.txt`). Services there that load others'
#: scripts, refer customers or count without telling visitors apart are left out: a person should look at them.
TRACKERS = frozenset(
    (
        *("2o7.net", "omtrdc.net", "data.adobedc.net", "sc.adobedc.net"),  # Adobe Experience Cloud
        "trck.a8.net",  # A8; a8.net itself is its own site
        *("actonservice.com", "actonsoftware.com"),  # Act-On
        "affex.org",  # Ingenious Technologies
        *("at-o.net", "ati-host.net"),  # AT Internet
        "bp01.net",  # NP6
        *("dnsdelegation.io", "storetail.io"),  # Criteo
        "ebis.ne.jp",  # AD EBiS
        "eulerian.net",
        "go.pardot.com",  # Pardot; other names of pardot.com serve its own pages
        "keyade.com",
        "ghochv3eng.trafficmanager.net",  # Lead Forensics
        "oghub.io",  # Otto Group
        "online-metrix.net",  # LexisNexis Risk Solutions: recognises devices
        "partner.intentmedia.net",  # intent
        "t.eloqua.com",  # Oracle Eloqua; other names of eloqua.com serve its customers' pages
        "tagcommander.com",  # Commanders Act
        *("webtrekk.net", "wt-eu02.net"),  # Webtrekk
        "wizaly.com",
        # TraceDock, at a provider of hosting
        "a88045584548111e997c60ac8a4ec150-1610510072.eu-central-1.elb.amazonaws.com",
        "afc4d9aa2a91d11e997c60ac8a4ec150-2082092489.eu-central-1.elb.amazonaws.com",
    )
)

#: Domains of hosting and content delivery below which customers have names of their own: the providers say so in the
#: private section of the Public Suffix List (https://publicsuffix.org/list/), themselves or for names below them.
_BY_SUFFIX = frozenset(
    (
        *("akamai.net", "akamaiedge.net", "akamaized.net", "edgekey.net", "edgesuite.net", "amazonaws.com"),
        *("awsglobalaccelerator.com", "cloudfront.net", "elasticbeanstalk.com", "azureedge.net", "azurefd.net"),
        *("azurewebsites.net", "azurestaticapps.net", "cloudapp.net", "core.windows.net", "cdn.cloudflare.net"),
        *("pages.dev", "workers.dev", "cdn77.org", "fastly.net", "fastlylb.net", "appspot.com", "firebaseapp.com"),
        *("web.app", "fly.dev", "github.io", "gitlab.io", "herokuapp.com", "myshopify.com", "netlify.app"),
        *("ondigitalocean.app", "onrender.com", "readthedocs.io", "vercel.app", "wpenginepowered.com"),
    )
)

#: The same by other public sources: which names content is delivered from, by the WebPageTest agent
#: (https://github.com/catchpoint/WebPageTest.agent, internal/optimization_checks.py), and which names customers are
#: told to point theirs at, in the instructions of many public projects, compared on the day above.
_BY_USE = frozenset(
    (
        *("edgecastcdn.net", "gcdn.co", "googlehosted.com", "incapdns.net", "kxcdn.com", "llnwd.net"),
        *("stackpathdns.com", "b-cdn.net", "cloudapp.azure.com", "ghs.google.com", "herokudns.com", "herokussl.com"),
        *("impervadns.net", "netlify.com", "netlifyglobalcdn.com", "ext-cust.squarespace.com", "vercel-dns.com"),
        *("proxy.webflow.com", "proxy-ssl.webflow.com", "wixdns.net", "wpengine.com"),
    )
)

#: Targets of hosting and content delivery. Whoever rents there is not told by the name.
HOSTS = _BY_SUFFIX | _BY_USE

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
