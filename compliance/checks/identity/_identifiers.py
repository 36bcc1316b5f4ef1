"""What the checks for identifiers have in common: how a promise is read, and results out of carriers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from compliance.checks._check import Context, Doubt, Note, Parameters, Result
from compliance.knowledge.identifiers import (
    STRONG_BITS,
    WEAK_BITS,
    Case,
    Gathered,
    ItemLabel,
    Options,
    Ruling,
    cases,
    joints,
    one_per_cause,
)
from compliance.knowledge.identifiers.explain import evidence, evidence_of_joint, explained, explained_joint, limits
from compliance.model.observation import Observations
from compliance.model.verdict import Finding, Reason
from compliance.model.visit import Aspect, Visit


class Anonymity(Parameters):
    """How strictly anonymity is promised."""

    reading: Literal["strict", "reasonable"] = Field(
        "strict",
        description="strict: no identifier outlives the session. reasonable: a pseudonymous one may, while it stays "
        "with the site and the processors named in the spec.",
    )
    strong_bits: float = Field(
        STRONG_BITS, gt=0, le=256, description="Bits from which a value identifies; 33 for a site with 10^8 visitors."
    )
    weak_bits: float = Field(WEAK_BITS, gt=0, le=256, description="Bits from which a person has to look.")


def results(
    gathered: Gathered,
    observations: Observations,
    parameters: Anonymity,
    exempt: Mapping[str, str],
    context: Context,
    noun: str,
) -> Iterator[Result]:
    """Judge what was gathered.

    Args:
        gathered: The carriers.
        observations: Where requests are looked up.
        parameters: How the promise is read.
        exempt: Glob of names → why an identifier there is no breach.
        context: The site and the time.
        noun: What one carrier is called in the notes.
    """
    for gap in gathered.gaps:
        yield Doubt(Reason.INSTRUMENT, gap.why, gap.page)
    options = Options(parameters.reading == "strict", parameters.strong_bits, parameters.weak_bits, exempt)

    def requests() -> Iterator[Visit]:
        return observations.visits(visitor=context.visitor, aspects=frozenset({Aspect.REQUESTS}))

    every, unrecorded = cases(gathered, requests, context.site, options, context.now.timestamp())
    together, unseen = joints(every, requests, context.site, options, context.now.timestamp())
    for page in dict.fromkeys((*unrecorded, *unseen)):
        yield Doubt(Reason.INSTRUMENT, "requests were not recorded, so where identifiers are sent is not known", page)
    for case in one_per_cause(every):
        message = explained(case, context.site, options)
        if case.ruling is Ruling.BROKEN:
            yield Finding(message, case.carrier.page, case.cause, evidence(case))
        elif case.ruling is Ruling.DOUBT:
            yield Doubt(_reason(case, gathered.complete), message.rstrip("."), case.carrier.page)
        elif message:
            yield Note(message)
    for joint in together:
        message = explained_joint(joint, options)
        if joint.ruling is Ruling.BROKEN:
            yield Finding(message, joint.page, joint.cause, evidence_of_joint(joint))
        elif joint.ruling is Ruling.DOUBT:
            yield Doubt(Reason.NEEDS_HUMAN, message.rstrip("."), joint.page)
        else:
            yield Note(message)
    for limit in limits(gathered, noun):
        yield Note(limit)


def _reason(case: Case, complete: bool) -> Reason:
    """Not looked at enough, or looked at and not to be told by a machine."""
    unseen = case.found.label is ItemLabel.UNCOMPARED and (case.unsampled or not complete)
    return Reason.COVERAGE if unseen else Reason.NEEDS_HUMAN
