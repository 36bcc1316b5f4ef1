"""Links of three visitors and one return, compared."""

import base64
import hashlib
import random
from dataclasses import replace

import pytest

from compliance.checks import judge
from compliance.checks.identity.no_link_decoration import NoLinkDecoration, no_link_decoration
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Session
from compliance.testing import context, cookie, link, observe, request, set_cookie, site, visit

HOME, ABOUT = "https://shop.test/", "https://shop.test/about"
WHO = {Session.FIRST: "A", Session.FIRST_AGAIN: "A", Session.SECOND: "B", Session.THIRD: "C"}


def hexid(who):
    return f"{random.Random(who).getrandbits(64):016x}"


def crawl(href, *, pages=(HOME, ABOUT), sampled=None, kept="cookie", lasts=True, sessions=WHO, **fields):
    """`href(number, page)` makes the address of the one link of each page."""
    visits = []
    for session in sessions:
        who = WHO[session] if lasts or session is not Session.FIRST_AGAIN else "again"
        number = hexid(who)
        jar = [cookie("v", number, lifetime=86_400 if lasts else None)] if kept == "cookie" else []
        for page in pages if session is Session.FIRST else sampled or pages:
            links = [link(href(number, page), text="Partner"), link("https://shop.test/contact")]
            visits.append(visit(page, session=session, links=links, jar=jar, **fields))
    return visits


def verdict(visits, of=None, **parameters):
    of = of or site()
    return judge(
        no_link_decoration,
        NoLinkDecoration(**parameters),
        observe(*visits, first_party=of.first_party),
        context(site=of),
    )


PLAIN = {
    "parameter": (lambda n, _: f"https://partner.test/x?a=1&ref={n}", "link:partner.test:parameter:ref"),
    "fragment": (lambda n, _: f"https://partner.test/x#s={n}", "link:partner.test:fragment:s"),
    "bare fragment": (lambda n, _: f"https://partner.test/x#{n}", "link:partner.test:fragment:"),
    "path": (lambda n, _: f"https://partner.test/r/{n}/x", "link:partner.test:path:2 of 4"),
    "host": (lambda n, _: f"https://{n}.partner.test/", "link:partner.test:host:"),
    "base64": (
        lambda n, _: f"https://partner.test/?d={base64.b64encode(f'id={n}'.encode()).decode()}",
        "link:partner.test:parameter:d",
    ),
    "hash": (
        lambda n, _: f"https://partner.test/?h={hashlib.sha256(n.encode()).hexdigest()}",
        "link:partner.test:parameter:h",
    ),
}


@pytest.mark.parametrize("kept", ["cookie", "elsewhere"])
@pytest.mark.parametrize("lasts", [True, False])
@pytest.mark.parametrize("name", PLAIN)
def test_the_visitors_number_in_a_link_is_found_wherever_it_is_kept(name, lasts, kept):
    href, cause = PLAIN[name]
    found = verdict(crawl(href, kept=kept, lasts=lasts))
    assert [f.cause for f in found.findings] == [cause], found.explanation
    assert hexid("A") not in found.findings[0].message


INNOCENT = {
    "nothing": lambda n, page: "https://partner.test/",
    "campaign": lambda n, page: "https://partner.test/?utm_id=c7f3a9d2e8b14605",
    "page address": lambda n, page: f"https://partner.test/share?u={page}",
    "content": lambda n, page: f"https://partner.test/watch?v={hexid(page)}",
    "own": lambda n, page: f"https://shop.test/next?sid={n}",
    "mail": lambda n, page: f"mailto:a@partner.test?subject={n}",
    "short": lambda n, page: f"https://partner.test/?g={n[:1]}",
}


@pytest.mark.parametrize("name", INNOCENT)
@pytest.mark.parametrize("kept", ["cookie", "elsewhere"])
def test_what_names_content_or_stays_passes(name, kept):
    found = verdict(crawl(INNOCENT[name], kept=kept))
    assert found.outcome is Outcome.PASSED, found.explanation


