"""Links to other sites, and whether visitors are told: five ways to tell, and many ways to look as if."""

import pytest
from pydantic import ValidationError

from compliance.checks import Pin, PinState, judge
from compliance.checks.links.external_link_disclaimer import ExternalLinkDisclaimer, external_link_disclaimer
from compliance.model.trials import LinkProbe
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import VisitOutcome
from compliance.testing import HOME, context, link, observe, site, visit

POLICY = "https://shop.test/privacy"
CLAUSE = (
    "Though our website shares links to other sites, we take no responsibility for the content or the privacy "
    "practices employed by such websites."
)
WORDS = "We keep an account of your orders and nothing else, for as long as the law wants it. " * 4
SHOP = site(policy_url=POLICY)
TO_POLICY = link(POLICY, "Privacy")
OUT = link("https://partner.test/page", "Partner")


def policy(text=WORDS + CLAUSE, **fields):
    return visit(POLICY, text=text, links=fields.pop("links", []), **fields)


def verdict_of(*visits, where=SHOP, probes=None, pin=None, **parameters):
    observed = observe(*visits, links_tried=probes)
    observed.site = where
    return judge(external_link_disclaimer, ExternalLinkDisclaimer(**parameters), observed, context(site=where), pin=pin)


def causes(verdict):
    return [finding.cause for finding in verdict.findings]


def test_the_founding_clause_one_click_away_passes():
    verdict = verdict_of(visit(links=[OUT, TO_POLICY]), policy())
    assert verdict.outcome is Outcome.PASSED
    assert verdict.examined == 1
    assert any("we take no responsibility" in note for note in verdict.notes)


def test_without_the_clause_it_fails_on_the_policy_page():
    verdict = verdict_of(visit(links=[OUT, TO_POLICY]), policy(WORDS))
    assert causes(verdict) == ["no-clause"]
    assert verdict.findings[0].url == POLICY


def test_a_clause_that_was_dropped_fails_though_the_quote_is_gone():
    removed = Pin(PinState.REMOVED, "the clause")
    assert verdict_of(visit(links=[OUT, TO_POLICY]), policy(WORDS), pin=removed).outcome is Outcome.FAILED


def test_a_page_with_external_links_needs_a_visible_link_to_the_policy():
    bare = visit("https://shop.test/blog", links=[OUT])
    hidden = visit("https://shop.test/faq", links=[OUT, link(POLICY, "Privacy", visible=False)])
    fine = visit("https://shop.test/team", links=[link("https://shop.test/x")])
    verdict = verdict_of(bare, hidden, fine, policy())
    assert causes(verdict) == ["policy-not-reachable", "policy-not-reachable"]
    assert [f.url for f in verdict.findings] == [bare.url, hidden.url]
    assert "partner.test" in verdict.findings[0].message
    assert "not visible" in verdict.findings[1].message


def test_the_reasonable_reading_lets_one_page_in_twenty_pass():
    pages = [visit(f"https://shop.test/{n}", links=[OUT, TO_POLICY]) for n in range(19)]
    bare = visit("https://shop.test/odd", links=[OUT])
    assert verdict_of(*pages, bare, policy(), reading="reasonable").outcome is Outcome.PASSED
    assert verdict_of(*pages, bare, policy()).outcome is Outcome.FAILED
    assert verdict_of(*pages[:18], bare, policy(), reading="reasonable").outcome is Outcome.FAILED


def test_a_link_that_redirects_to_the_policy_leads_to_it():
    moved = visit("https://shop.test/datenschutz", final_url=POLICY, text=WORDS + CLAUSE)
    home = visit(links=[OUT, link("https://shop.test/datenschutz#top", "Datenschutz")])
    assert verdict_of(home, moved, policy()).outcome is Outcome.PASSED


def test_the_policy_page_itself_needs_no_link_to_itself():
    assert verdict_of(policy(links=[OUT])).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("pages", "where", "reason"),
    [
        ([visit(links=[OUT, TO_POLICY])], SHOP, Reason.COVERAGE),
        ([visit(links=[OUT, TO_POLICY]), policy(outcome=VisitOutcome.TIMEOUT)], SHOP, Reason.COVERAGE),
        ([visit(links=[OUT])], site(), Reason.NEEDS_HUMAN),
    ],
)
def test_a_policy_that_was_not_seen_is_no_verdict(pages, where, reason):
    verdict = verdict_of(*pages, where=where)
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, reason)


def test_a_policy_page_without_text_is_no_missing_clause():
    verdict = verdict_of(visit(links=[OUT, TO_POLICY]), policy("Loading …"))
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    cut = policy(WORDS, errors={"text": "the first million characters"})
    assert verdict_of(visit(links=[OUT, TO_POLICY]), cut).reason is Reason.INSTRUMENT


