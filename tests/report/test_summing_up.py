"""What was not tested never hides what was, nor the other way round."""

from compliance.model.location import SourceLocation
from compliance.model.verdict import CheckVerdict, Disposition, Outcome, Reason, Verdict, worst
from compliance.report.summing_up import NOT_JUDGED, aside_of, mark_of, told


def _verdict(*checks):
    return Verdict("p", worst(c.outcome for c in checks), checks, Disposition(), SourceLocation("s.yaml"))


KEPT = CheckVerdict("links", Outcome.PASSED, Reason.OBSERVED, "No deviation.", pages_examined=12)
AWAITED = CheckVerdict("prints", Outcome.UNTESTED, Reason.NOT_AVAILABLE, "It does not exist.")
INSIDE = CheckVerdict("not-testable", Outcome.UNTESTED, Reason.NOT_TESTABLE, "Nobody sees the logs.")
BROKEN = CheckVerdict("cookies", Outcome.FAILED, Reason.OBSERVED, "1 deviation.")


def test_a_promise_of_which_a_part_was_examined_says_both():
    verdict = _verdict(KEPT, AWAITED, INSIDE)
    assert mark_of(verdict).word == "partly tested"
    assert aside_of(verdict) == ""
    assert told(verdict) == (
        "No deviation in what was examined (links, on 12 pages). Not examined, for want of a check in this version: "
        "prints. Part of it cannot be seen from outside."
    )


def test_one_that_was_not_tested_at_all_says_why():
    assert told(_verdict(INSIDE)) == "Nobody sees the logs."
    assert aside_of(_verdict(INSIDE)) == "not testable from outside"
    assert mark_of(_verdict(INSIDE)).word == "not tested"


def test_a_broken_one_says_what_broke_it():
    assert told(_verdict(KEPT, AWAITED, BROKEN)) == "1 deviation."


def test_one_that_was_not_judged_is_not_kept():
    assert told(None) == NOT_JUDGED
    assert mark_of(None).outcome is Outcome.UNTESTED


def test_many_checks_are_counted():
    many = [
        CheckVerdict(f"c{n}", Outcome.PASSED, Reason.OBSERVED, "", pages_examined=3, visitor=v)
        for n in range(6)
        for v in "ab"
    ]
    assert told(_verdict(*many, INSIDE)).startswith("No deviation in what was examined (6 checks, on 3 pages).")
    assert told(_verdict(*many[:10], INSIDE)).startswith("No deviation in what was examined (c0, c1, c2, c3, c4, on 3")
