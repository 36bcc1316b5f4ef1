"""Which links are pressed: one per destination.

Asked by those who press and by those who judge what came of it, so that what was due is known to both.
"""

from __future__ import annotations

from collections.abc import Iterable

from compliance.model.content import Link
from compliance.model.observation import Site
from compliance.model.urls import site_of
from compliance.model.visit import Visit

MAX_LINKS = 12


def link_targets(visits: Iterable[Visit], site: Site, *, limit: int = MAX_LINKS) -> list[tuple[str, Link]]:
    """Visible links of the site that lead to others, one per destination (registrable domain), with their pages.

    Args:
        visits: With the aspect `links`.
        site: Who is first party; links in frames of others are theirs.
        limit: Links at most.
    """
    found: dict[str, tuple[str, Link]] = {}
    for visit in visits:
        for link in visit.links or ():
            if not link.visible or not link.href.startswith(("http://", "https://")) or site.is_first_party(link.href):
                continue
            if link.frame and not site.is_first_party(link.frame):
                continue
            found.setdefault(site_of(link.href), (visit.page, link))
            if len(found) >= limit:
                return list(found.values())
    return list(found.values())
