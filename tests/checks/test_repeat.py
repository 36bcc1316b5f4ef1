"""Repetitions: what several of them say together, for every way in which they can agree and disagree."""

from dataclasses import replace
from itertools import permutations, product

import pytest

from compliance.checks import BUILTIN, Parameters, check, combine
from compliance.checks._repeat import ONE_RUN, needed, noticed
from compliance.model.verdict import CheckVerdict, Evidence, Finding, Outcome, Reason
from compliance.model.visit import Aspect

A, B = "identifier:_vid", "identifier:_uid"
GAP = Finding("a body could not be read", "https://shop.test/", "doubt:instrument:a body could not be read")


def made(statistical):
    def judge_it(visit, parameters, context):
        """It holds."""
        yield from ()

    return check("acme/it", parameters=Parameters, reads=[Aspect.REQUESTS], statistical=statistical)(judge_it)


LIKENESS, SEEN = made(True), made(False)


def passed(pages=5, **fields):
    return CheckVerdict(
        "acme/it", Outcome.PASSED, Reason.NOT_OBSERVED, f"No deviation; {pages} pages examined.",
        pages_examined=pages, pages_planned=5, visitor="visitor", **fields,
    )  # fmt: skip


def failed(*causes, url="https://shop.test/", message="tells visitors apart"):
    found = tuple(Finding(message, url, c, (Evidence(f"v-{c}", "cookies", c, blob="5f" * 32),)) for c in causes)
    said = f"{len(causes)} deviations on 1 page; 5 pages examined."
    return replace(passed(), outcome=Outcome.FAILED, reason=Reason.OBSERVED, explanation=said, findings=found)


def unclear(reason=Reason.INSTRUMENT, **fields):
    said = f"It was not seen ({reason.value})."
    return replace(passed(), outcome=Outcome.INCONCLUSIVE, reason=reason, explanation=said, doubts=(GAP,), **fields)


NOTHING = replace(passed(), outcome=Outcome.INAPPLICABLE, reason=Reason.NOTHING_TO_EXAMINE, explanation="No forms.")
FAULT = replace(passed(), outcome=Outcome.ERROR, reason=Reason.TOOL_ERROR, explanation="The check itself failed.")
EVERYTHING = (
    passed(), failed(A), failed(B), failed(A, B), unclear(), unclear(Reason.NEEDS_HUMAN), NOTHING, FAULT, None,
    replace(passed(), outcome=Outcome.UNTESTED, reason=Reason.NOT_AUTHORIZED),
    # Neither may be made by `judge`; nothing passes on them all the same.
    replace(failed(), findings=()), replace(unclear(Reason.STALE_SPEC), findings=failed(A).findings),
)  # fmt: skip
KEY = ("outcome", "reason", "pages_examined", "pages_planned")


def told(verdict):
    """What must not depend on the order of the repetitions."""
    return (
        *(getattr(verdict, name) for name in KEY),
        {(f.cause, len(f.seen_in)) for f in verdict.findings},
        {(f.cause, len(f.seen_in)) for f in verdict.unconfirmed},
        {d.cause for d in verdict.doubts},
    )


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("kind", [LIKENESS, SEEN])
def test_nothing_passes_that_one_repetition_contradicts(kind, count):
    for verdicts in product(EVERYTHING, repeat=count):
        if not any(verdicts):
            with pytest.raises(ValueError, match="no repetition"):
                combine(kind, verdicts)
            continue
        together = combine(kind, verdicts)
        outcomes = [v.outcome if v else None for v in verdicts]
        assert (together.outcome is Outcome.PASSED) == (set(outcomes) == {Outcome.PASSED}), outcomes
        assert (together.outcome is Outcome.INAPPLICABLE) == (set(outcomes) == {Outcome.INAPPLICABLE}), outcomes
        assert (together.outcome is Outcome.ERROR) == (Outcome.ERROR in outcomes), outcomes
        assert (together.reason is Reason.FLAKY) <= (together.outcome is Outcome.INCONCLUSIVE)
        assert together.explanation.strip()
        counts = [
            sum(
                v is not None and v.outcome is Outcome.FAILED and any(f.cause == c for f in v.findings)
                for v in verdicts
            )
            for c in (A, B)
        ]
        broken = max(counts) >= needed(kind, count)
        if Outcome.ERROR not in outcomes and count > 1:
            assert (together.outcome is Outcome.FAILED) == broken, outcomes
        kept = {f.cause for f in (*together.findings, *together.unconfirmed)}
        assert {c for c, n in zip((A, B), counts, strict=True) if n} <= kept, "no deviation is lost"


@pytest.mark.parametrize("kind", [LIKENESS, SEEN])
def test_the_order_of_repetitions_does_not_matter(kind):
    for verdicts in product(EVERYTHING, repeat=3):
        if any(verdicts):
            first = told(combine(kind, verdicts))
            assert all(told(combine(kind, order)) == first for order in permutations(verdicts))


def test_one_repetition_is_judged_as_ever():
    for verdict in EVERYTHING:
        if verdict is not None:
            assert combine(SEEN, [verdict]) == verdict
    alone = combine(LIKENESS, [failed(A)])
    assert (alone.outcome, alone.limits, alone.repetitions) == (Outcome.FAILED, (ONE_RUN,), ())
    assert combine(LIKENESS, [passed()]) == passed()


