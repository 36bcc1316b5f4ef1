"""Identifiers of three visitors and one return, and who is told them."""

import base64
import hashlib
import json
import random

import pytest

from compliance.checks import judge
from compliance.checks.identity.no_cookie_syncing import NoCookieSyncing, no_cookie_syncing
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Session
from compliance.testing import context, cookie, observe, request, set_cookie, site, visit

YEAR = 365 * 86_400
SESSIONS = (Session.FIRST, Session.FIRST, Session.FIRST_AGAIN, Session.SECOND, Session.THIRD)
WHO = ("A", "A", "A", "B", "C")


def hexid(who):
    return f"{random.Random(who).getrandbits(128):032x}"


def crawl(make=hexid, send=None, *, name="uid", domain="shop.test", lifetime=YEAR, sessions=SESSIONS, **fields):
    visits = []
    for number, (session, who) in enumerate(zip(SESSIONS, WHO, strict=True)):
        if session not in sessions:
            continue
        value = make(who)
        page = "https://shop.test/" if number != 1 else "https://shop.test/about"
        visits.append(
            visit(
                page,
                session=session,
                set_cookies=[set_cookie(name, value, lifetime=lifetime, domain=domain)],
                jar=[cookie(name, value, lifetime=lifetime, domain=domain)],
                requests=[send(value)] if send else [],
                **fields,
            )
        )
    return visits


def verdict(visits, of=None, **parameters):
    of = of or site()
    return judge(
        no_cookie_syncing,
        NoCookieSyncing(**parameters),
        observe(*visits, first_party=of.first_party),
        context(site=of),
    )


PIXEL = "https://px.tracker.test/p"


def test_a_label_that_all_visitors_have_beside_the_identifier_is_none():
    sends = crawl(lambda who: f"anonymous_visitor:{hexid(who)}", lambda _: request(f"{PIXEL}?kind=anonymous_visitor"))
    assert verdict(sends).outcome is Outcome.PASSED
    told = crawl(lambda who: f"anonymous_visitor:{hexid(who)}", lambda v: request(f"{PIXEL}?u={v.partition(':')[2]}"))
    assert verdict(told).outcome is Outcome.FAILED


def labelled(who):
    return f"acme2024shop{hexid(who)[:20]}"


@pytest.mark.parametrize("lifetime", [None, YEAR])
def test_the_name_of_the_site_before_the_number_is_no_part_of_it(lifetime):
    same = crawl(labelled, lambda _: request("https://cdn.chat.test/widget.js?site=acme2024shop"), lifetime=lifetime)
    assert verdict(same).outcome is Outcome.PASSED
    for part in (slice(12, 24), slice(18, None), slice(0, 26)):
        told = crawl(labelled, lambda v, part=part: request(f"{PIXEL}?u={v[part]}"), lifetime=lifetime)
        (finding,) = verdict(told).findings
        assert "(a part of it)" in finding.message


@pytest.mark.parametrize(
    ("send", "shape", "where"),
    [
        (lambda v: request(f"{PIXEL}?uid={v}"), "plain", "parameter “uid”"),
        (lambda v: request(f"{PIXEL}/{v}/1.gif"), "plain", "path"),
        (lambda v: request(PIXEL, headers=(("Referer", f"https://shop.test/?u={v}"),)), "plain", "header Referer"),
        (lambda v: request("https://shop.test/out", redirected_to=f"{PIXEL}?u={v}"), "plain", "redirect"),
        (lambda v: request(f"{PIXEL}?h={hashlib.sha256(v.encode()).hexdigest()}"), "SHA-256 of the value", "“h”"),
        (
            lambda v: request(PIXEL, method="POST", body=base64.b64encode(json.dumps({"u": v}).encode()).decode()),
            "plain, base64",
            "body",
        ),
    ],
)
def test_an_identifier_that_reaches_another_owner_is_a_finding(send, shape, where):
    found = verdict(crawl(send=send))
    assert found.outcome is Outcome.FAILED
    (finding,) = found.findings
    assert finding.cause == "sync:self:uid>tracker.test"
    assert f"({shape})" in finding.message
    assert where in finding.message
    assert finding.evidence[0].aspect == "requests"
    assert hexid("A") not in finding.message


def test_a_session_cookie_counts_too():
    assert verdict(crawl(send=lambda v: request(f"{PIXEL}?u={v}"), lifetime=None)).outcome is Outcome.FAILED


def test_a_third_party_that_tells_another_is_found():
    found = verdict(crawl(send=lambda v: request(f"https://dsp.test/?m={v}"), domain="tracker.test"))
    assert [f.cause for f in found.findings] == ["sync:tracker.test:uid>dsp.test"]


@pytest.mark.parametrize(
    "visits",
    [
        crawl(),
        crawl(send=lambda v: request(f"https://api.shop.test/?uid={v}")),
        crawl(send=lambda v: request(f"{PIXEL}?uid={v}"), domain="tracker.test"),
        crawl(send=lambda v: request(f"{PIXEL}?uid={v[:6]}")),
        crawl(make=lambda who: "campaign-2026-autumn", send=lambda v: request(f"{PIXEL}?c={v}")),
        crawl(make=lambda who: "ab"[who == "B"], send=lambda v: request(f"{PIXEL}?g={v}")),
        crawl(send=lambda v: request(PIXEL, headers=(("Cookie", f"uid={v}"),))),
    ],
    ids=["unsent", "own", "its owner", "cut", "constant", "bucket", "cookie header"],
)
def test_what_stays_or_tells_nobody_apart_passes(visits):
    assert verdict(visits).outcome is Outcome.PASSED


def test_one_owner_may_have_several_domains():
    visits = crawl(send=lambda v: request(f"https://shop-cdn.test/?u={v}"))
    assert verdict(visits, site(first_party=["shop-cdn.test"])).outcome is Outcome.PASSED


def test_a_processor_is_noted_in_the_reasonable_reading_only():
    of = site(processors={"tracker.test": "counts visits"})
    visits = crawl(send=lambda v: request(f"{PIXEL}?u={v}"))
    kept = verdict(visits, of, reading="reasonable")
    assert kept.outcome is Outcome.PASSED
    assert any("counts visits" in note for note in kept.notes)
    assert verdict(visits, of).outcome is Outcome.FAILED
    assert verdict(visits, reading="reasonable").outcome is Outcome.FAILED
    # A processor of the site is none of the tracker's.
    other = crawl(send=lambda v: request(f"{PIXEL}?u={v}"), domain="ads.test")
    assert verdict(other, of, reading="reasonable").outcome is Outcome.FAILED


def test_changing_secrets_need_a_person():
    numbers = iter(range(100))
    visits = crawl(make=lambda who: hexid(f"{who}{next(numbers)}"), send=lambda v: request(f"{PIXEL}?u={v}"))
    found = verdict(visits)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


def test_one_visitor_alone_tells_nothing_for_certain():
    found = verdict(crawl(send=lambda v: request(f"{PIXEL}?u={v}"), sessions=(Session.FIRST, Session.FIRST_AGAIN)))
    assert found.outcome is Outcome.INCONCLUSIVE


def test_what_was_not_seen_is_no_pass():
    unread = verdict(crawl(send=lambda v: request(PIXEL, method="POST", body_missing=True)))
    assert (unread.outcome, unread.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
    own = verdict(crawl(send=lambda v: request("https://shop.test/x", method="POST", body_missing=True)))
    assert own.outcome is Outcome.PASSED
    for missing in ({"requests": None}, {"jar": None}):
        blind = [*crawl(), visit("https://shop.test/blind", **missing)]
        assert verdict(blind).outcome is Outcome.INCONCLUSIVE
