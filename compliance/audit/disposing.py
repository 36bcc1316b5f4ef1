"""What follows from an outcome: it is enforced, it only warns, or somebody accepted it until a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from compliance.model.spec import Promise, Waiver
from compliance.model.verdict import CheckVerdict, Disposition, Outcome, worst

ENFORCED = Disposition()
#: Strongest first.
_KINDS = ("enforced", "waived", "advisory")
_FINE = (Outcome.PASSED, Outcome.UNTESTED, Outcome.INAPPLICABLE)


def dispose(promise: Promise, verdicts: Sequence[CheckVerdict], today: date) -> Disposition:
    """The disposition of a promise (all its verdicts) or of one line of it (one verdict).

    A waiver without a list of findings covers whatever keeps the promise from passing; one with a
    list covers exactly those, however many repetitions saw them. It never covers a fault of the tool, and nothing
    once it has expired. One line that is enforced is enough for the promise to be.
    """
    found = [_line(promise, v, today) for v in verdicts if v.outcome not in _FINE]
    return min(found, key=lambda d: _KINDS.index(d.kind), default=ENFORCED)


def _line(promise: Promise, verdict: CheckVerdict, today: date) -> Disposition:
    if verdict.outcome is Outcome.ERROR:
        return ENFORCED
    waiver = promise.waiver
    if waiver and today <= waiver.expires and _covers(waiver, promise, [verdict]):
        return Disposition("waived", waiver.reason, waiver.owner, waiver.expires)
    if verdict.outcome is Outcome.INCONCLUSIVE and promise.on_inconclusive == "warn":
        return Disposition("advisory", "the spec says: on_inconclusive: warn")
    return ENFORCED


def waiver_notice(promise: Promise, verdicts: Sequence[CheckVerdict], today: date) -> str:
    """What a reader must know about a promise's waiver; empty when it does what it says."""
    waiver = promise.waiver
    if not waiver:
        return ""
    told = f"The waiver of {promise.id} ({waiver.owner}: {waiver.reason})"
    if today > waiver.expires:
        return f"{told} expired on {waiver.expires} and is void."
    troubled = [v for v in verdicts if v.outcome not in _FINE]
    if not troubled:
        kept = worst(v.outcome for v in verdicts) is Outcome.PASSED
        return f"{told} is not needed: the promise is not broken. Delete it." if kept else ""
    loose = _uncovered(waiver, promise, troubled)
    if waiver.findings and loose:
        return f"{told} does not cover {loose} finding{'s' * (loose != 1)}: not on its list. The promise is enforced."
    return ""


def _covers(waiver: Waiver, promise: Promise, verdicts: Sequence[CheckVerdict]) -> bool:
    if not waiver.findings:
        return True
    return all(map(_only_findings, verdicts)) and not _uncovered(waiver, promise, verdicts)


def _only_findings(verdict: CheckVerdict) -> bool:
    """Are findings all that keeps this verdict from passing."""
    if verdict.findings:
        return True
    told = {r.outcome for r in verdict.repetitions}
    return bool(verdict.unconfirmed) and told <= {Outcome.FAILED, Outcome.PASSED}


def _uncovered(waiver: Waiver, promise: Promise, verdicts: Sequence[CheckVerdict]) -> int:
    """Findings that are not on the waiver's list, by cause or by identity."""
    listed = set(waiver.findings)
    return sum(
        f.cause not in listed and f.identity(promise.id, v.check) not in listed
        for v in verdicts
        for f in (*v.findings, *v.unconfirmed)
    )
