"""What a visitor has deleted does not come back.

## What it checks
Two things that an identifier can come back from. **What was kept elsewhere:** the first visitor, who has closed the
browser and come back, comes once more without cookies and with everything else (localStorage, IndexedDB, caches,
private files, service workers, the HTTP cache), and once more with the cookies and without everything else. **The
browser itself:** two further visitors have another window, time zone and browser version than the first three.

## How it decides
An identifier is what [no-identifying-cookies](no-identifying-cookies.md) calls so: different for each of three
visitors, the same for one who returns, and long enough. It has come back when its value is there again in what was
deleted: under its own or another name, plain, encoded or hashed. The message says which stored entries, or which
validators of the HTTP cache, held the value, and which response or script wrote the cookie.

A value comes from the browser when the first three visitors, who began with nothing, all got it, and the fourth
and the fifth each got another one. They come in turns, so that time cannot explain it. The window is larger by less
than a class of devices, the other time zone has the same clock, the language is the same.

| what is found | result |
|---|---|
| ID-strong (27 bits) that was deleted and is there again | failed |
| ID-strong that three visitors with one kind of browser share, another one for each other kind | failed |
| the same with 16 to 27 bits, or a value that could not be compared before it came back | inconclusive |
| a value that only visitors with the first kind of browser got | inconclusive |
| an identifier that no page of these visits could show, or deleting that did not work | inconclusive |
| the same value for everybody, times, words, languages, groups into which visitors are drawn | passes |
| consent records, CSRF tokens, load balancers, bot defence, language, and what `exempt` names | note |

There is one reading: whoever brings back what was deleted overrules the visitor. The further visits are made only
where something was stored that could come back, and see the sample of pages that the other visitors saw.

## Why it matters
Deleting cookies is what browsers and policies offer against being recognised. An identifier that comes back makes
that offer empty.

## Limits
All visitors have one network address: a value made of the address alone looks the same for everybody. So does one
made of the graphics card, the fonts or the sound alone; reading them is what `no-fingerprinting` looks at. With an
emulated device the browser's version stays. Cookies are deleted at once and all else at once, so localStorage brought
back from IndexedDB is not seen; nor is what comes back after the pages were left, or from an entry that is changed
at every visit. An identifier that comes back encrypted looks like a new one. Who wrote into storage is not recorded.

## References
* Soltani et al., Flash Cookies and Privacy, 2010 (cookies brought back from other storage).
* Ayenson et al., Flash Cookies and Privacy II, 2011 (ETags of the HTTP cache).
* Acar et al., The Web Never Forgets, CCS 2014 (respawning, automated).
* Fouad et al., My Cookie is a phoenix, PoPETs 2022 (cookies brought back from fingerprints, traits changed in turn).

## Example
```yaml
checks:
  no-respawning:
    exempt:
      "basket": is restored from the visitor's own draft
```
The demo site `broken/no-respawning/local-storage` breaks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.knowledge.identifiers import STRONG_BITS, WEAK_BITS, Carrier, exemption
from compliance.knowledge.identifiers.describe import cause_of, listed, pointers, redacted, shown, title
from compliance.knowledge.identifiers.further import Known, everything, unseen, wanted
from compliance.knowledge.identifiers.respawn import Deletion, Origins, Respawned, after, origins, respawned
from compliance.knowledge.identifiers.traits import OTHERS, Derived, derived, shared, uncompared
from compliance.model.observation import Observations
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import AS_NEEDED, SEEN, Aspect, Session, Visit

_Visits = Callable[[], Iterable[Visit]]


class NoRespawning(Parameters):
    """What may come back."""

    exempt: dict[str, str] = Field(
        {},
        description="Glob of names of cookies and keys → why they may come back; added to the built-in list. A "
        "record's key is `database/store/key`, a cached response's `cache/address`, a private file's its path.",
    )


@check(
    "no-respawning",
    parameters=NoRespawning,
    reads=[Aspect.COOKIES, Aspect.STORAGE, Aspect.REQUESTS],
    scope="site",
    sessions=[Session.FIRST_AGAIN, Session.SECOND, Session.THIRD, *sorted(AS_NEEDED)],
    statistical=True,
)
def no_respawning(observations: Observations, parameters: NoRespawning, context: Context) -> Iterator[Result]:
    """Identifiers that a visitor has deleted do not come back."""

    def visits(*more: Aspect) -> Iterable[Visit]:
        aspects = frozenset({Aspect.COOKIES, Aspect.STORAGE, *more})
        return observations.visits(visitor=context.visitor, aspects=aspects)

    now = context.now.timestamp()
    known, gaps = everything(visits, now)
    for gap in gaps:
        yield Doubt(Reason.INSTRUMENT, gap.why, gap.page)
    yield from _unseen(visits, known, now)
    failed = {visit.session for visit in visits() if Aspect.COOKIES.value in visit.errors}
    back = [
        one
        for one in respawned([(k.carrier, k.found) for k in known], strong_bits=STRONG_BITS, weak_bits=WEAK_BITS)
        if after(one.deletion) not in failed
    ]
    for one, origin in zip(back, origins(back, visits(Aspect.REQUESTS)) if back else (), strict=True):
        yield _judged(one.carrier, _told(one, origin), one.sure, "respawned", _evidence(one), parameters, context)
    seen = {visit.session for visit in visits() if visit.outcome in SEEN}
    for k in known:
        if not shared(k.carrier, k.around):
            continue
        made = derived(k.carrier, k.around, strong_bits=STRONG_BITS, weak_bits=WEAK_BITS)
        if made is not None:
            evidence = pointers(k.carrier, (*_ALIKE, *OTHERS))
            yield _judged(k.carrier, _made_of(made), made.sure, "derived", evidence, parameters, context)
        elif seen.issuperset(OTHERS) and uncompared(k.carrier):
            why = f"{title(k.carrier)} was given to three visitors alike, and to none with another browser"
            yield _judged(k.carrier, f"{why}.", False, "derived", (), parameters, context)
    yield Note(
        "Values made of the network address alone, or of graphics, fonts or sound alone, look the same for everybody "
        "here and are not excluded."
    )


#: Visitors whose browsers are alike.
_ALIKE = (Session.FIRST, Session.SECOND, Session.THIRD)
_WHO = {
    Session.WITHOUT_COOKIES: "the visit without cookies",
    Session.WITHOUT_STORAGE: "the visit with nothing but cookies",
    Session.FOURTH: "the fourth visitor, with another browser",
    Session.FIFTH: "the fifth visitor, with another browser",
}


def _unseen(visits: _Visits, known: list[Known], now: float) -> Iterator[Doubt]:
    """What the further visits should have shown, and did not."""
    pages: dict[Session, set[str]] = {}
    for visit in visits():
        if visit.outcome in SEEN:
            pages.setdefault(visit.session, set()).update((visit.url, visit.page))
    for session, who in _WHO.items():
        carriers = wanted(session, visits, now)
        for missed in unseen(carriers, pages.get(session, ()))[:1]:
            saw = "no page that keeps it" if session in pages else "no page"
            yield Doubt(Reason.COVERAGE, f"{title(missed)} might come back, and {who} saw {saw}", missed.page)
    if Session.WITHOUT_COOKIES in pages and not _left(known):
        yield Doubt(Reason.INSTRUMENT, "nothing that was stored was left when the cookies were deleted")


def _left(known: list[Known]) -> bool:
    """Did something that was stored stay when the cookies were deleted; true where there was no such thing."""
    stored = [k.carrier.sessions for k in known if k.carrier.kind != "cookie" and k.carrier.lifetime is not None]
    lasting = [sessions for sessions in stored if Session.FIRST_AGAIN in sessions]
    return not lasting or any(
        sessions[Session.FIRST_AGAIN].kept.keys() & sessions[Session.WITHOUT_COOKIES].kept.keys()
        for sessions in lasting
        if Session.WITHOUT_COOKIES in sessions
    )


def _judged(
    carrier: Carrier,
    message: str,
    sure: bool,
    kind: str,
    evidence: tuple[Evidence, ...],
    parameters: NoRespawning,
    context: Context,
) -> Result:
    if reason := exemption(carrier.name, parameters.exempt):
        return Note(f"Exempt ({reason}): {message}")
    if not sure:
        return Doubt(Reason.NEEDS_HUMAN, message.rstrip("."), carrier.page)
    return Finding(message, carrier.page, cause_of(kind, carrier, context.site), evidence)


def _told(one: Respawned, origin: Origins) -> str:
    text = f"{title(one.carrier)} is there again after {one.deletion}"
    if one.where is not one.carrier:
        text += f", as {title(one.where)}"
    text += f", with the value that it had before ({redacted(one.value)})."
    kept = [f"{title(source)}, {shape}" for source, shape in one.sources]
    kept += [f"the browser's cache, which names it when it asks for {shown(url)}" for url in origin.validators]
    if kept:
        text += f" It was kept in: {'; '.join(kept[:5])}."
    elif one.deletion is Deletion.COOKIES:
        text += " Nothing readable held it: it was kept in the browser's cache, in another form, or by the server."
    else:
        text += " The cookies were all that was kept, so the server or a script knew the visitor by one of them."
    if origin.writers:
        text += f" It was written by {listed(origin.writers)}."
    if not one.sure:
        text += f" Whether it identifies is not certain ({one.found.label})."
    return text


def _made_of(made: Derived) -> str:
    text = (
        f"{title(made.carrier)} follows the browser: three visitors who began with nothing got one value "
        f"({redacted(made.value)}), two whose window, time zone and version are others got another one each, about "
        f"{made.bits:.0f} bits apart. Deleting it changes nothing."
    )
    return text if made.sure else f"{text} These are few bits to identify by."


def _evidence(one: Respawned) -> tuple[Evidence, ...]:
    aspect = (Aspect.COOKIES if one.carrier.kind == "cookie" else Aspect.STORAGE).value
    return tuple(Evidence(visit, aspect, shown(one.where.name), redacted(one.value)) for visit in one.visits)
