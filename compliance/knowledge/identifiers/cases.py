"""Every cookie of a site as a case: its label, its lifetime, who else has it, and the ruling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from compliance.knowledge.identifiers.carriers import VISITORS, Carrier, Gathered
from compliance.knowledge.identifiers.describe import cause_of, is_own
from compliance.knowledge.identifiers.exempt import CONSENT, LANGUAGE, exemption
from compliance.knowledge.identifiers.items import STRONG_BITS, WEAK_BITS, Assessment, ItemLabel, assess
from compliance.knowledge.identifiers.kinds import Surroundings
from compliance.knowledge.identifiers.lifetime import Bucket, bucket_of
from compliance.knowledge.identifiers.rulings import Facts, Ruling, rule
from compliance.knowledge.identifiers.sharing import Sent, find_sent, needles
from compliance.knowledge.identifiers.tokens import parse
from compliance.model.observation import Site
from compliance.model.urls import registrable_domain
from compliance.model.visit import Session, Visit

_WORST_FIRST = (Ruling.BROKEN, Ruling.DOUBT, Ruling.NOTE, Ruling.CLEAR)


@dataclass(frozen=True, slots=True)
class Options:
    """How a promise is read."""

    strict: bool = True
    strong_bits: float = STRONG_BITS
    weak_bits: float = WEAK_BITS
    exempt: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One cookie, judged."""

    carrier: Carrier
    found: Assessment
    bucket: Bucket
    ruling: Ruling
    cause: str
    foreign: bool
    """Set in third-party context, for all sites that embed its owner."""
    sent: tuple[Sent, ...] = ()
    """Requests that carried its identity to another owner."""
    exempt: str = ""
    """Why it is exempt; kept, as an explanation, when the exemption is void."""
    hollow: bool = False
    """Its name excuses it, and its value holds an identifier and nothing else."""
    vanished: bool = False
    revived: bool = False
    """A session cookie that came back after the session."""
    unsampled: bool = False
    """Not all visitors who lack it saw the pages on which others got it, or may have got it."""
    paths: int = 1
    """How many cookies of the same cause this case stands for."""

    @property
    def excused(self) -> bool:
        """Is it an identifier that is listed and not held against the site."""
        return bool(self.exempt) and not self.sent and self.ruling is Ruling.NOTE


def cases(
    gathered: Gathered, requests: Callable[[], Iterable[Visit]], site: Site, options: Options, now: float
) -> tuple[list[Case], list[str]]:
    """Judge every cookie, each by itself.

    Args:
        gathered: The cookies.
        requests: Gives the visits with their requests; called only when there is something to look for.
        site: Whose site it is.
        options: How the promise is read.
        now: When the observations were made.

    Returns:
        The cases, and the pages on which it was not seen whether identifiers were sent.
    """
    judged = assessed(gathered, options, now)
    lasting = (ItemLabel.STRONG, ItemLabel.ROTATING)
    wanted = needles({i: (c, a.places) for i, (c, a) in enumerate(judged) if a.label in lasting})
    sent, unrecorded = find_sent(requests(), wanted) if wanted else ({}, [])
    compared = {(c.kind, c.name, c.domain, c.partition) for c, a in judged if a.visitors == len(VISITORS)}
    every = [
        _case(carrier, found, sent.get(i, ()), gathered, site, options)
        for i, (carrier, found) in enumerate(judged)
        # The same cookie on another path was compared: a path that the sample missed adds nothing.
        if found.label is not ItemLabel.UNCOMPARED
        or found.visitors == len(VISITORS)
        or (carrier.kind, carrier.name, carrier.domain, carrier.partition) not in compared
    ]
    return every, unrecorded


def assessed(gathered: Gathered, options: Options, now: float) -> list[tuple[Carrier, Assessment]]:
    """Every cookie with its label; `now` is when the observations were made."""
    pages = page_names(gathered)
    judged: list[tuple[Carrier, Assessment]] = []
    for carrier in gathered.carriers:
        samples = carrier.samples()
        moments = tuple(t.expires for t in carrier.sessions.values() if t.expires > 0)
        around = Surroundings(now, moments, pages)
        judged.append((carrier, assess(samples, around, strong_bits=options.strong_bits, weak_bits=options.weak_bits)))
    return judged


