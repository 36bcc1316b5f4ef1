"""Names of the site that stand for somebody else's servers."""

from dataclasses import replace

import pytest

from compliance.checks import judge
from compliance.checks.transport.cname_cloaking import CnameCloaking, cname_cloaking
from compliance.model.observation import Alias, NameLookup
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Session
from compliance.testing import HOME, MemoryObservations, context, cookie, request, set_cookie, site, visit

STATS = "https://stats.shop.test/p.gif"
UIDS = {
    Session.FIRST: "f3a91c0e5b7d4826",
    Session.FIRST_AGAIN: "f3a91c0e5b7d4826",
    Session.SECOND: "0b84d6e2f19a5c73",
    Session.THIRD: "c75e20a9d4b1f836",
}


def looked_up(host, *aliases, **fields):
    return NameLookup(host, tuple(Alias(a, 300) for a in aliases), "9.9.9.9:53", "2026-11-22T12:00:00.000Z", **fields)


HOME_NAME = looked_up("shop.test")


def pages(uids=None, *, url=STATS, headers=(), wide=True, **fields):
    """The home page in all sessions, with a cookie of that session's value."""
    made = []
    for session, uid in (uids or dict.fromkeys(UIDS, "constant")).items():
        jar = [cookie("uid", uid, domain=".shop.test" if wide else "shop.test", lifetime=9e6)]
        asked = [request(HOME, resource="document"), request(url.format(uid=uid), headers=headers)]
        given = {"session": session, "requests": asked, "jar": jar} | fields
        made.append(visit(**given))
    return made


def verdict(visits, *names, processors=None, **parameters):
    own = site(processors=processors or {})
    observed = MemoryObservations(own, list(visits), names=names)
    return judge(cname_cloaking, CnameCloaking(**parameters), observed, context(site=own))


def test_names_without_aliases_pass():
    found = verdict(pages(), HOME_NAME, looked_up("stats.shop.test"))
    assert (found.outcome, found.reason, found.examined) == (Outcome.PASSED, Reason.NOT_OBSERVED, 2)


def test_an_alias_of_the_sites_own_passes_without_a_word():
    found = verdict(pages(), HOME_NAME, looked_up("stats.shop.test", "web.shop.test"))
    assert (found.outcome, found.notes) == (Outcome.PASSED, ())


def test_a_service_known_for_it_is_a_finding_wherever_it_is_in_the_chain():
    found = verdict(pages(), HOME_NAME, looked_up("stats.shop.test", "shop.sc.omtrdc.net", "d1.cloudfront.net"))
    (finding,) = found.findings
    assert finding.cause == "alias:omtrdc.net"
    assert "stats.shop.test is an alias of shop.sc.omtrdc.net (300 s) → d1.cloudfront.net" in finding.message
    assert "says 9.9.9.9:53" in finding.message
    assert finding.evidence[0].locator == STATS


def test_hosting_is_noted_and_passes():
    found = verdict(pages(), HOME_NAME, looked_up("stats.shop.test", "d1.cloudfront.net"))
    assert found.outcome is Outcome.PASSED
    assert any("a provider of hosting" in note for note in found.notes)


def test_a_name_that_only_ends_like_a_provider_is_somebody_else():
    assert verdict(pages(), HOME_NAME, looked_up("stats.shop.test", "x.notgithub.io")).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    "named",
    [{"processors": {"measure.test": "statistics"}}, {"allow": {"measure.test"}}, {"allow": {"a.measure.test"}}],
)
def test_who_is_named_is_noted(named):
    found = verdict(pages(), HOME_NAME, looked_up("stats.shop.test", "a.measure.test"), **named)
    assert found.outcome is Outcome.PASSED
    assert any("named in the spec" in note for note in found.notes)


MEASURE = looked_up("stats.shop.test", "shop.measure.test")


