import pytest

from compliance.checks import judge
from compliance.checks.links._channels import decoded, valid_address
from compliance.checks.links.contact_reachable import ContactReachable, contact_reachable
from compliance.model.trials import FormCase, FormProbe, ProbeResult
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import VisitOutcome
from compliance.testing import context, form, form_field, link, observe, site, visit

HOME = "https://shop.test/"
PRIVACY = "https://shop.test/privacy"
CONTACT = "https://shop.test/contact"
SITE = site(policy_url=PRIVACY)
TO_CONTACT = link(CONTACT, "Contact us")
MESSAGE = form(form_field("text", "textarea", "Your message"), name="Write to us")
NEWSLETTER = form(form_field("email", "email", "E-mail"), name="Newsletter")


def policy(*links, **fields):
    return visit(PRIVACY, links=list(links), **fields)


def verdict(*visits, at=SITE, **parameters):
    observations = observe(*visits)
    observations.site = at
    return judge(
        contact_reachable,
        ContactReachable.model_validate(parameters),
        observations,
        context(site=at, claim="capability"),
    )


def causes(judged):
    return [f.cause for f in judged.findings]


@pytest.mark.parametrize(
    "page",
    [
        policy(link("mailto:privacy@shop.test?subject=Hello", "Mail")),
        policy(link("mailto:?to=privacy@shop.test", "Mail")),
        policy(link("mailto:a%40b,privacy%40shop.test", "Mail")),
        policy(text="Write to privacy@shop.test."),
        policy(text="Write to privacy [at] mail.shop [dot] test, please."),
        policy(text="Write to privacy(at)shop.test"),
        policy(text="We read shop@gmail.com"),
        policy(link("tel:+49-30-1234567", "Call")),
        policy(link(f"{HOME}cdn-cgi/l/email-protection#1a73747c755a6972756a346e7f696e", "[email protected]")),
        policy(forms=[MESSAGE]),
    ],
)
def test_a_channel_on_the_policy_page(page):
    judged = verdict(visit(HOME), page)
    assert judged.outcome is Outcome.PASSED
    assert judged.notes


@pytest.mark.parametrize(
    ("page", "cause"),
    [
        (policy(), "no-contact-channel"),
        (policy(link("mailto:privacy@shop.test", "Mail", visible=False)), "no-contact-channel"),
        (policy(link("mailto:?subject=Look%20at%20this", "Share")), "no-contact-channel"),
        (policy(link("mailto:privacy.shop.test", "Mail")), "invalid-email"),
        (policy(link("mailto:you@example.com", "Mail")), "invalid-email"),
        (policy(link("tel:call-us", "Call")), "invalid-phone"),
        (policy(forms=[NEWSLETTER]), "no-contact-channel"),
        (policy(forms=[form(form_field("text", "textarea", "Your message"), submit="")]), "no-contact-channel"),
        (policy(text="We pay @home and 3@4, see version 2.0 at shop.test"), "no-contact-channel"),
    ],
)
def test_no_working_channel(page, cause):
    assert causes(verdict(visit(HOME), page)) == [cause]


def test_one_click_to_a_contact_page():
    pages = (policy(TO_CONTACT), visit(CONTACT, forms=[MESSAGE]))
    assert verdict(*pages).outcome is Outcome.PASSED
    assert causes(verdict(*pages, clicks=0)) == ["no-contact-channel"]


def test_two_clicks():
    pages = (policy(link("https://shop.test/help", "Help")), visit("https://shop.test/help", links=[TO_CONTACT]))
    end = visit(CONTACT, forms=[MESSAGE])
    assert causes(verdict(*pages, end)) == ["no-contact-channel"]
    assert verdict(*pages, end, clicks=2).outcome is Outcome.PASSED


def test_a_link_may_redirect_to_the_contact_page():
    pages = (policy(link("https://shop.test/c", "x")), visit("https://shop.test/c", final_url=CONTACT, forms=[MESSAGE]))
    assert verdict(*pages).outcome is Outcome.PASSED


def test_an_address_field_is_enough_only_on_a_contact_page():
    call_back = form(form_field("phone", "tel", "Phone"), name="Call me back")
    there = visit(CONTACT, forms=[call_back])
    assert verdict(policy(TO_CONTACT), there).outcome is Outcome.PASSED
    assert causes(verdict(policy(link(CONTACT, "Offers")), there)) == ["no-contact-channel"]


