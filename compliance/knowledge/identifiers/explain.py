"""A judged carrier in plain words: why it identifies, for how long, who wrote it, who else gets it."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.knowledge.identifiers.carriers import Carrier, Gathered
from compliance.knowledge.identifiers.cases import Case, Options
from compliance.knowledge.identifiers.describe import (
    cookies,
    lifetime,
    listed,
    origin,
    pointers,
    redacted,
    shown,
    title,
)
from compliance.knowledge.identifiers.items import ItemLabel
from compliance.knowledge.identifiers.lifetime import Bucket
from compliance.knowledge.identifiers.rulings import Ruling
from compliance.knowledge.identifiers.split import Joint
from compliance.model.observation import Site
from compliance.model.verdict import Evidence
from compliance.model.visit import Session

_NUMBERS = ("no", "one", "two", "three")
#: Names of pieces that a message holds.
_NAMED = 8


def explained(case: Case, site: Site, options: Options) -> str:
    """What to tell an auditor about a case; empty when there is nothing to tell."""
    carrier = case.carrier
    if case.ruling is Ruling.CLEAR:
        return _quasi(case)
    text = f"{title(carrier)} {_why(case, options)}. It {lifetime(carrier)}. {origin(carrier, site)}"
    if case.foreign:
        text += " It belongs to another owner and can be read wherever that owner is embedded."
    if case.sent:
        text += f" Its value is sent to {listed(sent.to for sent in case.sent)}."
        if case.exempt:
            text += f" Exempt as long as it stays here ({case.exempt}); it does not."
    if case.hollow and not case.sent:
        text += f" By its name it {case.exempt}; its value is an identifier and nothing else."
    if case.vanished:
        text += " It was not there any more when the visitor returned."
    if case.revived:
        text += " Closing the browser removed it, and it came back with the same value: it was kept elsewhere."
    if case.paths > 1:
        text += f" {case.paths} {'cookies' if carrier.kind == 'cookie' else 'entries'} of this name."
    value = _first_value(carrier)
    if value:
        text += f" First visitor's value: {value}."
    if case.excused:
        return f"Identifier, exempt: {case.exempt}. {text}"
    if case.ruling is Ruling.NOTE:
        return f"Identifier, not held against the promise ({_mercy(case)}). {text}"
    return text


def _mercy(case: Case) -> str:
    if case.found.label is not ItemLabel.STRONG:
        return "it may identify, and that does not break the promise in this reading"
    return "it is session-like" if case.bucket <= Bucket.SHORT else "pseudonymous and with the site, in this reading"


def _quasi(case: Case) -> str:
    if not case.found.quasi or case.bucket <= Bucket.SHORT:
        return ""
    return (
        f"{title(case.carrier)} keeps the moment of the first visit and {lifetime(case.carrier)}: no identifier by "
        "itself, nearly one where few visitors come."
    )


def _why(case: Case, options: Options) -> str:
    """Bits and visitors."""
    found = case.found
    many = _NUMBERS[found.visitors]
    if found.label is ItemLabel.UNCOMPARED:
        unseen, seen = "not all others saw the pages that set it", "the others saw the same pages and did not get it"
        others = f" ({unseen if case.unsampled else seen})" if found.visitors < 3 else ""
        return (
            f"holds up to {found.bits + found.possible:.0f} bits that could tell visitors apart, and {many} of three "
            f"independent visitors got it{others}, too little to compare its values"
        )
    if found.label is ItemLabel.ROTATING:
        return (
            "holds a long secret that changes from visit to visit and may carry one identity under changing encryption"
        )
    apart = f"{many} independent visitors got {many} different values, about {found.bits:.0f} bits apart"
    if found.label is ItemLabel.STRONG:
        text = f"tells visitors apart: {apart} ({options.strong_bits:g} bits suffice to single out a visitor)"
        if found.returned:
            text += ", the value was there again after the browser was closed"
        elif not case.carrier.stored:
            text += "; as the browser did not keep it, whether the value stays could not be seen"
        return text
    numbered = "; it looks like a running number" if found.sequential else ""
    return f"may tell visitors apart: {apart} (from {options.weak_bits:g} bits on, among few visitors){numbered}"


def _first_value(carrier: Carrier) -> str:
    first = carrier.sessions.get(Session.FIRST)
    values = (first.kept or first.refused) if first else {}
    return redacted(next(reversed(values))) if values else ""


def evidence(case: Case) -> tuple[Evidence, ...]:
    """Where the values of each visitor were seen, and the requests that carried them away."""
    name = shown(case.carrier.name)
    carried = tuple(
        Evidence(sent.visit, "requests", sent.request, f"value of {name} sent to {shown(sent.to)}")
        for sent in case.sent
    )
    return (*pointers(case.carrier), *carried)


def explained_joint(joint: Joint, options: Options) -> str:
    """What to tell an auditor about carriers that hold an identifier together, or may."""
    first = joint.cases[0].carrier
    names = ", ".join(f"“{shown(case.carrier.name)}”" for case in joint.cases[:_NAMED])
    names += f" and {len(joint.cases) - _NAMED} more" * (len(joint.cases) > _NAMED)
    apart = f"tell visitors apart: about {joint.bits:.0f} bits between three independent visitors"
    text = (
        f"{len(joint.cases)} {'cookies' if first.kind == 'cookie' else 'stored entries'} ({names}; "
        f"{shown(first.domain)}) together {apart if joint.sure else f'may {apart}'}, none of them enough by itself "
        f"({options.strong_bits:g} bits suffice to single out a visitor), and the values were there again after the "
        f"browser was closed. The first {lifetime(first)}."
    )
    if joint.sure:
        text += " One writer made them at once and alike: one identifier in pieces."
    else:
        text += " Whether they are pieces of an identifier or values of different use, a person has to tell."
    if joint.sent:
        text += f" Put together, their value is sent to {listed(sent.to for sent in joint.sent)}."
    return f"Not held against the promise in this reading. {text}" if joint.ruling is Ruling.NOTE else text


def evidence_of_joint(joint: Joint) -> tuple[Evidence, ...]:
    """Where each piece was seen, and the requests that carried them away together."""
    carried = (Evidence(s.visit, "requests", s.request, f"pieces sent to {shown(s.to)}") for s in joint.sent)
    return (*(pointer for case in joint.cases for pointer in pointers(case.carrier)), *carried)


def limits(gathered: Gathered, noun: str = "cookie") -> Iterator[str]:
    """What the experiment did not cover."""
    refused = ", refused ones included" if noun == "cookie" else ""
    yield (
        f"{cookies(len(gathered.carriers), noun)} examined{refused}. Identifiers made of the address or the "
        "browser are equal for the three visitors compared here, which came from one machine, and are not excluded."
    )
    yield (
        "Three independent visitors: what is done to fewer than 63 % of visitors may have been missed. "
        "What comes back after it was deleted is what no-respawning looks at."
    )
    capped = sum(carrier.capped for carrier in gathered.carriers)
    if capped:
        yield f"{cookies(capped, noun)} had more values than are kept; the last 50 were compared."
