"""Nothing in the browser's storage tells one visitor from another for longer than the session.

## What it checks
What the site and everything on its pages keep besides cookies, over four sessions: a visitor, the same visitor
after closing the browser, and two independent visitors. Read after each page, in every frame: localStorage,
sessionStorage, each record of IndexedDB, the addresses in Cache Storage with the bodies of small data and of
responses that a script made up, each file of the private file system, the same of every storage bucket, service
workers with the address of their script, and the window's name. Of the HTTP cache, the validators (ETag,
Last-Modified) of every file that the three visitors asked for at one address, and the scripts, style sheets and data
that the browser may use again for a day or longer without asking.

## How it decides
As [no-identifying-cookies](no-identifying-cookies.md): values are taken apart and compared between three visitors,
and what is different for each and stays for one is an identifier. Storage has no expiry, so an identifier there
lasts longest.

| what is found | `strict` | `reasonable` |
|---|---|---|
| ID-strong in localStorage, IndexedDB, a cache, a private file or a worker's address | failed | note |
| the same, gone when the visitor returned | inconclusive | note |
| the same, taken back before the visit ended | note | note |
| ID-strong as validator of a file that is the same for all, and that the server goes on accepting | failed | note |
| the same, not seen to be accepted or to be of one file, or made like inode, size and time | inconclusive | note |
| ID-strong in a script or data that the HTTP cache keeps for more than a day, for the visitor alone | failed | note |
| a copy of its own for each visitor there that is no text, or too long a one to be compared | inconclusive | note |
| a file above 256 KiB there, with another size or validator for each visitor | inconclusive | note |
| a file above 256 KiB there that may be the same for two of them | note | note |
| ID-strong in sessionStorage or the window's name | passes | passes |
| the same, back with the same value after the browser was closed | failed | failed |
| ID-strong that is sent to another owner | failed | failed, unless a processor in the spec |
| ID-weak in what has no expiry | inconclusive | note |
| long secret that changes with every visit | inconclusive | note |
| values that could not be compared, or storage that could not be read | inconclusive | note, or inconclusive |
| pieces of one identifier in several entries of one owner, made alike | as ID-strong | as ID-strong |
| several entries that hold as much together, and were not made alike | inconclusive | note |

A frame's storage belongs to the owner of its origin, and counts: the site put the frame there. Browsers keep it
apart under each site, so by itself it follows nobody elsewhere. The built-in exemptions are those of cookies:
consent records, protection of forms, language and the like.

## Why it matters
A visitor who deletes cookies, and a policy that speaks of cookies only, overlook storage. It holds the same number.

## Limits
Of Cache Storage, bodies of pages and of files above 4 KiB are not compared. Of the HTTP cache, only what all three
visitors asked for at one address is, so not on pages outside the sample; and neither pages, images, fonts, redirects
and headers, nor what is fetched ahead and not used. Of files above 256 KiB on the wire, only size and validators are
compared: copies padded to one size look like one file. A file that stays fresh in the cache is not asked for again
during a run, so its validator may never be seen to be sent. What somebody else put into the cache before, such as a
proxy, looks the same for everybody. Keys that scripts may not export, and private files below 32 folders, make the
verdict inconclusive. An identifier that is the name of a key is seen when it is a UUID, a hexadecimal or a decimal
number. Of long values and private files, 64 KiB are compared. When a storage bucket ends by itself is not looked at.
Those of [no-identifying-cookies](no-identifying-cookies.md) hold, too.

## References
* Acar et al., The Web Never Forgets, CCS 2014 (identifiers that come back from other storage).
* Ayenson et al., Flash Cookies and Privacy II, 2011 (localStorage and ETags beside cookies).
* WHATWG HTML, Web storage, section on user tracking; W3C Indexed Database API 3.0, section on user tracking.

## Example
```yaml
checks:
  no-identifying-storage:
    reading: strict
    exempt:
      "drafts/*": keeps what the visitor wrote and did not send
```
The demo site `broken/no-identifying-storage/database` breaks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Result, check
from compliance.checks.identity._identifiers import Anonymity, results
from compliance.knowledge.identifiers import exemption, gather_stored, spoken
from compliance.knowledge.identifiers.cached import gather_cached
from compliance.knowledge.identifiers.describe import redacted, shown
from compliance.knowledge.identifiers.lifetime import Bucket, bucket_of
from compliance.knowledge.identifiers.tokens import normal_name
from compliance.knowledge.identifiers.validators import Named, Suspicion, named
from compliance.model.observation import Observations
from compliance.model.urls import site_of
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import SEEN, Aspect, Session, Visit


class NoIdentifyingStorage(Anonymity):
    """How strictly anonymity is promised."""

    exempt: dict[str, str] = Field(
        {},
        description="Glob of keys → why an identifier in them is no breach; added to the built-in list. A record's key "
        "is `database/store/key`, a cached response's `cache/address`, a private file's its path, a service worker's "
        "its scope, a validator's and a cached answer's its address; in a storage bucket, `buckets/NAME/` goes before "
        "the key.",
    )


@check(
    "no-identifying-storage",
    parameters=NoIdentifyingStorage,
    reads=[Aspect.STORAGE, Aspect.REQUESTS],
    scope="site",
    sessions=[Session.FIRST_AGAIN, Session.SECOND, Session.THIRD],
    statistical=True,
)
def no_identifying_storage(
    observations: Observations, parameters: NoIdentifyingStorage, context: Context
) -> Iterator[Result]:
    """Nothing in the browser's storage tells one visitor from another for longer than the session."""
    visits = observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.STORAGE}))
    gathered = gather_stored(visits, context.now.timestamp())
    yield from results(gathered, observations, parameters, parameters.exempt, context, "stored entry")

    def asked() -> Iterable[Visit]:
        return observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.REQUESTS}))

    for visit in asked():
        missing = "requests were not recorded" if visit.requests is None else ""
        if visit.outcome in SEEN and (why := visit.errors.get(Aspect.REQUESTS.value) or missing):
            yield Doubt(Reason.INSTRUMENT, f"{why}, so what the browser's cache keeps is not known", visit.page)
    yield from _kept_copies(asked(), observations, parameters, context)
    for one in named(asked(), context.now.timestamp(), strong_bits=parameters.strong_bits):
        yield _validator(one, parameters, context)