def test_a_nonce_passes():
    numbers = iter(range(1000))
    found = verdict(crawl(lambda n, _: f"https://partner.test/?x={hexid(f'n{next(numbers)}')}", kept="elsewhere"))
    assert found.outcome is Outcome.PASSED, found.explanation


def test_one_page_alone_needs_a_person_unless_a_cookie_holds_the_number():
    href = PLAIN["parameter"][0]
    alone = verdict(crawl(href, pages=(HOME,), kept="elsewhere"))
    assert (alone.outcome, alone.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


def test_a_number_that_stays_on_pages_the_others_did_not_see_is_found():
    """It ends with the browser, and only one page was seen by all: on that page alone it looks like a nonce."""
    pages = (HOME, ABOUT, "https://shop.test/blog")
    found = verdict(
        crawl(
            lambda n, _: f"https://partner.test/?ref={n}", pages=pages, sampled=(HOME,), kept="elsewhere", lasts=False
        )
    )
    assert [f.cause for f in found.findings] == ["link:partner.test:parameter:ref"], found.explanation


def test_what_differs_and_was_seen_once_is_no_pass():
    found = verdict(crawl(lambda n, _: f"https://partner.test/?ref={n}", pages=(HOME,), kept="elsewhere", lasts=False))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE), found.explanation


def test_a_page_that_only_the_first_visitor_saw_is_searched_for_cookies():
    def href(number, page):
        return f"https://partner.test/?ref={number}" if page == ABOUT else "https://partner.test/"

    assert verdict(crawl(href, sampled=(HOME,))).outcome is Outcome.FAILED


def test_an_own_link_that_keeps_an_identifier_is_noted():
    found = verdict(crawl(INNOCENT["own"]))
    assert any("Links inside the site" in note for note in found.notes)
    session_only = verdict(crawl(INNOCENT["own"], lasts=False))
    assert not any("Links inside the site" in note for note in session_only.notes)


def test_a_processor_is_noted_in_the_reasonable_reading_only():
    visits, of = crawl(PLAIN["parameter"][0]), site(processors={"partner.test": "takes payments"})
    kept = verdict(visits, of, reading="reasonable")
    assert kept.outcome is Outcome.PASSED
    assert any("takes payments" in note for note in kept.notes)
    assert verdict(visits, of).outcome is Outcome.FAILED
    assert verdict(visits, reading="reasonable").outcome is Outcome.FAILED


def test_links_in_frames_of_others_are_theirs():
    visits = [
        visit(page, session=s, links=[link(f"https://dsp.test/?u={hexid(who)}", frame="https://ads.test/f")])
        for s, who in WHO.items()
        for page in (HOME, ABOUT)
    ]
    assert verdict(visits).outcome is Outcome.PASSED


def test_a_redirect_that_takes_the_number_along_is_found():
    def out(who):
        return request(f"{HOME}out", resource="document", redirected_to=f"https://partner.test/?ref={hexid(who)}")

    visits = [
        visit(f"{HOME}out", session=s, requests=[out(who)], jar=[cookie("v", hexid(who), lifetime=86_400)])
        for s, who in WHO.items()
    ]
    found = verdict(visits)
    assert [f.cause for f in found.findings] == ["link:partner.test:parameter:ref"]
    assert found.findings[0].evidence[0].aspect == "requests"


def given(who, name="b", lifetime=86_400 * 300, value=None, domain="hop.test"):
    text = hexid(who) if value is None else value
    return [set_cookie(name, text, domain=domain, request="https://hop.test/r", lifetime=lifetime)]


def bounced(hop, cookies=lambda who: [], **fields):
    asked = [
        request(f"{HOME}go", resource="document", redirected_to="https://hop.test/r"),
        request("https://hop.test/r", resource="document", redirected_to=hop),
        request(hop, resource="document"),
    ]
    return [
        visit(f"{HOME}go", session=s, requests=asked, final_url=hop, set_cookies=cookies(who), **fields)
        for s, who in WHO.items()
    ]


