"""What follows from an outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from compliance.audit.disposing import dispose, waiver_notice
from compliance.model.spec import Promise, Waiver
from compliance.model.verdict import CheckVerdict, Finding, Outcome, Reason, Repeated

TODAY = date(2026, 11, 22)
PIXEL, FONT = Finding("a pixel", "https://shop.test/", "party:pixel.test"), Finding("a font", "", "party:font.test")


def promise(**fields: object) -> Promise:
    defaults: dict[str, object] = {"id": "p", "quote": ["We do."], "category": "data-security"}
    return Promise.model_validate(defaults | fields)


def waiver(expires: date = TODAY, findings: list[str] | None = None) -> Waiver:
    return Waiver(reason="goes in March", owner="Web team", expires=expires, findings=findings or [])


def verdict(outcome: Outcome, *findings: Finding) -> CheckVerdict:
    return CheckVerdict("a-check", outcome, Reason.OBSERVED, "", findings)


BROKEN, UNCLEAR = verdict(Outcome.FAILED, PIXEL, FONT), verdict(Outcome.INCONCLUSIVE)
KEPT, FAULT = verdict(Outcome.PASSED), verdict(Outcome.ERROR)


def repeated(*told: Outcome, findings: tuple[Finding, ...] = (), unconfirmed: tuple[Finding, ...] = ()) -> CheckVerdict:
    """What repetitions that say `told` say together."""
    each = tuple(Repeated(n, outcome, Reason.OBSERVED, "") for n, outcome in enumerate(told, 1))
    outcome = Outcome.FAILED if findings else Outcome.INCONCLUSIVE
    return replace(verdict(outcome, *findings), unconfirmed=unconfirmed, repetitions=each)


F, P, U = Outcome.FAILED, Outcome.PASSED, Outcome.INCONCLUSIVE
FLAKY = repeated(F, P, P, unconfirmed=(PIXEL,))


@pytest.mark.parametrize(
    ("fields", "verdicts", "kind"),
    [
        ({}, [BROKEN], "enforced"),
        ({}, [UNCLEAR], "enforced"),
        ({"on_inconclusive": "warn"}, [UNCLEAR], "advisory"),
        ({"on_inconclusive": "warn"}, [BROKEN, UNCLEAR], "enforced"),
        ({"waiver": waiver()}, [BROKEN], "waived"),
        ({"waiver": waiver()}, [UNCLEAR, KEPT], "waived"),
        ({"waiver": waiver()}, [KEPT], "enforced"),
        ({"waiver": waiver()}, [BROKEN, FAULT], "enforced"),
        ({"waiver": waiver(date(2026, 11, 21))}, [BROKEN], "enforced"),
        ({"waiver": waiver(findings=["party:pixel.test"])}, [BROKEN], "enforced"),
        ({"waiver": waiver(findings=["party:pixel.test", FONT.identity("p", "a-check")])}, [BROKEN], "waived"),
        ({"waiver": waiver(findings=["party:pixel.test", "party:font.test"])}, [BROKEN, UNCLEAR], "enforced"),
        ({"waiver": waiver(findings=["party:pixel.test"])}, [UNCLEAR], "enforced"),
        ({"waiver": waiver(), "on_inconclusive": "warn"}, [BROKEN, UNCLEAR], "waived"),
        # Who accepted a deviation accepted it also where it is seen now and then; and nothing else.
        ({"waiver": waiver(findings=["party:pixel.test"])}, [FLAKY], "waived"),
        ({"waiver": waiver(findings=["party:font.test"])}, [FLAKY], "enforced"),
        ({"waiver": waiver(findings=["party:pixel.test"])}, [repeated(F, U, P, unconfirmed=(PIXEL,))], "enforced"),
        (
            {"waiver": waiver(findings=["party:font.test"])},
            [repeated(F, F, P, findings=(FONT,), unconfirmed=(PIXEL,))],
            "enforced",
        ),
    ],
)
def test_disposition(fields: dict[str, object], verdicts: list[CheckVerdict], kind: str) -> None:
    assert dispose(promise(**fields), verdicts, TODAY).kind == kind


def test_a_waived_promise_says_by_whom_and_until_when() -> None:
    found = dispose(promise(waiver=waiver()), [BROKEN], TODAY)
    assert (found.why, found.owner, found.until) == ("goes in March", "Web team", TODAY)


@pytest.mark.parametrize(
    ("given", "verdicts", "said"),
    [
        (waiver(), [BROKEN], ""),
        (waiver(), [KEPT], "not needed"),
        (waiver(), [verdict(Outcome.UNTESTED)], ""),
        (waiver(date(2026, 1, 1)), [BROKEN], "expired on 2026-01-01 and is void"),
        (waiver(findings=["party:pixel.test"]), [BROKEN], "does not cover 1 finding:"),
        (waiver(findings=["party:pixel.test", "party:font.test"]), [BROKEN], ""),
    ],
)
def test_notices_of_waivers(given: Waiver, verdicts: list[CheckVerdict], said: str) -> None:
    notice = waiver_notice(promise(waiver=given), verdicts, TODAY)
    assert (said in notice) if said else not notice
