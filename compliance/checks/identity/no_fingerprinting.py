"""No script reads the browser so closely that it can be known again without a cookie.

## What it checks
Which script calls what, on every page, in every frame and worker: images drawn on a canvas and read back, WebGL,
sound, fonts, WebRTC, battery, client hints, and a dozen groups of smaller traits.

## How it decides
A technique is a pattern of calls with thresholds: an image of 16 × 16 pixels or more at the moment it is read, with
ten different letters or two colours of text; 50 fonts measured on a canvas, 20 on elements; an oscillator that is
shaped, rendered and read; ten parameters of the graphics card, or its name, with nothing drawn to be seen. Calls
are gathered by script, over the frames and workers of a page.

| what one script does | `strict` | `reasonable` |
|---|---|---|
| two techniques, or one and five groups of traits | failed | failed, unless its host is in `allow` |
| one technique in a form that has no other use | failed | failed, unless its host is in `allow` |
| two techniques, dealt out to scripts of one host | inconclusive | inconclusive, unless in `allow` |
| one technique in another form | inconclusive | note |
| many traits without a technique | note | note |

No other use has text of two colours and ten letters, read from a canvas that is not seen and whose image the page does
not show; sound rendered through a compressor by a script that can play none; fifty fonts; a connection without servers
to nobody; names, limits and extensions of the card, asked of a context that is not seen; twenty properties of browser
and screen.

It passes only where every document and worker said that it was listened to. Charts and maps call save and restore,
scenes are drawn to be seen, calls send sound or video: they meet no technique.

## Why it matters
Traits cannot be deleted as cookies can. "You remain unknown to us" does not go with a script that knows the browser
again.

## Limits
That what was read is made into a number and sent is not shown: for that, the same traits would have to give the same
value twice. What runs after a click or a consent is not seen, nor what style sheets, WebAssembly alone or the server
tell from headers and connection. A script that hides one technique among real drawings is not told from them.

## References
* Englehardt, Narayanan, Online Tracking: A 1-million-site Measurement and Analysis, CCS 2016 (thresholds).
* Acar et al., The Web Never Forgets, CCS 2014 (canvas).
* Iqbal, Englehardt, Shafiq, Fingerprinting the Fingerprinters, IEEE S&P 2021.
* Article 29 Working Party, Opinion 9/2014 on device fingerprinting: it takes consent as cookies do.

## Example
```yaml
checks:
  no-fingerprinting:
    reading: reasonable
    allow:
      bot-defence.example: keeps machines from the contact form
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.knowledge.fingerprints import MANY_GROUPS, Reader, readers, together
from compliance.knowledge.identifiers.tokens import normal_name
from compliance.knowledge.parties import listed
from compliance.model.urls import ascii_host
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect, Visit, recorded

EVIDENCE = 20
"""Calls that one finding points to."""


class NoFingerprinting(Parameters):
    """Parameters of `no-fingerprinting`."""

    reading: Literal["strict", "reasonable"] = Field(
        "strict",
        description="strict: nobody reads the browser to know it again. reasonable: those in `allow` may, and a single "
        "technique is noted.",
    )
    allow: dict[str, str] = Field(
        {},
        description="Domain of a script → why it may, in the reading `reasonable`. A registrable domain covers all its "
        "hosts, a longer name that host only.",
    )


@check("no-fingerprinting", parameters=NoFingerprinting, reads=[Aspect.API_CALLS], statistical=True)
def no_fingerprinting(visit: Visit, parameters: NoFingerprinting, context: Context) -> Iterator[Result]:
    """No script reads the browser so closely that it can be known again."""
    reasonable = parameters.reading == "reasonable"
    allowed = {ascii_host(name.lower()): why for name, why in parameters.allow.items()} if reasonable else {}
    found = readers(recorded(visit.api_calls, "api_calls"))
    for reader in found:
        told = f"{_name(reader, visit)} reads {_listed(reader)}"
        entry = listed(reader.host, allowed)
        if reader.techniques and entry:
            yield Note(f"{told}; `allow` permits it: {allowed[entry]}.")
        elif reader.identifies:
            yield Finding(
                f"{told}. Together that tells this browser from most others, without a cookie.",
                visit.page,
                f"fingerprinting:{_cause(reader, visit)}",
                _evidence(reader, visit),
            )
        elif reader.techniques and reasonable:
            yield Note(f"{told}; one technique alone may have another use.")
        elif reader.techniques:
            yield Doubt(Reason.NEEDS_HUMAN, f"{told}: one technique, which may have another use", visit.page)
        elif len(reader.groups) >= MANY_GROUPS:
            yield Note(f"{told}; none of it is a technique of fingerprinting.")
    for reader in together(found):
        if not listed(reader.host, allowed):
            told = f"scripts of {reader.host or 'unknown origin'} together read {_listed(reader)}"
            yield Doubt(Reason.NEEDS_HUMAN, f"{told}, each of them one technique", visit.page)


def _listed(reader: Reader) -> str:
    """What it reads, in words."""
    parts = sorted(technique.value for technique in reader.techniques)
    if reader.groups:
        parts.append(f"{len(reader.groups)} groups of traits ({', '.join(sorted(reader.groups))})")
    return "; ".join(parts)


def _name(reader: Reader, visit: Visit) -> str:
    """The script, as a reader of the report knows it."""
    where = " in a worker" if all(call.worker for call in reader.calls) else ""
    if not reader.script:
        return f"A script without an address{where}"
    if reader.script in (visit.page, visit.url):
        return f"A script inside the page{where}"
    callers = [url for call in reader.calls for url in call.chain if url != visit.page]
    through = f", called by {callers[0].partition('?')[0][:200]}," if callers else ""
    return f"{reader.script.partition('?')[0][:200]}{where}{through}"


def _cause(reader: Reader, visit: Visit) -> str:
    """The same for the same script on other pages, in other builds, and under names that are drawn for each visit."""
    if reader.script in (visit.page, visit.url, ""):
        return "inline"
    return normal_name(reader.script.partition("?")[0])


def _evidence(reader: Reader, visit: Visit) -> tuple[Evidence, ...]:
    """The calls that tell most: of each API, how often and with what."""
    areas = ("canvas.", "audio.", "webgl.", "fonts.", "webrtc.")
    calls = sorted(reader.calls, key=lambda call: (not call.api.startswith(areas), call.api, call.frame))
    return tuple(
        Evidence(
            visit.id,
            Aspect.API_CALLS.value,
            call.api,
            f"{call.count} × {call.api} {' | '.join(call.samples[:5])}".strip()[:300],
        )
        for call in calls[:EVIDENCE]
    )
