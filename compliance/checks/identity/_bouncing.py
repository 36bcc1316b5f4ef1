"""What follows from ways that lead through another site: measuring, a log-in, protection against robots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from compliance.checks._check import Context, Doubt, Note, Result
from compliance.checks.identity._outgoing import Bounce
from compliance.knowledge.identifiers import Assessment, Bucket, Carrier, ItemLabel, bucket_of, exemption
from compliance.knowledge.identifiers.describe import shown
from compliance.knowledge.identifiers.tokens import normal_name
from compliance.knowledge.parties import listed
from compliance.model.activity import SetCookie
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect

Carriers = Mapping[tuple[str, str], tuple[Carrier, Assessment]]
"""Domain and normal name of a cookie → what it is."""


def by_name(carriers: Iterable[tuple[Carrier, Assessment]]) -> Carriers:
    """The cookies among some carriers."""
    return {(c.domain.lstrip("."), c.name): (c, found) for c, found in carriers if c.kind == "cookie"}


def judged(bounced: Iterable[Bounce], carriers: Carriers, context: Context, *, strict: bool) -> Iterator[Result]:
    """One result for each owner that ways lead through, the worst one."""
    worst: dict[str, tuple[int, Result]] = {}
    for one in bounced:
        rank, result = _one(one, carriers, context, strict=strict)
        if rank > worst.get(one.hop.site, (-1, result))[0]:
            worst[one.hop.site] = rank, result
    yield from (result for _, result in worst.values())


def _one(one: Bounce, carriers: Carriers, context: Context, *, strict: bool) -> tuple[int, Result]:
    owner = one.hop.site
    text = f"The page is led through {shown(owner)}, which is neither where it begins nor where it ends and"
    processor = listed(owner, context.site.processors)
    if not strict and processor:
        why = context.site.processors[processor]
        return 0, Note(f"{text} is a processor: {why}.")
    if one.adds:
        return 2, _finding(one, f"{text} adds an identifier of the visitor to the address.")
    sets = [(cookie, _weight(cookie, carriers)) for cookie in one.cookies]
    cookie, weight = max(sets, key=lambda pair: pair[1])
    named = f"sets the cookie “{shown(cookie.name)}”"
    if weight == 2:
        return 2, _finding(one, f"{text} {named}, which tells visitors apart and stays.")
    if weight == 1:
        said = f"the page is led through {shown(owner)}, which {named}: a log-in, or a number of the visitor"
        return 1, Doubt(Reason.NEEDS_HUMAN, said, one.visit.page)
    return 0, Note(f"{text} {named}; it tells nobody from others.")


def _weight(cookie: SetCookie, carriers: Carriers) -> int:
    """2: an identifier that outlives a day. 1: another one, one that its name excuses, or unknown. 0: none."""
    if cookie.lifetime is not None and cookie.lifetime <= 0:
        return 0
    known = carriers.get((cookie.domain, normal_name(cookie.name)))
    if known is None:
        return 1
    carrier, found = known
    if found.label is ItemLabel.NONE:
        return 0
    lasts, excuse = bucket_of(carrier.lifetime) >= Bucket.MEDIUM, exemption(cookie.name)
    if not lasts and excuse:
        return 0
    return 2 if found.label is ItemLabel.STRONG and lasts and not excuse else 1


def _finding(one: Bounce, text: str) -> Finding:
    pointer = Evidence(one.visit.id, Aspect.REQUESTS.value, one.hop.id, shown(one.hop.site))
    return Finding(text, one.visit.page, f"bounce:{one.hop.site}", (pointer,))
