"""What each page offers to somebody with a question, and how each address answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from compliance.checks._check import Context
from compliance.checks.links._channels import Channel, Tried, channels, is_contact_link
from compliance.model.content import Link
from compliance.model.observation import Observations
from compliance.model.urls import url_key
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome

READS = frozenset({Aspect.LINKS, Aspect.FORMS, Aspect.TEXT})


@dataclass(frozen=True, slots=True)
class Answer:
    """How an address answered."""

    key: str
    """Of the address that was reached."""
    status: int | None

    @property
    def gone(self) -> bool:
        """There is no page."""
        return self.status in (404, 410)


@dataclass(frozen=True, slots=True)
class Offer:
    """One page."""

    visit: str
    url: str
    working: Channel | None
    faulty: tuple[Channel, ...]
    targets: frozenset[str]
    """Pages that visible links reach, after redirects."""
    contacts: tuple[Link, ...]
    """Visible links that are called what contact pages are called."""
    hole: str
    """Aspects that were not recorded whole."""


def offers(
    observations: Observations, context: Context, kinds: Collection[str]
) -> tuple[dict[str, Offer], dict[str, Answer]]:
    """Every page of the site that was seen, and every address that was visited, by key."""
    called: set[str] = set()
    answers: dict[str, Answer] = {}
    for visit in observations.visits(visitor=context.visitor, session=Session.FIRST, aspects=frozenset({Aspect.LINKS})):
        answer = Answer(url_key(visit.page), visit.status)
        answers[url_key(visit.url)] = answer
        answers.setdefault(answer.key, answer)
        called.update(url_key(link.href) for link in visit.links or () if is_contact_link(link))
    pages: dict[str, Offer] = {}
    tried = Tried(observations.form_probes(context.visitor) or ())
    for visit in observations.visits(visitor=context.visitor, session=Session.FIRST, aspects=READS):
        if visit.outcome is VisitOutcome.OK and context.site.is_first_party(visit.page):
            is_contact = bool(called & {url_key(visit.page), url_key(visit.url)})
            found = [c for c in channels(visit, context.site, contact_page=is_contact, tried=tried) if c.kind in kinds]
            pages[url_key(visit.page)] = _offer(visit, found, answers)
    return pages, answers


def _offer(visit: Visit, found: list[Channel], answers: dict[str, Answer]) -> Offer:
    links = [link for link in visit.links or () if link.visible]
    keys = {url_key(link.href) for link in links}
    holes = [a.value for a in sorted(READS) if getattr(visit, a.value) is None or a.value in visit.errors]
    return Offer(
        visit=visit.id,
        url=visit.page,
        working=next((c for c in found if not c.fault), None),
        faulty=tuple(c for c in found if c.fault),
        targets=frozenset(answers[key].key if key in answers else key for key in keys),
        contacts=tuple(link for link in links if is_contact_link(link) and link.href.startswith("http")),
        hole=", ".join(holes),
    )
