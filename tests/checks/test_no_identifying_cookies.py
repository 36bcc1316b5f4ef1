"""Real-looking cookies, seen by three visitors and one return, judged."""

import base64
import json
import random
import uuid
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from compliance.checks import judge
from compliance.checks.identity.no_identifying_cookies import NoIdentifyingCookies, no_identifying_cookies
from compliance.model.observation import Site
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Session, VisitOutcome
from compliance.testing import NOW, context, cookie, observe, request, set_cookie, site, visit

DAY = 86_400
YEAR = 365 * DAY
SESSIONS = (Session.FIRST, Session.FIRST, Session.FIRST_AGAIN, Session.SECOND, Session.THIRD)
PAGES = ("https://shop.test/", "https://shop.test/about", *["https://shop.test/"] * 3)


def v4(seed):
    return str(uuid.UUID(int=random.Random(seed).getrandbits(128), version=4))


def crawl(name, make, *, lifetime=None, requests=None, jar=True, **fields):
    """Two pages of the first visitor, its return, two others; `make(visitor)` gives each one's value."""
    visits = []
    for number, (session, url) in enumerate(zip(SESSIONS, PAGES, strict=True)):
        again = session is Session.FIRST_AGAIN
        who = "A" if again and lifetime is not None else f"{session.value}" if session is not Session.FIRST else "A"
        value = make(who)
        granted = not fields.get("blocked")
        kept = {k: v for k, v in fields.items() if k in ("domain", "path")}
        stored = [cookie(name, value, lifetime=lifetime, **kept)] if granted and jar else []
        # A return finds the cookie in its jar; nobody sets it again.
        attempts = (
            [] if again and lifetime is not None and granted else [set_cookie(name, value, lifetime=lifetime, **fields)]
        )
        sent = [requests(value)] if requests else []
        started = NOW.replace(minute=number).isoformat()
        visits.append(visit(url, session=session, set_cookies=attempts, jar=stored, requests=sent, started=started))
    return visits


def verdict(*visits, of: Site | None = None, **parameters):
    of = of or site()
    return judge(
        no_identifying_cookies,
        NoIdentifyingCookies(**parameters),
        observe(*visits, first_party=of.first_party),
        context(site=of),
    )


def ga(who):
    r = random.Random(who)
    return f"GA1.1.{r.randrange(10**8, 2**31)}.{int(NOW.timestamp()) + r.randrange(60)}"


def hexid(who):
    return f"{random.Random(who).getrandbits(64):016x}"


