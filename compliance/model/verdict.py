"""Judgements: outcomes after W3C EARL, findings, and the verdict of a promise.

`failed` needs one sound observation. `passed` needs every gate. Anything else
says why nobody could tell. Roll-up: failed > inconclusive > untested > passed > inapplicable
(an `error` of the tool ranks above all: nothing may hide it).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from compliance.model.location import SourceLocation


class Outcome(StrEnum):
    """W3C EARL's outcome values (`inconclusive` is EARL's cantTell), plus `error` for a fault of the tool."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    INAPPLICABLE = "inapplicable"
    UNTESTED = "untested"
    ERROR = "error"


#: Worst first.
SEVERITY_ORDER = (
    Outcome.ERROR,
    Outcome.FAILED,
    Outcome.INCONCLUSIVE,
    Outcome.UNTESTED,
    Outcome.PASSED,
    Outcome.INAPPLICABLE,
)


class Reason(StrEnum):
    """Why an outcome is what it is; machine-readable, present in every verdict."""

    OBSERVED = "observed"
    """passed: what was promised was seen. failed: what breaks it was seen."""
    NOT_OBSERVED = "not_observed"
    """passed: what is promised not to happen was not seen, in the stated scope."""
    NOTHING_TO_EXAMINE = "nothing_to_examine"
    """inapplicable."""
    BLOCKED = "blocked"
    COVERAGE = "coverage"
    INSTRUMENT = "instrument"
    OPAQUE_PAYLOAD = "opaque_payload"
    FLAKY = "flaky"
    STALE_SPEC = "stale_spec"
    VANTAGE = "vantage"
    NEEDS_HUMAN = "needs_human"
    NOT_TESTABLE = "not_testable"
    NOT_AUTHORIZED = "not_authorized"
    NOT_AVAILABLE = "not_available"
    """untested: the check that would judge it does not exist in this version."""
    ATTESTED = "attested"
    ATTESTATION_MISSING = "attestation_missing"
    ATTESTATION_EXPIRED = "attestation_expired"
    DEPENDENCY_FAILED = "dependency_failed"
    TOOL_ERROR = "tool_error"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pointer into the observations; it never copies more than an excerpt."""

    visit: str = ""
    """Id of the visit, or of the probe."""
    aspect: str = ""
    locator: str = ""
    """Request id, cookie name, selector, link address."""
    excerpt: str = ""
    """Redacted: values of cookies and fields by first characters, length and digest."""
    blob: str = ""
    repetition: int = 0
    """Whose recording it points into; 0 where nothing was repeated."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One deviation, at one address."""

    message: str
    url: str
    cause: str
    """What is wrong, independent of where: findings with one cause are one group in the report and one
    entry in a baseline. Holds no port, host of a preview build, UUID, or value."""
    evidence: tuple[Evidence, ...] = ()
    seen_in: tuple[int, ...] = ()
    """Numbers of the repetitions that saw this cause, at whatever address; empty where nothing was repeated."""

    def identity(self, promise: str, check: str) -> str:
        """Stable over runs: promise, check and cause."""
        return hashlib.sha256(f"{promise}\0{check}\0{self.cause}".encode(errors="backslashreplace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Repeated:
    """What one repetition alone says on a line."""

    number: int
    """From 1."""
    outcome: Outcome
    reason: Reason
    explanation: str


@dataclass(frozen=True, slots=True)
class CheckVerdict:
    """Judgement of one check on one promise for one visitor."""

    check: str
    """Id of the check, or `not-testable`, `attestation`, or the id of a check that is awaited."""
    outcome: Outcome
    reason: Reason
    explanation: str
    """One or two sentences for a reader who was not there."""
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[Finding, ...] = ()
    """What could not be told, where."""
    pages_examined: int = 0
    pages_planned: int = 0
    examined: int = 0
    """Things examined (links, forms, …) where the check counts things and not pages."""
    examined_what: str = ""
    visitor: str = ""
    parameters: dict[str, object] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    """What this verdict does not cover."""
    unconfirmed: tuple[Finding, ...] = ()
    """Deviations that too few repetitions saw: they do not break the promise, and it does not pass with them."""
    repetitions: tuple[Repeated, ...] = ()
    """What each repetition alone says, in their order; empty where nothing was repeated."""


@dataclass(frozen=True, slots=True)
class Disposition:
    """What follows from an outcome, kept apart from the outcome itself."""

    kind: str = "enforced"
    """`enforced`, `advisory` (on_inconclusive: warn) or `waived`."""
    why: str = ""
    owner: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Judgement of one promise."""

    promise: str
    outcome: Outcome
    checks: tuple[CheckVerdict, ...]
    disposition: Disposition
    location: SourceLocation

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of all checks."""
        return tuple(f for c in self.checks for f in c.findings)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Roll-up of several outcomes; `inapplicable` for none."""
    return min(outcomes, key=SEVERITY_ORDER.index, default=Outcome.INAPPLICABLE)