def test_a_hop_that_sets_an_identifier_is_a_bounce():
    done = "https://shop.test/done"
    (finding,) = verdict(bounced(done, given)).findings
    assert finding.cause == "bounce:hop.test"
    assert verdict(bounced(done)).outcome is Outcome.PASSED
    # The destination's own owner may set cookies at home.
    assert verdict(bounced("https://www.hop.test/", given)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("cookies", "outcome"),
    [
        (lambda who: given(who, value="1"), Outcome.PASSED),
        (lambda who: given(who, lifetime=-1), Outcome.PASSED),
        (lambda who: given(who, name="__cf_bm", lifetime=1800), Outcome.PASSED),
        (lambda who: given(who, lifetime=None), Outcome.INCONCLUSIVE),
        (lambda who: given(who, name="csrf_token"), Outcome.INCONCLUSIVE),
        (lambda who: [*given(who, value="1"), *given(who, name="c")], Outcome.FAILED),
    ],
    ids=["same for all", "deletes", "against robots", "log-in", "excused by its name", "one of two"],
)
def test_what_a_hop_sets_is_looked_at(cookies, outcome):
    found = verdict(bounced("https://shop.test/done", cookies))
    assert found.outcome is outcome
    assert outcome is not Outcome.INCONCLUSIVE or found.reason is Reason.NEEDS_HUMAN


def test_a_processor_may_send_visitors_back_in_the_reasonable_reading():
    visits = bounced("https://shop.test/done", given)
    idp = site(processors={"hop.test": "logs customers in"})
    assert verdict(visits, idp).outcome is Outcome.FAILED
    assert verdict(visits, idp, reading="reasonable").outcome is Outcome.PASSED
    assert verdict(visits, reading="reasonable").outcome is Outcome.FAILED


def test_a_page_that_goes_there_by_script_bounces_too():
    moves = (HOME, ""), ("https://hop.test/r", "https://shop.test/done"), ("https://shop.test/done", "")
    asked = [request(url, resource="document", redirected_to=to, whole_page=True) for url, to in moves]
    moved = [
        visit(HOME, session=s, requests=asked, final_url="https://shop.test/done", set_cookies=given(who))
        for s, who in WHO.items()
    ]
    assert [f.cause for f in verdict(moved).findings] == ["bounce:hop.test"]
    # Also when the page that was open stayed, because the other is visited on its own.
    stayed = [replace(v, final_url=HOME) for v in moved]
    assert [f.cause for f in verdict(stayed).findings] == ["bounce:hop.test"]
    # A frame that goes the same way is not the page.
    frame = [asked[0], *(replace(r, whole_page=False) for r in asked[1:])]
    framed = [visit(HOME, session=s, requests=frame, final_url=HOME, set_cookies=given(w)) for s, w in WHO.items()]
    assert verdict(framed).outcome is Outcome.PASSED


def test_a_hop_that_adds_the_number_is_a_bounce():
    visits = []
    for session, who in WHO.items():
        (made,) = [v for v in bounced(f"https://shop.test/done?u={hexid(who)}") if v.session is session]
        visits.append(
            visit(
                made.url,
                session=session,
                requests=made.requests,
                final_url=made.final_url,
                jar=[cookie("v", hexid(who), lifetime=86_400)],
            )
        )
    assert [f.cause for f in verdict(visits).findings] == ["bounce:hop.test"]


def test_what_was_not_seen_is_no_pass():
    for missing in ({"links": None}, {"requests": None}, {"jar": None}):
        blind = [*crawl(INNOCENT["nothing"]), visit("https://shop.test/blind", **missing)]
        assert verdict(blind).outcome is Outcome.INCONCLUSIVE, missing
    few = verdict(crawl(INNOCENT["nothing"], sessions=(Session.FIRST, Session.FIRST_AGAIN)))
    assert (few.outcome, few.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