REAL = {
    "_ga": ga,
    "_fbp": lambda w: f"fb.1.{int(NOW.timestamp() * 1000)}.{random.Random(w).randrange(10**17, 10**18)}",
    "_gcl_au": lambda w: f"1.1.{random.Random(w).randrange(10**8, 10**9)}.{int(NOW.timestamp())}",
    "_clck": lambda w: f"{''.join(random.Random(w).choices('abcdefghijklmnopqrstuvwxyz0123456789', k=7))}^2^fxy^0^1474",
    "_pk_id.1.1fff": lambda w: f"{hexid(w)}.{int(NOW.timestamp())}.",
    "_hjSessionUser_3512345": lambda w: base64.b64encode(
        json.dumps({"id": v4(w), "created": 1795348800000}).encode()
    ).decode(),
    "mp_0a1b2c3d4e5f_mixpanel": lambda w: quote(
        json.dumps({"distinct_id": f"$device:{v4(w)}", "$initial_referrer": "$direct"})
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_known_identifiers_break_the_promise(name):
    found = verdict(*crawl(name, REAL[name], lifetime=YEAR))
    assert found.outcome is Outcome.FAILED
    (finding,) = found.findings
    assert name in finding.message
    assert "365 days" in finding.message
    assert "three different values" in finding.message
    assert "again after the browser was closed" in finding.message
    assert finding.cause.startswith("identifier:self:")
    assert len({e.visit for e in finding.evidence}) == 4
    for who in ("A", "second", "third"):
        assert REAL[name](who) not in str(found)


def test_the_cause_holds_no_value_and_no_host():
    preview = Site(url="http://127.0.0.1:8123/", first_party=frozenset({"127.0.0.1"}))
    name = "_hjSessionUser_3512345"
    found = verdict(*crawl(name, REAL[name], lifetime=YEAR, domain="127.0.0.1"), of=preview)
    assert found.findings[0].cause == "identifier:self:_hjSessionUser_#"


def test_the_reasonable_reading_lets_a_pseudonym_last():
    found = verdict(*crawl("_ga", ga, lifetime=YEAR), reading="reasonable")
    assert found.outcome is Outcome.PASSED
    assert any("_ga" in note and "pseudonymous" in note for note in found.notes)


PIXEL = "https://collect.stats.test/g?cid="


def pixel(value):
    return request(PIXEL + quote(value.removeprefix("GA1.1.")))


def test_sent_to_another_owner():
    visits = crawl("_ga", ga, lifetime=YEAR, requests=pixel)
    strict = verdict(*visits)
    assert "sent to stats.test" in strict.findings[0].message
    assert any(e.aspect == "requests" for e in strict.findings[0].evidence)
    assert verdict(*visits, reading="reasonable").outcome is Outcome.FAILED
    named = site(processors={"stats.test": "counts visits"})
    assert verdict(*visits, of=named, reading="reasonable").outcome is Outcome.PASSED
    family = site(first_party=["stats.test"])
    assert verdict(*visits, of=family, reading="reasonable").outcome is Outcome.PASSED


def test_a_digest_sent_away_is_the_value_sent_away():
    import hashlib

    def beacon(value):
        return request("https://stats.test/", body=json.dumps({"h": hashlib.sha256(value.encode()).hexdigest()}))

    visits = crawl("sid", hexid, requests=beacon)
    assert verdict(*crawl("sid", hexid)).outcome is Outcome.PASSED
    assert verdict(*visits).outcome is Outcome.FAILED


def test_requests_that_were_not_recorded_are_no_innocence():
    visits = [replace(v, requests=None) for v in crawl("_ga", ga, lifetime=YEAR)]
    assert verdict(*visits, reading="reasonable").reason is Reason.INSTRUMENT
    plain = [replace(v, requests=None) for v in crawl("lang", lambda _: "en", lifetime=YEAR)]
    assert verdict(*plain).outcome is Outcome.PASSED


def test_session_cookie():
    found = verdict(*crawl("PHPSESSID", lambda w: v4(w).replace("-", "")[:26]))
    assert found.outcome is Outcome.PASSED
    assert not any("PHPSESSID" in note for note in found.notes)


@pytest.mark.parametrize(
    ("name", "make", "lifetime"),
    [
        ("wordpress_test_cookie", lambda _: "WP%20Cookie%20check", None),
        ("lang", lambda _: "en", YEAR),
        ("ab_hero", lambda w: f"variant-{random.Random(w).choice('abc')}", YEAR),
        ("bucket", lambda w: random.Random(w).choice(["control", "treatment", "holdout"]), YEAR),
        ("release", lambda _: "9f8a7b6c5d4e3f2a1b0c", YEAR),
        ("euro", lambda _: "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA", YEAR),
        ("last_page", lambda w: {"A": "%2Fabout", "second": "/", "third": "/"}.get(w, "/"), YEAR),
    ],
)
def test_harmless_cookies(name, make, lifetime):
    found = verdict(*crawl(name, make, lifetime=lifetime))
    assert found.outcome is Outcome.PASSED, found
    assert not any("dentifier," in note for note in found.notes)


def tcf(who):
    """A consent string: version 2, both times of this visitor, platform 31, language EN, and choices."""
    moment = int(NOW.timestamp() * 10) + random.Random(who).randrange(600)
    bits = f"{2:06b}{moment:036b}{moment:036b}{31:012b}{10:012b}{1:06b}{4:06b}{13:06b}".ljust(240, "0")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return "".join(letters[int(bits[i : i + 6], 2)] for i in range(0, 240, 6))


def test_consent_strings_differ_by_their_time_only():
    assert verdict(*crawl("choice", tcf, lifetime=YEAR)).outcome is Outcome.PASSED


def test_first_visit_time_is_noted():
    found = verdict(
        *crawl("seen", lambda w: str(int(NOW.timestamp() * 1000) + random.Random(w).randrange(60_000)), lifetime=YEAR)
    )
    assert found.outcome is Outcome.PASSED
    assert any("moment of the first visit" in note for note in found.notes)


def token(who):
    return "".join(random.Random(who).choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=32))


def test_csrf_token_is_listed_and_exempt_until_it_is_sent_away():
    stays = verdict(*crawl("csrftoken", token, lifetime=364 * DAY))
    assert stays.outcome is Outcome.PASSED
    assert any(n.startswith("Identifier, exempt: protects forms") and "csrftoken" in n for n in stays.notes)
    own = verdict(
        *crawl("csrftoken", token, lifetime=364 * DAY, requests=lambda v: request(f"https://shop.test/p?t={v}"))
    )
    assert own.outcome is Outcome.PASSED
    goes = verdict(
        *crawl("csrftoken", token, lifetime=364 * DAY, requests=lambda v: request(f"https://stats.test/p?t={v}"))
    )
    assert goes.outcome is Outcome.FAILED
    assert "Exempt as long as it stays here" in goes.findings[0].message


@pytest.mark.parametrize("name", ["cookie_consent", "lang"])
def test_a_name_excuses_no_value_that_is_an_identifier_and_nothing_else(name):
    found = verdict(*crawl(name, hexid, lifetime=YEAR))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert "its value is an identifier and nothing else" in found.doubts[0].message
    said = verdict(*crawl(name, lambda who: json.dumps({"statistics": False, "id": hexid(who)}), lifetime=YEAR))
    assert said.outcome is Outcome.PASSED


def test_an_exemption_of_the_spec():
    visits = crawl("basket", hexid, lifetime=YEAR)
    assert verdict(*visits).outcome is Outcome.FAILED
    found = verdict(*visits, exempt={"bask*": "keeps the basket"})
    assert found.outcome is Outcome.PASSED
    assert any("exempt: keeps the basket" in note for note in found.notes)


def test_lifetimes_between_session_and_month():
    assert verdict(*crawl("v", hexid, lifetime=DAY)).outcome is Outcome.PASSED
    assert any("session-like" in n for n in verdict(*crawl("v", hexid, lifetime=DAY)).notes)
    assert verdict(*crawl("v", hexid, lifetime=2 * DAY)).outcome is Outcome.FAILED


def test_weak_identifiers_need_a_person():
    def eight(who):
        return str(random.Random(who).randrange(10**7, 10**8))

    found = verdict(*crawl("sample", eight, lifetime=YEAR))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert verdict(*crawl("sample", eight, lifetime=2 * DAY)).outcome is Outcome.PASSED
    assert verdict(*crawl("sample", eight, lifetime=YEAR), reading="reasonable").outcome is Outcome.PASSED
    assert verdict(*crawl("sample", eight, lifetime=YEAR), strong_bits=20).outcome is Outcome.FAILED


def test_third_party_cookies_identify_across_sites():
    tracker = {"domain": "tracker.test", "setter": "https://px.tracker.test/i.gif"}
    for reading in ("strict", "reasonable"):
        found = verdict(*crawl("uid", hexid, lifetime=YEAR, **tracker), reading=reading)
        assert found.outcome is Outcome.FAILED
        assert found.findings[0].cause == "identifier:tracker.test:uid"
        assert "another owner" in found.findings[0].message


def test_a_refused_attempt_is_an_attempt():
    counter = iter(range(100))
    # The browser never sends it back, so each answer brings a new value.
    visits = crawl(
        "uid",
        lambda _: hexid(next(counter)),
        lifetime=YEAR,
        domain="tracker.test",
        setter="https://px.tracker.test/i.gif",
        blocked=("UserPreferences",),
    )
    found = verdict(*visits)
    assert found.outcome is Outcome.FAILED
    assert "the browser refused it (UserPreferences)" in found.findings[0].message
    assert "could not be seen" in found.findings[0].message


def test_an_attempt_that_no_browser_would_store_is_none():
    visits = crawl("uid", hexid, lifetime=YEAR, blocked=("InvalidDomain",), domain="else.test")
    assert verdict(*visits).outcome is Outcome.PASSED


@pytest.mark.parametrize(("lifetime", "outcome"), [(DAY, Outcome.PASSED), (YEAR, Outcome.FAILED)])
def test_partitioned_cookies_stay_on_this_site(lifetime, outcome):
    tracker = {"domain": "tracker.test", "setter": "https://tracker.test/", "partitioned": True}

    def in_jar(v):
        who = "A" if v.session in (Session.FIRST, Session.FIRST_AGAIN) else v.session.value
        kept = cookie("uid", hexid(who), domain="tracker.test", partition="https://shop.test", lifetime=lifetime)
        return replace(v, jar=(kept,))

    # The attempt knows that it is partitioned, the jar knows by which site: both are one cookie.
    found = verdict(*map(in_jar, crawl("uid", hexid, lifetime=lifetime, jar=False, **tracker)))
    assert found.outcome is outcome
    assert len(found.findings) == (outcome is Outcome.FAILED)
    assert any(note.startswith("1 cookie") for note in found.notes)


def test_ghost_written_cookies_name_their_writer():
    visits = crawl("_tid", hexid, lifetime=YEAR, set_by="script", setter="https://cdn.tracker.test/t.js")
    assert "into the site's own cookies by a script of tracker.test" in verdict(*visits).findings[0].message


def test_rotating_secrets_need_a_person():
    counter = iter(range(100))
    visits = crawl("state", lambda _: f"{random.Random(next(counter)).getrandbits(256):064x}", lifetime=YEAR)
    # The return finds what the last visit left and gets a new one; the last value is not known from before.
    found = verdict(*visits)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert "changes from visit to visit" in found.explanation


def test_the_jar_counts_when_nobody_saw_the_attempt():
    visits = [replace(v, set_cookies=()) for v in crawl("v", hexid, lifetime=YEAR)]
    found = verdict(*visits)
    assert found.outcome is Outcome.FAILED
    assert "setting it was not seen" in found.findings[0].message


def test_a_deletion_sets_nothing():
    gone = [visit(session=s, set_cookies=[set_cookie("old", hexid(s), lifetime=-1)]) for s in SESSIONS]
    found = verdict(*gone)
    assert found.outcome is Outcome.PASSED
    assert any(note.startswith("no cookie") for note in found.notes)


def test_taken_back_before_the_session_ended():
    visits = []
    for number, session in enumerate(SESSIONS):
        attempts = [set_cookie("once", hexid(session), lifetime=YEAR), set_cookie("once", "", lifetime=0)]
        visits.append(visit(session=session, set_cookies=attempts, started=NOW.replace(minute=number).isoformat()))
    assert verdict(*visits).outcome is Outcome.PASSED


def test_gone_when_the_visitor_returned():
    visits = [replace(v, jar=()) if v.session is Session.FIRST_AGAIN else v for v in crawl("v", hexid, lifetime=YEAR)]
    found = verdict(*visits)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


def test_one_visitor_alone_got_it():
    deep = "https://shop.test/deep"
    only = cookie("v", hexid("A"), lifetime=YEAR)
    others = [visit(session=s) for s in SESSIONS[2:]]
    unsampled = [visit(), visit(deep, set_cookies=[set_cookie("v", hexid("A"), lifetime=YEAR)], jar=[only]), *others]
    unsampled[2] = replace(unsampled[2], jar=(only,))
    found = verdict(*unsampled)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    assert "one of three independent visitors" in found.doubts[0].message
    same = [visit(set_cookies=[set_cookie("v", hexid("A"), lifetime=YEAR)], jar=[only]), *unsampled[2:]]
    assert verdict(*same).reason is Reason.NEEDS_HUMAN
    flat = [
        replace(v, jar=(), set_cookies=(set_cookie("mode", "dark", lifetime=YEAR),) if v.url == deep else ())
        for v in unsampled
    ]
    assert verdict(*flat).outcome is Outcome.PASSED


def only_one(pages, found_on=0, others=("/",), attempt=False, who=Session.FIRST):
    """One visitor sees `pages` and has the cookie from one of them on; the others see `others`."""
    visits = []
    for session in SESSIONS[1:]:
        mine = session is who or (who is Session.FIRST and session is Session.FIRST_AGAIN)
        for number, path in enumerate(pages if mine else others):
            has = mine and (number >= found_on or session is Session.FIRST_AGAIN)
            sets = has and attempt and number == found_on and session is who
            visits.append(
                visit(
                    f"https://shop.test{path}",
                    session=session,
                    jar=[cookie("v", hexid(who), lifetime=YEAR)] if has else [],
                    set_cookies=[set_cookie("v", hexid(who), lifetime=YEAR)] if sets else [],
                    started=NOW.replace(minute=number).isoformat(),
                    finished=NOW.replace(minute=number, second=50).isoformat(),
                )
            )
    return verdict(*visits)


@pytest.mark.parametrize(
    ("crawled", "reason"),
    [
        # Found in the jar after the second page: either may have set it, and the others saw but one.
        ({"pages": ("/deep", "/"), "found_on": 1}, Reason.COVERAGE),
        ({"pages": ("/deep", "/"), "found_on": 1, "others": ("/", "/deep")}, Reason.NEEDS_HUMAN),
        # What was opened later cannot have set it.
        ({"pages": ("/", "/deep"), "found_on": 0}, Reason.NEEDS_HUMAN),
        # Seen to be set: that page counts, and no other.
        ({"pages": ("/deep", "/"), "found_on": 1, "attempt": True}, Reason.NEEDS_HUMAN),
        ({"pages": ("/", "/deep"), "found_on": 1, "attempt": True}, Reason.COVERAGE),
        # The second visitor alone got it, on a page that all saw.
        ({"pages": ("/",), "who": Session.SECOND, "attempt": True}, Reason.NEEDS_HUMAN),
    ],
)
def test_the_others_saw_the_same_pages_only_where_they_did(crawled, reason):
    found = only_one(**crawled)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, reason)
    says = "the others saw the same pages" if reason is Reason.NEEDS_HUMAN else "not all others saw the pages"
    assert says in found.doubts[0].message


