"""Lists of domains as specs write them, and a few hosts known for what they do.

Which company stands behind a domain is in `owners`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from compliance.knowledge.words import fold
from compliance.model.urls import ascii_host, host_of, registrable_domain, site_of

#: Schemes that reach another machine; all others (data:, blob:, about:, chrome-extension:) stay in the browser.
NETWORK_SCHEMES = frozenset({"http", "https", "ws", "wss"})

#: Services whose only use is to tell a caller its own IP address (and often who stands behind it).
IP_ECHO = {
    "api.ipify.org": "/",
    "api64.ipify.org": "/",
    "ipinfo.io": "/",
    "ipapi.co": "/",
    "ip-api.com": "/",
    "icanhazip.com": "/",
    "www.cloudflare.com": "/cdn-cgi/trace",
    "cloudflare.com": "/cdn-cgi/trace",
}

#: Addresses that open a "share this" dialog: host without www → beginnings of paths.
SHARE = {
    "facebook.com": ("/sharer", "/share.php", "/dialog/share", "/dialog/feed"),
    "m.facebook.com": ("/sharer",),
    "twitter.com": ("/intent/", "/share", "/home?status="),
    "x.com": ("/intent/", "/share"),
    "linkedin.com": ("/sharing/", "/sharearticle", "/cws/share"),
    "pinterest.com": ("/pin/create",),
    "reddit.com": ("/submit",),
    "tumblr.com": ("/share", "/widgets/share"),
    "wa.me": ("/?text=",),
    "api.whatsapp.com": ("/send",),
    "web.whatsapp.com": ("/send",),
    "t.me": ("/share",),
    "telegram.me": ("/share",),
    "vk.com": ("/share.php",),
    "xing.com": ("/spi/shares", "/app/user"),
    "bsky.app": ("/intent/",),
    "news.ycombinator.com": ("/submitlink",),
    "getpocket.com": ("/save", "/edit"),
    "addtoany.com": ("/share",),
}

_HOST = re.compile(r"^[^\s/:@?#*\[\]]+$")


def _domain(entry: str) -> str:
    """One entry of a domain list, checked, as browsers write it."""
    host = entry.strip().rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    if not _HOST.match(host):
        raise ValueError(
            f"{entry!r} is not a host name: write example.com (all its hosts) or cdn.example.com (that host only), "
            "without scheme, port, path or wildcard"
        )
    host = ascii_host(host)
    if "." in host and registrable_domain(host) == host and registrable_domain(f"x.{host}") != host:
        raise ValueError(f"{entry!r} is a public suffix, under which many owners have names: write one of those names")
    return host


def _domains(entries: frozenset[str]) -> frozenset[str]:
    return frozenset(_domain(entry) for entry in entries)


#: A parameter that is one domain.
Domain = Annotated[str, AfterValidator(_domain)]


def _reasons(entries: dict[str, str]) -> dict[str, str]:
    for entry, why in entries.items():
        if not why.strip():
            raise ValueError(f"{entry!r} needs a reason: write why it is allowed")
    return {_domain(entry): why.strip().rstrip(".") for entry, why in entries.items()}


#: A parameter that lists domains.
Domains = Annotated[frozenset[str], AfterValidator(_domains)]

#: A parameter that lists domains, each with a reason.
DomainReasons = Annotated[dict[str, str], AfterValidator(_reasons)]


def listed(host: str, domains: Iterable[str]) -> str:
    """The entry that covers `host`, or "".

    A registrable domain covers all its hosts, a longer name that host only.
    """
    host = host.strip("[]")
    domain = registrable_domain(host)
    for entry in domains:
        if entry in (host, domain):
            return entry
    return ""


def is_ip_echo(url: str) -> bool:
    """Does `url` ask a service for the visitor's own IP address."""
    path = IP_ECHO.get(host_of(url))
    return path is not None and (urlsplit(url).path or "/").startswith(path)


def is_share_link(url: str) -> bool:
    """Does `url` open a network's dialog for sharing a page."""
    paths = SHARE.get(host_of(url).removeprefix("www."))
    if not paths:
        return False
    parts = urlsplit(url)
    asked = f"{parts.path}?{parts.query}".lower()
    return any(asked.startswith(path) for path in paths)


def names_host(text: str, url: str) -> bool:
    """Does `text` name where `url` leads: its host, or its registrable domain."""
    said = fold(text)
    return any(
        re.search(rf"(?<![\w.-])(?:www\.)?{re.escape(name)}(?![\w-]|\.\w)", said)
        for name in (fold(shown) for host in (host_of(url), site_of(url)) for shown in _spellings(host))
        if name
    )


def _spellings(host: str) -> tuple[str, ...]:
    """A host as browsers write it and as people read it."""
    host = host.removeprefix("www.")
    try:
        return host, ascii_host(host).encode("ascii").decode("idna")
    except UnicodeError:
        return (host,)
