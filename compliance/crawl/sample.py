"""Which pages gave a visitor something to keep: independent visitors must see those, too."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.model.visit import Visit

_Key = tuple[str, str, str]


def where_first_stored(visits: Sequence[Visit]) -> list[str]:
    """Addresses of the pages on which each cookie and each stored item may have come up, surest first.

    Who sets a cookie is known. Who wrote an item is not: several pages are open at once, and what one of them stores
    another one shows. Then every page that was open when it was first seen may be the one.

    Args:
        visits: Of one session, in the order in which they ended, with cookies and storage where recorded.
    """
    set_by_page = [_set(visit) for visit in visits]
    told = frozenset[_Key]().union(*set_by_page)
    sure: dict[str, None] = {}
    maybe: dict[str, None] = {}
    known: set[_Key] = set()
    for visit, given in zip(visits, set_by_page, strict=True):
        if given - known:
            sure[visit.url] = None
        shown = _shown(visit) - told - known
        if shown:
            maybe[visit.url] = None
            maybe |= {other.url: None for other in visits if other is not visit and _together(visit, other)}
        known |= given | shown
    return list(sure | maybe)


def _set(visit: Visit) -> frozenset[_Key]:
    return frozenset(("cookie", c.domain.lstrip("."), c.name) for c in visit.set_cookies or ())


def _shown(visit: Visit) -> frozenset[_Key]:
    jar = frozenset(("cookie", c.domain.lstrip("."), c.name) for c in visit.jar or ())
    return jar | frozenset((i.kind, i.origin, i.key) for i in visit.storage or ())


def _together(one: Visit, other: Visit) -> bool:
    """Were both open at some moment (times are ISO texts of one form, which sort as times do)."""
    return one.started <= other.finished and other.started <= one.finished