def test_a_policy_in_a_language_without_words_needs_the_clause_from_the_spec():
    home, polish = visit(links=[OUT, TO_POLICY]), policy(WORDS + "Nie odpowiadamy za inne strony.", language="pl")
    assert verdict_of(home, polish).reason is Reason.NEEDS_HUMAN
    assert verdict_of(home, polish, clause="Nie odpowiadamy za inne strony.").outcome is Outcome.PASSED


def test_the_clause_of_the_spec_may_differ_in_spelling_and_not_in_meaning():
    home = visit(links=[OUT, TO_POLICY])
    said = "We take no responsibility for the practices of other pages"
    assert verdict_of(home, policy(WORDS + said + "!"), clause=said).outcome is Outcome.PASSED
    turned = verdict_of(home, policy(WORDS + said.replace(" no ", " full ")), clause=said)
    assert (turned.outcome, turned.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert causes(verdict_of(home, policy(WORDS), clause=said)) == ["no-clause"]


@pytest.mark.parametrize(
    "href",
    [
        "https://shop.test:8443/x",
        "https://www.shop.test./x",
        "mailto:a@partner.test",
        "tel:+12025550134",
        "javascript:location='https://partner.test'",
        "data:text/html,<a href=https://partner.test>",
    ],
)
def test_what_is_no_link_to_another_site(href):
    verdict = verdict_of(visit(links=[link(href, "x")]), policy(WORDS))
    assert verdict.outcome is Outcome.INAPPLICABLE


@pytest.mark.parametrize(
    ("home", "href"),
    [
        ("https://example.com/", "https://example.com.evil.test/"),
        ("https://example.com/", "http://example.com@evil.test/"),
        ("https://shop.co.uk/", "https://other.co.uk/"),
        ("https://me.github.io/", "https://you.github.io/"),
        ("https://example.com/", "https://xn--exmple-cua.com/"),
    ],
)
def test_look_alikes_are_other_sites(home, href):
    verdict = verdict_of(visit(home, links=[link(href, raw=href.partition(":")[2])]), where=site(home))
    assert verdict.examined == 1


def test_first_party_and_exempt_domains_need_no_notice():
    where = site(first_party=["shop-group.test"], policy_url=POLICY)
    pages = (visit(links=[link("https://www.shop-group.test/"), OUT]), policy(WORDS))
    assert verdict_of(*pages, where=where, exempt={"partner.test"}).outcome is Outcome.INAPPLICABLE
    assert verdict_of(*pages, where=where, exempt={"www.partner.test"}).examined == 1


def test_share_links_are_counted_in_a_note():
    share = link("https://www.facebook.com/sharer/sharer.php?u=https://shop.test/", "Share")
    verdict = verdict_of(visit(links=[share]), policy(WORDS))
    assert verdict.outcome is Outcome.INAPPLICABLE
    assert verdict.notes == ("1 links open a network's dialog for sharing; they were not judged.",)
    profile = link("https://www.facebook.com/shop", "Our page")
    assert verdict_of(visit(links=[profile]), policy(WORDS)).examined == 1


def test_links_inside_frames_of_others_are_not_the_sites():
    inside = link("https://partner.test/", frame="https://player.test/embed")
    own = link("https://partner.test/", frame="https://shop.test/frame")
    assert verdict_of(visit(links=[inside]), policy(WORDS)).outcome is Outcome.INAPPLICABLE
    assert verdict_of(visit(links=[own]), policy(WORDS)).outcome is Outcome.FAILED


def test_links_that_were_not_recorded_are_no_pass():
    assert verdict_of(visit(links=None), policy()).outcome is Outcome.INCONCLUSIVE
    cut = visit(links=[OUT, TO_POLICY], errors={"links": "the first 5000 of 9000"})
    assert verdict_of(cut, policy()).reason is Reason.INSTRUMENT


def test_external_links_that_nobody_sees_are_a_doubt():
    verdict = verdict_of(visit(links=[link("https://partner.test/", visible=False)]), policy())
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


def test_a_page_notice_stands_on_every_page_with_external_links():
    told = visit("https://shop.test/a", links=[OUT], text=f"Menu\n{CLAUSE}\nImprint")
    silent = visit("https://shop.test/b", links=[OUT], text="We are not responsible for lost parcels.")
    inside = visit("https://shop.test/c", links=[], text="")
    assert verdict_of(told, inside, form="page-notice").outcome is Outcome.PASSED
    verdict = verdict_of(told, silent, inside, form="page-notice")
    assert [(f.cause, f.url) for f in verdict.findings] == [("no-page-notice", silent.url)]
    unread = visit("https://shop.test/d", links=[OUT], text=None)
    assert verdict_of(told, unread, form="page-notice").reason is Reason.INSTRUMENT


def test_every_link_is_marked_or_named_in_a_finding():
    marked = link("https://partner.test/a", "Partner (external)")
    titled = link("https://other.test/", "Other", title="External site")
    assert verdict_of(visit(links=[marked, titled]), form="link-marking").outcome is Outcome.PASSED
    verdict = verdict_of(
        visit(links=[marked, titled, OUT]),
        visit("https://shop.test/b", links=[OUT, link("https://bare.test/", "")]),
        form="link-marking",
    )
    assert causes(verdict) == ["unmarked:partner.test", "unmarked:bare.test"]
    assert verdict.findings[0].message == "The link “Partner” to partner.test is not marked as external."
    assert verdict.findings[0].evidence[0].locator == "https://partner.test/page"


def test_rel_and_a_new_tab_are_no_mark():
    tab = link(
        "https://partner.test/", "Partner (opens in a new tab)", rel="external nofollow noopener", target="_blank"
    )
    assert verdict_of(visit(links=[tab]), form="link-marking").outcome is Outcome.FAILED


def test_a_link_marked_on_one_page_and_not_on_another_is_found():
    verdict = verdict_of(
        visit(links=[link("https://partner.test/page", "Partner ↗")]),
        visit("https://shop.test/b", links=[OUT]),
        form="link-marking",
    )
    assert [f.url for f in verdict.findings] == ["https://shop.test/b"]


def test_the_reasonable_reading_lets_one_link_in_twenty_pass():
    marked = [link(f"https://p{n}.test/", f"P{n} (external)") for n in range(19)]
    verdict = verdict_of(visit(links=[*marked, OUT]), form="link-marking", reading="reasonable")
    assert verdict.outcome is Outcome.PASSED
    assert any("1 of 20" in note for note in verdict.notes)
    assert verdict_of(visit(links=[*marked, OUT]), form="link-marking").outcome is Outcome.FAILED


def test_an_adjacent_notice_stands_in_the_block_around_the_link():
    near = link("https://partner.test/", "Partner", context="You are leaving our site for Partner.")
    far = link("https://other.test/", "Other", context="Read more at Other.")
    assert verdict_of(visit(links=[near]), form="adjacent-notice").outcome is Outcome.PASSED
    assert causes(verdict_of(visit(links=[near, far]), form="adjacent-notice")) == ["no-notice-beside:other.test"]


def click(href, result, notice=""):
    return LinkProbe(f"click-{href}", HOME, href, result, notice, "shot")


def test_a_click_meets_a_notice_that_names_the_destination():
    hrefs = ["https://partner.test/page", "https://other.test/"]
    page = visit(links=[link(href) for href in hrefs])
    good = (
        click(hrefs[0], "dialog", "You are leaving for www.partner.test. Continue? Cancel"),
        click(hrefs[1], "same_site_page", "Continue to https://other.test/"),
    )
    assert verdict_of(page, probes=good, form="interstitial").outcome is Outcome.PASSED
    left = verdict_of(page, probes=(good[0], click(hrefs[1], "left")), form="interstitial")
    assert causes(left) == ["no-interstitial:other.test"]
    assert left.findings[0].evidence[0].blob == "shot"


def test_a_dialog_that_is_about_something_else_is_no_notice():
    probes = (click(OUT.href, "dialog", "We use cookies. Accept all? notpartner.test"),)
    assert verdict_of(visit(links=[OUT]), probes=probes, form="interstitial").outcome is Outcome.FAILED
    relaxed = verdict_of(visit(links=[OUT]), probes=probes, form="interstitial", reading="reasonable")
    assert relaxed.outcome is Outcome.PASSED
    assert any("does not name" in note for note in relaxed.notes)


@pytest.mark.parametrize(
    ("probes", "reason"),
    [
        (None, Reason.INSTRUMENT),
        ((), Reason.COVERAGE),
        ((click(OUT.href, "nothing"),), Reason.INSTRUMENT),
        ((click(OUT.href, "error"),), Reason.INSTRUMENT),
    ],
)
def test_clicks_that_were_not_tried_are_no_pass(probes, reason):
    verdict = verdict_of(visit(links=[OUT]), probes=probes, form="interstitial")
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, reason)


def test_clicks_are_read_for_that_form_only():
    assert verdict_of(visit(links=[OUT, TO_POLICY]), policy(), probes=None).outcome is Outcome.PASSED


def test_a_page_cut_short_breaks_nothing():
    partial = visit(links=[OUT], outcome=VisitOutcome.PARTIAL)
    assert not verdict_of(partial, policy()).findings


def test_parameters_are_checked():
    for wrong in ({"form": "policy_clause"}, {"clause": "…"}, {"exempt": {"*.test"}}):
        with pytest.raises(ValidationError):
            ExternalLinkDisclaimer(**wrong)
