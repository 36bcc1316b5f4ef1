"""Who comes through an advertisement or a newsletter is not known again by the click.

## What it checks
One more visitor, with an empty profile, opens the start page once, through an address with click identifiers (`gclid`,
`fbclid`, `msclkid`, `mc_eid` and others): parameters by which an advertiser or a sender of mail knows which person
clicked. Each has a random value made for this visit. The values, whole and cut in half, plain, encoded and hashed, are
then looked for in cookies, in all storage, in what goes to other owners, and in links that lead to them.

## How it decides
The address also has a control: a parameter with a random name and value that nobody can know. A field (a parameter, a
value in data, a cookie, a stored entry) that holds a click identifier more often than the control picked it out. A
field that holds both alike copied the address as it is, which is not about clicks: a link for sharing, the page's
address in a `Referer` header or at a measuring service. Who copies all parameters one by one has a field for the
control, too: what stands there in the same way, under a name made in the same way, was not picked out. An address that
was cut, or cleaned of known names, excuses nothing that stands beside it.

| what is found | `strict` | `reasonable` |
|---|---|---|
| picked out, and kept longer than the session | failed | failed, up to a day noted |
| picked out, and kept for the session | note | note |
| picked out, and sent to another owner | failed | failed, unless a processor in the spec |
| picked out, in a link to another owner | failed | failed, unless a processor in the spec |
| the whole address, kept longer than the session | inconclusive | note |
| the whole address, kept for the session, sent, or cached as a page | note | note |

A cookie that the browser refused counts: another browser may allow it. That the site's own server is told is no
deviation; it was asked with that address. A day is what Safari leaves to cookies that scripts set on a page that was
reached with such a parameter. Where a redirect takes the parameters away before a script runs, that is noted, and
what the redirect itself sets or tells is judged. Where it leaves click identifiers and takes the control, nothing tells
a choice from a copy of the address any more, and what would be a finding is inconclusive.

The names are a table (`click-ids` in `compliance lists`). They decide what is asked, and nothing else: a script that
acts only upon a name that is not in the table is not caught, and none is found because of its name.

## Why it matters
The click is known to the party that sold it, often with a name. A site that stores its identifier, or hands it on, ties
the visit to that person, and each later visit, too.

## Limits
One page is opened once, by a visitor who agrees to nothing and fills in nothing: what is stored after a consent, on
another page, upon a click or in a hidden field of a form is not seen. A number that the server makes up for the click
instead, values that are encrypted or cut to less than half, and what the server keeps are not seen. A site whose
robots.txt forbids addresses with parameters is not asked, and the verdict is inconclusive. Who may be told the whole
address of a page at all is what `third-party-requests` looks at. Other checks do not see this visit. A site can
recognise it by its many parameters.

## References
* DuckDuckGo, tracker-radar-detector, `src/trackers/tracking-params.js` (made-up parameters with a control).
* W3C Privacy Community Group, Navigational-Tracking Mitigations (link decoration).
* WebKit, Intelligent Tracking Prevention 2.2, 2019 (a day for cookies after link decoration).

## Example
```yaml
checks:
  no-click-ids:
    reading: strict
```
The demo site `broken/no-click-ids/stored` breaks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.checks.identity._landed import Kept, Told, kept, stripped, told, uncontrolled, unseen
from compliance.knowledge.identifiers.describe import cause_of, shown, title
from compliance.knowledge.identifiers.lifetime import DAY, spoken
from compliance.knowledge.landing import Traces, landing_of
from compliance.knowledge.parties import listed
from compliance.model.observation import Observations
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import SEEN, Aspect, Session, VisitOutcome

_READS = [Aspect.COOKIES, Aspect.STORAGE, Aspect.REQUESTS, Aspect.LINKS]
#: Names that a message lists.
_NAMED = 4


class NoClickIds(Parameters):
    """How strictly it is promised that nobody is known by a click."""

    reading: Literal["strict", "reasonable"] = Field(
        "strict",
        description="strict: not kept longer than the session, and no other owner is told. reasonable: kept for a day "
        "at most, and processors named in the spec may be told.",
    )


@check("no-click-ids", parameters=NoClickIds, reads=_READS, scope="site", sessions=[Session.LANDED])
def no_click_ids(observations: Observations, parameters: NoClickIds, context: Context) -> Iterator[Result]:
    """What brought a visitor here is not kept, and is not passed on."""
    visits = observations.visits(visitor=context.visitor, session=Session.LANDED, aspects=frozenset(_READS))
    seen = False
    for visit in visits:
        landing = landing_of(visit)
        if landing is None:
            continue
        if visit.outcome in SEEN:
            seen = True
            yield Note(f"{len(landing.values)} click identifiers were tried on {landing.start}.")
        else:
            blocked = visit.outcome is VisitOutcome.BLOCKED_BY_SITE
            why = f"the start page was not seen with click identifiers ({visit.error or visit.outcome.value})"
            yield Doubt(Reason.BLOCKED if blocked else Reason.COVERAGE, why, landing.start)
        for why in unseen(visit, context.site):
            yield Doubt(Reason.INSTRUMENT, why, landing.start)
        traces = Traces(landing)
        if stripped(visit, traces):
            yield Note("A redirect takes the click identifiers out of the address before any script runs.")
        lost = uncontrolled(visit, traces)
        for place in kept(visit, traces, context.now.timestamp()):
            yield _sure(_of_kept(place, landing.start, visit.id, parameters, context), lost)
        for party in told(visit, traces, context.site):
            yield _sure(_of_told(party, landing.start, visit.id, parameters, context), lost)
    if not seen:
        why = "nobody saw the start page with click identifiers (robots.txt or the scope may forbid such addresses)"
        yield Doubt(Reason.COVERAGE, why, context.site.url)


def _sure(result: Result, lost: bool) -> Result:
    """A finding, where the control could still tell a copy of the page's address from a choice."""
    if not lost or not isinstance(result, Finding):
        return result
    why = "the site left them in the address and took the control out, so this may be a copy of the address"
    return Doubt(Reason.NEEDS_HUMAN, f"{result.message.rstrip('.')}; {why}", result.url)


