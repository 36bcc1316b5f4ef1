"""Nobody records what a visitor does on a page.

## What it checks
A few pages that together run every script of the site are used as a visitor uses them: the mouse moves, the wheel
turns, something is typed key by key and not sent. Then what the pages sent is searched for it:

| sent | known by |
|---|---|
| typed values | random words that were typed, or their letters one by one |
| the page's content | random words that were put into the page, or the page's elements one by one |
| movements | points of a random path of the mouse, or the steps between them, in their order |

One of the fields typed into was added by the trial. No form of the site knows it, so whoever sends its value listens
to every key.

Addresses, headers, bodies, beacons and frames of sockets are searched, also what is sent when the page is left, and
when it is opened once more; plain, encoded, hashed, or compressed (gzip, zlib, deflate), up to three layers deep. Who
a script belongs to, and what it is called, decides nothing.

## How it decides
| seen | strict | reasonable |
|---|---|---|
| another owner is sent typed values, content or movements | finding | finding |
| the same, and the spec names the recipient as a processor | finding | inconclusive, for a person to decide |
| another owner is sent what is typed into a search box, and nothing else | inconclusive | noted |
| the site's own servers are sent what is typed into the trial's field | finding | finding |
| the site's own servers are sent content or movements | finding | noted |
| the site's own servers are sent what is typed into a field of the site | noted | noted |
| what nobody can read is sent, and more of it while something is done | inconclusive | noted |
| scripts listen to keys or to the whole page, and uploads follow what is done | inconclusive | noted |
| a script listens to all that recorders listen to, and no recording is seen | inconclusive | noted |
| scripts listen to some of this, and nothing follows | noted | noted |
| some scripts of the site run on no page that was tried | inconclusive | noted |
| a page could not be tried, or a body could not be kept | inconclusive | inconclusive |
| more than 200 000 words are sent, and no movements in the first of them | inconclusive | inconclusive |

All that recorders listen to is every change of the page, the mouse, clicks and keys, by one script. On such a page
the trial waits eleven seconds for what is sent with delay, elsewhere one.

Suggestions for a search, validation and saving while somebody types send single fields to the site that asks for
them. That is what these fields are for, so it is noted. A recorder is one whoever runs it: when the site's own
server is sent the page or the path of the mouse, the session is replayed there.

## Why it matters
A recording shows a person's doubts, mistakes and what they typed and deleted. "Only the session is monitored" does
not say that somebody watches. In 2017 recordings were found on 482 of the 50 000 most visited sites, with passwords
and card numbers in them.

## Limits
Recorders choose visitors by chance, wait for consent, or begin later than a few seconds: these are not seen. What is
encrypted cannot be read. What goes through WebRTC or WebTransport is not recorded; a page that opens such a channel
does not pass. A scaled path of the mouse is not recognised as one. Values in cookies and fields in frames
are not looked at. Statistics of single clicks and of fields that were changed, without what is in them, are not taken
for a recording. A recorder of somebody else under a name of the site counts as the site's own (`cname-cloaking` looks
for these).

## References
* Acar, Englehardt, Narayanan: "No boundaries: data exfiltration by third parties embedded on web pages", PoPETs
  2020(4): the experiment with a marked page.
* Senol, Acar, Humbert, Borgesius: "Leaky Forms", USENIX Security 2022: values that leave before a form is sent.

## Example
```yaml
checks:
  no-session-recording:
    reading: strict
```
The demo sites `broken/no-session-recording/*` break it, each in another way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Examined, Note, Parameters, Result, check
from compliance.checks.identity._recordings import Recipient, channels, opaque, recipients, uploads
from compliance.knowledge.listening import as_recorders_do, listeners
from compliance.knowledge.parties import listed
from compliance.knowledge.traces import MAX_WORDS
from compliance.model.activity import Request
from compliance.model.observation import Observations
from compliance.model.recording import OWN, RecordingProbe, scripts_of
from compliance.model.urls import ascii_host, host_of
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect, Session, VisitOutcome, recorded

EVIDENCE = 5
_SEARCH = "search"


class NoSessionRecording(Parameters):
    """Parameters of `no-session-recording`."""

    reading: Literal["strict", "reasonable"] = Field(
        "strict",
        description="strict: nobody records, the site included. reasonable: no other owner does, and nobody listens to "
        "every key.",
    )


@check(
    "no-session-recording",
    parameters=NoSessionRecording,
    reads=[Aspect.RECORDING_PROBES, Aspect.REQUESTS, Aspect.FORMS],
    scope="site",
    counts="pages tried",
)
def no_session_recording(
    observations: Observations, parameters: NoSessionRecording, context: Context
) -> Iterator[Result]:
    """What visitors do and type on a page is not recorded."""
    probes = recorded(observations.recording_probes(context.visitor), "recording_probes")
    for probe in probes:
        if probe.error or not probe.touched:
            why = probe.error or "nothing was done on it"
            yield Doubt(Reason.COVERAGE, f"the page could not be tried to the end: {why}", probe.page)
        else:
            yield Examined()
        if probe.gap:
            yield Doubt(Reason.INSTRUMENT, f"not all scripts were listened to: {probe.gap}", probe.page)
        proven = False
        for to in recipients(probe, probes, context.site.is_first_party):
            judged = list(_proven(probe, to, parameters, context))
            yield from judged
            proven = proven or to.moves or bool(to.content)
            if not any(isinstance(one, Finding) for one in judged):
                yield from _unproven(probe, to, parameters)
        for channel in channels(probe):
            yield Doubt(Reason.OPAQUE_PAYLOAD, f"a {channel} channel was opened, which is not recorded", probe.page)
        yield from _listening(probe, parameters, proven)
        yield from _unloaded(probe)
    yield from _uncovered(observations, probes, parameters, context)


def _proven(probe: RecordingProbe, to: Recipient, parameters: NoSessionRecording, context: Context) -> Iterator[Result]:
    """Results about what was found of the trial in what one recipient got."""
    strict = parameters.reading == "strict"
    named = {ascii_host(name.lower()): purpose for name, purpose in context.site.processors.items()}
    purpose = named.get(listed(to.domain, named) or "", "") if to.domain else ""
    who = to.domain or "The site’s own server"
    keys = [one for one in to.typed if one[0].kind == OWN or (to.domain and one[0].kind != _SEARCH)]
    fields = [one for one in to.typed if one not in keys]
    if keys:
        fieldnames = ", ".join(dict.fromkeys(_named(one.field, one.kind) for one, _, _ in keys))
        shapes = ", ".join(dict.fromkeys(shape for _, shape, _ in keys[:3]))
        said = f"{who} is sent what is typed, before anybody sends a form: {fieldnames} ({shapes})."
        yield from _result(probe, to, "typed-values", said, [r for *_, r in keys], purpose if not strict else "")
    if fields:
        fieldnames = ", ".join(dict.fromkeys(_named(one.field, one.kind) for one, _, _ in fields))
        said = f"{who} is sent what is typed, while it is typed: {fieldnames}"
        if to.domain and strict:
            yield Doubt(Reason.NEEDS_HUMAN, f"{said}; whether it searches for the site is not known", probe.page)
        else:
            yield Note(f"{said}.")
    shown = []
    if to.content:
        how = " and ".join(dict.fromkeys(how for how, _ in to.content))
        said = f"{who} is sent the content of the page as the visitor sees it (known by {how})."
        shown.append(("page-content", said, [r for _, r in to.content]))
    if to.moves:
        said = f"{who} is sent the path of the mouse ({to.points} of {len(probe.track)} points in their order)."
        shown.append(("movements", said, to.after or to.before))
    for what, said, requests in shown:
        if to.domain or strict:
            yield from _result(probe, to, what, said, requests, purpose if not strict else "")
        else:
            yield Note(said)


def _named(name: str, kind: str) -> str:
    return "a field that the trial added" if kind == OWN else f"“{name}”" if name else f"a field of type {kind}"


def _result(
    probe: RecordingProbe, to: Recipient, what: str, said: str, requests: list[Request], purpose: str
) -> Iterator[Result]:
    """A finding, or a doubt about somebody whom the spec names."""
    if purpose:
        yield Doubt(Reason.NEEDS_HUMAN, f"{said} The spec names it: {purpose}", probe.page)
        return
    yield Finding(
        said,
        probe.page,
        f"{what} {to.domain or 'own server'}",
        tuple(
            Evidence(probe.id, Aspect.RECORDING_PROBES.value, request.id, _address(request))
            for request in list(dict.fromkeys(requests))[:EVIDENCE]
        ),
    )


def _address(request: Request) -> str:
    """Method and address without query, which may hold what was typed."""
    size = f", {len(request.body)} characters" if request.body else ""
    return f"{request.method} {request.url.partition('?')[0][:200]} ({request.resource}{size})"


def _unproven(probe: RecordingProbe, to: Recipient, parameters: NoSessionRecording) -> Iterator[Result]:
    """Results about what one recipient got and nobody here can read."""
    who = to.domain or "the site’s own server"
    if unread := to.unread:
        lost = f"{len(unread)} request{'s' * (len(unread) != 1)} to {who} had a part that was not kept"
        yield Doubt(Reason.INSTRUMENT, lost, probe.page)
    if to.cut:
        much = f"{who} is sent more than {MAX_WORDS} words; movements and keys were looked for in the first of them"
        yield Doubt(Reason.OPAQUE_PAYLOAD, much, probe.page)
    said = ""
    if size := opaque(probe, to):
        said = f"{who} is sent {size} characters that nobody here can read, and more of them while something is done"
    elif (scripts := listeners(probe.watchers)) and not to.proven and (count := uploads(probe, to)):
        script, what = next(iter(scripts.items()))
        said = (
            f"{who} is sent {count} uploads that follow what is done on the page, and {_listens(script, what)}; "
            "nothing of the trial was found in them"
        )
    if said and parameters.reading == "strict":
        yield Doubt(Reason.OPAQUE_PAYLOAD, said, probe.page)
    elif said:
        yield Note(f"{said[0].upper()}{said[1:]}.")


def _listens(script: str, what: frozenset[str]) -> str:
    said = {"document": "changes of the page", "every change": "every change of the page"}
    told = ", ".join(sorted(said.get(one, one) for one in what if one != "document" or "every change" not in what))
    return f"{script.partition('?')[0][:200] or 'a script'} listens to {told}"


def _listening(probe: RecordingProbe, parameters: NoSessionRecording, proven: bool) -> Iterator[Result]:
    """Who listens; a doubt about who does as recorders do and was not seen to send a recording."""
    recorders = as_recorders_do(probe.watchers)
    for script, what in listeners(probe.watchers).items():
        said = _listens(script, what)
        if script in recorders and not proven and parameters.reading == "strict":
            said += ", as recorders do; that it sends a recording was not seen in the time of the trial"
            yield Doubt(Reason.OPAQUE_PAYLOAD, said, probe.page)
        else:
            yield Note(f"On the whole page {said}.")


def _unloaded(probe: RecordingProbe) -> Iterator[Result]:
    """Scripts that did not arrive: what they would have done was not seen."""
    for request in probe.requests:
        if request.resource == "script" and request.error and not request.blocked and not request.status:
            why = f"a script of {host_of(request.url)} did not arrive ({request.error})"
            yield Doubt(Reason.COVERAGE, f"{why}, so what it does was not seen", probe.page)


def _uncovered(
    observations: Observations, probes: tuple[RecordingProbe, ...], parameters: NoSessionRecording, context: Context
) -> Iterator[Result]:
    """Scripts of the site that ran on no page that was tried."""
    tried = frozenset(script for probe in probes if probe.touched and not probe.error for script in probe.scripts)
    left: dict[str, str] = {}
    pages = 0
    for visit in observations.visits(
        visitor=context.visitor, session=Session.FIRST, aspects=frozenset({Aspect.REQUESTS})
    ):
        if visit.outcome is VisitOutcome.OK:
            pages += 1
            for script in scripts_of(visit) - tried:
                left.setdefault(script, visit.page)
    if pages:
        yield Note(f"{len(probes)} of {pages} pages were tried; together they run {len(tried)} scripts.")
    if not left:
        return
    script, page = next(iter(sorted(left.items())))
    what = "a script in the page" if script.startswith("inline:") else script[:200]
    more = f" and {len(left) - 1} more" if len(left) > 1 else ""
    said = f"{what}{more} ran on no page that was tried"
    if parameters.reading == "strict":
        yield Doubt(Reason.COVERAGE, said, page)
    else:
        yield Note(f"{said[0].upper()}{said[1:]}.")
