"""Services that name visitors: on pages that load them, and on pages that only look as if."""

import pytest
from pydantic import ValidationError

from compliance.checks import judge
from compliance.checks.identity.no_identity_resolution import NoIdentityResolution, no_identity_resolution
from compliance.model.verdict import Outcome, Reason
from compliance.testing import HOME, context, observe, request, site, visit

COMPANY = "https://sc.lfeeder.com/lftracker_v1_x.js"
PERSON = "https://ddwl4m2hdecbv.cloudfront.net/b/K/K.js.gz"
ECHO = "https://api.ipify.org/?format=json"
LOOKUP = "https://reveal.other.test/v1/companies/reveal?authorization=pk"


def verdict_of(*requests, where=None, **parameters):
    where = where or site()
    observed = observe(visit(requests=[r if not isinstance(r, str) else request(r) for r in requests]))
    return judge(no_identity_resolution, NoIdentityResolution(**parameters), observed, context(site=where))


def test_others_pass():
    verdict = verdict_of(HOME, "https://cdn.shop.test/a.js", "https://fonts.test/f", "https://logo.clearbit.com/x.test")
    assert verdict.outcome is Outcome.PASSED


def test_a_service_breaks_it_once_for_each_page():
    verdict = verdict_of(request(COMPANY, resource="script"), "https://tr.lfeeder.com/?sid=1", PERSON)
    assert verdict.outcome is Outcome.FAILED
    assert [f.cause for f in verdict.findings] == ["identity:Leadfeeder (Dealfront)", "identity:RB2B"]
    first = verdict.findings[0]
    assert "2 requests" in first.message
    assert "which company" in first.message
    assert "https://www.leadfeeder.com/" in first.message
    assert [e.excerpt for e in first.evidence] == [COMPANY, "https://tr.lfeeder.com/?sid=1"]


def test_an_attempt_counts():
    verdict = verdict_of(request(COMPANY, status=None, error="net::ERR_NAME_NOT_RESOLVED"))
    assert verdict.outcome is Outcome.FAILED
    assert "the attempt counts" in verdict.findings[0].message


@pytest.mark.parametrize(
    ("url", "strict", "reasonable"),
    [
        (COMPANY, Outcome.FAILED, Outcome.INCONCLUSIVE),
        (PERSON, Outcome.FAILED, Outcome.FAILED),
        (ECHO, Outcome.INCONCLUSIVE, Outcome.PASSED),
        (LOOKUP, Outcome.INCONCLUSIVE, Outcome.PASSED),
        ("https://data.shop.test/v3/company/details", Outcome.INCONCLUSIVE, Outcome.PASSED),
    ],
)
def test_the_table_of_readings(url, strict, reasonable):
    assert verdict_of(url).outcome is strict
    relaxed = verdict_of(url, reading="reasonable")
    assert relaxed.outcome is reasonable
    assert relaxed.notes or reasonable is not Outcome.PASSED
    if strict is Outcome.INCONCLUSIVE:
        assert verdict_of(url).reason is Reason.NEEDS_HUMAN


def test_being_a_processor_excuses_nothing():
    named = site(processors={"lfeeder.com": "statistics"})
    assert verdict_of(COMPANY, where=named).outcome is Outcome.FAILED


def test_what_is_allowed_is_noted_with_its_reason():
    verdict = verdict_of(COMPANY, ECHO, allow={"lfeeder.com": "visitors agreed.", "api.ipify.org": "shown to them"})
    assert verdict.outcome is Outcome.PASSED
    assert any("visitors agreed." in note for note in verdict.notes)
    with pytest.raises(ValidationError, match="needs a reason"):
        NoIdentityResolution(allow={"lfeeder.com": " "})


def test_a_page_that_forwards_to_a_service_is_a_link():
    away = "https://serve.albacross.com/"
    gone = visit(requests=[request(HOME, resource="document", redirected_to=away)], final_url=away)
    assert judge(no_identity_resolution, NoIdentityResolution(), observe(gone), context()).outcome is not Outcome.FAILED


def test_what_was_not_recorded_is_no_pass():
    verdict = judge(no_identity_resolution, NoIdentityResolution(), observe(visit(requests=None)), context())
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
