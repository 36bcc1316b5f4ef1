"""Several repetitions of one observation, one verdict.

Each repetition was observed and judged as if there were no other. What they say together follows from what
each of them says, and from nothing else: neither their order nor their time matters.

* What was seen as it is (a request, a missing clause) breaks the promise when one repetition saw it.
* What rests on likeness (a value looks like an identifier) breaks it when two thirds saw the same cause.
* What fewer saw is kept, breaks nothing, and lets nothing pass.
* A line passes when every repetition passes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from compliance.checks._check import Check
from compliance.model.verdict import CheckVerdict, Finding, Outcome, Reason, Repeated

#: Why nobody could tell, the gravest first: a promise that is void, an instrument that was blind, a site that was
#: not seen, and at last what only waits for a person.
_GRAVEST = (
    Reason.STALE_SPEC,
    Reason.INSTRUMENT,
    Reason.BLOCKED,
    Reason.COVERAGE,
    Reason.VANTAGE,
    Reason.OPAQUE_PAYLOAD,
    Reason.FLAKY,
    Reason.NEEDS_HUMAN,
)
ONE_RUN = (
    "This rests on one run. What is told by likeness is confirmed when two of three see it: repeat the run with "
    "--repeat 3."
)

_Told = tuple[tuple[int, CheckVerdict], ...]
"""Number of a repetition, and what it says."""


def needed(check: Check[Any], repetitions: int) -> int:
    """How many repetitions must see a deviation before it breaks the promise."""
    return -(-2 * repetitions // 3) if check.statistical else 1


def noticed(repetitions: int) -> float:
    """How often a thing must happen for so many repetitions to meet it once with 95 % certainty: `1 − 0.05^(1/n)`."""
    return 1 - math.pow(0.05, 1 / repetitions)


def combine(check: Check[Any], verdicts: Sequence[CheckVerdict | None]) -> CheckVerdict:
    """The verdict of all repetitions on one line.

    Args:
        check: The check that judged all of them.
        verdicts: What each repetition alone says, in their order; None for one that was not made (yet).

    Raises:
        ValueError: Not one was made.
    """
    made = [v for v in verdicts if v is not None]
    if not made:
        raise ValueError(f"{check.id}: no repetition was made")
    if len(verdicts) == 1:
        alone = made[0]
        doubtful = check.statistical and alone.outcome is Outcome.FAILED
        return replace(alone, limits=(*alone.limits, ONE_RUN)) if doubtful else alone
    absent = CheckVerdict(check.id, Outcome.INCONCLUSIVE, Reason.COVERAGE, "It was not made.")
    told = tuple(enumerate((v or absent for v in verdicts), 1))
    decided = _decide(check, told)
    return replace(
        decided,
        check=check.id,
        notes=_shared({n: v.notes for n, v in told if v is not absent}),
        doubts=_gathered((n, v.doubts) for n, v in told),
        pages_examined=min(v.pages_examined for v in made),
        pages_planned=max(v.pages_planned for v in made),
        examined=min(v.examined for v in made),
        examined_what=made[0].examined_what,
        visitor=made[0].visitor,
        parameters=made[0].parameters,
        limits=(*_shared({n: v.limits for n, v in told if v is not absent}), *decided.limits),
        repetitions=tuple(Repeated(n, v.outcome, v.reason, v.explanation) for n, v in told),
    )


def _decide(check: Check[Any], told: _Told) -> CheckVerdict:
    """Outcome, reason, explanation, and which findings count."""
    broken = [n for n, v in told if v.outcome is Outcome.ERROR]
    if broken:
        first = told[broken[0] - 1][1]
        return CheckVerdict(
            check.id, Outcome.ERROR, first.reason, f"In {_named(broken, told)}: {first.explanation}",
            findings=_gathered((n, v.findings) for n, v in told),
        )  # fmt: skip
    seen: dict[str, set[int]] = {}
    for n, v in told:
        for finding in v.findings if v.outcome is Outcome.FAILED else ():
            seen.setdefault(finding.cause, set()).add(n)
    enough = needed(check, len(told))
    confirmed = {cause for cause, where in seen.items() if len(where) >= enough}
    against = [(n, v.findings) for n, v in told if v.outcome is Outcome.FAILED]
    findings = _gathered((n, [f for f in found if f.cause in confirmed]) for n, found in against)
    unconfirmed = _gathered((n, [f for f in found if f.cause not in confirmed]) for n, found in against)
    if findings:
        return CheckVerdict(
            check.id, Outcome.FAILED, Reason.OBSERVED, _broken(findings, unconfirmed, told),
            findings=findings, unconfirmed=unconfirmed,
        )  # fmt: skip
    undecided = [(n, v) for n, v in told if v.outcome in (Outcome.INCONCLUSIVE, Outcome.UNTESTED)]
    most = max(map(len, seen.values()), default=0)
    if against and most + len(undecided) < enough:
        return CheckVerdict(
            check.id, Outcome.INCONCLUSIVE, Reason.FLAKY, _disagreeing(unconfirmed, enough, told),
            unconfirmed=unconfirmed,
        )  # fmt: skip
    if undecided:
        gravest = min((v for _, v in undecided), key=lambda v: _rank(v.reason))
        return CheckVerdict(
            check.id, Outcome.INCONCLUSIVE, gravest.reason, _untold(gravest, undecided, unconfirmed, enough, told),
            # What a policy that has changed leaves undecided is shown all the same, as in a single run.
            findings=_gathered((n, v.findings) for n, v in undecided), unconfirmed=unconfirmed,
        )  # fmt: skip
    return _agreeing(check, told)


def _agreeing(check: Check[Any], told: _Told) -> CheckVerdict:
    """Nobody saw a deviation, and nobody was in doubt."""
    empty = [n for n, v in told if v.outcome is Outcome.INAPPLICABLE]
    least = min((v for _, v in told), key=lambda v: v.pages_examined)
    if len(empty) == len(told):
        return CheckVerdict(check.id, least.outcome, least.reason, f"{_all(told)} agree. {least.explanation}")
    if empty or any(v.outcome is not Outcome.PASSED for _, v in told):
        # Where one found nothing to look at, it may have missed what the others would not have let pass.
        full = [n for n, _ in told if n not in empty]
        said = (
            f"The repetitions disagree: there was something to examine in {_named(full, told)} and nothing in "
            f"{_named(empty, told)}."
        )
        return CheckVerdict(check.id, Outcome.INCONCLUSIVE, Reason.FLAKY, said)
    rare = math.ceil(noticed(len(told)) * 100)
    limit = (
        f"{len(told)} repetitions notice, with 95 % certainty, what happens in {rare} % of them or more; what happens "
        "less often may have been missed."
    )
    said = f"{_all(told)} agree. {least.explanation}"
    return CheckVerdict(check.id, Outcome.PASSED, least.reason, said, limits=(limit,))


def _broken(findings: Sequence[Finding], unconfirmed: Sequence[Finding], told: _Told) -> str:
    causes = {f.cause: len(f.seen_in) for f in findings}
    pages = len({f.url for f in findings})
    low, high = min(causes.values()), max(causes.values())
    times = f"{low}" if low == high else f"{low} to {high}"
    examined = min(v.pages_examined for _, v in told if v.outcome is Outcome.FAILED)
    said = (
        f"{_counted(len(causes), 'deviation')} on {_counted(pages, 'page')}, seen in {times} of {len(told)} "
        f"repetitions; {_counted(examined, 'page')} examined."
    )
    more = len({f.cause for f in unconfirmed})
    return f"{said} {more} more in too few of them to count." if more else said


def _disagreeing(unconfirmed: Sequence[Finding], enough: int, told: _Told) -> str:
    causes = {f.cause: f.seen_in for f in unconfirmed}
    if len(causes) == 1:
        where = next(iter(causes.values()))
        without = [n for n, _ in told if n not in where]
        return (
            f"The repetitions disagree: 1 deviation was seen in {_named(where, told)} and not in "
            f"{_named(without, told)}; {enough} must see it."
        )
    return (
        f"The repetitions disagree: {len(causes)} deviations were seen, each in fewer than {enough} of "
        f"{len(told)} repetitions."
    )


def _untold(
    gravest: CheckVerdict,
    undecided: Sequence[tuple[int, CheckVerdict]],
    unconfirmed: Sequence[Finding],
    enough: int,
    told: _Told,
) -> str:
    same = [n for n, v in undecided if v.reason is gravest.reason]
    said = f"In {_named(same, told)}: {gravest.explanation}"
    if not unconfirmed:
        return said
    causes = len({f.cause for f in unconfirmed})
    where = sorted({n for f in unconfirmed for n in f.seen_in})
    return (
        f"{said} {_counted(causes, 'deviation')} {'was' if causes == 1 else 'were'} seen in {_named(where, told)}; "
        f"{enough} of {len(told)} must see one."
    )


def _gathered(found: Iterable[tuple[int, Iterable[Finding]]]) -> tuple[Finding, ...]:
    """What repetitions found, each finding once, with the evidence of all who have it."""
    merged: dict[tuple[str, str, str], Finding] = {}
    seen: dict[str, set[int]] = {}
    for number, findings in found:
        for finding in findings:
            key = finding.cause, finding.url, finding.message
            evidence = tuple(replace(e, repetition=number) for e in finding.evidence)
            before = merged[key].evidence if key in merged else ()
            merged[key] = replace(finding, evidence=(*before, *evidence))
            seen.setdefault(finding.cause, set()).add(number)
    return tuple(replace(f, seen_in=tuple(sorted(seen[f.cause]))) for f in merged.values())


def _shared(lines: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    """What all say once; what some say with their numbers."""
    by_line: dict[str, list[int]] = {}
    for number, said in lines.items():
        for line in dict.fromkeys(said):
            by_line.setdefault(line, []).append(number)
    everybody = len(lines)
    return tuple(
        line if len(numbers) == everybody else f"{_numbers(numbers).capitalize()}: {line}"
        for line, numbers in by_line.items()
    )


def _rank(reason: Reason) -> int:
    return _GRAVEST.index(reason) if reason in _GRAVEST else len(_GRAVEST)


def _all(told: _Told) -> str:
    return f"{'Both' if len(told) == 2 else f'All {len(told)}'} repetitions"


def _named(numbers: Sequence[int], told: _Told) -> str:
    """`repetition 2 of 3`, `repetitions 1 and 3 of 3`, `each of 3 repetitions`."""
    if len(numbers) == len(told):
        return f"each of {len(told)} repetitions"
    return f"{_numbers(numbers)} of {len(told)}"


def _numbers(numbers: Sequence[int]) -> str:
    *others, last = map(str, numbers)
    return f"repetitions {', '.join(others)} and {last}" if others else f"repetition {last}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