def test_another_owner_without_an_identifier_is_for_a_person():
    found = verdict(pages(headers=(("cookie", "<40 characters>"),)), HOME_NAME, MEASURE)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert "who measure.test is" in found.explanation


def test_another_owner_that_gets_the_cookie_with_an_identifier():
    found = verdict(pages(UIDS, headers=(("cookie", "<20 characters>"),)), HOME_NAME, MEASURE)
    (finding,) = found.findings
    assert finding.cause == "alias:measure.test"
    assert "cookie “uid”, was sent there by the browser, in the Cookie header" in finding.message
    assert UIDS[Session.FIRST] not in str(finding)


@pytest.mark.parametrize(
    "fields",
    [
        {"wide": False, "headers": (("cookie", "<20 characters>"),)},  # for shop.test alone
        {"headers": (("cookie", "<9 characters>"),)},  # some other cookie: this one has no room in it
        {"headers": ()},
    ],
)
def test_a_cookie_that_was_not_sent_there_is_no_finding(fields):
    assert verdict(pages(UIDS, **fields), HOME_NAME, MEASURE).outcome is Outcome.INCONCLUSIVE


def test_a_cookie_of_that_host_itself_counts():
    visits = [
        replace(v, jar=(cookie("uid", UIDS[v.session], domain="stats.shop.test", lifetime=9e6),))
        for v in pages(UIDS, headers=(("cookie", "<20 characters>"),))
    ]
    assert verdict(visits, HOME_NAME, MEASURE).outcome is Outcome.FAILED


def test_an_attempt_shows_that_subdomains_get_it():
    visits = [
        replace(v, set_cookies=(set_cookie("uid", UIDS[v.session], host_only=False, lifetime=9e6),))
        for v in pages(UIDS, wide=False, headers=(("cookie", "<20 characters>"),))
    ]
    assert verdict(visits, HOME_NAME, MEASURE).outcome is Outcome.FAILED


def test_another_owner_that_gets_the_identifier_in_an_address():
    (finding,) = verdict(pages(UIDS, url=STATS + "?u={uid}", wide=False), HOME_NAME, MEASURE).findings
    assert "in an address or a body" in finding.message


def test_the_identifier_at_another_host_says_nothing_about_this_one():
    visits = [
        replace(v, requests=(*v.requests, request(f"https://api.shop.test/?u={UIDS[v.session]}")))
        for v in pages(UIDS, wide=False)
    ]
    assert verdict(visits, HOME_NAME, MEASURE, looked_up("api.shop.test")).outcome is Outcome.INCONCLUSIVE


def test_a_host_that_nobody_looked_up_is_no_pass():
    found = verdict(pages(), HOME_NAME)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    assert "stats.shop.test was contacted and not looked up" in found.explanation


def test_a_lookup_that_failed_is_no_pass():
    found = verdict(pages(), HOME_NAME, looked_up("stats.shop.test", error="Timeout"))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_when_nobody_asked_dns_it_is_no_pass():
    own = site()
    found = judge(cname_cloaking, CnameCloaking(), MemoryObservations(own, pages()), context(site=own))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_without_requests_it_is_no_pass():
    found = verdict(pages(requests=None), HOME_NAME)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_names_that_were_not_asked_for_on_purpose_do_not_pass_alone():
    mapped = {"unasked": "its address was given by --resolve"}
    names = [looked_up("shop.test", **mapped), looked_up("stats.shop.test", **mapped)]
    found = verdict(pages(), *names)
    assert (found.outcome, found.reason) == (Outcome.INAPPLICABLE, Reason.NOTHING_TO_EXAMINE)
    assert "stats.shop.test was not looked up: its address was given by --resolve." in found.notes


def test_others_names_and_addresses_are_not_the_sites():
    asked = [request(u) for u in (HOME, "https://ads.test/p", "http://127.0.0.1/p", "data:,x", "http://localhost/")]
    assert verdict(pages(requests=asked), HOME_NAME).examined == 1
