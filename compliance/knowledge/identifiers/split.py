"""One identifier in several carriers: each holds little, all of them together tell visitors apart.

What the carriers of one owner hold is added up. That it is one identifier in pieces is certain only of carriers that
were made alike: one writer, one moment, one lifetime, one length. Otherwise a person has to look, because experiments,
too, give a visitor several small values that stay. They draw from a few groups, so three visitors share some; hence
every piece has to be another one for each of the three.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from compliance.knowledge.identifiers.carriers import VISITORS
from compliance.knowledge.identifiers.cases import Case, Options, abroad
from compliance.knowledge.identifiers.describe import cause_of, is_own
from compliance.knowledge.identifiers.items import ItemLabel
from compliance.knowledge.identifiers.kinds import Surroundings
from compliance.knowledge.identifiers.lifetime import Bucket
from compliance.knowledge.identifiers.pieces import Part, families, part_of, strangers
from compliance.knowledge.identifiers.rulings import Facts, Ruling, rule
from compliance.knowledge.identifiers.sharing import Sent, find_sent
from compliance.knowledge.leaks import Needle, Search
from compliance.model.observation import Site
from compliance.model.urls import registrable_domain
from compliance.model.visit import Session, Visit


@dataclass(frozen=True, slots=True)
class Joint:
    """Carriers that hold an identifier together, or may."""

    cases: tuple[Case, ...]
    """Those whose names count on, in their order."""
    bits: float
    sure: bool
    """They were made alike: pieces of one value."""
    ruling: Ruling
    cause: str
    sent: tuple[Sent, ...] = ()
    """Requests that carried the pieces, put together, to another owner."""

    @property
    def page(self) -> str:
        """The first page on which anybody got a piece."""
        return self.cases[0].carrier.page


def joints(
    every: Iterable[Case], requests: Callable[[], Iterable[Visit]], site: Site, options: Options, now: float
) -> tuple[list[Joint], list[str]]:
    """Add up what carriers of one owner hold that identify nobody alone.

    Args:
        every: All carriers, judged.
        requests: Gives the visits with their requests; called only when there is something to look for.
        site: Whose site it is.
        options: How the promise is read.
        now: When the observations were made.

    Returns:
        What identifies together, and the pages on which it was not seen whether it was sent.
    """
    pools: dict[tuple[str, str, bool], list[Part]] = defaultdict(list)
    around = Surroundings(now)
    for case in every:
        part = part_of(case, around)
        if part is not None:
            carrier = part.case.carrier
            owner = "" if is_own(carrier, site) else registrable_domain(carrier.domain)
            # What lives for a day at most is added up by itself: it must not make the rest look harmless.
            pools[owner, carrier.partition, case.bucket >= Bucket.MEDIUM].append(part)
    found: list[tuple[tuple[Part, ...], float, bool, str]] = []
    for pool in pools.values():
        found += _of_owner(pool, options)
    wanted = {i: parts for i, (parts, _, sure, _) in enumerate(found) if sure}
    sent, unrecorded = find_sent(requests(), _needles(wanted)) if wanted else ({}, [])
    made = [_ruled(*one, sent.get(i, []), site, options) for i, one in enumerate(found)]
    return [joint for joint in made if joint.ruling is not Ruling.CLEAR], unrecorded


def _of_owner(pool: list[Part], options: Options) -> Iterator[tuple[tuple[Part, ...], float, bool, str]]:
    """Parts, bits, sureness and common name of what one owner's carriers hold together."""
    said: set[int] = set()
    for family in families(pool):
        sure = family.sure(options.strong_bits, options.weak_bits)
        if sure or family.bits >= options.strong_bits:
            said.update(id(part) for part in family.parts)
            yield family.parts, family.bits, sure, family.name
    pieces: dict[tuple[str, ...], Part] = {}
    for part in pool:
        if not part.case.exempt and id(part) not in said:
            # The same piece in two carriers tells visitors apart once.
            pieces.setdefault(part.identity, part)
    alike: set[int] = set()
    for family in strangers(pieces.values()):
        if family.sure(options.strong_bits, options.weak_bits):
            said.update(id(part) for part in family.parts)
            yield family.parts, family.counted, True, family.name
        elif len(family.parts) > 2:
            alike.update(id(part) for part in family.parts)
    # A basket, a measure and a count beside each other are three things; small numbers made alike may be one.
    large = [part for part in pieces.values() if id(part) not in said and (id(part) in alike or not part.small)]
    rest = tuple(part for part in large if part.case.found.bits > 0)
    total = sum(part.case.found.bits for part in rest)
    if len(rest) > 1 and total >= options.strong_bits:
        yield rest, total, False, ""


def _needles(wanted: dict[int, tuple[Part, ...]]) -> dict[Session, Search]:
    """The pieces of each visitor, put together in the order of their names."""
    made = {}
    joined = {
        i: ["".join(values) for values in zip(*(p.values for p in parts), strict=True)] for i, parts in wanted.items()
    }
    for number, session in enumerate(VISITORS):
        made[session] = Search(
            Needle(str(i), values[number], (*values[:number], *values[number + 1 :])) for i, values in joined.items()
        )
    made[Session.FIRST_AGAIN] = made[Session.FIRST]
    return {session: search for session, search in made.items() if search}


def _ruled(
    parts: tuple[Part, ...], bits: float, sure: bool, name: str, sent: list[Sent], site: Site, options: Options
) -> Joint:
    members = tuple(part.case for part in parts)
    away, others = abroad(members[0].carrier, sent, site, options)
    ruling = rule(
        Facts(
            label=ItemLabel.STRONG,
            bucket=min(case.bucket for case in members),
            strict=options.strict,
            elsewhere=members[0].foreign or bool(others),
            revived=all(case.revived for case in members),
        )
    )
    if ruling is Ruling.BROKEN and not sure:
        ruling = Ruling.DOUBT
    carrier = members[0].carrier
    cause = cause_of("identifier", replace(carrier, name=name or carrier.name), site)
    return Joint(members, bits, sure, ruling, cause, away)
