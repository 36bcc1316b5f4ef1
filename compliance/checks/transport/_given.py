"""Which identifiers of the site's own cookies are given to some of its hosts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from compliance.checks._check import Context
from compliance.knowledge.aliases import own_name
from compliance.knowledge.identifiers import (
    Carrier,
    ItemLabel,
    Options,
    cases,
    find_sent,
    gather,
    needles,
    one_per_cause,
)
from compliance.knowledge.identifiers.describe import is_own, shown
from compliance.knowledge.identifiers.tokens import Path, normal_name
from compliance.model.activity import Request
from compliance.model.observation import Observations
from compliance.model.verdict import Evidence
from compliance.model.visit import SEEN, Aspect, Visit

_LENGTH = re.compile(r"<([0-9]+) characters>")


@dataclass(frozen=True, slots=True)
class Given:
    """An identifier that one host got."""

    cookie: str
    """Its name, for readers."""
    how: str
    evidence: Evidence


def given(observations: Observations, hosts: Collection[str], context: Context) -> tuple[dict[str, Given], list[str]]:
    """Host → the first identifier found that it got; and what is missing for telling, as sentences without end.

    An identifier is what tells the three visitors apart; a host gets it in the Cookie header, or as part of an
    address or a body.

    Args:
        observations: All visits.
        hosts: Names of the site's own hosts.
        context: Whose site it is.
    """
    wide: set[tuple[str, str]] = set()
    now = context.now.timestamp()
    gathered = gather(_noting(_visits(observations, context, Aspect.COOKIES), wide), now)
    missing = [f"{gap.page}: {gap.why}" for gap in gathered.gaps]
    judged, _ = cases(gathered, lambda: (), context.site, Options(), now)
    own = [(c.carrier, c.found) for c in one_per_cause(judged) if is_own(c.carrier, context.site)]
    strong = {n: (carrier, a.places) for n, (carrier, a) in enumerate(own) if a.label is ItemLabel.STRONG}
    missing += [
        f"cookie “{shown(carrier.name)}” could not be compared between visitors"
        for carrier, assessed in own
        if assessed.label is ItemLabel.UNCOMPARED
    ]
    found: dict[str, Given] = {}
    for host in hosts if strong else ():
        one = _in_cookie_header(observations, host, strong, wide, context) or _in_text(
            observations, host, strong, context
        )
        if one is not None:
            found[host] = one
    return found, missing


def _visits(observations: Observations, context: Context, aspect: Aspect) -> Iterator[Visit]:
    return observations.visits(visitor=context.visitor, aspects=frozenset({aspect}))


def _noting(visits: Iterator[Visit], wide: set[tuple[str, str]]) -> Iterator[Visit]:
    """The visits; meanwhile name and domain of cookies that subdomains get, too, are put into `wide`."""
    for visit in visits:
        wide |= {(normal_name(c.name), c.domain.lstrip(".")) for c in visit.jar or () if c.domain.startswith(".")}
        wide |= {(normal_name(c.name), c.domain) for c in visit.set_cookies or () if not c.host_only and not c.blocked}
        yield visit


def _in_cookie_header(
    observations: Observations,
    host: str,
    strong: dict[int, tuple[Carrier, tuple[Path, ...]]],
    wide: set[tuple[str, str]],
    context: Context,
) -> Given | None:
    """A cookie that the browser sends there, and a request whose Cookie header has room for it."""
    sendable = [
        carrier
        for carrier, _ in strong.values()
        if carrier.stored
        and (
            carrier.domain == host
            or (host.endswith(f".{carrier.domain}") and (normal_name(carrier.name), carrier.domain) in wide)
        )
    ]
    for visit in _visits(observations, context, Aspect.REQUESTS) if sendable else ():
        for request in visit.requests or ():
            if own_name(request.url, context.site) != host:
                continue
            room = _cookie_length(request)
            for carrier in sendable:
                trace = carrier.sessions.get(visit.session)
                values = trace.kept if trace is not None else {}
                if values and room > len(carrier.name) + min(map(len, values)):
                    evidence = Evidence(visit.id, Aspect.REQUESTS.value, request.id, request.url[:300])
                    return Given(shown(carrier.name), "by the browser, in the Cookie header", evidence)
    return None


def _cookie_length(request: Request) -> int:
    """Length of its Cookie header, of which the record keeps no more."""
    text = next((value for name, value in request.headers if name.lower() == "cookie"), "")
    match = _LENGTH.fullmatch(text)
    return int(match[1]) if match else len(text)


def _in_text(
    observations: Observations, host: str, strong: dict[int, tuple[Carrier, tuple[Path, ...]]], context: Context
) -> Given | None:
    """An identifier in the address or the body of a request to that host."""
    visits = (
        replace(v, requests=tuple(r for r in v.requests or () if own_name(r.url, context.site) == host))
        for v in _visits(observations, context, Aspect.REQUESTS)
        if v.outcome in SEEN or v.requests
    )
    sent, _ = find_sent(visits, needles(strong))
    for number, every in sorted(sent.items()):
        evidence = Evidence(every[0].visit, Aspect.REQUESTS.value, every[0].request)
        return Given(shown(strong[number][0].name), "in an address or a body", evidence)
    return None
