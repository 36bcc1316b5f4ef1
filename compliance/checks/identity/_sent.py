"""What a site's pages send, for the checks that look for people in it: stored identifiers that are sent along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from compliance.checks._check import Context
from compliance.checks.identity._outgoing import chain
from compliance.knowledge.identifiers import (
    Assessment,
    Bucket,
    Carrier,
    ItemLabel,
    Options,
    assessed,
    bucket_of,
    gather,
    gather_stored,
    needles,
)
from compliance.knowledge.identifiers.carriers import Gap
from compliance.knowledge.identifiers.cases import page_names
from compliance.knowledge.identifiers.items import identity_pieces
from compliance.knowledge.identifiers.payloads import BY_BROWSER
from compliance.knowledge.identifiers.telling import COMPARED, Example, Payloads
from compliance.knowledge.leaks import Hit, Part
from compliance.knowledge.mail import addresses
from compliance.knowledge.parties import NETWORK_SCHEMES
from compliance.model.activity import Request
from compliance.model.observation import Observations
from compliance.model.urls import site_of
from compliance.model.visit import SEEN, Aspect, Session, Visit


@dataclass(frozen=True, slots=True)
class Carried:
    """A stored identifier in a request."""

    carrier: Carrier
    found: Assessment
    example: Example
    to: str
    name: str
    """Of the parameter, field or header; empty where there is none."""
    where: str
    shape: str

    @property
    def pieces(self) -> set[str]:
        """The pieces of the first visitor's values that identify it."""
        traces = [self.carrier.sessions[s] for s in (Session.FIRST, Session.FIRST_AGAIN) if s in self.carrier.sessions]
        values = [value for trace in traces for value in (*trace.kept, *trace.refused)]
        return {piece for value in values for piece in identity_pieces(value, self.found.places)}


@dataclass(slots=True)
class Sending:
    """Everything that was sent, and what was stored meanwhile."""

    payloads: Payloads = field(default_factory=Payloads)
    carried: list[Carried] = field(default_factory=list)
    mails: dict[tuple[str, str], dict[Session, Example]] = field(default_factory=dict)
    """Recipient and e-mail address → session → a request; of other owners."""
    gaps: dict[tuple[str, str], None] = field(default_factory=dict)
    """Page and what is not known about it."""
    pieces: dict[str, Bucket] = field(default_factory=dict)
    """Piece of a stored identifier of the first visitor → the longest life that it has."""
    names: frozenset[str] = frozenset()
    """Pieces of the addresses of pages."""


def sending(observations: Observations, context: Context, options: Options) -> Sending:
    """Look through all requests of the visitors that are compared.

    The addresses of the pages themselves are the crawler's own requests and not looked at.
    """
    out = Sending()
    stored = _stored(observations, context, options, out)
    wanted = needles({number: (carrier, found.places) for number, (carrier, found) in stored.items()})
    reported: set[tuple[int, str, str]] = set()
    for visit in _visits(observations, context, Aspect.REQUESTS):
        why = "requests were not recorded" if visit.requests is None else visit.errors.get(Aspect.REQUESTS.value, "")
        if visit.outcome in SEEN:
            out.payloads.seen(visit)
            if why:
                out.gaps[visit.page, why] = None
        own = {hop.id for hop in chain(visit)}
        for request in visit.requests or ():
            if request.id in own or request.url.partition(":")[0].lower() not in NETWORK_SCHEMES:
                continue
            foreign = not context.site.is_first_party(request.url)
            if foreign and request.body_missing:
                out.gaps[visit.page, f"a body sent to {request.site} could not be read whole"] = None
            if foreign and request.log_only and request.method not in ("GET", "HEAD"):
                out.gaps[visit.page, f"of a request to {request.site} only the address is known"] = None
            out.payloads.add(visit, request, foreign=foreign)
            search = wanted.get(visit.session)
            for hit in _hits(search.in_request(request)) if search is not None else ():
                key = (int(hit.needle.name), request.site, hit.parameter)
                if key not in reported:
                    reported.add(key)
                    out.carried.append(_carried(stored[key[0]], visit, request, hit))
    for to, page in out.payloads.cut.items():
        out.gaps[page, f"{to} was sent more than can be compared"] = None
    _mails(out)
    return out


def _visits(observations: Observations, context: Context, aspect: Aspect) -> Iterator[Visit]:
    for visit in observations.visits(visitor=context.visitor, aspects=frozenset({aspect})):
        if visit.session in COMPARED:
            yield visit


def _stored(
    observations: Observations, context: Context, options: Options, out: Sending
) -> Mapping[int, tuple[Carrier, Assessment]]:
    """Identifiers in cookies and storage, numbered; with those that may be one."""
    now = context.now.timestamp()
    cookies = gather(_visits(observations, context, Aspect.COOKIES), now)
    storage = gather_stored(_visits(observations, context, Aspect.STORAGE), now)
    out.names = page_names(cookies)
    gaps: list[Gap] = [*cookies.gaps, *storage.gaps]
    out.gaps.update(((gap.page, gap.why), None) for gap in gaps)
    stored: dict[int, tuple[Carrier, Assessment]] = {}
    for number, (carrier, found) in enumerate([*assessed(cookies, options, now), *assessed(storage, options, now)]):
        possible = found.label is ItemLabel.UNCOMPARED and found.bits + found.possible >= options.strong_bits
        if found.label in (ItemLabel.STRONG, ItemLabel.ROTATING) or possible:
            stored[number] = (carrier, found)
        first = carrier.sessions.get(Session.FIRST)
        for value in (*first.kept, *first.refused) if first else ():
            for piece in identity_pieces(value, found.places):
                out.pieces[piece] = max(bucket_of(carrier.lifetime), out.pieces.get(piece, Bucket.SESSION))
    return stored


def _hits(hits: list[Hit]) -> Iterator[Hit]:
    """Without what browsers fill by themselves; the hop that a redirect leads to is a request of its own."""
    for hit in hits:
        if hit.part is not Part.REDIRECT and not (hit.part is Part.HEADER and hit.parameter.lower() in BY_BROWSER):
            yield hit


def _carried(stored: tuple[Carrier, Assessment], visit: Visit, request: Request, hit: Hit) -> Carried:
    example = Example(visit.session, visit.id, visit.page, request.id, request.url, hit.needle.value)
    return Carried(*stored, example, site_of(request.url), hit.parameter, hit.where, hit.shape)


def _mails(out: Sending) -> None:
    for to, sessions in out.payloads.texts.items():
        for session, texts in sessions.items():
            for text, example in texts.items():
                for mail in addresses(text):
                    out.mails.setdefault((to, mail), {}).setdefault(session, example)
