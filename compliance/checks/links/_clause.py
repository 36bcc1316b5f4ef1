"""Does a text hold the clause about other sites: found by its words, or as the spec quotes it."""

from __future__ import annotations

from compliance.checks._check import Context, Doubt
from compliance.checks.policy_text._live import LEAST_TEXT, find_policy_visit, told, unseen
from compliance.knowledge.clauses import find_clause
from compliance.knowledge.fields import speaks
from compliance.model.drift import DriftState, compare
from compliance.model.observation import Observations
from compliance.model.verdict import Evidence, Finding, Reason
from compliance.model.visit import Aspect, Visit, recorded


def clause_in(visit: Visit, wanted: str | None) -> str | Doubt:
    """The clause in a page's text; "" when it is not there; a doubt when nobody can tell.

    Raises:
        NotRecorded: The page's text was not recorded.
    """
    text = recorded(visit.text, "text")
    if wanted:
        drift = compare(wanted, text)
        if drift.state is DriftState.CHANGED:
            return Doubt(Reason.NEEDS_HUMAN, f"The clause reads otherwise than in the spec{told(drift)}", visit.page)
        found = drift.live if drift.state is not DriftState.REMOVED else ""
    else:
        found = find_clause(text)
        if not found and not speaks(visit.language):
            said = f"Clauses in {visit.language!r} are not recognised; give its wording as `clause`"
            return Doubt(Reason.NEEDS_HUMAN, said, visit.page)
    if not found and Aspect.TEXT.value in visit.errors:
        return Doubt(Reason.INSTRUMENT, f"text: {visit.errors[Aspect.TEXT.value]}", visit.page)
    return found


def clause_of_policy(observations: Observations, context: Context, wanted: str | None) -> str | Doubt | Finding:
    """The clause as the live policy has it, or why not."""
    if not context.site.policy_url:
        return Doubt(Reason.NEEDS_HUMAN, "The spec names no policy page (policy.url), so no clause can be read there")
    visit = find_policy_visit(observations, context.visitor, frozenset({Aspect.TEXT}))
    doubt = unseen(visit, context.site)
    if doubt or visit is None:
        return doubt or Doubt(Reason.COVERAGE, "The policy page was not visited", context.site.policy_url)
    found = clause_in(visit, wanted)
    if found:
        return found
    if len(visit.text or "") < LEAST_TEXT:
        return Doubt(Reason.COVERAGE, f"The policy page showed {len(visit.text or '')} characters of text", visit.page)
    what = "does not hold the clause that the spec quotes" if wanted else "says nothing about links to other sites"
    message = f"The site links to other sites, and its policy {what}."
    return Finding(message, visit.page, "no-clause", (Evidence(visit.id, "text", visit.page),))
