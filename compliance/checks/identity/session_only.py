"""After the browser was closed, nothing is there that the site had stored.

## What it checks
A visitor browses the site, closes the browser and comes back. Compared are the cookie jar and the storage of all
origins (localStorage, IndexedDB, caches, private files, service workers) at the last look before the end and at the
first look after the return. Everything on the site's pages counts, other owners' frames and pixels too.

## How it decides

| what is found | result |
|---|---|
| a cookie with time left to live, in the jar of the first page after the return, with a value it had before | failed |
| the same in localStorage, IndexedDB, a private file, or a cached response that is small or a script's own | failed |
| the same name with a value that it did not have before | inconclusive: kept and changed, or made anew |
| an entry that was taken back before the end and is there again | inconclusive: kept elsewhere, or made anew |
| an entry of an origin that no page of the return opened | inconclusive |
| cached files, service workers, empty databases and folders | note: they are the same for everybody, or hold nothing |
| consent records, protection of forms, load balancers, bot defence, language, and what `exempt` names | note |

Whether a value identifies anybody does not matter here: the promise is that the session is all there is. With
`cookie-lifetime: {max: session}` it overlaps for cookies, and they differ: that check judges what is asked for, also
when the browser refused it or it ends within the hour, and exempts nothing by itself; this one judges what is really
there, and looks at storage, which asks for no lifetime.

## Why it matters
"Only the session is monitored" ends where the second visit begins with what the first one left.

## Limits
The return comes minutes after the end, not days. What comes back under another name is not recognised; identifiers
that do are for `no-identifying-cookies` and `no-identifying-storage`. The HTTP cache is not looked at. A frame's
storage is compared when the return opened a page that held it.

## References
* Soltani et al., Flash Cookies and Privacy, 2010 (what stays in other storage when cookies go).
* RFC 6265, 5.3: a cookie without Expires and Max-Age ends with the session.

## Example
```yaml
checks:
  session-only:
    exempt:
      "theme": remembers light or dark
```
The demo site `broken/session-only/theme` breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.knowledge.identifiers import exemption
from compliance.knowledge.identifiers.describe import cause_of, redacted, shown, title
from compliance.knowledge.identifiers.returned import Fate, Returned, came_back
from compliance.model.observation import Observations
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect, Session

_DOUBTS = {
    Fate.CHANGED: "is there again after the browser was closed, with a value it did not have before: kept and "
    "changed, or made anew",
    Fate.REMADE: "was taken back before the browser was closed and is there again: kept elsewhere, or made anew",
    Fate.UNSEEN: "may be there after the browser was closed; the return opened no page that shows it",
}


class SessionOnly(Parameters):
    """What may stay."""

    exempt: dict[str, str] = Field(
        {},
        description="Glob of names of cookies and keys → why they may stay; added to the built-in list. A record's key "
        "is `database/store/key`, a cached response's `cache/address`, a private file's its path.",
    )


@check(
    "session-only",
    parameters=SessionOnly,
    reads=[Aspect.COOKIES, Aspect.STORAGE],
    scope="site",
    sessions=[Session.FIRST_AGAIN],
)
def session_only(observations: Observations, parameters: SessionOnly, context: Context) -> Iterator[Result]:
    """After the browser was closed, nothing is there that the site had stored."""
    visits = observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.COOKIES, Aspect.STORAGE}))
    kept, gaps = came_back(visits, context.now.timestamp())
    for gap in gaps:
        yield Doubt(Reason.INSTRUMENT, gap.why, gap.page)
    found: dict[str, list[Returned]] = {}
    for one in kept:
        text = title(one.carrier)
        if reason := exemption(one.carrier.name, parameters.exempt):
            yield Note(f"Exempt ({reason}): {text} outlives the session.")
        elif one.fate is Fate.HARMLESS:
            yield Note(f"{text} is there again after the browser was closed: a file, a worker, or empty.")
        elif one.fate is Fate.SAME:
            found.setdefault(cause_of("returned", one.group, context.site), []).append(one)
        else:
            reason_of = Reason.COVERAGE if one.fate is Fate.UNSEEN else Reason.NEEDS_HUMAN
            yield Doubt(reason_of, f"{text} {_DOUBTS[one.fate]}", one.carrier.page)
    for cause, ones in found.items():
        one = ones[0]
        more = f" So are {len(ones) - 1} more of the same store." if len(ones) > 1 else ""
        yield Finding(
            f"{title(one.carrier)} is there again after the browser was closed, with the same value "
            f"({redacted(one.value)}).{more}",
            one.carrier.page,
            cause,
            tuple(Evidence(visit, one.aspect, shown(one.carrier.name), redacted(one.value)) for visit in one.visits),
        )
    yield Note("The visitor came back minutes after closing the browser, not days.")
