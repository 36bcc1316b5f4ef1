"""Whoever has a question finds a way to ask it.

## What it checks
From the policy page (or from every page), within the allowed clicks: an e-mail address, a form to
write a message in, a telephone number, a postal address or a chat. One of `channels` is enough.

## How it decides
* e-mail: a visible `mailto:` link or an address in the text (also written with `[at]`, also behind
  Cloudflare's protection), of valid syntax, at a domain of the site or a common mailbox provider
* form: visible, with a control that submits it and a field for a message (on a page that links call a
  contact page, a field for an address is enough); and it is sent, nothing reaching the server, when it
  is tried with every field filled in
* phone: a visible `tel:` link with 5 to 15 digits
* post: a street or a post office box in the text; chat: a visible link to a messenger

No channel on pages that were all seen is a finding, and so is a visible link called "Contact" that
leads to a page that is not there. A contact page that was not seen, an address at a domain that the
spec does not count to the site, and a channel that this check cannot exclude (post, chat) are doubts.

## Why it matters
Rights exist for those who can ask for them (GDPR Art. 12(2), Art. 13(1)(a) and (b)).

## Limits
Nothing is sent: whether a message is delivered, read or answered is not tested. Chat windows drawn
by scripts and telephone numbers that are no links are not recognised.

## References
* RFC 6068 (mailto), RFC 5321 (address syntax), RFC 3966 (tel), RFC 2606 (reserved names)

## Example
```yaml
checks:
  contact-reachable:
    clicks: 1
    channels: [email, form]
    from: policy
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import ConfigDict, Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result, check
from compliance.checks.links._offers import READS, Answer, Offer, offers
from compliance.checks.policy_text._live import find_policy_visit, unseen
from compliance.model.observation import Observations
from compliance.model.urls import url_key
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect


class ContactReachable(Parameters):
    """Which channels count, and how near they must be."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    clicks: int = Field(1, ge=0, le=2, description="Clicks to the page with the channel.")
    channels: list[Literal["email", "form", "phone", "post", "chat"]] = Field(
        ["email", "form", "phone"], min_length=1, description="Channels that count; any one of them is enough."
    )
    from_: Literal["policy", "every-page"] = Field(
        "policy", alias="from", description="Where the visitor starts: on the policy page, or on any page."
    )

    def also_reads(self) -> frozenset[Aspect]:
        """Whether a form that counts can be sent is seen by trying it."""
        return frozenset({Aspect.FORM_PROBES}) if "form" in self.channels else frozenset()


@check("contact-reachable", parameters=ContactReachable, reads=[*sorted(READS)], scope="site")
def contact_reachable(observations: Observations, parameters: ContactReachable, context: Context) -> Iterator[Result]:
    """Whoever has a question finds a way to ask it."""
    start = ""
    if parameters.from_ == "policy":
        if not context.site.policy_url:
            yield Doubt(
                Reason.NEEDS_HUMAN, "The spec names no policy page to start from; `from: every-page` needs none"
            )
            return
        policy = find_policy_visit(observations, context.visitor)
        if doubt := unseen(policy, context.site):
            yield doubt
            return
        assert policy is not None
        start = url_key(policy.page)
    pages, answers = offers(observations, context, parameters.channels)
    near = {key for key, page in pages.items() if page.working}
    for _ in range(parameters.clicks):
        near |= {key for key, page in pages.items() if not page.targets.isdisjoint(near)}
    for key, page in pages.items():
        if start in ("", key):
            yield from _dead_ends(page, answers)
            if key not in near:
                yield _missing(page, pages, answers, parameters)
            elif start and page.working:
                yield Note(f"{page.working.kind}: {page.working.where} on {page.url}")


def _dead_ends(page: Offer, answers: dict[str, Answer]) -> Iterator[Finding]:
    for link in page.contacts:
        answer = answers.get(url_key(link.href))
        if answer and answer.gone:
            yield Finding(
                f"“{link.text}” leads to {link.href}, which is not there (HTTP {answer.status}).",
                page.url,
                "contact-page-gone",
                (Evidence(page.visit, "links", link.href, link.text),),
            )


def _missing(
    page: Offer, pages: dict[str, Offer], answers: dict[str, Answer], parameters: ContactReachable
) -> Finding | Doubt:
    """What to say about a page from which no working channel was found."""
    around = [page, *(pages[key] for key in page.targets if key in pages and parameters.clicks)]
    for near in around:
        if near.hole:
            return Doubt(Reason.INSTRUMENT, f"{near.hole} of the page not recorded whole", near.url)
    for link in page.contacts if parameters.clicks else ():
        answer = answers.get(url_key(link.href))
        if answer is None or not (answer.gone or answer.key in pages):
            return Doubt(Reason.COVERAGE, f"“{link.text}” leads to {link.href}, which was not seen", page.url)
    faulty = [channel for near in around for channel in near.faulty]
    for channel in faulty:
        if not channel.broken:
            return Doubt(Reason.NEEDS_HUMAN, channel.fault, page.url)
    unsure = sorted({"post", "chat"} & set(parameters.channels))
    if unsure:
        return Doubt(
            Reason.NEEDS_HUMAN, f"No channel was found, but {' or '.join(unsure)} cannot be excluded", page.url
        )
    within = f"within {parameters.clicks} click{'s' * (parameters.clicks != 1)}" if parameters.clicks else "on the page"
    why = f" ({faulty[0].fault})" if faulty else ""
    cause = f"invalid-{faulty[0].kind}" if faulty else "no-contact-channel"
    sought = ", ".join(parameters.channels)
    return Finding(
        f"No way to ask a question {within}: none of {sought}{why}.", page.url, cause, (Evidence(page.visit),)
    )
