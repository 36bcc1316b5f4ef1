"""What came of pressing links: what their addresses were given in that moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from compliance.checks._check import Context, Doubt, Note, Result
from compliance.knowledge.identifiers import Assessment, Carrier, ItemLabel, Surroundings
from compliance.knowledge.identifiers.carriers import VISITORS
from compliance.knowledge.identifiers.decoration import Address, Place, places
from compliance.knowledge.identifiers.describe import shown, title
from compliance.knowledge.identifiers.pressed import common_pieces, opaque, secrets
from compliance.knowledge.leaks import Search
from compliance.knowledge.pressing import link_targets
from compliance.model.observation import Observations
from compliance.model.trials import LinkProbe
from compliance.model.urls import site_of
from compliance.model.verdict import Reason
from compliance.model.visit import Aspect, Session, recorded

_STOPPED = {
    "dialog": "a dialog came first: where the link leads after it was not seen",
    "same_site_page": "a page of the site came first: where the link leads after it was not seen",
    "nothing": "it led nowhere while nothing was answered",
}


@dataclass(frozen=True, slots=True)
class Pressed:
    """An address that was given an identifier when its link was pressed."""

    to: str
    place: Place
    what: str
    """What the place holds, in words."""
    probe: LinkProbe
    went: str


def pressed(
    observations: Observations,
    carriers: Mapping[int, tuple[Carrier, Assessment]],
    addresses: Iterable[Address],
    around: Surroundings,
    strong_bits: float,
    context: Context,
) -> Iterator[Result | Pressed]:
    """Judge the links that were due to be pressed.

    Args:
        observations: Where the links and what came of them stand.
        carriers: Cookies and stored entries of the crawl, each with a number.
        addresses: All addresses that pages lead to.
        around: Moment and place.
        strong_bits: Bits from which a value identifies.
        context: Site and visitor.

    Raises:
        NotRecorded: No link was tried.
    """
    probes = {
        site_of(probe.href): probe for probe in recorded(observations.link_probes(context.visitor), "link_probes")
    }
    visits = observations.visits(visitor=context.visitor, session=Session.FIRST, aspects=frozenset({Aspect.LINKS}))
    due = {site_of(link.href): page for page, link in link_targets(visits, context.site)}
    strong = {n: (c, found.places) for n, (c, found) in carriers.items() if found.label is ItemLabel.STRONG}
    unclear: list[tuple[LinkProbe, str, list[tuple[Place, float]]]] = []
    for to, page in due.items():
        probe = probes.get(to)
        if problem := _problem(probe):
            yield Doubt(problem[0], f"a link to {shown(to)} is to be pressed, and {problem[1]}", page)
        if probe is None or not probe.went:
            continue
        search = secrets(probe, strong, around.now)
        for went in probe.went:
            told = list(_told(probe, went, search, carriers))
            yield from told
            added = opaque(probe.stood, went, (probe.page,), around)
            if told or sum(bits for _, bits in added) < strong_bits:
                continue
            if probe.cookies is None or probe.storage is None:
                why = f"a link to {shown(to)} is given more when it is pressed, and what the visitor kept was not read"
                yield Doubt(Reason.INSTRUMENT, why, probe.page)
            else:
                unclear.append((probe, went, added))
    if unclear:
        yield from _unclear(unclear, _alike(carriers, addresses), around, strong_bits)
    others = {site_of(one.url) for one in addresses if one.session is Session.FIRST and not one.request}
    others = {to for to in others if to and to not in context.site.first_party}
    if others:
        yield Note(f"Pages link to {len(others)} other sites; links to {len(due.keys() & probes.keys())} were pressed.")


def _problem(probe: LinkProbe | None) -> tuple[Reason, str] | None:
    """Why it is not known what is added to it."""
    if probe is None:
        return Reason.COVERAGE, "was not"
    if probe.result in _STOPPED:
        return Reason.COVERAGE, _STOPPED[probe.result]
    if probe.result != "left":
        return Reason.COVERAGE, f"could not be ({probe.notice or probe.result})"
    if not probe.went or not probe.stood:
        return Reason.INSTRUMENT, "where the browser went was not recorded"
    if probe.by != "mouse":
        return Reason.COVERAGE, "the mouse could not reach it: what it is given on a press was not seen"
    return None


def _told(
    probe: LinkProbe, went: str, search: Search, carriers: Mapping[int, tuple[Carrier, Assessment]]
) -> Iterator[Pressed]:
    """Identifiers of the visitor that stand in an address, and did not before the press."""
    before = {found.needle for found in search.in_text(probe.stood)}
    reported: set[tuple[str, str]] = set()
    for found in search.in_text(went):
        if found.needle in before:
            continue
        inner = (p for p, text in places(went) if any(one.needle == found.needle for one in search.in_text(text)))
        place = next(inner, Place("path"))
        if (place.kind, place.name) not in reported:
            reported.add((place.kind, place.name))
            what = f"holds the value of {title(carriers[int(found.needle.name)][0])} ({found.shape})"
            yield Pressed(site_of(went), place, what, probe, went)


def _alike(carriers: Mapping[int, tuple[Carrier, Assessment]], addresses: Iterable[Address]) -> set[str]:
    """Pieces that several visitors of the crawl were given, in what they kept and in links."""
    texts: dict[Session, list[str]] = {session: [] for session in VISITORS}
    for one in addresses:
        if one.session in texts:
            texts[one.session].append(one.url)
    for carrier, _ in carriers.values():
        for session in VISITORS:
            if session in carrier.sessions:
                texts[session] += carrier.sessions[session].kept
    return common_pieces(texts)


def _unclear(
    unclear: list[tuple[LinkProbe, str, list[tuple[Place, float]]]],
    alike: set[str],
    around: Surroundings,
    strong_bits: float,
) -> Iterator[Doubt]:
    for probe, went, _ in unclear:
        added = opaque(probe.stood, went, (probe.page, *alike), around)
        if sum(bits for _, bits in added) >= strong_bits:
            place, bits = max(added, key=lambda one: one[1])
            why = f"{shown(place.words)} then has {bits:.0f} bits that nothing the crawl compared accounts for"
            text = f"a link is given more when it is pressed, and leads to {shown(site_of(went))}: {why}"
            yield Doubt(Reason.NEEDS_HUMAN, f"{text}; it may be the visitor's number or one of the click", probe.page)
