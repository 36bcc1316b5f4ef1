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
| pieces of one identifier in several cookies of one owner | as ID-strong | as ID-strong |
| several cookies that hold as much together, and were not made alike | inconclusive | note |

What cookies of one owner hold that is too little alone is added up, where it stays for one visitor. They are pieces
of one identifier when one writer set them at the same visit with one lifetime and one length, and all three visitors
have another value in each: four pieces of three characters; and where their names count on (`a1`, `a2` or `va`, `vb`),
also two of 16 bits, or so many short ones that a row of experiments with four groups would look so less than once in
1,000 runs. Names that speak of experiments leave it to a person, and so do rows of numbers whose names do not count on.
Numbers of less than five digits are added up only where names count on, or three or more were made alike: others
measure and count.

The lifetime is the one asked for, else the one in the jar. Consent records, CSRF tokens, load balancers, bot
defence and language are exempt: listed with their reason, and no longer exempt when their value is sent to
another owner. A cookie that is a consent or a language by its name, and an identifier and nothing else by its value,
is for a person to judge. Three visitors are compared in one run; `--repeat` compares runs.

## Why it matters
"You remain unknown to us" and a number that comes back for two years cannot both be true.

## Limits
Identifiers made of the address or the browser are equal for visitors on one machine and are not excluded;
`no-respawning` looks at those made of the browser, and at what comes back after it was deleted. Encrypted or truncated
forwarding, and joining with what is typed into forms, are not tested. Of an identifier in pieces, those of one or two
characters are seen only when their names count on, those that the browser refused and those of different owners not at
all, nor half an identifier in a cookie and half in storage. Three visitors show what happens to 63 % of
visitors or more, not what is sampled. Nobody logs in, so login cookies are judged like others. At most 50 values of
a cookie and 256 characters of a piece are compared.

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

from pydantic import Field

from compliance.checks._check import Context, Result, check
from compliance.checks.identity._identifiers import Anonymity, results
from compliance.knowledge.identifiers import gather
from compliance.model.observation import Observations
from compliance.model.visit import Aspect, Session


class NoIdentifyingCookies(Anonymity):
    """How strictly anonymity is promised."""

    exempt: dict[str, str] = Field(
        {}, description="Glob of cookie names → why an identifier in them is no breach; added to the built-in list."
    )


@check(
    "no-identifying-cookies",
    parameters=NoIdentifyingCookies,
    reads=[Aspect.COOKIES, Aspect.REQUESTS],
    scope="site",
    sessions=[Session.FIRST_AGAIN, Session.SECOND, Session.THIRD],
    statistical=True,
)
def no_identifying_cookies(
    observations: Observations, parameters: NoIdentifyingCookies, context: Context
) -> Iterator[Result]:
    """No cookie tells one visitor from another for longer than the session."""
    visits = observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.COOKIES}))
    gathered = gather(visits, context.now.timestamp())
    return results(gathered, observations, parameters, parameters.exempt, context, "cookie")
