"""The words of the report."""

from __future__ import annotations

import pytest

from compliance.model.verdict import SEVERITY_ORDER, Outcome, Reason
from compliance.report.words import MARKS, READING_ORDER, REASONS, counted, headline, moment, period

P, F, Q, U, E = Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.UNTESTED, Outcome.ERROR


def test_every_outcome_and_reason_has_words():
    assert set(MARKS) == set(Outcome) == set(READING_ORDER)
    assert set(REASONS) == set(Reason)
    assert len({m.word for m in MARKS.values()}) == len(MARKS), "words alone tell outcomes apart"
    assert READING_ORDER[:3] == SEVERITY_ORDER[:3]


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([], "No promise was judged."),
        ([F], "The promise is broken."),
        ([F, F], "All 2 promises are broken."),
        ([F, P, Q], "1 of 3 promises is broken."),
        ([F, F, P], "2 of 3 promises are broken."),
        ([Q], "The promise could not be judged."),
        ([Q, Q], "None of the 2 promises could be judged."),
        ([Q, P, U], "No promise was seen broken, but 1 of 3 could not be judged."),
        ([P], "The promise is kept, as far as could be seen."),
        ([P, P], "All 2 promises are kept, as far as could be seen."),
        ([P, U], "No promise was seen broken; 1 of 2 is kept, the rest not tested."),
        ([P, P, U], "No promise was seen broken; 2 of 3 are kept, the rest not tested."),
        ([U, U], "No promise could be tested."),
        ([E, F], "1 of 2 promises is broken. The tool itself failed on 1 promise."),
        ([E, P], "No promise was seen broken; 1 of 2 is kept. The tool itself failed on 1 promise."),
        ([E], "No promise could be tested. The tool itself failed on 1 promise."),
    ],
)
def test_headline(outcomes, said):
    assert headline(outcomes) == said


def test_counted():
    assert [counted(n, "page") for n in (0, 1, 1200)] == ["0 pages", "1 page", "1,200 pages"]
    assert counted(2, "address", "addresses") == "2 addresses"


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2026-11-22T13:01:44.120+00:00", "22 November 2026, 13:01 UTC"),
        ("2026-11-22T13:01:44Z", "22 November 2026, 13:01 UTC"),
        ("2026-11-22T23:30:00-02:00", "23 November 2026, 01:30 UTC"),
        ("2026-11-22T13:01", "22 November 2026, 13:01"),
        ("2017-02-22", "22 February 2017"),
        ("0001-01-01T00:00:00+05:00", "0001-01-01T00:00:00+05:00"),
        ("yesterday", "yesterday"),
        ("", ""),
    ],
)
def test_moment(iso, said):
    assert moment(iso) == said


def test_period_says_a_shared_day_once():
    assert period("2026-11-22T13:01Z", "2026-11-22T13:09Z") == "22 November 2026, 13:01 to 13:09 UTC"
    assert period("2026-11-22T13:01Z", "2026-11-22T13:01Z") == "22 November 2026, 13:01 UTC"
    assert period("2026-11-22T23:59Z", "2026-11-23T00:01Z") == (
        "22 November 2026, 23:59 UTC to 23 November 2026, 00:01 UTC"
    )
    assert period("2026-11-22T13:01Z", "") == "22 November 2026, 13:01 UTC"
    assert period("soon", "later") == "soon to later"
