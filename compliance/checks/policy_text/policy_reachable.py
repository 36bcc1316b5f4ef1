"""A link to the privacy policy stands on every page, or few clicks away.

## What it checks
From each HTML page that was seen: is there a visible link to the policy, or (with `clicks: 2`) a
visible link to a page that has one; and is there a policy behind it.

## How it decides
A link leads to the policy when its target, after redirects, is the page the spec names. A link
that is called "Privacy policy" in the page's language (24 languages, and `names`) counts too when
the spec names no page, or when its target is the policy in another language.

* no such link within `clicks`: a finding (for a page with a form that asks for personal data, one
  that names the form)
* the link is there and invisible: a finding
* the policy's address answers 404, is neither HTML nor PDF, or belongs to somebody else: a finding
* the policy's address was not visited, was blocked or timed out: a doubt

## Why it matters
A promise nobody can read is none. Guidelines ask for a clearly visible link under a common name on
every page, and where data are collected.

## Limits
Visibility is that of the rendered page: size, display, opacity; contrast is not measured. A link
drawn by a script only after a click is not seen.

## References
* WP29, Guidelines on transparency, WP260 rev.01, paragraph 11
* California Business and Professions Code 22575 and 22577(b)
* GDPR Art. 12(1) and 13(1)

## Example
```yaml
checks:
  policy-reachable:
    clicks: 1
    names: ["Your data and you"]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from compliance.checks._check import Context, Doubt, Parameters, Result, check
from compliance.checks.policy_text._target import PolicyTarget, policy_target
from compliance.checks.policy_text._terms import names_policy
from compliance.knowledge.fields import is_personal
from compliance.model.content import Link
from compliance.model.observation import Observations
from compliance.model.urls import url_key
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome

_READS = frozenset({Aspect.LINKS, Aspect.FORMS})


class PolicyReachable(Parameters):
    """How near the policy must be."""

    clicks: int = Field(1, ge=1, le=2, description="Clicks that lead from any page to the policy.")
    names: list[str] = Field([], description="Further names of the link to the policy.")


@check("policy-reachable", parameters=PolicyReachable, reads=[Aspect.LINKS, Aspect.FORMS], scope="site", pinned=False)
def policy_reachable(observations: Observations, parameters: PolicyReachable, context: Context) -> Iterator[Result]:
    """A link to the privacy policy stands on every page, or few clicks away."""
    policy = policy_target(observations, context)
    if policy.doubt:
        yield policy.doubt
    near: set[str] = set()
    far: dict[str, Finding | Doubt] = {}
    onward: dict[str, frozenset[str]] = {}
    for visit in observations.visits(visitor=context.visitor, session=Session.FIRST, aspects=_READS):
        here = url_key(visit.page)
        if visit.outcome is not VisitOutcome.OK or not context.site.is_first_party(visit.page):
            continue
        if here in policy.keys or here in near:
            continue
        links = visit.links or ()
        leads = [link for link in links if _leads(link, visit, policy, parameters)]
        shown = next((link for link in leads if link.visible), None)
        if shown is None:
            far[here] = _missing(visit, leads, policy, parameters)
            onward[here] = frozenset(url_key(link.href) for link in links if link.visible and parameters.clicks > 1)
            continue
        near.update((here, url_key(visit.url)))
        far.pop(here, None)
        if policy.fault:
            yield _finding(visit, f"The link “{shown.text}” leads to {policy.fault[1]}", policy.fault[0], shown)
    yield from (result for key, result in far.items() if onward[key].isdisjoint(near))


def _leads(link: Link, visit: Visit, policy: PolicyTarget, parameters: PolicyReachable) -> bool:
    """Does the link lead to the policy (in whatever language)."""
    target = url_key(link.href)
    if target in policy.keys:
        return True
    if target not in policy.seen or target == url_key(visit.page):
        return False
    translated = policy.language and policy.seen[target] and policy.language != policy.seen[target]
    return bool(not policy.known or translated) and _named(link, visit, parameters)


def _named(link: Link, visit: Visit, parameters: PolicyReachable) -> bool:
    return names_policy(link.text, visit.language, tuple(parameters.names))


def _missing(visit: Visit, leads: list[Link], policy: PolicyTarget, parameters: PolicyReachable) -> Finding | Doubt:
    """What to say about a page that shows no link to the policy."""
    if visit.links is None or Aspect.LINKS.value in visit.errors:
        return Doubt(Reason.INSTRUMENT, visit.errors.get(Aspect.LINKS.value, "links were not recorded"), visit.page)
    if leads:
        return _finding(visit, "The link to the policy is not visible", "link-hidden", leads[0])
    here = url_key(visit.page)
    for link in visit.links:
        target = url_key(link.href)
        if link.visible and target != here and _named(link, visit, parameters):
            if target in policy.gone:
                return _finding(visit, f"“{link.text}” leads to a page that is not there", "policy-page-gone", link)
            if target in policy.seen:
                said = f"“{link.text}” leads to {link.href}, which is not the page the spec names as the policy"
                return Doubt(Reason.NEEDS_HUMAN, said, visit.page)
            return Doubt(Reason.COVERAGE, f"“{link.text}” leads to {link.href}, which was not seen", visit.page)
    within = f"within {parameters.clicks} click{'s' * (parameters.clicks > 1)}"
    for form in visit.forms or ():
        asked = [f.label or f.name for f in form.fields if f.visible and is_personal(f)]
        if form.visible and asked:
            named = f"The form “{form.name}”" if form.name else "A form"
            message = (
                f"{named} asks for personal data ({', '.join(asked[:5])}), and no visible link leads to the policy"
            )
            return _finding(visit, f"{message} {within}", "no-link-at-form")
    return _finding(visit, f"No visible link leads to the policy {within}", "no-link")


def _finding(visit: Visit, message: str, cause: str, link: Link | None = None) -> Finding:
    where = Evidence(visit.id, "links", link.href, link.text) if link else Evidence(visit.id, "links")
    return Finding(f"{message}.", visit.page, cause, (where,))
