"""The live policy page among the visits, and what it still says."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.checks._check import Doubt, Pin, PinState
from compliance.model.drift import Drift, DriftState, compare
from compliance.model.observation import Observations, Site
from compliance.model.urls import url_key
from compliance.model.verdict import Reason
from compliance.model.visit import SEEN, Aspect, NotRecorded, Session, Visit, VisitOutcome, recorded

#: Less visible text than this is no policy: a page that needs a script that did not run, or an overlay.
LEAST_TEXT = 200

_WORST_FIRST = (DriftState.REMOVED, DriftState.CHANGED, DriftState.COSMETIC)
_BLOCKED = frozenset({VisitOutcome.BLOCKED_BY_SITE, VisitOutcome.AUTH_REQUIRED, VisitOutcome.BLOCKED_ROBOTS})


def find_policy_visit(
    observations: Observations, visitor: str, aspects: frozenset[Aspect] = frozenset()
) -> Visit | None:
    """The first session's visit to the page where the site publishes its policy; one that saw it, if there is one."""
    wanted = observations.site.policy_url
    if not wanted:
        return None
    key = url_key(wanted)
    found: Visit | None = None
    for visit in observations.visits(visitor=visitor, session=Session.FIRST):
        if key in (url_key(visit.url), url_key(visit.final_url)) and (found is None or found.outcome not in SEEN):
            found = visit
    if found is None or not aspects:
        return found
    same = observations.visits(visitor=visitor, session=Session.FIRST, aspects=aspects, url=found.url)
    return next((visit for visit in same if visit.id == found.id), found)


def unseen(visit: Visit | None, site: Site) -> Doubt | None:
    """Why the policy page could not be read; None when it was."""
    if visit is None:
        return Doubt(Reason.COVERAGE, "The policy page was not visited", site.policy_url)
    if visit.outcome is VisitOutcome.OK_NON_HTML:
        return Doubt(
            Reason.NEEDS_HUMAN, f"The policy is a {visit.content_type} document, which is not read", visit.page
        )
    if visit.outcome in SEEN:
        return None
    said = visit.error or (f"HTTP {visit.status}" if visit.status else visit.outcome.value)
    if visit.status in (404, 410):
        return Doubt(Reason.STALE_SPEC, f"There is no policy at the address the spec names ({said})", visit.page)
    reason = Reason.BLOCKED if visit.outcome in _BLOCKED else Reason.COVERAGE
    return Doubt(reason, f"The policy page could not be seen ({said})", visit.page)


def drift_of(quote: str, visit: Visit) -> Drift | None:
    """What became of `quote` on a policy page that was seen; None when it has no words to compare.

    Raises:
        NotRecorded: The page's text was not recorded, or not all of it and the quote is not in what was.
    """
    if not any(char.isalnum() for char in quote):
        return None
    text = recorded(visit.text, "text")
    drift = compare(quote, text)
    if drift.state in (DriftState.CHANGED, DriftState.REMOVED):
        if Aspect.TEXT.value in visit.errors:
            raise NotRecorded(f"the whole text of the policy page ({visit.errors[Aspect.TEXT.value]})")
        if len(text) < LEAST_TEXT:
            raise NotRecorded(f"the policy (the page showed {len(text)} characters of text)")
    return drift


def pin_for(quotes: Iterable[str], live_visit: Visit | None, site: Site) -> Pin:
    """Does the live policy still say what a promise quotes; the worst of its quotes decides."""
    if not site.policy_url:
        return Pin(PinState.NOT_PUBLISHED)
    doubt = unseen(live_visit, site)
    if doubt or live_visit is None:
        return Pin(PinState.UNSEEN, doubt.message if doubt else "")
    try:
        drifts = [(quote, drift) for quote in quotes if (drift := drift_of(quote, live_visit))]
    except NotRecorded as missing:
        return Pin(PinState.UNSEEN, f"{missing} was not recorded")
    for state in _WORST_FIRST:
        for quote, drift in drifts:
            if drift.state is state:
                return Pin(PinState(state.value), f"{state.value}: “{shortened(quote)}”{told(drift)}")
    return Pin(PinState.SAME)


def told(drift: Drift) -> str:
    """What the live text says instead, for a sentence that ends here."""
    changes = f" ({'; '.join(drift.changes[:6])})" if drift.changes else ""
    return f"; live: “{shortened(drift.live)}”{changes}" if drift.live else "; nothing like it is on the page"


def shortened(text: str, most: int = 300) -> str:
    """`text`, cut at a word."""
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + " …"
