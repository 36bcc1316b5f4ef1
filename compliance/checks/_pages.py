"""For checks that see the whole site: what a page's record lacks, said once per page."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.checks._check import Doubt
from compliance.model.verdict import Reason
from compliance.model.visit import SEEN, Aspect, Visit

_HELD_IN = {Aspect.LINKS: "links", Aspect.FORMS: "forms", Aspect.TEXT: "text", Aspect.REQUESTS: "requests"}


def holes(visit: Visit, *aspects: Aspect) -> Iterator[Doubt]:
    """A doubt for each aspect that a seen page did not record, or not completely."""
    if visit.outcome not in SEEN:
        return  # the coverage gate counts it
    for aspect in aspects:
        if aspect.value in visit.errors:
            yield Doubt(Reason.INSTRUMENT, f"{aspect.value}: {visit.errors[aspect.value]}", visit.page)
        elif getattr(visit, _HELD_IN[aspect]) is None:
            yield Doubt(Reason.INSTRUMENT, f"{aspect.value} was not recorded", visit.page)
