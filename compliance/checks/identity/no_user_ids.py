"""No request tells anybody which visitor it is, or who that is.

## What it checks
What pages send: the addresses, bodies (compressed ones too), WebSocket messages and headers of all their
requests, for a visitor, its return after closing the browser, and two independent visitors. Addresses of the
pages themselves, which the crawler asks for, are left out, and so are the headers that browsers fill in.

## How it decides
Requests are taken apart into parameters, fields of JSON and forms, segments of the path. Texts that stand at the
same place of requests to the same owner are compared on pages that all three visitors saw. What several visitors
sent alike names content, a version, or the site's own account there. What changes with every page, or is gone after
the return, tells no visits apart: page-view numbers, times, numbers of the session. What differs between three
visitors, holds 27 bits or more as `no-identifying-cookies` counts them, and is there again after the browser was
closed, identifies the visitor, wherever it was kept. No name of a parameter decides; names of well-known services
are added to messages.

| what is sent | to others, `strict` | to others, `reasonable` | to the site, `strict` |
|---|---|---|---|
| an identifier, on two pages or more | failed | failed, unless a processor in the spec | failed |
| the value of a lasting identifier in a cookie or in storage, plain, hashed or encoded | failed | the same | failed |
| an identifier, on one page alone | inconclusive | inconclusive | inconclusive |
| a number of the session, or one that lives up to a day | note | note | note |
| 16 to 27 bits | inconclusive | note | note |
| more than 272 bits that cannot be read and never come twice | inconclusive | note | passes |
| an e-mail address that only one visitor's requests held | failed | failed | passes |
| an e-mail address that stands in the page's address | inconclusive | inconclusive | passes |

The site's own servers count in the strict reading: "a user ID remains unknown to us" speaks of the site itself, and
a number that comes back is such an ID, also where measuring is done on the site's own servers. In the reasonable
reading they are noted. Consent records, CSRF tokens and the like are exempt as long as they stay with the site.

## Why it matters
An account with an analytics service is a list of visitors by number. Whoever has the number can put together
what one person read, over years.

## Limits
Identifiers made of the address or the browser are equal for visitors on one machine and are not seen. Nobody logs in
and nobody types: what is sent afterwards is not known, nor that a number is joined with a name behind the servers. The
trials of `no-session-recording`, which do type, keep no record of what cookies and storage that visitor has, so that
one request holds both a number and what was typed is not looked at here either. Values cut into short pieces, encrypted
anew each time in less than 272 bits, or hidden in the order or timing of requests are not found. An experiment with
many arms, each with a long random name, looks like an identifier. Places that only the first visitor's pages have are
searched for stored identifiers, and not compared. The return follows minutes after the first visit. 200 values of a
place and 2,000 texts of a request are compared. Cache validators are what `no-respawning` looks at, WebRTC is not seen.

## References
* Acar et al., The Web Never Forgets, CCS 2014 (comparison between visitors).
* Starov, Gill, Nikiforakis, Are You Sure You Want to Contact Us?, PoPETs 2016(1) (what analytics are told).
* OWASP ASVS 5.0, 14.2.3: sensitive data is not sent to untrusted parties such as user trackers.
* Omnibug and Matomo's documentation (names of parameters, for messages).

## Example
```yaml
checks:
  no-user-ids:
    reading: strict
```
The demo site `broken/no-user-ids/private-file` breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Result, check
from compliance.checks.identity._identifiers import Anonymity
from compliance.checks.identity._sent import Sending, sending
from compliance.checks.identity._user_ids import Reader, mail
from compliance.knowledge.identifiers import Options, Surroundings
from compliance.knowledge.identifiers.carriers import VISITORS
from compliance.knowledge.identifiers.describe import redacted, shown
from compliance.knowledge.identifiers.telling import came_back, told, unreadable
from compliance.model.observation import Observations
from compliance.model.verdict import Reason
from compliance.model.visit import Aspect, Session


class NoUserIds(Anonymity):
    """How strictly anonymity is promised."""

    reading: Literal["strict", "reasonable"] = Field(
        "strict",
        description="strict: nobody is told, the site's own servers neither. reasonable: the site may know a visitor "
        "by number, and processors named in the spec may be told.",
    )
    exempt: dict[str, str] = Field(
        {},
        description="Glob of names of parameters → why an identifier in them, sent to the site's own servers, is no "
        "breach; added to the built-in list.",
    )


@check(
    "no-user-ids",
    parameters=NoUserIds,
    reads=[Aspect.COOKIES, Aspect.REQUESTS, Aspect.STORAGE],
    scope="site",
    sessions=[Session.FIRST_AGAIN, Session.SECOND, Session.THIRD],
    statistical=True,
)
def no_user_ids(observations: Observations, parameters: NoUserIds, context: Context) -> Iterator[Result]:
    """No request tells anybody which visitor it is, or who that is."""
    options = Options(parameters.reading == "strict", parameters.strong_bits, parameters.weak_bits, parameters.exempt)
    sent = sending(observations, context, options)
    for page, why in sent.gaps:
        yield Doubt(Reason.INSTRUMENT, why, page)
    yield from _coverage(sent)
    around = Surroundings(context.now.timestamp(), (), sent.names)
    reader = Reader(context.site, options, sent.pieces)
    for carried in sent.carried:
        reader.carried(carried)
    for one in told(sent.payloads, around, options.strong_bits, options.weak_bits):
        reader.compared(one)
    yield from reader.results.values()
    for to, piece, example in came_back(sent.payloads, around, options.strong_bits):
        if reader.is_news(to, piece):
            text = f"the first visitor alone sent {redacted(piece)} to {shown(to)}, and again after closing the browser"
            yield reader.unsure(f"{text}, at places that could not be compared", Reason.NEEDS_HUMAN, example.page)
    for to, place, example in unreadable(sent.payloads):
        text = f"{shown(place.words)} of what is sent to {shown(to)} cannot be read and is new every time"
        yield reader.unsure(f"{text}: it may hold an identifier", Reason.OPAQUE_PAYLOAD, example.page)
    for (to, address), seen in sent.mails.items():
        yield mail(to, address, seen, sent.payloads)
    if reader.of_session:
        yield Note(
            f"Numbers that a visitor keeps for the session or a day at most: {', '.join(sorted(reader.of_session))}."
        )


def _coverage(sent: Sending) -> Iterator[Result]:
    """What could be compared."""
    pages, slots = sent.payloads.pages, sent.payloads.slots
    again = sent.payloads.common & pages[Session.FIRST_AGAIN]
    if slots and not again:
        yield Doubt(Reason.COVERAGE, "no page was seen by three independent visitors and by one of them again")
    others = {to for to, *_ in slots if to in sent.payloads.texts}
    alone = {
        (to, place)
        for (to, _, place), slot in slots.items()
        if not any(slot.get(session) for session in VISITORS[1:]) and slot.get(Session.FIRST)
    }
    yield Note(
        f"Compared: what was sent to the site itself and to {len(others)} other owner{'s' * (len(others) != 1)}, on "
        f"{len(again)} pages. Parts of requests that only the first visitor made: {len(alone)}."
    )