def _of_kept(place: Kept, start: str, visit: str, parameters: NoClickIds, context: Context) -> Result:
    life = "until the browser is closed" if place.lifetime is None else spoken(place.lifetime)
    strict = parameters.reading == "strict"
    if not place.singled:
        text = f"{title(place.carrier)} keeps the whole address of the landing, click identifiers included ({life})"
        # What a service worker caches is named by its address, whatever stands in it.
        if strict and place.lifetime is not None and place.carrier.kind != "cache":
            return Doubt(
                Reason.NEEDS_HUMAN, f"{text}: whether it is kept for their sake is for a person to tell", start
            )
        return Note(f"{text}.")
    text = f"{title(place.carrier)} keeps {_names(place.singled)} of the address that the visitor came by ({life})"
    if place.lifetime is None or (not strict and place.lifetime <= DAY):
        return Note(f"{text}.")
    named = replace(place.carrier, name="#") if place.in_name else place.carrier
    shape = next(iter(place.singled.values()))
    aspect = Aspect.COOKIES if place.carrier.kind == "cookie" else Aspect.STORAGE
    pointer = Evidence(visit, aspect.value, place.carrier.name, f"{', '.join(place.singled)}: {shape}")
    return Finding(f"{text}; found: {shape}.", start, cause_of("click-id-kept", named, context.site), (pointer,))


def _of_told(party: Told, start: str, visit: str, parameters: NoClickIds, context: Context) -> Result:
    owner = shown(party.owner)
    if not party.singled:
        how = "A link carries" if party.link else "A request tells"
        return Note(f"{how} {owner} the whole address of the landing, click identifiers included.")
    how = "is linked with" if party.link else "is sent"
    text = f"{owner} {how} {_names(party.singled)} of the address that the visitor came by, in {party.where}"
    processor = listed(party.owner, context.site.processors)
    if parameters.reading == "reasonable" and processor:
        return Note(f"{text}. {processor} is a processor: {context.site.processors[processor]}.")
    shape = next(iter(party.singled.values()))
    aspect = Aspect.LINKS if party.link else Aspect.REQUESTS
    pointer = Evidence(visit, aspect.value, party.pointer, f"{', '.join(party.singled)}: {shape}")
    kind = "click-id-link" if party.link else "click-id-sent"
    return Finding(f"{text}; found: {shape}.", start, f"{kind}:{owner}", (pointer,))


def _names(names: Iterable[str]) -> str:
    some = list(names)
    more = f" and {len(some) - _NAMED} more" if len(some) > _NAMED else ""
    return f"{', '.join(f'“{name}”' for name in some[:_NAMED])}{more}"
