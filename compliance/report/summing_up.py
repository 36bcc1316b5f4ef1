"""One promise in one mark and one sentence, when several checks had a say in it."""

from __future__ import annotations

from compliance.model.verdict import CheckVerdict, Outcome, Reason, Verdict
from compliance.report.words import ASIDES, ATTESTED, MARKS, PARTLY, Mark

NOT_JUDGED = "This run did not judge it."
#: Checks of one promise that are still named one by one where it is summed up.
MANY = 5


def mark_of(verdict: Verdict | None) -> Mark:
    """The mark of a promise; one that is attested, or of which a part was examined, has its own word."""
    if verdict is None:
        return MARKS[Outcome.UNTESTED]
    if verdict.outcome is Outcome.UNTESTED:
        decided = deciding(verdict)
        if decided and decided.reason is Reason.ATTESTED:
            return ATTESTED
        if _examined(verdict):
            return PARTLY
    return MARKS[verdict.outcome]


def deciding(verdict: Verdict | None) -> CheckVerdict | None:
    """The check that gave a promise its outcome."""
    if verdict is None:
        return None
    return next((c for c in verdict.checks if c.outcome is verdict.outcome), None)


def aside_of(verdict: Verdict | None) -> str:
    """Why a promise was not tested at all, beside its name; empty otherwise."""
    decided = deciding(verdict)
    if verdict is None or decided is None or decided.outcome is not Outcome.UNTESTED or _examined(verdict):
        return ""
    return ASIDES.get(decided.reason, "")


def told(verdict: Verdict | None) -> str:
    """What a reader is told of a promise. A part that was not tested never hides the part that was."""
    decided = deciding(verdict)
    if verdict is None or decided is None:
        return NOT_JUDGED
    if verdict.outcome is not Outcome.UNTESTED:
        return decided.explanation
    untested = [c for c in verdict.checks if c.outcome is Outcome.UNTESTED]
    examined = _examined(verdict)
    if len(untested) == 1 and not examined:
        return decided.explanation
    parts = []
    if examined:
        pages = max(c.pages_examined for c in examined)
        # Each has a section of its own; a list of many names says less than their number.
        names = list(dict.fromkeys(c.check for c in examined))
        shown = ", ".join(names) if len(names) <= MANY else f"{len(names)} checks"
        parts.append(f"No deviation in what was examined ({shown}, on {pages} page{'s' * (pages != 1)}).")
    awaited = [c.check for c in untested if c.reason is Reason.NOT_AVAILABLE]
    if awaited:
        parts.append(f"Not examined, for want of a check in this version: {_listed(awaited)}.")
    if any(c.reason is Reason.NOT_TESTABLE for c in untested):
        parts.append("Part of it cannot be seen from outside.")
    parts += [c.explanation for c in untested if c.reason not in (Reason.NOT_AVAILABLE, Reason.NOT_TESTABLE)]
    return " ".join(parts)


def _examined(verdict: Verdict) -> list[CheckVerdict]:
    return [c for c in verdict.checks if c.outcome is Outcome.PASSED]


def _listed(names: list[str]) -> str:
    return ", ".join(dict.fromkeys(names))
