"""Who is contacted, on pages that say it openly and on pages that try to hide it."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from compliance.checks import judge
from compliance.checks.transport.third_party_requests import ThirdPartyRequests, third_party_requests
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import SEEN, Aspect, VisitOutcome
from compliance.testing import HOME, context, observe, request, site, visit


def verdict_of(*requests, parameters=None, where=None, **page):
    parameters = parameters or ThirdPartyRequests()
    where = where or site()
    observed = observe(visit(requests=list(requests), **page))
    return judge(third_party_requests, parameters, observed, context(site=where))


def parties(verdict):
    return [finding.cause.removeprefix("party:") for finding in verdict.findings]


def test_own_requests_pass():
    verdict = verdict_of(request(HOME, resource="document"), request("https://cdn.shop.test/a.js", resource="script"))
    assert verdict.outcome is Outcome.PASSED
    assert verdict.reason is Reason.NOT_OBSERVED


def test_a_third_party_breaks_it_once_for_each_page_and_party():
    verdict = verdict_of(
        request("https://a.stats.test/1.js", resource="script", initiator="https://shop.test/app.js?v=3"),
        request("https://b.stats.test/2.gif", headers=(("Referer", HOME), ("Cookie", "<12 characters>"))),
        request("https://ads.test/p"),
    )
    assert verdict.outcome is Outcome.FAILED
    assert parties(verdict) == ["ads.test", "stats.test"]
    found = verdict.findings[1]
    assert found.message.startswith("2 requests to stats.test (1 image, 1 script), started by https://shop.test/app.js")
    assert "a cookie and the address of the page" in found.message
    assert [e.locator for e in found.evidence] == ["https://a.stats.test/1.js", "https://b.stats.test/2.gif"]
    assert {e.aspect for e in found.evidence} == {Aspect.REQUESTS.value}
    assert found.url == HOME


@pytest.mark.parametrize(
    ("home", "url", "party"),
    [
        ("https://example.com/", "https://example.com.evil.test/x", "evil.test"),
        ("https://example.com/", "http://example.com@evil.test/x", "evil.test"),
        ("https://example.com/", "https://notexample.com/x", "notexample.com"),
        ("https://shop.co.uk/", "https://other.co.uk/x", "other.co.uk"),
        ("https://me.github.io/", "https://you.github.io/x", "you.github.io"),
        ("https://example.com/", "https://xn--exmple-cua.com/x", "xn--exmple-cua.com"),
        ("https://example.com/", "wss://live.evil.test:8443/socket", "evil.test"),
        ("https://example.com/", "http://203.0.113.7/x", "203.0.113.7"),
    ],
)
def test_look_alikes_are_third_parties(home, url, party):
    verdict = verdict_of(request(url), where=site(home), url=home)
    assert parties(verdict) == [party]


def test_an_address_that_cannot_be_read_is_no_pass():
    verdict = verdict_of(request("https://[broken/x"))
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


@pytest.mark.parametrize(
    ("home", "url"),
    [
        ("https://www.shop.co.uk/", "https://static.shop.co.uk/x"),
        ("https://example.com/", "https://EXAMPLE.com:8443/x"),
        ("https://example.com/", "https://example.com./x"),
        ("https://münchen.de/", "https://cdn.xn--mnchen-3ya.de/x"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:9000/x"),
        ("http://[::1]:8000/", "http://[::1]:9000/x"),
        ("https://example.com/", "data:image/gif;base64,R0lGOD"),
        ("https://example.com/", "blob:https://evil.test/0b1c"),
        ("https://example.com/", "about:srcdoc"),
        ("https://example.com/", "chrome-extension://abc/evil.test.js"),
    ],
)
def test_own_hosts_and_what_never_leaves_the_browser_pass(home, url):
    assert verdict_of(request(url), where=site(home), url=home).outcome is Outcome.PASSED


def test_blocked_and_failed_requests_are_attempts():
    verdict = verdict_of(
        request("https://ads.test/1", status=None, error="net::ERR_NAME_NOT_RESOLVED"),
        request("https://ads.test/2", status=None, blocked="inspector"),
        request("https://ads.test/3"),
    )
    assert parties(verdict) == ["ads.test"]
    assert "2 of 3 did not get through (net::ERR_NAME_NOT_RESOLVED), the attempt counts" in verdict.findings[0].message


def test_a_beacon_sent_on_leaving_counts():
    verdict = verdict_of(request("https://ads.test/bye", resource="ping", method="POST", body="{}", induced=True))
    assert "sent when the page was left" in verdict.findings[0].message
    assert "with a body" in verdict.findings[0].message


def test_a_redirect_hop_counts_whether_or_not_it_has_a_record():
    hop = request("https://shop.test/count.gif", status=302, redirected_to="https://pixel.test/p.gif")
    assert parties(verdict_of(hop)) == ["pixel.test"]
    both = verdict_of(hop, request("https://pixel.test/p.gif"))
    assert parties(both) == ["pixel.test"]
    assert both.findings[0].message.startswith("1 request ")


def test_a_page_that_bounces_over_a_tracker_is_caught():
    verdict = verdict_of(
        request(HOME, id="r", resource="document", status=302, redirected_to="https://bounce.test/?to=shop"),
        request("https://bounce.test/?to=shop", id="r#1", resource="document", redirected_to="https://shop.test/in"),
        request("https://shop.test/in", id="r#2", resource="document"),
        final_url="https://shop.test/in",
    )
    assert parties(verdict) == ["bounce.test"]


@pytest.mark.parametrize(
    ("outcome", "final"), [(VisitOutcome.BLOCKED_SCOPE, ""), (VisitOutcome.OK, "https://partner.test/")]
)
def test_an_address_that_forwards_to_another_site_is_a_link(outcome, final):
    out = "https://shop.test/out"
    verdict = verdict_of(
        request(out, id="r", resource="document", status=302, redirected_to="https://partner.test/"),
        request("https://partner.test/", id="r#1", resource="document", frame=""),
        *([request("https://tracker.test/t", frame="https://partner.test/")] if outcome in SEEN else []),
        url=out,
        final_url=final,
        outcome=outcome,
    )
    assert not verdict.findings
    assert verdict.notes == (
        "An address of the site forwards to partner.test: a link there, which this check does not judge.",
    )


def test_what_the_site_loads_before_it_forwards_counts():
    out = "https://shop.test/out"
    verdict = verdict_of(
        request(out, id="a", resource="document"),
        request("https://ads.test/p", frame=out, initiator=out),
        request("https://partner.test/", id="b", resource="document", frame=out),
        url=out,
        final_url="https://partner.test/",
    )
    assert parties(verdict) == ["ads.test"]


def test_frames_and_workers_of_third_parties_count_as_the_sites_doing():
    verdict = verdict_of(
        request("https://player.test/embed", resource="document", initiator=HOME),
        request("https://player.test/v.js", resource="script", frame="https://player.test/embed"),
        request("https://adnet.test/x", resource="fetch", frame="https://player.test/embed"),
        request("https://sync.test/w", resource="fetch", frame="https://shop.test/worker.js"),
    )
    assert parties(verdict) == ["adnet.test", "player.test", "sync.test"]


def test_first_party_domains_and_processors_are_known():
    where = site(first_party=["shop-cdn.test"], processors={"stats.test": "web statistics"})
    verdict = verdict_of(request("https://x.shop-cdn.test/"), request("https://eu.stats.test/c"), where=where)
    assert verdict.outcome is Outcome.PASSED
    assert verdict.notes == ("stats.test was contacted; the spec names it: web statistics.",)


def test_allow_covers_a_domain_or_one_host():
    one = ThirdPartyRequests(allow={"CDN.assets.test"})
    both = (request("https://cdn.assets.test/a"), request("https://spy.assets.test/b"))
    verdict = verdict_of(*both, parameters=one)
    assert [e.locator for e in verdict.findings[0].evidence] == ["https://spy.assets.test/b"]
    assert verdict_of(both[0], parameters=one).outcome is Outcome.PASSED
    assert verdict_of(*both, parameters=ThirdPartyRequests(allow={"assets.test"})).outcome is Outcome.PASSED


def test_allow_knows_international_names():
    verdict = verdict_of(request("https://www.xn--mnchen-3ya.de/"), parameters=ThirdPartyRequests(allow={"münchen.de"}))
    assert verdict.outcome is Outcome.PASSED


@pytest.mark.parametrize("entry", ["https://ads.test", "*.ads.test", "ads.test:443", "ads.test/x", "co.uk", ""])
def test_what_is_no_domain_is_refused(entry):
    with pytest.raises(ValidationError, match=r"host name|public suffix"):
        ThirdPartyRequests(allow={entry})


def test_the_reasonable_reading_says_who_is_behind_a_host_where_that_is_known():
    reasonable = ThirdPartyRequests(reading="reasonable")
    known = verdict_of(request("https://ajax.googleapis.com/jquery.js"), parameters=reasonable)
    assert "; behind it, by third-party-web" in known.explanation
    assert "Google CDN (files for many sites); whether ajax.googleapis.com is an" in known.explanation
    assert "behind it" not in verdict_of(request("https://fonts.test/f"), parameters=reasonable).explanation


def test_the_reasonable_reading_needs_a_human_for_unlisted_parties():
    reasonable = ThirdPartyRequests(reading="reasonable")
    verdict = verdict_of(request("https://fonts.test/f.woff2"), parameters=reasonable)
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert "fonts.test" in verdict.explanation
    allowed = ThirdPartyRequests(reading="reasonable", allow={"fonts.test"})
    assert verdict_of(request("https://fonts.test/f.woff2"), parameters=allowed).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "url", ["https://api.ipify.org?format=json", "https://ipinfo.io/json", "https://www.cloudflare.com/cdn-cgi/trace"]
)
@pytest.mark.parametrize("reading", ["strict", "reasonable"])
def test_asking_a_service_for_the_visitors_address_breaks_both_readings(reading, url):
    verdict = verdict_of(request(url, resource="fetch"), parameters=ThirdPartyRequests(reading=reading))
    assert verdict.outcome is Outcome.FAILED
    assert "asked for the visitor's own IP address" in verdict.findings[0].message


def test_cloudflares_other_pages_are_no_such_service():
    verdict = verdict_of(request("https://www.cloudflare.com/x"), parameters=ThirdPartyRequests(reading="reasonable"))
    assert verdict.outcome is Outcome.INCONCLUSIVE


def test_not_recorded_is_no_pass():
    observed = observe(visit(requests=None))
    verdict = judge(third_party_requests, ThirdPartyRequests(), observed, context())
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_a_page_cut_short_still_shows_what_it_contacted():
    page = visit(requests=[request("https://ads.test/p")], outcome=VisitOutcome.PARTIAL)
    verdict = judge(third_party_requests, ThirdPartyRequests(), observe(page), context())
    assert verdict.outcome is Outcome.FAILED
    empty = judge(third_party_requests, ThirdPartyRequests(), observe(replace(page, requests=())), context())
    assert empty.outcome is Outcome.INCONCLUSIVE


def test_the_finding_is_the_same_on_another_host_and_port():
    one = verdict_of(request("https://ads.test:444/p?u=1")).findings[0]
    two = verdict_of(request("https://x.ads.test/q"), url="https://shop.test/b").findings[0]
    assert one.cause == two.cause == "party:ads.test"
