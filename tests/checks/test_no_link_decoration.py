"""Links of three visitors and one return, compared."""

import base64
import hashlib
import random
from dataclasses import replace

import pytest

from compliance.checks import judge
from compliance.checks.identity.no_link_decoration import NoLinkDecoration, no_link_decoration
from compliance.knowledge.pressing import link_targets
from compliance.model.trials import LinkProbe
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Session
from compliance.testing import NOW, context, cookie, link, observe, request, set_cookie, site, stored, visit

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


def press(page, stood, *went, **fields):
    """A link that was pressed with the mouse; without `went` its address stays as it is."""
    made = {"stood": stood, "by": "mouse", "went": went or (stood,), "cookies": (), "storage": ()} | fields
    return LinkProbe(f"link-{stood}", page, stood, made.pop("result", "left"), **made)


def verdict(visits, of=None, probes=None, **parameters):
    of = of or site()
    due = link_targets([v for v in visits if v.session is Session.FIRST], of)
    tried = tuple(press(page, one.href) for page, one in due) if probes is None else probes
    return judge(
        no_link_decoration,
        NoLinkDecoration(**parameters),
        observe(*visits, first_party=of.first_party, links_tried=tried),
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


TO = "https://partner.test/x?a=1"
MINE = hexid("pressing")


def plain(kept="cookie", name="v", **fields):
    """Three visitors with a number each, and links that hold nothing of it."""
    visits = crawl(lambda n, _: TO, kept="elsewhere", **fields)
    for number, made in enumerate(visits):
        own = hexid(WHO[made.session])
        held = (
            {"jar": (cookie(name, own, lifetime=86_400),)}
            if kept == "cookie"
            else {"storage": (stored(name, own, kept),)}
        )
        visits[number] = replace(made, **held)
    return visits


def pressed(went, *visits, href=TO, parameters=None, of=None, **fields):
    return verdict(list(visits) or plain(), of, (press(HOME, href, went, **fields),), **(parameters or {}))


ADDED = {
    "parameter": (f"{TO}&ref={MINE}", "link:partner.test:parameter:ref"),
    "changed": (TO.replace("a=1", f"a={MINE}"), "link:partner.test:parameter:a"),
    "fragment": (f"{TO}#s={MINE}", "link:partner.test:fragment:s"),
    "path": (f"https://partner.test/x/{MINE}?a=1", "link:partner.test:path:2 of 3"),
    "linker": (
        f"{TO}&_l=1*{base64.b64encode(MINE.encode()).decode()}*m1x", "link:partner.test:parameter:_l",
    ),
    "hash": (f"{TO}&h={hashlib.sha256(MINE.encode()).hexdigest()}", "link:partner.test:parameter:h"),
    "name": (f"{TO}&{MINE}=", "link:partner.test:path:"),
    "counter": (f"https://counter.test/out?to=x&u={MINE}", "link:counter.test:parameter:u"),
}  # fmt: skip


@pytest.mark.parametrize("kept", ["cookie", "local", "session"])
@pytest.mark.parametrize("name", ADDED)
def test_a_press_that_adds_what_the_visitor_keeps_is_found(name, kept):
    went, cause = ADDED[name]
    held = {"cookies": (cookie("v", MINE),)} if kept == "cookie" else {"storage": (stored("v", MINE, kept),)}
    found = pressed(went, *plain(kept), **held)
    assert [f.cause for f in found.findings] == [cause], found.explanation
    evidence = found.findings[0].evidence[0]
    assert (evidence.aspect, evidence.locator) == ("link_probes", went)
    assert MINE not in found.findings[0].message


def test_a_number_kept_under_a_name_that_holds_a_number_is_found():
    visits = crawl(lambda n, _: TO, kept="elsewhere")
    visits = [replace(v, jar=(cookie(f"visit_{hexid(WHO[v.session])}", "1", lifetime=99_999),)) for v in visits]
    found = pressed(f"{TO}&ref={MINE}", *visits, cookies=(cookie(f"visit_{MINE}", "1"),))
    assert [f.cause for f in found.findings] == ["link:partner.test:parameter:ref"]


def test_every_address_that_the_browser_went_for_counts():
    probe = press(HOME, TO, TO, f"{TO}&ref={MINE}", cookies=(cookie("v", MINE),))
    assert verdict(plain(), probes=(probe,)).outcome is Outcome.FAILED


def test_what_is_opaque_and_unknown_is_for_a_person():
    for held in ((), (cookie("unseen", MINE),)):
        found = pressed(f"{TO}&ref={MINE}", cookies=held)
        assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    halves = pressed(f"{TO}&p={MINE[:6]}&q={MINE[6:12]}")
    assert halves.reason is Reason.NEEDS_HUMAN
    valueless = pressed(f"{TO}&{MINE}=")
    assert valueless.reason is Reason.NEEDS_HUMAN
    for missing in ("cookies", "storage"):
        assert pressed(f"{TO}&ref={MINE}", **{missing: None}).reason is Reason.INSTRUMENT


@pytest.mark.parametrize(
    "added",
    [
        "utm_source=shop&utm_medium=referral&utm_campaign=spring-2026",
        f"from={HOME}",
        f"at={int(NOW.timestamp() * 1000)}",
        "lang=en-GB",
        "g=7",
        "to=https%3A%2F%2Fpartner.test%2Fx%3Fa%3D1",
    ],
)
def test_campaigns_times_and_pages_are_nothing(added):
    assert pressed(f"{TO}&{added}").outcome is Outcome.PASSED


def test_what_several_visitors_were_given_alike_is_content():
    build = "c7f3a9d2e8b14605"
    alike = [replace(v, storage=(stored("build", build),)) for v in plain()]
    assert pressed(f"{TO}&b={build}", *alike, storage=(stored("build", build),)).outcome is Outcome.PASSED
    # One visitor alone proves nothing.
    first = [replace(v, storage=(stored("build", build),)) if v.session is Session.FIRST else v for v in plain()]
    assert pressed(f"{TO}&b={build}", *first, storage=(stored("build", build),)).reason is Reason.NEEDS_HUMAN


def test_what_stood_there_before_the_press_was_not_added():
    href = f"{TO}&ref={MINE}"
    assert pressed(href, href=href, cookies=(cookie("v", MINE),)).outcome is Outcome.PASSED


def test_a_processor_may_be_told_by_a_press_in_the_reasonable_reading():
    of = site(processors={"partner.test": "takes payments"})
    kept = pressed(ADDED["parameter"][0], of=of, parameters={"reading": "reasonable"}, cookies=(cookie("v", MINE),))
    assert kept.outcome is Outcome.PASSED
    assert any("takes payments" in note for note in kept.notes)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"result": "error", "notice": "the link is not visible", "went": ()}, Reason.COVERAGE),
        ({"result": "nothing", "went": ()}, Reason.COVERAGE),
        ({"result": "dialog", "went": ()}, Reason.COVERAGE),
        ({"result": "same_site_page", "went": ()}, Reason.COVERAGE),
        ({"by": "keyboard"}, Reason.COVERAGE),
        ({"went": ()}, Reason.INSTRUMENT),
    ],
)
def test_a_link_that_could_not_be_pressed_is_no_pass(fields, reason):
    found = verdict(plain(), probes=(press(HOME, TO, **fields),))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, reason)


def test_a_link_that_was_due_and_not_pressed_is_no_pass():
    assert verdict(plain(), probes=()).reason is Reason.COVERAGE
    few = judge(no_link_decoration, NoLinkDecoration(), observe(*plain()), context())
    assert (few.outcome, few.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_a_site_without_links_to_others_passes_and_more_than_twelve_are_noted():
    assert verdict(crawl(INNOCENT["own"]), probes=()).outcome is Outcome.PASSED
    many = [link(f"https://d{n}.test/") for n in range(15)]
    found = verdict([replace(v, links=tuple(many)) for v in plain()])
    assert found.outcome is Outcome.PASSED
    assert "Pages link to 15 other sites; links to 12 were pressed." in found.notes