_NO_TEXT = "It is no text, or too long a one"
_UNREAD = "It is too large to be read, and has another size or validator for each"
#: Addresses that a note lists.
_NAMED = 3


def _kept_copies(
    visits: Iterable[Visit], observations: Observations, parameters: NoIdentifyingStorage, context: Context
) -> Iterator[Result]:
    """What the browser's cache keeps long, and each visitor has a copy of its own of."""
    found = gather_cached(visits, context.now.timestamp())
    for url, page in found.unread:
        yield Doubt(Reason.INSTRUMENT, f"what the browser's cache keeps of {shown(url)} could not be read", page)
    if found.large:
        some = ", ".join(shown(url.partition("?")[0]) for url, _ in found.large[:_NAMED])
        more = f" and {len(found.large) - _NAMED} more" if len(found.large) > _NAMED else ""
        yield Note(
            f"The browser's cache keeps files that are too large to be read: {some}{more}. By size and validator, no "
            "visitor was seen to have a copy of its own."
        )
    if found.gathered.carriers:
        yield from results(found.gathered, observations, parameters, parameters.exempt, context, "cached answer")
    for one in found.unlike:
        address = one.url.partition("?")[0]
        text = (
            f"The browser's cache may keep {shown(address)} for {spoken(one.lifetime)}, and each of three visitors has "
            f"a copy of its own. {_UNREAD if one.large else _NO_TEXT}, so whether it names its visitor is not known"
        )
        if reason := exemption(address, parameters.exempt):
            yield Note(f"Exempt ({reason}): {text}.")
        elif parameters.reading == "reasonable" or bucket_of(one.lifetime) < Bucket.MEDIUM:
            yield Note(f"Not held against the promise: {text}.")
        else:
            yield Doubt(Reason.NEEDS_HUMAN, text, one.page)


_HEADERS = {"etag": "ETag", "last-modified": "Last-Modified"}


def _validator(one: Named, parameters: NoIdentifyingStorage, context: Context) -> Result:
    """A validator of the HTTP cache that may name visitors."""
    address = one.url.partition("?")[0]
    name = f"The browser's cache keeps a validator ({_HEADERS[one.header]}) of {shown(address)}"
    text = (
        f"{name} that tells visitors apart: three visitors got three values, about "
        f"{one.found.bits + one.found.possible:.0f} bits apart ({redacted(one.value)}). The browser sends it back "
        f"whenever it asks for the file: {one.suspicion}."
    )
    if reason := exemption(address, parameters.exempt):
        return Note(f"Exempt ({reason}): {text}")
    if parameters.reading == "reasonable":
        return Note(f"Not held against the promise in this reading: {text}")
    if one.suspicion is not Suspicion.SURE:
        return Doubt(Reason.NEEDS_HUMAN, text.rstrip("."), one.page)
    owner = "self" if context.site.is_first_party(one.url) else site_of(one.url)
    cause = f"identifier:{owner}:{one.header}:{shown(normal_name(urlsplit(address).path))}"
    evidence = tuple(Evidence(visit, Aspect.REQUESTS.value, request, address[:300]) for visit, request in one.requests)
    return Finding(text, one.page, cause, evidence)
