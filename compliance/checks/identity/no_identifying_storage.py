"""Nothing in the browser's storage tells one visitor from another for longer than the session.

## What it checks
What the site and everything on its pages keep besides cookies, over four sessions: a visitor, the same visitor
after closing the browser, and two independent visitors. Read after each page, in every frame: localStorage,
sessionStorage, each record of IndexedDB, the addresses in Cache Storage with the bodies of small data and of
responses that a script made up, service workers with the address of their script, and the window's name.

## How it decides
As [no-identifying-cookies](no-identifying-cookies.md): values are taken apart and compared between three visitors,
and what is different for each and stays for one is an identifier. Storage has no expiry, so an identifier there
lasts longest.

| what is found | `strict` | `reasonable` |
|---|---|---|
| ID-strong in localStorage, IndexedDB, a cache or a worker's address | failed | note |
| the same, gone when the visitor returned | inconclusive | note |
| the same, taken back before the visit ended | note | note |
| ID-strong in sessionStorage or the window's name | passes | passes |
| the same, back with the same value after the browser was closed | failed | failed |
| ID-strong that is sent to another owner | failed | failed, unless a processor in the spec |
| ID-weak in what has no expiry | inconclusive | note |
| long secret that changes with every visit | inconclusive | note |
| values that could not be compared, or storage that could not be read | inconclusive | note, or inconclusive |

A frame's storage belongs to the owner of its origin, and counts: the site put the frame there. Browsers keep it
apart under each site, so by itself it follows nobody elsewhere. The built-in exemptions are those of cookies:
consent records, protection of forms, language and the like.

## Why it matters
A visitor who deletes cookies, and a policy that speaks of cookies only, overlook storage. It holds the same number.

## Limits
The private file system, bodies of cached pages and of files above 4 KiB, and validators of the HTTP cache (ETag,
Last-Modified) are not compared. Keys that scripts may not export make the verdict inconclusive. An identifier that
is the name of a key is seen when it is a UUID, a hexadecimal or a decimal number. Of long values, 64 KiB are
compared. Those of [no-identifying-cookies](no-identifying-cookies.md) hold, too.

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

from collections.abc import Iterator

from pydantic import Field

from compliance.checks._check import Context, Result, check
from compliance.checks.identity._identifiers import Anonymity, results
from compliance.knowledge.identifiers import gather_stored
from compliance.model.observation import Aspect, Observations, Session


class NoIdentifyingStorage(Anonymity):
    """How strictly anonymity is promised."""

    exempt: dict[str, str] = Field(
        {},
        description="Glob of keys → why an identifier in them is no breach; added to the built-in list. A record's key "
        "is `database/store/key`, a cached response's `cache/address`, a service worker's its scope.",
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
    return results(gathered, observations, parameters, parameters.exempt, context, "stored entry")
