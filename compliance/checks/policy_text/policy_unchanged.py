"""The live policy still says what the spec quotes.

## What it checks
Each sentence that the promise quotes (or each sentence of the stored policy) against the text of
the policy page as a visitor sees it now.

## How it decides
The passage of the live page most like the sentence is found and compared word by word. White
space, kinds of quotes and dashes, and everything around the policy (menus, footers) do not count.

* the same words and punctuation: nothing to report
* at least 95 % alike, no word that decides the meaning: `cosmetic`, a note unless told otherwise
* a number, a negation, a modal verb, a party or a kind of data differs, the sentence goes on or
  starts earlier, or it is less alike: `changed`, a finding
* less than 75 % alike: `removed`, a finding

The policy page not seen whole is a doubt. A spec that names no policy page makes it inapplicable.
With `scope: document` what was added between the known sentences is listed in the notes.

## Why it matters
A verdict speaks about a sentence. When the sentence is gone, so is the promise, and whoever relied
on it should be told (GDPR Art. 13(3); transparency guidelines on changes to a notice).

## Limits
Words are compared, not meanings. Additions are noted, not judged: they may be part of the page around
the policy. Policies in PDF files or in frames of other sites are not read.

## References
* WP29, Guidelines on transparency, WP260 rev.01, paragraphs 29 to 32
* Open Terms Archive: keeps a snapshot as received and a version as extracted, and compares versions

## Example
```yaml
checks:
  policy-unchanged:
    scope: document
    cosmetic: report
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Examined, Note, Parameters, Result, check
from compliance.checks.policy_text._live import drift_of, find_policy_visit, shortened, told, unseen
from compliance.model.drift import Drift, DriftState, compare_versions
from compliance.model.observation import Observations
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect, Visit, recorded

_WORDS = {
    DriftState.COSMETIC: "worded a little differently",
    DriftState.CHANGED: "changed",
    DriftState.REMOVED: "gone",
}


class PolicyUnchanged(Parameters):
    """Which sentences, and how much may differ."""

    scope: Literal["quotes", "document"] = Field(
        "quotes", description="quotes: the sentences this promise quotes. document: every sentence of the policy."
    )
    cosmetic: Literal["allow", "report"] = Field(
        "allow", description="Differences that change no meaning: allow (a note) or report (a finding)."
    )


@check(
    "policy-unchanged", parameters=PolicyUnchanged, reads=[Aspect.TEXT], scope="site", counts="sentences", pinned=False
)
def policy_unchanged(observations: Observations, parameters: PolicyUnchanged, context: Context) -> Iterator[Result]:
    """The live policy still says what the spec quotes."""
    if not observations.site.policy_url:
        yield Note("The spec names no page where the policy is published, so there is no live text to compare.")
        return
    visit = find_policy_visit(observations, context.visitor, frozenset({Aspect.TEXT}))
    if doubt := unseen(visit, observations.site):
        yield doubt
        return
    assert visit is not None
    sentences = _sentences(parameters, context)
    if not sentences:
        yield Doubt(Reason.NEEDS_HUMAN, "There is no stored sentence to compare with", visit.page)
    for name, text in sentences:
        drift = drift_of(text, visit)
        if drift:
            yield Examined()
            yield from _judged(name, text, drift, visit, parameters)
    if parameters.scope == "document" and context.policy:
        for passage in compare_versions(context.policy, recorded(visit.text, "text")).added[:10]:
            yield Note(f"Added to the live policy: “{shortened(passage)}”")


def _sentences(parameters: PolicyUnchanged, context: Context) -> list[tuple[str, str]]:
    """Names and texts of the sentences to compare: whole sentences where the stored version is known."""
    if context.policy is None:
        return [(f"quote {n}", quote) for n, quote in enumerate(context.quotes, 1)]
    wanted = context.policy.sentences
    if parameters.scope == "quotes":
        touched = {s.number for quote in context.quotes for s in context.policy.find(quote)}
        wanted = tuple(s for s in wanted if s.number in touched)
    return [(f"sentence {s.number}", s.text) for s in wanted]


def _judged(name: str, text: str, drift: Drift, visit: Visit, parameters: PolicyUnchanged) -> Iterator[Result]:
    if drift.state is DriftState.SAME:
        return
    message = f"{name[0].upper()}{name[1:]} is {_WORDS[drift.state]}: stored “{shortened(text)}”{told(drift)}"
    if drift.state is DriftState.COSMETIC and parameters.cosmetic == "allow":
        yield Note(message)
        return
    yield Finding(
        message,
        visit.page,
        f"{name} {drift.state.value}",
        (Evidence(visit=visit.id, aspect="text", locator=name, excerpt=shortened(drift.live)),),
    )
