"""The policy page as the target of links: which addresses lead to it, and is it a policy at all."""

from __future__ import annotations

from dataclasses import dataclass, field

from compliance.checks._check import Context, Doubt
from compliance.checks.policy_text._live import find_policy_visit, unseen
from compliance.model.observation import Observations
from compliance.model.urls import url_key
from compliance.model.visit import Session, Visit, VisitOutcome


@dataclass(slots=True)
class PolicyTarget:
    """What is known about the policy page, and which addresses lead to it."""

    known: bool
    """The spec names the page."""
    keys: set[str] = field(default_factory=set)
    """Every address that ends at the policy."""
    language: str = ""
    seen: dict[str, str] = field(default_factory=dict)
    """Address → language, for every other document of the site that was seen."""
    gone: set[str] = field(default_factory=set)
    """Addresses that answered 404 or 410."""
    fault: tuple[str, str] | None = None
    """Cause and words where the address answered and is no policy of this site."""
    doubt: Doubt | None = None
    """Why nobody can tell what the address holds."""


def policy_target(observations: Observations, context: Context) -> PolicyTarget:
    """Gather it from the first session's visits."""
    site = context.site
    target = PolicyTarget(known=bool(site.policy_url))
    policy = find_policy_visit(observations, context.visitor)
    if target.known:
        target.keys.add(url_key(site.policy_url))
        target.fault = _fault(policy, context)
        if not target.fault and not _is_pdf(policy):
            target.doubt = unseen(policy, site)
    if policy and policy.final_url and not target.fault:
        target.keys.add(url_key(policy.final_url))
        target.language = _language(policy)
    for visit in observations.visits(visitor=context.visitor, session=Session.FIRST):
        final = url_key(visit.page)
        if final in target.keys:
            target.keys.add(url_key(visit.url))
        elif visit.status in (404, 410):
            target.gone.add(url_key(visit.url))
        elif (visit.outcome is VisitOutcome.OK or _is_pdf(visit)) and site.is_first_party(visit.page):
            target.seen |= dict.fromkeys((url_key(visit.url), final), _language(visit))
    return target


def _language(visit: Visit) -> str:
    return visit.language.partition("-")[0].lower()


def _is_pdf(visit: Visit | None) -> bool:
    if visit is None or visit.outcome not in (VisitOutcome.OK_NON_HTML, VisitOutcome.DOWNLOAD):
        return False
    return "pdf" in visit.content_type and visit.status == 200


def _fault(visit: Visit | None, context: Context) -> tuple[str, str] | None:
    if visit is None:
        return None
    if visit.status in (404, 410):
        return f"policy-page-http-{visit.status}", f"a page that is not there (HTTP {visit.status})"
    if visit.outcome is VisitOutcome.OK or _is_pdf(visit):
        declared, reached, site = context.site.policy_url, visit.page, context.site
        if site.is_first_party(declared) and not site.is_first_party(reached):
            return "policy-page-of-somebody-else", f"{reached}, a page of somebody else"
        if url_key(reached) == url_key(site.url) != url_key(declared):
            return "policy-page-is-start-page", "the start page, to which the policy's address redirects"
        return None
    if visit.outcome in (VisitOutcome.OK_NON_HTML, VisitOutcome.DOWNLOAD):
        return (
            "policy-page-not-a-document",
            f"something that is neither HTML nor PDF ({visit.content_type or 'no type'})",
        )
    return None