def test_one_of_two_others_who_did_not_see_the_page_is_too_few():
    deep = "https://shop.test/deep"
    only = cookie("v", hexid("A"), lifetime=YEAR)
    got = [visit(deep, set_cookies=[set_cookie("v", hexid("A"), lifetime=YEAR)], jar=[only])]
    got.append(visit(deep, session=Session.FIRST_AGAIN, jar=[only]))
    found = verdict(*got, visit(deep, session=Session.SECOND), visit(session=Session.THIRD))
    assert found.reason is Reason.COVERAGE
    assert "not all others saw" in found.doubts[0].message


def test_an_identifier_in_the_name():
    def named(v):
        value = v4({"first": "A", "first-again": "A"}.get(v.session.value, v.session.value))
        return replace(v, set_cookies=(), jar=(cookie(f"visitor_{value}", "1", lifetime=YEAR),))

    found = verdict(*(named(v) for v in crawl("x", hexid)))
    assert found.outcome is Outcome.FAILED
    assert found.findings[0].cause == "identifier:self:visitor_#"


def test_one_cookie_on_many_paths_is_one_deviation():
    visits = crawl("v", hexid, lifetime=YEAR)
    paths = [f"/p{i}" for i in range(40)]
    many = [
        replace(
            v,
            set_cookies=(),
            jar=tuple(replace(c, path=p) for c in v.jar for p in (paths if v.session is Session.FIRST else paths[:3])),
        )
        for v in visits
    ]
    found = verdict(*many)
    assert len(found.findings) == 1