def test_a_dead_contact_page_is_a_finding_though_another_channel_works():
    gone = visit(CONTACT, outcome=VisitOutcome.HTTP_ERROR, status=404)
    judged = verdict(policy(TO_CONTACT, text="privacy@shop.test"), gone)
    assert causes(judged) == ["contact-page-gone"]
    assert judged.findings[0].evidence[0].locator == CONTACT


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (policy(TO_CONTACT), Reason.COVERAGE),
        (policy(link("https://help.other.test/", "Contact")), Reason.COVERAGE),
        (policy(text="Write to data@group.test"), Reason.NEEDS_HUMAN),
        (policy(text=None), Reason.INSTRUMENT),
        (policy(errors={"forms": "frame not reached"}), Reason.INSTRUMENT),
        (visit(PRIVACY, outcome=VisitOutcome.TIMEOUT, status=None), Reason.COVERAGE),
        (visit(PRIVACY, outcome=VisitOutcome.BLOCKED_BY_SITE, status=403), Reason.BLOCKED),
        (visit(HOME), Reason.COVERAGE),
    ],
)
def test_what_cannot_be_told_is_a_doubt(page, reason):
    judged = verdict(visit(HOME), page)
    assert (judged.outcome, judged.reason) == (Outcome.INCONCLUSIVE, reason)


def test_a_contact_page_that_timed_out_is_a_doubt():
    judged = verdict(policy(TO_CONTACT), visit(CONTACT, outcome=VisitOutcome.TIMEOUT))
    assert (judged.outcome, judged.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)


def test_only_the_channels_asked_for():
    page = policy(link("tel:+49301234567", "Call"), text="Shop Ltd., Hauptstraße 5, Berlin")
    assert causes(verdict(page, channels=["email", "form"])) == ["no-contact-channel"]
    assert verdict(page, channels=["phone"]).outcome is Outcome.PASSED
    assert verdict(page, channels=["post"]).outcome is Outcome.PASSED
    judged = verdict(page, channels=["email", "chat"])
    assert (judged.outcome, judged.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert verdict(policy(link("https://wa.me/491701234567", "Chat")), channels=["chat"]).outcome is Outcome.PASSED


def test_from_every_page():
    pages = (
        visit(HOME, links=[TO_CONTACT]),
        visit(CONTACT, forms=[MESSAGE]),
        visit("https://shop.test/lost"),
        visit("https://other.test/"),
    )
    judged = verdict(*pages, at=site(), **{"from": "every-page"})
    assert [f.url for f in judged.findings] == ["https://shop.test/lost"]
    assert verdict(*pages[:2], at=site(), **{"from": "every-page"}).outcome is Outcome.PASSED


def test_no_policy_page_in_the_spec():
    judged = verdict(visit(HOME), at=site())
    assert (judged.outcome, judged.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


@pytest.mark.parametrize(
    "address", ["a@b.test", "first.last+tag@sub.shop.co.uk", "o'neil@shop.test", "x@xn--mnchen-3ya.de"]
)
def test_valid_addresses(address):
    assert valid_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@b",
        "a..b@c.test",
        ".a@c.test",
        "a@-c.test",
        "a b@c.test",
        "a@c.test.",
        f"{'x' * 65}@c.test",
        "a@example.org",
    ],
)
def test_invalid_addresses(address):
    assert not valid_address(address)


def test_protected_addresses():
    assert decoded("1a73747c755a6972756a346e7f696e") == "info@shop.test"
    assert not valid_address(decoded("00ff"))


def test_a_form_that_is_not_sent_even_when_filled_in_is_no_channel():
    stuck = form(form_field("message", "textarea"), name="Write to us")
    other = form(form_field("email", "email"), action="https://shop.test/newsletter")

    def judged(*results):
        probes = tuple(
            FormProbe(f"p{n}", PRIVACY, one, (FormCase("full", (), result),)) for n, (one, result) in enumerate(results)
        )
        observations = observe(policy(forms=[stuck]), forms_tried=probes)
        observations.site = SITE
        return judge(contact_reachable, ContactReachable(), observations, context(site=SITE))

    sent, refused = ProbeResult.SUBMITTED, ProbeResult.BLOCKED_SCRIPT
    assert judged((stuck, sent)).outcome is Outcome.PASSED
    broken = judged((stuck, refused), (other, sent))
    assert broken.outcome is Outcome.FAILED
    assert broken.findings[0].cause == "invalid-form"
    assert judged((stuck, refused)).outcome is Outcome.INCONCLUSIVE, "no form was sent: it may be our hand"
