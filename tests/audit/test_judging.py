"""Lines of a spec, and the verdicts on those that nobody can observe."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from audit.prepared import SPEC, project
from compliance.audit import Kind, judge_unseen, lines
from compliance.model.verdict import Outcome, Reason
from compliance.specfile.loader import LoadedSpec, load_spec


def loaded(root: Path, spec: str = SPEC) -> LoadedSpec:
    return load_spec(project(root, spec))


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    found = [(line.promise.id, line.kind.value, line.check, line.visitor) for line in lines(loaded(tmp_path))]
    assert found == [
        ("nobody-else", "check", "third-party-requests", "visitor"),
        ("only-friends", "check", "third-party-requests", "visitor"),
        ("deletion", "attestation", "attestation", ""),
        ("deletion", "awaited", "deletion-request", ""),
        ("backups", "not-testable", "not-testable", ""),
    ]


def test_a_promise_is_judged_for_its_own_visitors(tmp_path: Path) -> None:
    spec = SPEC.replace("promises:", "visitors: [{name: english}, {name: german}]\npromises:", 1)
    spec = spec.replace("severity: high", "visitors: [german]", 1)
    found = [line.visitor for line in lines(loaded(tmp_path, spec)) if line.kind is Kind.CHECK]
    assert found == ["german", "english", "german"]


def test_what_is_awaited_and_what_cannot_be_tested(tmp_path: Path) -> None:
    *_, awaited, untestable = lines(loaded(tmp_path))
    verdict = judge_unseen(awaited, date(2026, 11, 22))
    assert (verdict.check, verdict.outcome, verdict.reason) == (
        "deletion-request",
        Outcome.UNTESTED,
        Reason.NOT_AVAILABLE,
    )
    assert "whether a request for deletion is answered." in verdict.explanation
    verdict = judge_unseen(untestable, date(2026, 11, 22))
    assert (verdict.outcome, verdict.reason) == (Outcome.UNTESTED, Reason.NOT_TESTABLE)
    assert verdict.explanation == "Backups cannot be seen from outside."


@pytest.mark.parametrize(
    ("today", "reason", "said"),
    [
        (date(2026, 10, 31), Reason.ATTESTATION_MISSING, "still to come"),
        (date(2026, 11, 1), Reason.ATTESTED, "Valid until 2027-11-01"),
        (date(2027, 11, 1), Reason.ATTESTED, "Valid until 2027-11-01"),
        (date(2027, 11, 2), Reason.ATTESTATION_EXPIRED, "expired on 2027-11-01"),
    ],
)
def test_an_attestation_counts_for_twelve_months(tmp_path: Path, today: date, reason: Reason, said: str) -> None:
    attestation = next(line for line in lines(loaded(tmp_path)) if line.kind is Kind.ATTESTATION)
    verdict = judge_unseen(attestation, today)
    assert (verdict.outcome, verdict.reason) == (Outcome.UNTESTED, reason)
    assert said in verdict.explanation
    assert "Head of support" in verdict.explanation


def test_a_line_with_a_check_needs_observations(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="decided by observation"):
        judge_unseen(lines(loaded(tmp_path))[0], date(2026, 11, 22))
