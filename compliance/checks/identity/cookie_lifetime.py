"""No cookie lives longer than the policy says.

## What it checks
The lifetime of every cookie that the site and everything on its pages set or try to set, in all sessions.

## How it decides
The lifetime that is asked for (Max-Age before Expires, as browsers do) and the one that the browser keeps are
both compared with `max`; one of them above it is a deviation. Two seconds are let pass, because an Expires date
is rounded and takes time to travel. An attempt that the browser refused counts, since another browser may allow it;
a deletion does not. Cookies in the jar count even when nobody saw them being set. `session` as maximum allows
session cookies only.

## Why it matters
A policy that promises "up to 13 months" or "until you close your browser" states a number that can be measured.

## Limits
Browsers end lifetimes after 400 days whatever is asked for. A cookie that is renewed on every visit can live for
ever within its maximum: that is noted, and decides nothing. Other storage has no lifetime: see `session-only`.

## References
* draft-ietf-httpbis-rfc6265bis, sections on Expires, Max-Age and their limit of 400 days.
* Acar et al., The Web Never Forgets, CCS 2014 (30 days); Englehardt, Narayanan, Online Tracking, CCS 2016 (90 days).

## Example
```yaml
checks:
  cookie-lifetime:
    max: 13 months
    exempt:
      "OptanonConsent": remembers the refusal itself
```
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.knowledge.identifiers import Carrier, gather, spoken
from compliance.knowledge.identifiers.describe import cause_of, cookies, lifetime, origin, pointers, title
from compliance.model.observation import Observations
from compliance.model.spec import Duration
from compliance.model.verdict import Finding, Reason
from compliance.model.visit import Aspect

#: An Expires date has whole seconds and takes a moment from server to browser.
TOLERANCE = 2.0


class CookieLifetime(Parameters):
    """How long a cookie may live."""

    max: Duration = Field(description='Longest lifetime allowed, as in "13 months"; "session" allows none to last.')
    exempt: dict[str, str] = Field({}, description="Glob of cookie names → why they may live longer.")


@check("cookie-lifetime", parameters=CookieLifetime, reads=[Aspect.COOKIES], scope="site")
def cookie_lifetime(observations: Observations, parameters: CookieLifetime, context: Context) -> Iterator[Result]:
    """No cookie lives longer than the policy says."""
    visits = observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.COOKIES}))
    gathered = gather(visits, context.now.timestamp())
    for gap in gathered.gaps:
        yield Doubt(Reason.INSTRUMENT, gap.why, gap.page)
    allowed = spoken(parameters.max) if parameters.max else "no longer than the session"
    reported: set[str] = set()
    for carrier in sorted(gathered.carriers, key=lambda c: -_longest(c)):
        cause = cause_of("lifetime", carrier, context.site)
        if cause in reported:  # the same cookie on another path, with a shorter life
            continue
        reported.add(cause)
        text = f"{title(carrier)} {lifetime(carrier)}"
        if _longest(carrier) > (parameters.max + TOLERANCE if parameters.max else 0):
            message = f"{text}; allowed: {allowed}. {origin(carrier, context.site)}"
            reason = next((why for glob, why in parameters.exempt.items() if fnmatchcase(carrier.name, glob)), "")
            if reason:
                yield Note(f"Exempt ({reason}): {message}")
            else:
                yield Finding(message, carrier.page, cause, pointers(carrier))
        elif carrier.renewed:
            yield Note(
                f"{text}, within what is allowed; on the visitor's return its life began anew, so it has no end."
            )
    lasting = sum(c.lifetime is not None for c in gathered.carriers)
    yield Note(
        f"{cookies(len(gathered.carriers))} seen, refused ones included: {len(gathered.carriers) - lasting} for the "
        f"session, {lasting} with a lifetime."
    )


def _longest(carrier: Carrier) -> float:
    """The longer of what is asked for and what the browser keeps; nothing for a session cookie."""
    return max(carrier.requested or 0.0, carrier.effective or 0.0)
