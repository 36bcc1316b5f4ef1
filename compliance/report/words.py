"""How outcomes, reasons and counts are said; the same words in the report and on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from compliance.model.verdict import Outcome, Reason


@dataclass(frozen=True, slots=True)
class Mark:
    """An outcome for readers: never by colour alone."""

    outcome: Outcome
    symbol: str
    word: str


MARKS = {
    Outcome.ERROR: Mark(Outcome.ERROR, "!", "tool failed"),
    Outcome.FAILED: Mark(Outcome.FAILED, "✗", "broken"),
    Outcome.INCONCLUSIVE: Mark(Outcome.INCONCLUSIVE, "?", "could not tell"),
    Outcome.PASSED: Mark(Outcome.PASSED, "✓", "kept"),
    Outcome.UNTESTED: Mark(Outcome.UNTESTED, "–", "not tested"),
    Outcome.INAPPLICABLE: Mark(Outcome.INAPPLICABLE, "–", "nothing to examine"),
}
PARTLY = Mark(Outcome.UNTESTED, "–", "partly tested")
ATTESTED = Mark(Outcome.UNTESTED, "–", "attested, not tested")

#: Order in which a reader wants to know.
READING_ORDER = tuple(MARKS)

REASONS = {
    Reason.OBSERVED: "it was seen",
    Reason.NOT_OBSERVED: "what must not happen was not seen in the stated scope",
    Reason.NOTHING_TO_EXAMINE: "there was nothing to examine",
    Reason.BLOCKED: "the site kept the visitor out",
    Reason.COVERAGE: "too little of the site could be examined",
    Reason.INSTRUMENT: "the recording has a hole",
    Reason.OPAQUE_PAYLOAD: "what was sent could not be read",
    Reason.FLAKY: "repeated observations disagree",
    Reason.STALE_SPEC: "the live policy no longer says so, or was not seen",
    Reason.VANTAGE: "it depends on where one looks from",
    Reason.NEEDS_HUMAN: "a person has to decide",
    Reason.NOT_TESTABLE: "it cannot be seen from outside",
    Reason.NOT_AUTHORIZED: "the test would act on the site, and nobody allowed it",
    Reason.NOT_AVAILABLE: "the check that would judge it does not exist in this version",
    Reason.ATTESTED: "somebody vouches for it",
    Reason.ATTESTATION_MISSING: "nobody vouches for it",
    Reason.ATTESTATION_EXPIRED: "the word given for it has expired",
    Reason.DEPENDENCY_FAILED: "something it depends on failed",
    Reason.TOOL_ERROR: "the check itself failed; this says nothing about the site",
}

#: Why a promise was not tested, beside its name.
ASIDES = {
    Reason.NOT_TESTABLE: "not testable from outside",
    Reason.NOT_AUTHORIZED: "nobody allowed the test",
    Reason.NOT_AVAILABLE: "its check does not exist yet",
    Reason.ATTESTED: "attested",
    Reason.ATTESTATION_MISSING: "attestation missing",
    Reason.ATTESTATION_EXPIRED: "attestation expired",
    Reason.DEPENDENCY_FAILED: "depends on what failed",
}

LEVELS = {
    "A0": "claimed",
    "A1": "document seen",
    "A2": "configuration inspected",
    "A3": "independently tested",
}


def counted(number: int, one: str, many: str = "") -> str:
    """`1 page`, `2 pages`, `1,200 addresses`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def repetitions(numbers: Sequence[int]) -> str:
    """`repetition 2`, `repetitions 1 and 3`."""
    *others, last = map(str, numbers)
    return f"repetitions {', '.join(others)} and {last}" if others else f"repetition {last}"


def headline(outcomes: Iterable[Outcome]) -> str:
    """The whole run in one sentence, without promising more than was seen."""
    found = list(outcomes)
    total = len(found)
    broken, unclear = found.count(Outcome.FAILED), found.count(Outcome.INCONCLUSIVE)
    kept, faults = found.count(Outcome.PASSED), found.count(Outcome.ERROR)
    if not total:
        return "No promise was judged."
    if broken == total:
        said = "The promise is broken" if total == 1 else f"All {total} promises are broken"
    elif broken:
        said = f"{broken} of {total} promises {'is' if broken == 1 else 'are'} broken"
    elif unclear == total:
        said = "The promise could not be judged" if total == 1 else f"None of the {total} promises could be judged"
    elif unclear:
        said = f"No promise was seen broken, but {unclear} of {total} could not be judged"
    elif kept == total:
        said = f"{'The promise is' if total == 1 else f'All {total} promises are'} kept, as far as could be seen"
    elif kept:
        said = f"No promise was seen broken; {kept} of {total} {'is' if kept == 1 else 'are'} kept"
        said += ", the rest not tested" if kept + faults < total else ""
    else:
        said = "No promise could be tested"
    fault = f" The tool itself failed on {counted(faults, 'promise')}." if faults else ""
    return f"{said}.{fault}"


def moment(iso: str) -> str:
    """`22 November 2026, 13:01 UTC`; what cannot be read as a time stays as it is."""
    try:
        read = datetime.fromisoformat(iso)
        if read.tzinfo is not None:
            read = read.astimezone(UTC)
    except (ValueError, OverflowError):
        return iso
    day = f"{read.day} {read:%B %Y}"
    if len(iso) <= len("2026-11-22"):
        return day
    return f"{day}, {read:%H:%M}{' UTC' if read.tzinfo else ''}"


def period(start: str, end: str) -> str:
    """From when to when; a shared day is said once."""
    first, last = moment(start), moment(end)
    day, comma, _ = first.partition(", ")
    if comma and last.startswith(f"{day}, ") and first.endswith(" UTC") and last.endswith(" UTC"):
        return first if first == last else f"{first.removesuffix(' UTC')} to {last.removeprefix(f'{day}, ')}"
    return f"{first} to {last}" if last else first