def test_running_numbers():
    numbers = {"A": "10048213", "second": "10048219", "third": "10048226"}
    found = verdict(*crawl("n", lambda w: numbers[w], lifetime=YEAR))
    assert found.reason is Reason.NEEDS_HUMAN
    assert "running number" in found.explanation


def test_missing_sessions_and_records_are_no_pass():
    alone = [v for v in crawl("lang", lambda _: "en", lifetime=YEAR) if v.session is Session.FIRST]
    assert verdict(*alone).reason is Reason.COVERAGE
    holes = crawl("lang", lambda _: "en", lifetime=YEAR)
    assert verdict(replace(holes[0], jar=None), *holes[1:]).reason is Reason.INSTRUMENT
    assert verdict(replace(holes[0], errors={"cookies": "cut"}), *holes[1:]).reason is Reason.INSTRUMENT


def test_a_page_that_failed_still_convicts():
    visits = [replace(v, outcome=VisitOutcome.TIMEOUT) for v in crawl("_ga", ga, lifetime=YEAR)]
    assert verdict(*visits).outcome is Outcome.FAILED


def test_renewal_is_said():
    visits = crawl("v", hexid, lifetime=YEAR)
    again = set_cookie("v", hexid("A"), lifetime=YEAR)
    later = replace(again, expires=again.expires + DAY)
    found = verdict(*(replace(v, set_cookies=(later,)) if v.session is Session.FIRST_AGAIN else v for v in visits))
    assert "began anew" in found.findings[0].message


