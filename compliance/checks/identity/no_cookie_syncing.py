"""No identifier that one owner stores in a cookie is handed to another owner.

## What it checks
Every request of four sessions (a visitor, its return after closing the browser, two independent visitors):
host, path, query and fragment of the address, all headers but Cookie, the body, messages of WebSockets, and
the address that a redirect leads to. What is looked for are the identifiers in all cookies, those of other owners
included.

## How it decides
A value is an identifier when it tells the three visitors apart and stays with each of them, with 27 bits or
more, as `no-identifying-cookies` decides it. How long its cookie lives makes no difference here. It is looked
for plain, backwards, as MD5, SHA-1, SHA-256, SHA-384 or SHA-512, and inside up to three layers of percent encoding,
base64, hexadecimal, JSON escapes and compression, at any offset. Values of less than 8 characters are not looked for.
Of a value without a structure of its own, a part is enough that is all that a parameter or field holds: ten
characters or more with a digit among them, of digits alone seventeen. What other visitors have as well, such as the
name of the site before a number, is no part of it.

Owners are told apart by registrable domain; the domains of `site.first_party` are one owner.

* An identifier that reaches an owner under whose domain it is not stored: a finding, one for each cookie and
  recipient. That the request failed or was blocked changes nothing. In the reading `reasonable`, what goes
  from the site to a processor of the spec is noted.
* A value that may be an identifier (changing secrets, values that could not be compared) and is sent: a person
  has to look.
* A body that could not be read, sent to another owner while there are identifiers: it could not be told.

## Why it matters
By itself a cookie is known to the owner of its domain. Once its value is handed over, two owners know the
visitor under one number and can join what each of them saw.

## Limits
Encrypted and salted values are not found, nor shorter parts, parts in paths, headers or encodings, and what servers
tell each other. Of one address or body, parts are looked for in the first 20 000 parameters or fields. Values in
other storage than cookies and WebRTC are not searched. The Cookie header is not: browsers
fill it with the recipient's own cookies.

## References
* Acar et al., The Web Never Forgets, CCS 2014, section 5 (cookie syncing).
* Papadopoulos, Kourtellis, Markatos, Cookie Synchronization, WWW 2019.
* Fouad et al., Missed by Filter Lists, PoPETs 2020(2).

## Example
```yaml
checks:
  no-cookie-syncing:
    reading: strict
```
The demo site `broken/no-cookie-syncing/hashed` breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.knowledge.identifiers import (
    STRONG_BITS,
    Assessment,
    Carrier,
    ItemLabel,
    Options,
    Sent,
    assessed,
    find_sent,
    gather,
    needles,
)
from compliance.knowledge.identifiers.describe import cause_of, is_own, pointers, shown, title
from compliance.knowledge.parties import listed
from compliance.model.observation import Observations, Site
from compliance.model.urls import registrable_domain, site_of
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect, Session, Visit

_MAYBE = {
    ItemLabel.ROTATING: "holds a long secret that changes from visit to visit and may carry one identity",
    ItemLabel.UNCOMPARED: "may tell visitors apart and could not be compared between them",
}


class NoCookieSyncing(Parameters):
    """Who may be told identifiers."""

    reading: Literal["strict", "reasonable"] = Field(
        "strict",
        description="strict: nobody else is told. reasonable: processors named in the spec may be told the site's own.",
    )
    strong_bits: float = Field(
        STRONG_BITS, gt=0, le=256, description="Bits from which a value identifies; 33 for a site with 10^8 visitors."
    )


@check(
    "no-cookie-syncing",
    parameters=NoCookieSyncing,
    reads=[Aspect.COOKIES, Aspect.REQUESTS],
    scope="site",
    sessions=[Session.FIRST_AGAIN, Session.SECOND, Session.THIRD],
    statistical=True,
)
def no_cookie_syncing(observations: Observations, parameters: NoCookieSyncing, context: Context) -> Iterator[Result]:
    """No identifier that one owner stores is handed to another."""
    now = context.now.timestamp()
    gathered = gather(observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.COOKIES})), now)
    for gap in gathered.gaps:
        yield Doubt(Reason.INSTRUMENT, gap.why, gap.page)
    judged = assessed(gathered, Options(strong_bits=parameters.strong_bits), now)
    suspects = {
        number: (carrier, found)
        for number, (carrier, found) in enumerate(judged)
        if found.label is ItemLabel.STRONG
        or found.label is ItemLabel.ROTATING
        or (found.label is ItemLabel.UNCOMPARED and found.bits + found.possible >= parameters.strong_bits)
    }
    strong = sum(found.label is ItemLabel.STRONG for _, found in suspects.values())
    yield Note(f"{len(judged)} cookies compared; {strong} hold an identifier, and these were looked for.")
    if not suspects:
        return
    unread: list[Visit] = []
    wanted = needles({number: (carrier, found.places) for number, (carrier, found) in suspects.items()})
    sent, unrecorded = find_sent(_watched(observations, context, unread), wanted)
    for page in unrecorded:
        yield Doubt(Reason.INSTRUMENT, "requests were not recorded, so where identifiers are sent is not known", page)
    for visit in unread:
        yield Doubt(Reason.INSTRUMENT, "a body sent to another owner could not be read", visit.page)
    reported: set[tuple[str, str]] = set()
    for number, (carrier, found) in suspects.items():
        for told in sent.get(number, ()):
            cause = f"{cause_of('sync', carrier, context.site)}>{told.to}"
            if not _elsewhere(carrier, told, context.site) or (cause, found.label) in reported:
                continue
            reported.add((cause, found.label))
            yield _result(carrier, found, told, cause, parameters, context.site)


def _watched(observations: Observations, context: Context, unread: list[Visit]) -> Iterator[Visit]:
    """The visits with their requests; those with an unreadable body for another owner are put into `unread`."""
    for visit in observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.REQUESTS})):
        if any(r.body_missing and not context.site.is_first_party(r.url) for r in visit.requests or ()):
            unread.append(visit)
        yield visit


def _elsewhere(carrier: Carrier, told: Sent, site: Site) -> bool:
    """Does the recipient have another owner than the cookie."""
    same = told.to == registrable_domain(carrier.domain) or (is_own(carrier, site) and told.to in site.first_party)
    return bool(told.to) and not same


def _result(
    carrier: Carrier, found: Assessment, told: Sent, cause: str, parameters: NoCookieSyncing, site: Site
) -> Result:
    by = site_of(told.sender)
    text = (
        f"the value of {title(carrier)} is sent to {shown(told.to)}, in {shown(told.where)} ({told.shape})"
        f"{f', by a script or page of {shown(by)}' if by else ''}"
    )
    if found.label is not ItemLabel.STRONG:
        return Doubt(Reason.NEEDS_HUMAN, f"{text}; it {_MAYBE[found.label]}", told.page)
    if parameters.reading == "reasonable" and is_own(carrier, site):
        processor = listed(told.to, site.processors)
        if processor:
            return Note(f"Told to a processor ({processor}: {site.processors[processor]}): {text}.")
    return Finding(
        f"{text[0].upper()}{text[1:]}. It tells visitors apart (about {found.bits:.0f} bits), so two owners know the "
        "visitor by one number.",
        told.page,
        cause,
        (
            Evidence(told.visit, Aspect.REQUESTS.value, told.request, f"{told.shape}, in {shown(told.where)}"),
            *pointers(carrier),
        ),
    )
