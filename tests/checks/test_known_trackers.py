"""Companies known for following visitors, and hosts of which nothing is said."""

import typing

import pytest
from pydantic import ValidationError

from compliance.checks import judge
from compliance.checks.transport._parties import contacts, unreadable
from compliance.checks.transport.known_trackers import Category, KnownTrackers, known_trackers
from compliance.knowledge.owners import CATEGORIES
from compliance.model.verdict import Outcome, Reason
from compliance.testing import HOME, context, observe, request, site, visit

ANALYTICS = "https://www.google-analytics.com/g/collect?v=2"
CDN = "https://ajax.googleapis.com/jquery.js"


def verdict_of(*requests, where=None, **parameters):
    made = [r if not isinstance(r, str) else request(r) for r in requests]
    page = visit(where.url if where else HOME, requests=made)
    observed = observe(page, url=page.url)
    return judge(known_trackers, KnownTrackers(**parameters), observed, context(site=where or site()))


def test_nothing_is_said_of_hosts_that_no_data_knows():
    verdict = verdict_of(HOME, "https://ads.tracker.test/p.gif", CDN, "https://203.0.113.7/x")
    assert (verdict.outcome, verdict.notes) == (Outcome.PASSED, ())


def test_a_finding_names_host_owner_category_and_source():
    verdict = verdict_of(
        ANALYTICS, "https://region1.google-analytics.com/g/collect", "https://stats.g.doubleclick.net/"
    )
    assert [f.cause for f in verdict.findings] == ["tracker:Google Analytics", "tracker:Google/Doubleclick Ads"]
    message = verdict.findings[0].message
    assert "2 requests to region1.google-analytics.com, www.google-analytics.com: Google Analytics," in message
    assert "`analytics`, by *.google-analytics.com in third-party-web 0.30.0" in message
    assert len(verdict.findings[0].evidence) == 2


def test_an_attempt_counts():
    verdict = verdict_of(request(ANALYTICS, status=None, blocked="csp"))
    assert "1 of 1 did not get through" in verdict.findings[0].message


def test_categories_are_chosen():
    assert verdict_of(CDN, categories=["cdn"]).outcome is Outcome.FAILED
    assert verdict_of(ANALYTICS, categories=["ad"]).outcome is Outcome.PASSED
    with pytest.raises(ValidationError):
        KnownTrackers(categories=["trackers"])
    assert set(typing.get_args(Category)) == set(CATEGORIES)


def test_what_is_allowed_is_noted():
    verdict = verdict_of(ANALYTICS, allow={"google-analytics.com": "the policy names it."})
    assert verdict.outcome is Outcome.PASSED
    assert any("the policy names it." in note for note in verdict.notes)


def test_a_processor_is_judged_like_others():
    assert verdict_of(ANALYTICS, where=site(processors={"google-analytics.com": "counts"})).outcome is Outcome.FAILED


def test_the_site_is_never_judged_by_its_owner():
    own = site("https://www.facebook.com/", first_party=["google-analytics.com"])
    assert verdict_of("https://static.facebook.com/x", ANALYTICS, where=own).outcome is Outcome.PASSED


def test_what_was_not_recorded_is_no_pass():
    verdict = judge(known_trackers, KnownTrackers(), observe(visit(requests=None)), context())
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_parties_are_grouped_by_domain_and_unreadable_addresses_told():
    page = visit(requests=[request("https://a.x.test/1"), request("https://b.x.test/2"), request("https://[broken/")])
    parties, left_for = contacts(page, site())
    assert [(party.domain, len(party.requests)) for party in parties] == [("x.test", 2)]
    assert (left_for, unreadable(page)) == ([], ["https://[broken/"])