def test_parameters_are_strict():
    for wrong in ({"reading": "lenient"}, {"strong_bits": 0}, {"unknown": 1}):
        with pytest.raises(ValidationError):
            NoIdentifyingCookies(**wrong)


raw = st.text(max_size=40)


@settings(max_examples=100)
@given(
    names=st.lists(raw, min_size=5, max_size=5),
    values=st.lists(raw, min_size=5, max_size=5),
    life=st.none() | st.floats(),
)
def test_no_cookie_makes_it_stumble(names, values, life):
    visits = [
        visit(
            session=s,
            set_cookies=[replace(set_cookie(names[i], values[i]), lifetime=life, domain=names[-1], path=values[-1])],
            jar=[cookie(names[i], values[i], domain=names[0])],
            requests=[request("https://stats.test/" + quote(values[i], safe=""))],
        )
        for i, s in enumerate(SESSIONS)
    ]
    assert verdict(*visits).outcome is not Outcome.ERROR


@pytest.mark.parametrize("reading", ["strict", "reasonable"])
def test_a_session_cookie_that_comes_back_after_the_session_was_kept_elsewhere(reading):
    def same_for_one_visitor(who):
        return v4("A" if who in ("A", Session.FIRST_AGAIN.value) else who)

    back = [
        replace(v, jar=(cookie("sid", v4("A")),), set_cookies=(set_cookie("sid", v4("A")),))
        if v.session is Session.FIRST_AGAIN
        else v
        for v in crawl("sid", same_for_one_visitor)
    ]
    judged = verdict(*back, reading=reading)
    assert judged.outcome is Outcome.FAILED
    assert "came back with the same value" in judged.findings[0].message
    first = next(v for v in back if v.session is Session.FIRST)
    once = [first, *(v for v in back if v.session is not Session.FIRST)]
    assert verdict(*once, reading=reading).outcome is Outcome.FAILED, (
        "one page is enough: its return shows that it stays"
    )


def test_a_session_cookie_that_is_new_after_the_session_is_what_was_promised():
    fresh = [
        replace(v, jar=(cookie("sid", v4("new")),), set_cookies=(set_cookie("sid", v4("new")),))
        if v.session is Session.FIRST_AGAIN
        else v
        for v in crawl("sid", v4)
    ]
    assert verdict(*fresh).outcome is Outcome.PASSED
