"""Companies known for following visitors, and hosts of which nothing is said."""

import typing

import pytest
from pydantic import ValidationError

from compliance.checks import judge
from compliance.checks.transport._parties import contacts, unreadable
from compliance.checks.transport.known_trackers import Category, KnownTrackers, known_trackers
from compliance.knowledge.lists import Lists, read
from compliance.knowledge.owners import CATEGORIES
from compliance.model.lists import ListInfo
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


# ---- the user's lists

INFO = ListInfo("mine", "", "", "/tmp/mine.txt", "7", "2026-11-01", "", 1, "installed")


def by_list(text, *requests, page=HOME, **parameters):
    made = [r if not isinstance(r, str) else request(r) for r in requests]
    lists = Lists({"mine": (INFO, read("mine", text))})
    given = KnownTrackers(lists=["mine"], **parameters)
    return judge(known_trackers, given, observe(visit(page, requests=made)), context(lists=lists))


def test_a_rule_of_a_list_is_a_finding_with_list_rule_and_line():
    verdict = by_list("! Title: x\n\n||ads.odd.test^$third-party,image\n", "https://ads.odd.test/p.gif")
    (finding,) = verdict.findings
    assert finding.cause == "list:mine:ads.odd.test"
    assert "on the list mine 7 of 2026-11-01, line 3, `||ads.odd.test^$third-party,image`" in finding.message
    assert finding.evidence[0].excerpt.startswith("mine line 3: ||ads.odd.test^$third-party,image · https://ads.odd")


@pytest.mark.parametrize(
    ("rules", "url", "fields", "fails"),
    [
        ("||odd.test^", "https://odd.test/p", {}, True),
        ("||odd.test^\n@@||odd.test/p", "https://odd.test/p", {}, False),
        ("||odd.test^$important\n@@||odd.test/p", "https://odd.test/p", {}, True),
        ("||odd.test^$script", "https://odd.test/p", {}, False),
        ("||odd.test^$script", "https://odd.test/p", {"resource": "script"}, True),
        ("||odd.test^$domain=shop.test", "https://odd.test/p", {}, True),
        ("||odd.test^$domain=other.test", "https://odd.test/p", {}, False),
        ("||odd.test^$domain=ads.test", "https://odd.test/p", {"frame": "https://ads.test/f"}, True),
        ("||odd.test^$third-party", "https://odd.test/f", {"resource": "document", "frame": "https://odd.test/"}, True),
        ("||odd.test^$subdocument", "https://odd.test/f", {"resource": "document"}, True),
        ("||odd.test^", "https://odd.test/p", {"status": None, "blocked": "csp"}, True),
        ("! Title: x\n/stats.js", "https://shop.test/stats.js", {}, True),
        ("! Title: x\n/stats.js$third-party", "https://shop.test/stats.js", {}, False),
        ("! Title: x\nshop.test", "https://shop.test/", {"resource": "document"}, False),
        ("! Title: x\n||shop.test^$document", "https://shop.test/", {"resource": "document"}, False),
        ("! Title: x\n||shop.test^", "data:image/gif;base64,shop.test", {}, False),
    ],
)
def test_options_and_exceptions_count_as_in_a_blocker(rules, url, fields, fails):
    rules = rules if rules.startswith("!") else f"! Title: x\n{rules}"
    assert by_list(rules, request(url, **fields)).outcome is (Outcome.FAILED if fails else Outcome.PASSED)


def test_a_host_of_the_site_on_a_list_is_called_one():
    (finding,) = by_list("! Title: x\n/stats.js", "https://shop.test/stats.js").findings
    assert "shop.test, a host of the site itself" in finding.message


def test_a_rule_that_is_not_understood_is_for_a_person():
    rules = "! Title: x\n||odd.test^\n@@||odd.test^$denyallow=a.test"
    verdict = by_list(rules, "https://odd.test/1", "https://odd.test/2")
    assert (verdict.outcome, verdict.reason, len(verdict.doubts)) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN, 1)
    assert "line 3 of mine" in verdict.explanation


@pytest.mark.parametrize(
    ("rules", "outcome"),
    [
        ("||odd.test^", Outcome.FAILED),
        ("||odd.test^$script", Outcome.INCONCLUSIVE),
        ("||odd.test^\n@@||odd.test^$image", Outcome.INCONCLUSIVE),
        ("||other.test^$script", Outcome.PASSED),
    ],
)
def test_a_request_whose_kind_is_not_known_meets_no_rule_about_kinds_for_sure(rules, outcome):
    lone = request("https://odd.test/p", resource="other", log_only=True, frame="")
    assert by_list(f"! Title: x\n{rules}", lone).outcome is outcome


def test_findings_of_a_list_are_one_for_each_host_and_allowed_ones_are_noted():
    rules = "! Title: x\n||odd.test^\n/p.gif"
    verdict = by_list(rules, "https://odd.test/1", "https://odd.test/2", "https://x.test/p.gif", "https://y.test/p.gif",
                      allow={"y.test": "we pay for it"})  # fmt: skip
    assert [f.cause for f in verdict.findings] == ["list:mine:odd.test", "list:mine:x.test"]
    assert "2 requests to odd.test" in verdict.findings[0].message
    assert any("y.test (mine) was contacted, which is allowed: we pay for it" in note for note in verdict.notes)


def test_owners_and_categories_of_a_list():
    web = '[{"name": "Fonts", "category": "cdn", "domains": ["*.odd.test"]}]'
    assert by_list(web, "https://odd.test/f").outcome is Outcome.PASSED
    (finding,) = by_list(web, "https://odd.test/f", categories=["cdn"]).findings
    assert "odd.test (Fonts): on the list mine 7 of 2026-11-01, `cdn`, line 1" in finding.message


def test_names_of_lists_are_names():
    with pytest.raises(ValidationError, match="is no name of a list"):
        KnownTrackers(lists=["../x"])
    assert KnownTrackers(lists=["a", "b"]).names_lists() == {"a", "b"}
    assert KnownTrackers().names_lists() == frozenset()


def test_a_list_that_is_not_there_is_a_fault_and_no_pass():
    verdict = judge(known_trackers, KnownTrackers(lists=["mine"]), observe(visit()), context())
    assert verdict.outcome is Outcome.ERROR
