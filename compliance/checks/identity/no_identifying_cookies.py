"""No cookie tells one visitor from another for longer than the session.

## What it checks
Every cookie that the site and everything on its pages set or try to set, over four sessions: a visitor,
the same visitor after closing the browser, and two independent visitors. An attempt that the browser
refused counts: another browser may allow it.

## How it decides
Values are decoded and split; pieces at the same place are compared between the three visitors. Pieces that are
equal, that change with every visit, that are times, words, consent strings or names of pages carry no identity.
Numbers that read like times are times only if they lie no further apart than the visitors came, and a day: of
drawn numbers with ten digits, one in ten reads like a time of these years. What is left counts `length ×
log2(alphabet)` bits; a stable time beside 16 bits or more adds the bits of the moment. 27 bits and more are ID-
strong, 16 to 27 ID-weak.

| what is found | `strict` | `reasonable` |
|---|---|---|
| ID-strong that lives longer than a day | failed | note |
| ID-strong that lives up to a day | note | note |
| ID-strong of the session | passes | passes |
| ID-strong, another owner's, not partitioned | failed | failed |
| ID-strong that is sent to another owner | failed | failed, unless a processor in the spec |
| ID-weak for 30 days and more | inconclusive | note |
| long secret that changes with every visit, longer than a day | inconclusive | note |
| values that could not be compared | inconclusive, if long-lived | note |

The lifetime is the one asked for, else the one in the jar. Consent records, CSRF tokens, load balancers, bot
defence and language are exempt: listed with their reason, and no longer exempt when their value is sent to
another owner. The three visitors of one run are the repetition that statistical evidence needs.

## Why it matters
"You remain unknown to us" and a number that comes back for two years cannot both be true.

## Limits
Identifiers made of the address or the browser are equal for visitors on one machine and are not excluded.
Respawning from other storage, encrypted or truncated forwarding, and joining with what is typed into forms
are not tested. Three visitors show what happens to 63 % of visitors or more, not what is sampled. Nobody logs in,
so login cookies are judged like others. At most 50 values of a cookie and 256 characters of a piece are compared.

## References
* Acar et al., The Web Never Forgets, CCS 2014 (lifetimes, comparison between visitors).
* Englehardt, Narayanan, Online Tracking, CCS 2016 (similarity 0.66, 90 days).
* Munir et al., CookieGraph, CCS 2023 (first-party cookies written by others' scripts).
* draft-ietf-httpbis-rfc6265bis (lifetimes end after 400 days).

## Example
```yaml
checks:
  no-identifying-cookies:
    reading: strict
    exempt:
      "basket": keeps what the visitor put into the basket
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.knowledge.identifiers import STRONG_BITS, WEAK_BITS, Case, ItemLabel, Options, Ruling, cases, gather
from compliance.knowledge.identifiers.explain import evidence, explained, limits
from compliance.model.observation import Aspect, Observations, Session
from compliance.model.verdict import Finding, Reason


class NoIdentifyingCookies(Parameters):
    """How strictly anonymity is promised."""

    reading: Literal["strict", "reasonable"] = Field(
        "strict",
        description="strict: no identifier outlives the session. reasonable: a pseudonymous one may, while it stays "
        "with the site and the processors named in the spec.",
    )
    strong_bits: float = Field(
        STRONG_BITS, gt=0, le=256, description="Bits from which a value identifies; 33 for a site with 10^8 visitors."
    )
    weak_bits: float = Field(WEAK_BITS, gt=0, le=256, description="Bits from which a person has to look.")
    exempt: dict[str, str] = Field(
        {}, description="Glob of cookie names → why an identifier in them is no breach; added to the built-in list."
    )


@check(
    "no-identifying-cookies",
    parameters=NoIdentifyingCookies,
    reads=[Aspect.COOKIES, Aspect.REQUESTS],
    scope="site",
    sessions=[Session.FIRST_AGAIN, Session.SECOND, Session.THIRD],
)
def no_identifying_cookies(
    observations: Observations, parameters: NoIdentifyingCookies, context: Context
) -> Iterator[Result]:
    """No cookie tells one visitor from another for longer than the session."""
    now = context.now.timestamp()
    gathered = gather(observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.COOKIES})), now)
    for gap in gathered.gaps:
        yield Doubt(Reason.INSTRUMENT, gap.why, gap.page)
    options = Options(parameters.reading == "strict", parameters.strong_bits, parameters.weak_bits, parameters.exempt)
    judged, unrecorded = cases(
        gathered,
        lambda: observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.REQUESTS})),
        context.site,
        options,
        now,
    )
    for page in unrecorded:
        yield Doubt(Reason.INSTRUMENT, "requests were not recorded, so where identifiers are sent is not known", page)
    for case in judged:
        message = explained(case, context.site, options)
        if case.ruling is Ruling.BROKEN:
            yield Finding(message, case.carrier.page, case.cause, evidence(case))
        elif case.ruling is Ruling.DOUBT:
            yield Doubt(_reason(case, gathered.complete), message.rstrip("."), case.carrier.page)
        elif message:
            yield Note(message)
    for limit in limits(gathered):
        yield Note(limit)


def _reason(case: Case, complete: bool) -> Reason:
    """Not looked at enough, or looked at and not to be told by a machine."""
    unseen = case.found.label is ItemLabel.UNCOMPARED and (case.unsampled or not complete)
    return Reason.COVERAGE if unseen else Reason.NEEDS_HUMAN
