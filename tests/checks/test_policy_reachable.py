import pytest

from compliance.checks import judge
from compliance.checks.policy_text._target import policy_target
from compliance.checks.policy_text._terms import names_policy
from compliance.checks.policy_text.policy_reachable import PolicyReachable, policy_reachable
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import VisitOutcome
from compliance.testing import context, form, form_field, link, observe, site, visit

HOME = "https://shop.test/"
PRIVACY = "https://shop.test/privacy"
TO_PRIVACY = link(PRIVACY, "Privacy Policy")
POLICY = visit(PRIVACY, language="en", text="We keep promises.")


def page(path="", *links, **fields):
    return visit(f"{HOME}{path}", links=list(links), language=fields.pop("language", "en"), **fields)


def verdict(*visits, policy_url=PRIVACY, **parameters):
    observations = observe(*visits)
    observations.site = site(policy_url=policy_url)
    return judge(
        policy_reachable,
        PolicyReachable(**parameters),
        observations,
        context(site=observations.site, claim="disclosure"),
    )


def causes(judged):
    return sorted((f.cause, f.url.removeprefix(HOME)) for f in judged.findings)


def test_a_link_on_every_page():
    judged = verdict(page("", TO_PRIVACY), page("a", link(PRIVACY, "small print")), POLICY)
    assert judged.outcome is Outcome.PASSED
    assert judged.reason is Reason.OBSERVED


def test_each_page_without_a_link_is_a_finding():
    judged = verdict(page("", TO_PRIVACY), page("a"), page("b", link("https://shop.test/x", "Terms")), POLICY)
    assert causes(judged) == [("no-link", "a"), ("no-link", "b")]


def test_a_link_that_cannot_be_seen():
    hidden = link(PRIVACY, "Privacy Policy", visible=False)
    assert causes(verdict(page("", hidden), POLICY)) == [("link-hidden", "")]
    assert verdict(page("", hidden, TO_PRIVACY), POLICY).outcome is Outcome.PASSED


def test_two_clicks():
    pages = (page("", TO_PRIVACY), page("a", link(HOME, "Home")), page("b", link("https://shop.test/a", "A")), POLICY)
    assert causes(verdict(*pages, clicks=1)) == [("no-link", "a"), ("no-link", "b")]
    assert causes(verdict(*pages, clicks=2)) == [("no-link", "b")]


def test_a_form_that_asks_for_personal_data_is_named():
    asks = form(form_field("email", "email", "E-mail"), name="Newsletter")
    judged = verdict(page("", TO_PRIVACY), page("a", forms=[asks]), POLICY)
    assert causes(judged) == [("no-link-at-form", "a")]
    assert "“Newsletter”" in judged.findings[0].message
    assert "E-mail" in judged.findings[0].message


def test_a_search_box_is_no_personal_form():
    asks = form(form_field("q", "search", "Search"))
    assert causes(verdict(page("", forms=[asks]), POLICY)) == [("no-link", "")]


def test_the_address_of_the_policy_may_redirect():
    moved = visit(PRIVACY, final_url="https://shop.test/legal/privacy/", language="en")
    judged = verdict(page("", link("https://shop.test/legal/privacy/", "Data")), page("a", TO_PRIVACY), moved)
    assert judged.outcome is Outcome.PASSED


def test_the_policy_answers_404():
    gone = visit(PRIVACY, outcome=VisitOutcome.HTTP_ERROR, status=404)
    judged = verdict(page("", TO_PRIVACY), page("a", TO_PRIVACY), gone)
    assert causes(judged) == [("policy-page-http-404", ""), ("policy-page-http-404", "a")]


def test_the_policy_redirects_to_the_start_page():
    judged = verdict(page("", link(HOME, "Home"), TO_PRIVACY), visit(PRIVACY, final_url=HOME))
    assert causes(judged)[0][0] == "policy-page-is-start-page"


def test_the_policy_is_somebody_elses_page():
    judged = verdict(page("", TO_PRIVACY), visit(PRIVACY, final_url="https://other.test/privacy"))
    assert causes(judged) == [("policy-page-of-somebody-else", "")]


def test_the_spec_may_name_a_policy_at_another_host():
    hosted = "https://policies.test/shop"
    judged = verdict(page("", link(hosted, "Privacy")), visit(hosted), policy_url=hosted)
    assert judged.outcome is Outcome.PASSED


def test_a_pdf_is_a_policy_and_a_picture_is_none():
    def document(kind):
        return visit(PRIVACY, outcome=VisitOutcome.OK_NON_HTML, content_type=kind)

    assert verdict(page("", TO_PRIVACY), document("application/pdf")).outcome is Outcome.PASSED
    assert causes(verdict(page("", TO_PRIVACY), document("image/png"))) == [("policy-page-not-a-document", "")]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (VisitOutcome.TIMEOUT, Reason.COVERAGE),
        (VisitOutcome.BLOCKED_BY_SITE, Reason.BLOCKED),
        (VisitOutcome.NET_ERROR, Reason.COVERAGE),
    ],
)
def test_a_policy_that_could_not_be_seen_is_a_doubt(outcome, reason):
    judged = verdict(page("", TO_PRIVACY), visit(PRIVACY, outcome=outcome, status=None))
    assert (judged.outcome, judged.reason) == (Outcome.INCONCLUSIVE, reason)