@pytest.mark.parametrize(("count", "enough"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (9, 6)])
def test_two_thirds(count, enough):
    assert needed(LIKENESS, count) == enough
    assert needed(SEEN, count) == 1


def test_likeness_that_two_of_three_saw():
    found = combine(LIKENESS, [failed(A), passed(), failed(A, B)])
    assert (found.outcome, found.reason) == (Outcome.FAILED, Reason.OBSERVED)
    assert [f.cause for f in found.findings] == [A]
    assert [f.cause for f in found.unconfirmed] == [B]
    assert "seen in 2 of 3 repetitions" in found.explanation
    assert "1 more in too few" in found.explanation
    assert found.findings[0].seen_in == (1, 3)
    assert [(e.repetition, e.visit) for e in found.findings[0].evidence] == [(1, f"v-{A}"), (3, f"v-{A}")]
    assert [r.outcome.value for r in found.repetitions] == ["failed", "passed", "failed"]


def test_likeness_that_one_of_three_saw():
    found = combine(LIKENESS, [passed(), passed(), failed(A)])
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.FLAKY)
    assert found.findings == ()
    assert found.unconfirmed[0].seen_in == (3,)
    assert found.unconfirmed[0].evidence[0].repetition == 3
    assert "in repetition 3 of 3 and not in repetitions 1 and 2 of 3; 2 must see it" in found.explanation


def test_a_cause_that_changes_its_name_is_never_a_pass():
    found = combine(LIKENESS, [failed("x1"), failed("x2"), failed("x3")])
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.FLAKY)
    assert "3 deviations were seen, each in fewer than 2 of 3" in found.explanation


def test_what_is_seen_as_it_is_needs_one():
    found = combine(SEEN, [passed(), failed(A, url="https://shop.test/b"), failed(B)])
    assert found.outcome is Outcome.FAILED
    assert {(f.cause, f.seen_in) for f in found.findings} == {(A, (2,)), (B, (3,))}
    assert "2 deviations on 2 pages, seen in 1 of 3 repetitions" in found.explanation
    assert found.unconfirmed == ()


def test_a_repetition_that_could_not_tell_may_still_confirm():
    found = combine(LIKENESS, [failed(A), unclear(Reason.BLOCKED), passed()])
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.BLOCKED)
    assert "1 deviation was seen in repetition 1 of 3; 2 of 3 must see one" in found.explanation
    assert combine(LIKENESS, [failed(A), unclear(), failed(A)]).outcome is Outcome.FAILED


def test_a_repetition_that_is_missing_is_no_pass():
    found = combine(LIKENESS, [passed(), passed(), None])
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    assert found.explanation == "In repetition 3 of 3: It was not made."
    assert found.pages_examined == 5
    assert combine(SEEN, [failed(A), None, None]).outcome is Outcome.FAILED


def test_the_gravest_reason_is_told():
    found = combine(SEEN, [unclear(Reason.NEEDS_HUMAN), unclear(Reason.STALE_SPEC), unclear(Reason.COVERAGE)])
    assert found.reason is Reason.STALE_SPEC
    assert found.explanation == "In repetition 2 of 3: It was not seen (stale_spec)."
    assert len(found.doubts) == 1
    assert found.doubts[0].seen_in == (1, 2, 3)


def test_what_a_changed_policy_leaves_open_is_shown():
    void = replace(unclear(Reason.STALE_SPEC), findings=failed(A).findings)
    assert combine(SEEN, [void, void]).findings[0].seen_in == (1, 2)


def test_something_to_examine_in_some_and_nothing_in_others():
    found = combine(SEEN, [passed(), NOTHING])
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.FLAKY)
    assert "something to examine in repetition 1 of 2 and nothing in repetition 2 of 2" in found.explanation
    assert combine(SEEN, [NOTHING, NOTHING]).explanation == "Both repetitions agree. No forms."


def test_a_pass_says_what_so_many_repetitions_may_miss():
    found = combine(SEEN, [passed(5), passed(3), passed(4)])
    assert found.explanation == "All 3 repetitions agree. No deviation; 3 pages examined."
    assert found.pages_examined == 3
    assert "64 % of them" in found.limits[-1]
    assert noticed(3) == pytest.approx(0.6316, abs=1e-4)


def test_notes_and_limits_say_whose_they_are():
    one, two = passed(notes=("all alike", "seen once"), limits=("budget",)), passed(notes=("all alike",))
    found = combine(SEEN, [one, two])
    assert found.notes == ("all alike", "Repetition 1: seen once")
    assert found.limits[0] == "Repetition 1: budget"


def test_a_fault_hides_nothing():
    found = combine(SEEN, [failed(A), FAULT])
    assert (found.outcome, found.reason) == (Outcome.ERROR, Reason.TOOL_ERROR)
    assert found.explanation == "In repetition 2 of 2: The check itself failed."
    assert [f.cause for f in found.findings] == [A]


def test_checks_that_tell_by_likeness_say_so():
    assert {c.id for c in BUILTIN if c.statistical} >= {
        "no-cookie-syncing", "no-fingerprinting", "no-identifying-cookies", "no-identifying-storage",
        "no-link-decoration", "no-respawning", "no-user-ids",
    }  # fmt: skip
    exact = {
        "cookie-lifetime",
        "declared-cookies",
        "known-trackers",
        "no-session-recording",
        "policy-reachable",
        "third-party-requests",
    }
    assert not exact & {c.id for c in BUILTIN if c.statistical}
