"""Which pages are tried for session recording: a few that together run every script of the site."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.model.recording import scripts_of
from compliance.model.visit import Visit, VisitOutcome

#: Pages at most. A site with more kinds of pages is tried in part, and the verdict says so.
MAX_PAGES = 8


def recording_targets(visits: Iterable[Visit], *, limit: int = MAX_PAGES) -> list[str]:
    """Addresses of pages to try, in the order in which they were visited.

    At each step the page with the most scripts that are not covered yet, one with fields before others; at last a
    page with fields, if none of them has any. A site without scripts is tried on one page: attributes can hold
    code, too.

    Args:
        visits: Of the first session, with the aspects `requests` and `forms`.
        limit: Pages at most.
    """
    pages = [visit for visit in visits if visit.outcome is VisitOutcome.OK]
    runs = [scripts_of(visit) for visit in pages]
    asks = [any(form.visible for form in visit.forms or ()) for visit in pages]
    left = frozenset[str]().union(*runs)
    chosen: list[int] = []
    while len(chosen) < limit and pages and (left or not chosen):
        best = max(range(len(pages)), key=lambda n: (len(runs[n] & left), asks[n], -n))
        chosen.append(best)
        left -= runs[best]
    if chosen and len(chosen) < limit and not any(asks[n] for n in chosen):
        chosen += [n for n in range(len(pages)) if asks[n]][:1]
    return [pages[n].page for n in sorted(chosen)]
