"""From observations to the verdict of one line: a check, or what stands where a check cannot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from compliance.checks import Context, Pin, judge, registry
from compliance.checks.policy_text._live import find_policy_visit, pin_for
from compliance.knowledge.lists import Lists
from compliance.model.observation import Observations
from compliance.model.spec import Attestation, Promise
from compliance.model.verdict import CheckVerdict, Outcome, Reason
from compliance.model.visit import Aspect, Visit
from compliance.specfile.loader import LoadedSpec
from compliance.specfile.rules import attested_until

LEVELS = {
    "A0": "claimed",
    "A1": "document seen",
    "A2": "configuration inspected",
    "A3": "independently tested",
}


class Kind(StrEnum):
    """What a line is."""

    CHECK = "check"
    ATTESTATION = "attestation"
    AWAITED = "awaited"
    NOT_TESTABLE = "not-testable"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to be judged: one check of one promise for one visitor, or one reason why there is none."""

    promise: Promise
    kind: Kind
    check: str
    visitor: str = ""
    because: str = ""
    """What an awaited check would look at."""


def lines(loaded: LoadedSpec) -> tuple[Line, ...]:
    """All lines of a spec in the order of the file; the same list in every process that reads it."""
    everybody = [visitor.name for visitor in loaded.spec.visitors]
    found: list[Line] = []
    for promise in loaded.spec.promises:
        visitors = [name for name in everybody if not promise.visitors or name in promise.visitors]
        found += [Line(promise, Kind.CHECK, check, visitor) for check in promise.checks for visitor in visitors]
        # An attestation goes before the reason for it: it is the stronger word on a promise that nobody can test.
        if promise.attestation:
            found.append(Line(promise, Kind.ATTESTATION, Kind.ATTESTATION.value))
        found += [Line(promise, Kind.AWAITED, a.check, because=a.because) for a in promise.awaits]
        if promise.not_testable:
            found.append(Line(promise, Kind.NOT_TESTABLE, Kind.NOT_TESTABLE.value))
    return tuple(found)


@dataclass(slots=True)
class Judge:
    """Judges the lines of one spec by one run's observations; it keeps one page at most for each visitor."""

    loaded: LoadedSpec
    observations: Observations
    observed: datetime
    """When the observations were made: lifetimes are counted from here, whenever it judges."""
    lists: Lists = field(default_factory=Lists)
    """Those of the user's lists that the spec names."""
    _live: dict[str, Visit | None] = field(default_factory=dict)

    def verdict(self, line: Line, today: date) -> CheckVerdict:
        """The verdict on one line; `today` decides what has expired."""
        if line.kind is not Kind.CHECK:
            return judge_unseen(line, today)
        context = Context(
            site=self.observations.site,
            policy=self.loaded.policy,
            quotes=tuple(line.promise.quote),
            visitor=line.visitor,
            claim=line.promise.claim,
            now=self.observed,
            lists=self.lists,
        )
        parameters = self.loaded.parameters[line.promise.id, line.check]
        pin = self._pin(context)
        return judge(registry()[line.check], parameters, self.observations, context, pin=pin)

    def _pin(self, context: Context) -> Pin:
        """What the live policy says about the quotes, as this visitor saw it."""
        if context.visitor not in self._live:
            self._live[context.visitor] = find_policy_visit(
                self.observations, context.visitor, frozenset({Aspect.TEXT})
            )
        return pin_for(context.quotes, self._live[context.visitor], context.site)


def judge_unseen(line: Line, today: date) -> CheckVerdict:
    """The verdict on a line that no observation decides: untested, and why."""
    match line.kind:
        case Kind.AWAITED:
            reason = Reason.NOT_AVAILABLE
            said = f"The check {line.check} does not exist in this version. It would look at this: {line.because}"
        case Kind.NOT_TESTABLE:
            reason, said = Reason.NOT_TESTABLE, line.promise.not_testable or ""
        case Kind.ATTESTATION if line.promise.attestation:
            reason, said = _attested(line.promise.attestation, today)
        case _:
            raise ValueError(f"{line.promise.id}[{line.check}] is decided by observation")
    return CheckVerdict(check=line.check, outcome=Outcome.UNTESTED, reason=reason, explanation=said)


def _attested(given: Attestation, today: date) -> tuple[Reason, str]:
    said = f"{given.by} states, as of {given.date}: “{given.statement}” ({LEVELS[given.level]})."
    until = attested_until(given)
    if given.date > today:
        return Reason.ATTESTATION_MISSING, f"{said} That day is still to come, so the statement counts for nothing yet."
    if until < today:
        return Reason.ATTESTATION_EXPIRED, f"{said} It expired on {until} and counts for nothing now."
    return Reason.ATTESTED, f"{said} Valid until {until}. Nothing was observed."
