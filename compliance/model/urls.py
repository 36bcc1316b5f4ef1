"""URLs as a crawler needs them: whose is it, and is it a page already known.

Addresses come from the browser, which has made them WHATWG-normal (`a.href`,
`request.url`). Only what the browser leaves open is decided here. The public
suffix list is tldextract's shipped snapshot, with its private section on and
without any network access; `.test` is a suffix so that the demo's hosts have
registrable domains of their own.
"""

from __future__ import annotations

import ipaddress
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}

#: Parameters that name the campaign a visitor came from, never the page.
TRACKING_PARAMETERS = frozenset(
    (
        *("gclid", "dclid", "gbraid", "wbraid", "fbclid", "msclkid", "yclid", "ttclid", "twclid", "igshid"),
        *("li_fat_id", "mc_cid", "mc_eid", "_ga", "_gl", "_hsenc", "_hsmi", "mkt_tok", "vero_id", "wickedid"),
    )
)


@cache
def _extractor() -> TLDExtract:
    import tldextract  # noqa: PLC0415 - imports requests, 150 ms that `lint` need not pay

    return tldextract.TLDExtract(
        suffix_list_urls=(), cache_dir=None, extra_suffixes=("test",), include_psl_private_domains=True
    )


@lru_cache(maxsize=20_000)
def host_of(url: str) -> str:
    """The host of `url`, lower case, without port; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def ascii_host(host: str) -> str:
    """An international name in its `xn--` form; as it is when it cannot be a name."""
    if host.isascii():
        return host
    import idna  # noqa: PLC0415 - large tables, and few names need them

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host


@lru_cache(maxsize=50_000)
def registrable_domain(host: str) -> str:
    """eTLD+1 of a host name, as browsers write it; the host itself for addresses, single labels and bare suffixes."""
    host = ascii_host(host.strip("[]").rstrip(".").lower())
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _extractor()(host).top_domain_under_public_suffix or host
    return host


def site_of(url: str) -> str:
    """Registrable domain of a URL's host: what decides "first party" (without the scheme)."""
    return registrable_domain(host_of(url))


@lru_cache(maxsize=20_000)
def origin_of(url: str) -> str:
    """`scheme://host[:port]`, without a default port; empty for URLs that have no host."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if not host:
        return ""
    shown = f"[{host}]" if ":" in host else host
    if port is None or DEFAULT_PORTS.get(parts.scheme) == port:
        return f"{parts.scheme}://{shown}"
    return f"{parts.scheme}://{shown}:{port}"


def is_route_fragment(fragment: str) -> bool:
    """Does a fragment name a page of a single-page application (`#/about`, `#!/about`)."""
    return fragment.startswith(("/", "!/"))


def without_fragment(url: str) -> str:
    """`url` without its fragment."""
    return url.partition("#")[0]


@lru_cache(maxsize=20_000)
def url_key(url: str) -> str:
    """One key per page: fragment dropped (unless it is a route), query sorted, campaign parameters dropped.

    Idempotent. The path is kept as it is, trailing slash included: `/a` and `/a/` may be two pages.
    """
    try:
        parts = urlsplit(url)
        origin = origin_of(url)
    except ValueError:
        return url
    if not origin:
        return url
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = sorted(
        (name, value) for name, value in pairs if name not in TRACKING_PARAMETERS and not name.startswith("utm_")
    )
    fragment = parts.fragment if is_route_fragment(parts.fragment) else ""
    scheme, _, authority = origin.partition("://")
    return urlunsplit((scheme, authority, parts.path or "/", urlencode(kept), fragment))
