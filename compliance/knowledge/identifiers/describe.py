"""Carriers in words for an auditor, with their values redacted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from compliance.knowledge.identifiers.carriers import VISITORS, Carrier
from compliance.knowledge.identifiers.lifetime import spoken
from compliance.knowledge.identifiers.tokens import NAME_END, normal_name
from compliance.model.observation import Site
from compliance.model.urls import registrable_domain
from compliance.model.verdict import Evidence
from compliance.model.visit import Aspect, Session

_LONGEST = 60
#: Kind of a carrier → what a reader calls it.
_NOUNS = {
    "cookie": "Cookie",
    "local": "localStorage key",
    "session": "sessionStorage key",
    "indexeddb": "IndexedDB record",
    "cache": "Cached response",
    "worker": "Service worker",
    "file": "Private file",
    "answer": "Cached answer",
    "name": "Window name",
}


def shown(text: str) -> str:
    """Text of the site, printable and short."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return clean if len(clean) <= _LONGEST else f"{clean[: _LONGEST - 1]}…"


def redacted(value: str) -> str:
    """First four characters, length and the beginning of the digest: equality stays provable."""
    plain = value.replace(NAME_END, "=")
    digest = hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{shown(plain[:4])}… ({len(plain)} characters, sha256 {digest})"


def is_own(carrier: Carrier, site: Site) -> bool:
    """Does the cookie belong to a host of the site's owner."""
    return registrable_domain(carrier.domain) in site.first_party


def cause_of(kind: str, carrier: Carrier, site: Site) -> str:
    """The same for every run and every host of the site."""
    owner = "self" if is_own(carrier, site) else registrable_domain(carrier.domain)
    store = "" if carrier.kind == "cookie" else f"{carrier.kind}:"
    name = normal_name(carrier.name).replace(carrier.path, "") if store else normal_name(carrier.name)
    return f"{kind}:{owner}:{store}{shown(name)}"


def title(carrier: Carrier) -> str:
    """Name and domain."""
    part = f", partitioned under {shown(carrier.partition)}" if carrier.partition else ""
    return f"{_NOUNS[carrier.kind]} “{shown(carrier.name)}” ({shown(carrier.domain)}{part})"


def lifetime(carrier: Carrier) -> str:
    """Asked for and effective lifetime."""
    if carrier.kind == "answer":
        return f"may stay in the browser's cache for {spoken(carrier.lifetime)}"
    if carrier.kind != "cookie":
        return "ends with the tab" if carrier.lifetime is None else "has no expiry and stays until somebody deletes it"
    if carrier.requested is None and carrier.effective is None:
        return "lives until the browser is closed"
    if carrier.requested is None:
        return f"lives {spoken(carrier.lifetime)} (as the browser keeps it; setting it was not seen)"
    text = f"asks to live {spoken(carrier.requested)}"
    if carrier.effective is not None and abs(carrier.effective - carrier.requested) > max(900, carrier.requested / 100):
        text += f" (this browser keeps it {spoken(carrier.effective)})"
    return text


def origin(carrier: Carrier, site: Site) -> str:
    """Who wrote it, on how many pages."""
    if carrier.kind != "cookie":
        count = len(carrier.pages)
        return f"Found on {count} page{'s' * (count != 1)} of the first visitor."
    writers = [w for w in carrier.writers if w]
    foreign = [w for w in writers if w not in site.first_party]
    parts = []
    if foreign and is_own(carrier, site):
        parts.append(f"Written into the site's own cookies by a script of {listed(foreign)}")
    elif writers:
        parts.append(f"Written by a script of {listed(writers)}")
    elif carrier.attempts:
        parts.append(f"Set by a response of {listed(w for w in carrier.header_writers if w) or 'the site'}")
    else:
        parts.append("Found in the browser's cookie jar")
    count = len(carrier.pages)
    if count and carrier.attempts:
        parts.append(f"on {count} page{'s' * (count != 1)}")
    if carrier.refusals:
        some = "some attempts" if carrier.stored else "it"
        parts.append(f"the browser refused {some} ({listed(carrier.refusals)}), other browsers need not")
    if carrier.renewed:
        parts.append("on the visitor's return its life began anew, so it has no end")
    return "; ".join(parts) + "."


def pointers(
    carrier: Carrier, sessions: Iterable[Session] = (Session.FIRST, Session.FIRST_AGAIN, *VISITORS[1:])
) -> tuple[Evidence, ...]:
    """One pointer for each of these sessions that had it."""
    found = []
    aspect = {"cookie": Aspect.COOKIES, "answer": Aspect.REQUESTS}.get(carrier.kind, Aspect.STORAGE).value
    for session in sessions:
        trace = carrier.sessions.get(session)
        if trace is not None and trace.visits:
            value = next(reversed(trace.kept or trace.refused), "")
            excerpt = f"{session.value}: {shown(carrier.name)}={redacted(value)}"
            found.append(Evidence(next(iter(trace.visits)), aspect, shown(carrier.name), excerpt))
    return tuple(found)


def listed(names: Iterable[str]) -> str:
    """Names in a row, sorted."""
    return ", ".join(shown(name) for name in sorted(set(names)))


def cookies(count: int, noun: str = "cookie") -> str:
    """`no cookie`, `1 cookie`, `2 cookies`; or of another noun."""
    return f"{count or 'no'} {noun}{'s' * (count > 1)}"