def _came_back(carrier: Carrier) -> bool:
    """Did the visitor who closed the browser get the very value that closing it had removed."""
    first, again = carrier.sessions.get(Session.FIRST), carrier.sessions.get(Session.FIRST_AGAIN)
    return bool(first and again and set(first.kept) & set(again.kept))


def page_names(gathered: Gathered) -> frozenset[str]:
    """Pieces of the paths that were visited: a cookie that remembers pages names them. Queries may name visitors."""
    paths = {urlsplit(page).path.partition(";")[0] for seen in gathered.pages.values() for page in seen}
    return frozenset(piece for path in paths for pieces in parse(path).values() for piece in pieces)


def abroad(
    carrier: Carrier, sent: Iterable[Sent], site: Site, options: Options
) -> tuple[tuple[Sent, ...], tuple[Sent, ...]]:
    """What was sent to owners other than the carrier's; and of that, what the promise does not allow."""
    owner, own = registrable_domain(carrier.domain), is_own(carrier, site)
    away = tuple(s for s in sent if s.to and s.to != owner and not (own and s.to in site.first_party))
    return away, away if options.strict else tuple(s for s in away if s.to not in site.processors)


def _case(
    carrier: Carrier, found: Assessment, sent: Iterable[Sent], gathered: Gathered, site: Site, options: Options
) -> Case:
    foreign = not is_own(carrier, site) and not carrier.partition
    away, others = abroad(carrier, sent, site, options)
    back = Session.FIRST_AGAIN in carrier.sessions or Session.FIRST_AGAIN not in gathered.pages
    # Taken back before the session ended: it does not outlive it.
    bucket = Bucket.SESSION if carrier.deleted and not foreign else bucket_of(carrier.lifetime)
    vanished = bucket is not Bucket.SESSION and carrier.stored and not back and Session.FIRST in carrier.sessions
    revived = bucket is Bucket.SESSION and _came_back(carrier)
    facts = Facts(
        label=found.label,
        bucket=bucket,
        strict=options.strict,
        elsewhere=foreign or bool(others),
        possibly_strong=found.bits + found.possible >= options.strong_bits,
        vanished=vanished,
        revived=revived,
    )
    ruling = rule(facts)
    reason = exemption(carrier.name, options.exempt)
    hollow = _hollow(reason, carrier, found)
    if reason and not away and ruling in (Ruling.BROKEN, Ruling.DOUBT):
        ruling = Ruling.NOTE if not hollow else Ruling.DOUBT
    return Case(
        carrier=carrier,
        found=found,
        bucket=bucket,
        ruling=ruling,
        cause=cause_of("identifier", carrier, site),
        foreign=foreign,
        sent=away,
        exempt=reason,
        hollow=hollow,
        vanished=vanished,
        revived=revived,
        unsampled=not all(_had_the_chance(s, carrier, gathered) for s in VISITORS if s not in carrier.sessions),
    )


def _had_the_chance(lacking: Session, carrier: Carrier, gathered: Gathered) -> bool:
    """Did this visitor see a page on which another one got it; where that was not seen, all that it may have been."""
    seen = gathered.pages.get(lacking, set())
    for session in VISITORS:
        trace = carrier.sessions.get(session)
        if trace is None:
            continue
        if seen & trace.pages.keys():
            return True
        # Other pages were open when it was found, and the one on which it was found need not have set it.
        maybe = {page for page, began in gathered.began.get(session, {}).items() if began <= trace.found}
        if not trace.pages and maybe and maybe <= seen:
            return True
    return False


def _hollow(reason: str, carrier: Carrier, found: Assessment) -> bool:
    """Is the excuse a name only: a language that is a number, a consent that says nothing but a number."""
    if found.label is not ItemLabel.STRONG or reason not in (CONSENT, LANGUAGE):
        return False
    values = [value for trace in carrier.sessions.values() for value in trace.kept]
    return bool(values) and all(set(parse(value)) <= set(found.places) for value in values)


def one_per_cause(every: Iterable[Case]) -> list[Case]:
    """The worst case of each cause, worst first: one cookie set on 90 paths is one deviation."""
    groups: dict[str, list[Case]] = {}
    for case in sorted(every, key=lambda c: _WORST_FIRST.index(c.ruling)):
        groups.setdefault(case.cause, []).append(case)
    return [replace(group[0], paths=len(group)) for group in groups.values()]