def test_a_policy_that_was_not_visited_is_a_doubt():
    judged = verdict(page("", TO_PRIVACY))
    assert (judged.outcome, judged.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)


def test_a_link_of_that_name_to_another_page_is_a_doubt():
    tips = page("tips", link(HOME, "Home"), TO_PRIVACY)
    judged = verdict(page("", link("https://shop.test/tips", "Privacy Policy")), tips, POLICY)
    assert (judged.outcome, judged.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


def test_the_policy_in_another_language():
    german = page("datenschutz", TO_PRIVACY, language="de")
    home = page("de", link("https://shop.test/datenschutz", "Datenschutz"), language="de-DE")
    assert verdict(home, german, POLICY).outcome is Outcome.PASSED


def test_without_a_policy_page_in_the_spec_the_name_decides():
    policy = page("p", link(HOME, "Home"), link("https://shop.test/notice", "Privacy"))
    other = page("notice", link("https://shop.test/p", "Privacy notice"))
    home = page("", link("https://shop.test/p", "Privacy notice"))
    assert verdict(home, policy, other, policy_url="").outcome is Outcome.PASSED
    assert causes(verdict(home, policy, other, page("a"), policy_url="")) == [("no-link", "a")]


def test_a_link_of_that_name_to_a_page_that_is_gone():
    gone = visit("https://shop.test/p", outcome=VisitOutcome.HTTP_ERROR, status=404)
    judged = verdict(page("", link("https://shop.test/p", "Privacy")), gone, policy_url="")
    assert causes(judged) == [("policy-page-gone", "")]


def test_a_link_to_the_page_itself_is_no_policy():
    judged = verdict(page("", link(f"{HOME}#", "Privacy")), POLICY)
    assert causes(judged) == [("no-link", "")]


def test_further_names():
    home, other = (
        page("", link("https://shop.test/p", "You and us")),
        page("p", link("https://shop.test/q", "you and us")),
    )
    last = page("q", link("https://shop.test/p", "YOU AND US"))
    assert verdict(home, other, last, policy_url="", names=["You and us"]).outcome is Outcome.PASSED
    assert verdict(home, other, last, policy_url="").outcome is Outcome.FAILED


def test_links_that_were_not_recorded_are_a_doubt():
    for hole in ({"links": None}, {"errors": {"links": "cut after 10000"}}):
        judged = verdict(visit(HOME, **hole), POLICY)
        assert (judged.outcome, judged.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_the_policy_page_needs_no_link_to_itself_and_pages_that_are_no_html_none():
    picture = visit("https://shop.test/a.png", outcome=VisitOutcome.OK_NON_HTML, content_type="image/png")
    assert verdict(page("", TO_PRIVACY), POLICY, picture).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Privacy", "en"),
        ("PRIVACY POLICY", "ja"),
        ("Privacy & Cookies", "en-GB"),
        ("Terms & Privacy", "en"),
        ("Datenschutzerklärung", "de"),
        ("Politique de confidentialité", "fr"),
        ("Política de privacidad", "es"),
        ("Informativa sulla privacy", "it"),
        ("Privacybeleid", "nl"),
        ("Política de Privacidade", "pt"),
        ("Polityka prywatności", "pl"),
        ("Personvernerklæring", "no"),
        ("Πολιτική απορρήτου", "el"),
        ("プライバシーポリシー", "ja"),
        ("隐私政策", "zh-Hans"),
        ("Datenschutz", ""),
    ],
)
def test_names(text, language):
    assert names_policy(text, language)


@pytest.mark.parametrize(
    "text", ["", "Privacy settings", "Cookies", "Legal", "Privacy screens for laptops", "How privacy works " * 9]
)
def test_other_names(text):
    assert not names_policy(text, "en")


def test_the_target_of_links():
    observations = observe(
        page("", language="en-US"),
        visit("https://shop.test/old", final_url="https://shop.test/privacy/"),
        visit(PRIVACY, final_url="https://shop.test/privacy/", language="de-AT"),
        visit("https://shop.test/gone", outcome=VisitOutcome.HTTP_ERROR, status=410),
        visit("https://other.test/"),
    )
    observations.site = site(policy_url=PRIVACY)
    target = policy_target(observations, context(site=observations.site))
    assert target.keys == {PRIVACY, "https://shop.test/privacy/", "https://shop.test/old"}
    assert target.language == "de"
    assert target.seen == {HOME: "en"}
    assert target.gone == {"https://shop.test/gone"}
    assert target.fault is None
    assert target.doubt is None
