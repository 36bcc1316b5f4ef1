"""One visit out of all that was recorded of it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from compliance.browser.outcomes import of_answer
from compliance.browser.recorders.document import Harvest
from compliance.browser.recorders.network import Hop
from compliance.browser.state import MAX_WRITES, VisitState
from compliance.model.urls import without_fragment
from compliance.model.visit import Aspect, Visit, VisitOutcome


def assemble(
    visit: Visit,
    state: VisitState,
    harvests: list[Harvest],
    errors: dict[str, str],
    aspects: frozenset[Aspect],
    started: datetime,
) -> Visit:
    """The visit with everything but its cookies.

    Args:
        visit: As planned.
        state: What the events made of it.
        harvests: The main document first, then its frames; empty when it could not be read.
        errors: What could not be recorded; what was cut is added.
        aspects: What was to be recorded; anything else stays None.
        started: When the visit began.
    """
    hops = state.document
    last = hops[-1] if hops else None
    main = harvests[0] if harvests else None
    outcome, why = _outcome(visit, state, last, main)
    errors = errors | _cuts(harvests)
    if state.network.capped:
        errors |= dict.fromkeys((Aspect.REQUESTS, Aspect.COOKIES), state.network.capped)
    elif len(state.writes) >= MAX_WRITES:
        errors[Aspect.COOKIES] = f"the first {MAX_WRITES} cookies that scripts wrote"
    if Aspect.API_CALLS in aspects and (gap := state.calls.gap()):
        errors[Aspect.API_CALLS] = gap
    # A page that is not HTML was seen whole: it has no links, which is not the same as "not recorded".
    known = bool(harvests) or outcome is VisitOutcome.OK_NON_HTML
    links = tuple(x for h in harvests for x in h.links or ()) if known else None
    texts = [h.text for h in harvests if h.text is not None]
    digest = hashlib.sha256()
    for part in (main.title if main else "", *(link.href for link in links or ()), *texts):
        digest.update(part.encode("utf-8", "backslashreplace"))
    forms = Aspect.FORMS in aspects or Aspect.FORM_PROBES in aspects
    return replace(
        visit,
        outcome=outcome,
        error=why,
        final_url=reached(visit.url, hops) or (main.url if main else ""),
        status=last.status if last else None,
        content_type=(last.mime if last else "") or (main.content_type if main else ""),
        title=main.title if main else "",
        language=main.language if main else "",
        started=started.isoformat(timespec="milliseconds"),
        finished=datetime.now(UTC).isoformat(timespec="milliseconds"),
        text_length=main.text_length if main else 0,
        dom_digest=digest.hexdigest() if main else "",
        requests=state.network.requests() if Aspect.REQUESTS in aspects else None,
        links=links if Aspect.LINKS in aspects else None,
        forms=tuple(x for h in harvests for x in h.forms or ()) if known and forms else None,
        storage=tuple(x for h in harvests for x in h.storage or ()) if known and Aspect.STORAGE in aspects else None,
        text="\n".join(texts) if texts or (known and Aspect.TEXT in aspects) else None,
        api_calls=state.calls.calls() if known and Aspect.API_CALLS in aspects else None,
        console=tuple(state.console) if Aspect.CONSOLE in aspects else None,
        errors=errors,
    )


def _outcome(visit: Visit, state: VisitState, last: Hop | None, main: Harvest | None) -> tuple[VisitOutcome, str]:
    if state.ended is not None:
        return state.ended, state.why
    if state.decided:
        decided, _, why = state.decided.partition(": ")
        return VisitOutcome(decided), why
    status = last.status if last else None
    if status is None and visit.url.startswith("http") and not (last and last.from_cache):
        return VisitOutcome.INVALID_RESPONSE, "the document came without an HTTP status"
    headers = {k.lower(): v for k, v in (last.response_headers if last else {}).items()}
    mime = (last.mime if last else "") or (main.content_type if main else "")
    outcome = of_answer(status or 200, mime, main.title if main else "", headers)
    return outcome, "" if outcome in (VisitOutcome.OK, VisitOutcome.OK_NON_HTML) else f"HTTP {status}"


def _cuts(harvests: list[Harvest]) -> dict[str, str]:
    cuts: dict[str, str] = {}
    for part in (c for h in harvests for c in h.cut):
        name, _, detail = part.partition(": ")
        cuts.setdefault(name, detail)
    return cuts


def reached(asked: str, hops: list[Hop]) -> str:
    """The document's address: what the network says, not what a script wrote into the address bar.

    The fragment of the address asked for (a route) stays, unless a redirect led elsewhere.
    """
    if not hops:
        return ""
    last = hops[-1].url
    return asked if without_fragment(asked) == without_fragment(last) else last
