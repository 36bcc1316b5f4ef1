"""What requests of three visitors and one return say, and who is told."""

import base64
import gzip
import hashlib
import json
import random

import pytest

from compliance.checks import judge
from compliance.checks.identity.no_user_ids import NoUserIds, no_user_ids
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Session
from compliance.testing import NOW, context, cookie, observe, request, set_cookie, site, stored, visit

HOME, ABOUT = "https://shop.test/", "https://shop.test/about"
PX, OWN = "https://px.tracker.test/c", "https://shop.test/collect"
WHO = {Session.FIRST: "A", Session.SECOND: "B", Session.THIRD: "C", Session.FIRST_AGAIN: "A"}
YEAR = 365 * 86_400.0


def hexid(*what):
    return f"{random.Random(repr(what)).getrandbits(128):032x}"


def crawl(send, *, pages=(HOME, ABOUT), sampled=None, keep=None, sessions=WHO, **fields):
    """`send(who, session, page)` gives the requests of a page, `keep(who, session)` fields of the visit."""
    visits = []
    for session in sessions:
        who = WHO[session]
        for page in pages if session is Session.FIRST else sampled or pages:
            more = keep(who, session) if keep else {}
            visits.append(visit(page, session=session, requests=send(who, session, page), **(fields | more)))
    return visits


def verdict(visits, of=None, **parameters):
    of = of or site()
    return judge(no_user_ids, NoUserIds(**parameters), observe(*visits, first_party=of.first_party), context(site=of))


def query(value, to=PX, name="v"):
    return [request(f"{to}?{name}={value}")]


def post(body, to=PX, **fields):
    return [request(to, method="POST", body=body, **fields)]


def packed(data):
    return gzip.compress(json.dumps(data).encode()).decode("latin-1")


LASTING = {
    "parameter": (query, "v"),
    "unnamed": (lambda n: [request(f"{PX}?{n}")], "parameter"),
    "name of a parameter": (lambda n: [request(f"{PX}?{n}=1")], "# (its name)"),
    "path": (lambda n: [request(f"https://px.tracker.test/{n}/p.gif")], "path"),
    "host": (lambda n: [request(f"https://{n}.tracker.test/p.gif")], "host"),
    "header": (lambda n: [request(PX, headers=(("x-client", n),))], "x-client"),
    "form": (lambda n: post(f"a=1&who={n}"), "who"),
    "JSON": (lambda n: post(json.dumps({"events": [{"t": 1}, {"user": {"id": n}}]})), "events[].user.id"),
    "JSON in base64": (lambda n: post(base64.b64encode(json.dumps({"v": 2, "id": n}).encode()).decode()), "id"),
    "JSON in a parameter": (lambda n: query(json.dumps({"id": n})), "v.id"),
    "after much text": (lambda n: post("word " * 400 + n + " end"), "part 3"),
    "before bytes": (lambda n: post(f"{n}\n{packed(1)}"), "body"),
    "compressed": (lambda n: post(packed({"id": n})), "id"),
    "lines": (lambda n: post('{"h":1}\n{"id":"' + n + '"}'), "id"),
    "multipart": (
        lambda n: post(f'--x\r\nContent-Disposition: form-data; name="who"\r\n\r\n{n}\r\n--x--\r\n'), "who",
    ),
    "text": (lambda n: post(f"hello|{n}|there"), "body"),
    "socket": (lambda n: post('{"a":1}\n{"me":"' + n + '"}', "wss://px.tracker.test/s", resource="websocket"), "me"),
}  # fmt: skip


@pytest.mark.parametrize("case", LASTING)
def test_a_number_that_comes_back_is_found_wherever_it_stands(case):
    send, name = LASTING[case]
    found = verdict(crawl(lambda who, *_: send(hexid(who))))
    assert found.outcome is Outcome.FAILED, found
    assert {f.cause for f in found.findings} == {f"user-id:tracker.test:{name}"}
    (finding, *_) = found.findings
    assert "three independent visitors" in finding.message
    assert "outlives" in finding.message or "was there again after the browser was closed" in finding.message
    assert [e.excerpt.partition(":")[0] for e in finding.evidence] == ["first", "first-again", "second", "third"]
    assert not [e for e in finding.evidence if hexid("A") in e.excerpt], "values are redacted"
    assert hexid("A") not in f"{found.explanation} {finding.message} {found.notes}"


def client(who):
    return f"{random.Random(who).randint(10**9, 2**31)}.{int(NOW.timestamp()) - 7}"


def test_the_client_number_of_analytics_is_named():
    found = verdict(crawl(lambda who, *_: query(client(who), "https://metrics.tracker.test/g/collect", "cid")))
    assert found.outcome is Outcome.FAILED
    assert "(Google Analytics 4: number of the visitor)" in found.findings[0].message


def test_a_known_name_convicts_nobody():
    constant = query("17349582", "https://metrics.tracker.test/g/collect", "uid")
    assert verdict(crawl(lambda *_: constant)).outcome is Outcome.PASSED


def test_the_sites_own_servers_count_in_the_strict_reading_only():
    visits = crawl(lambda who, *_: post(json.dumps({"visitor": hexid(who)}), OWN))
    found = verdict(visits)
    assert [f.cause for f in found.findings] == ["user-id:self:visitor"]
    noted = verdict(visits, reading="reasonable")
    assert noted.outcome is Outcome.PASSED
    assert "stays with the site" in noted.notes[1]


def test_processors_may_be_told_in_the_reasonable_reading_only():
    visits = crawl(lambda who, *_: query(hexid(who)))
    of = site(processors={"tracker.test": "statistics"})
    assert verdict(visits, of).outcome is Outcome.FAILED
    found = verdict(visits, of, reading="reasonable")
    assert found.outcome is Outcome.PASSED
    assert any("processor (tracker.test: statistics)" in note for note in found.notes)
    assert verdict(visits, reading="reasonable").outcome is Outcome.FAILED


def test_names_excuse_at_home_and_nowhere_else():
    def send(to):
        return crawl(lambda who, *_: post(json.dumps({"csrf_token": hexid(who)}), to))

    assert verdict(send(OWN)).outcome is Outcome.PASSED
    assert verdict(send(PX)).outcome is Outcome.FAILED
    cart = crawl(lambda who, *_: query(hexid(who), OWN, "basket"))
    assert verdict(cart).outcome is Outcome.FAILED
    assert verdict(cart, exempt={"bask*": "keeps what was chosen"}).outcome is Outcome.PASSED


INNOCENT = {
    "new with every page": lambda who, session, page: query(hexid(who, session, page)),
    "one of the session": lambda who, session, page: query(hexid(who, session)),
    "a site's key": lambda *_: query(hexid("key")),
    "a build": lambda who, session, page: query(hexid("build", session is Session.FIRST_AGAIN)),
    "the page's number": lambda who, session, page: query(hexid(page)),
    "times": lambda who, session, page: query(int(NOW.timestamp() * 1000) + 7 * len(repr((who, session, page)))),
    "consent": lambda *_: [request(f"{PX}?gcs=G111&us_privacy=1---&c=CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAA")],
    "an experiment": lambda who, *_: query({"A": "variant-a", "B": "variant-b", "C": "variant-c"}[who]),
    "measured times": lambda who, session, page: query(
        f"{random.Random(repr((who, session, page))).randint(100, 2000) / 10 - 3e-11:.14f}".ljust(16, "9")
    ),
    "an empty user": lambda *_: query("", name="uid"),
    "what browsers fill in": lambda who, *_: [
        request(PX, headers=(("cookie", f"u={hexid(who)}"), ("referer", f"{HOME}?{hexid(who)}"), (":path", hexid(who))))
    ],
    "own hosts of a name": lambda *_: [request("https://www.shop.test/a/b.png?v=8a7d9c3e1f")],
}  # fmt: skip


@pytest.mark.parametrize("case", INNOCENT)
def test_what_looks_like_a_number_of_the_visitor_and_is_none_passes(case):
    found = verdict(crawl(INNOCENT[case]))
    assert found.outcome is Outcome.PASSED, found


def test_numbers_of_the_session_are_noted():
    found = verdict(crawl(INNOCENT["one of the session"]))
    assert "for the session or a day at most: v (tracker.test)" in found.notes[-1]


def test_the_address_of_the_page_itself_is_the_crawlers():
    def send(who, session, page):
        return [request(page, resource="document", redirected_to=f"{page}?s={hexid(who)}", id="d"),
                request(f"{page}?s={hexid(who)}", resource="document", id="d#1")]  # fmt: skip

    assert verdict(crawl(send)).outcome is Outcome.PASSED


# ---- what is stored and sent along


def in_cookie(lifetime):
    def keep(who, session):
        value = hexid(who) if lifetime else hexid(who, session)
        return {
            "set_cookies": [set_cookie("uid", value, lifetime=lifetime)],
            "jar": [cookie("uid", value, lifetime=lifetime)],
        }

    return keep


def in_storage(who, _):
    return {"storage": [stored("installation", hexid(who))]}


def sha(who):
    return hashlib.sha256(hexid(who).encode()).hexdigest()


@pytest.mark.parametrize("keep", [in_cookie(YEAR), in_storage], ids=["cookie", "storage"])
def test_a_stored_number_is_found_hashed_and_on_a_page_that_others_did_not_see(keep):
    def send(who, session, page):
        return query(sha(who)) if page == ABOUT else []

    found = verdict(crawl(send, keep=keep, sampled=(HOME,), pages=(HOME, f"{HOME}x", ABOUT)))
    assert [f.cause for f in found.findings] == ["user-id:tracker.test:v"]
    assert "SHA-256 of the value" in found.findings[0].message
    assert found.findings[0].url == ABOUT


def test_what_is_stored_and_compared_is_one_finding():
    found = verdict(crawl(lambda who, *_: query(hexid(who)), keep=in_cookie(YEAR)))
    assert [f.cause for f in found.findings] == ["user-id:tracker.test:v"]
    assert "Cookie “uid”" in found.findings[0].message


@pytest.mark.parametrize("lifetime", [None, 3600.0], ids=["session", "an hour"])
def test_a_number_that_lives_a_day_at_most_is_noted(lifetime):
    """One of an hour is still there at the return, minutes later."""

    def send(who, session, page):
        return query(hexid(who) if lifetime else hexid(who, session))

    found = verdict(crawl(send, keep=in_cookie(lifetime)))
    assert found.outcome is Outcome.PASSED, found
    assert "v (tracker.test)" in found.notes[-1]


def test_a_copy_that_ends_with_the_session_explains_no_return():
    """The number is kept where nobody looks; the cookie with it is made anew after the return."""

    def keep(who, session):
        return {"jar": [cookie("s", hexid(who))], "set_cookies": [set_cookie("s", hexid(who))]}

    found = verdict(crawl(lambda who, *_: query(hexid(who)), keep=keep))
    assert [f.cause for f in found.findings] == ["user-id:tracker.test:v"]


@pytest.mark.parametrize(("to", "expected"), [(PX, Reason.NEEDS_HUMAN), (OWN, Reason.NOT_OBSERVED)])
def test_a_stored_secret_that_changes_with_every_visit_is_for_a_person_when_others_get_it(to, expected):
    def keep(who, session):
        value = hexid(who, session)
        return {"set_cookies": [set_cookie("t", value, lifetime=YEAR)], "jar": [cookie("t", value, lifetime=YEAR)]}

    found = verdict(crawl(lambda who, session, _: query(hexid(who, session), to), keep=keep))
    assert found.reason is expected, found


def test_a_stored_number_whose_staying_was_not_seen_is_no_pass():
    def keep(who, session):
        return in_cookie(YEAR)(who, session) if session is not Session.FIRST_AGAIN else {}

    def send(who, session, page):
        return query(hexid(who)) if session is not Session.FIRST_AGAIN else []

    found = verdict(crawl(send, keep=keep))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)


# ---- what could not be told


def test_on_one_page_alone_a_person_has_to_look():
    found = verdict(crawl(lambda who, session, page: query(hexid(who)) if page == HOME else []))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


def test_running_numbers_of_users_are_for_a_person():
    number = {"A": 1048213, "B": 1048219, "C": 1048226}
    visits = crawl(lambda who, *_: query(number[who], name="uid"))
    found = verdict(visits)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert verdict(visits, reading="reasonable").outcome is Outcome.PASSED


def test_a_measured_number_that_comes_twice_by_chance_is_none():
    def send(who, session, page):
        same = who == "A" and (session, page) in ((Session.FIRST, HOME), (Session.FIRST_AGAIN, ABOUT))
        return query(1234567 if same else random.Random(repr((who, session, page))).randint(10**6, 10**7))

    assert verdict(crawl(send)).outcome is Outcome.PASSED


def test_a_number_that_was_not_sent_at_the_return_is_no_pass():
    found = verdict(crawl(lambda who, session, _: query(hexid(who)) if session is not Session.FIRST_AGAIN else []))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)


def test_a_number_that_only_the_first_visitor_sent_is_no_pass():
    def send(who, session, page):
        return query(hexid(who)) if session is Session.FIRST else []

    found = verdict(crawl(send))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    assert "was not seen often enough" in found.explanation


def test_names_that_change_hide_nothing():
    """The number stands under another name each time, so no place can be compared."""

    def send(who, session, page):
        name = "".join(random.Random(repr((who, session, page))).choices("abcdefghijklmnop", k=9))
        return query(hexid(who), name=name)

    visits = crawl(send)
    found = verdict(visits)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert "at places that could not be compared" in found.explanation
    assert verdict(visits, reading="reasonable").outcome is Outcome.PASSED


def secret(size, *what):
    return base64.b64encode(random.Random(repr(what)).randbytes(size)).decode().rstrip("=")


def test_what_cannot_be_read_is_no_pass():
    visits = crawl(lambda *what: post(json.dumps({"e": secret(200, *what)})))
    found = verdict(visits)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.OPAQUE_PAYLOAD)
    noted = verdict(visits, reading="reasonable")
    assert noted.outcome is Outcome.PASSED
    assert any("cannot be read" in note for note in noted.notes)


@pytest.mark.parametrize("at", ["binary", "socket", "deep page"])
def test_encryption_is_seen_in_bytes_sockets_and_on_pages_that_others_did_not_see(at):
    def send(*what):
        if at == "binary":
            return post(random.Random(repr(what)).randbytes(64).decode("latin-1"))
        if at == "socket":
            return post(secret(60, *what), "wss://px.tracker.test/s", resource="websocket")
        return post(secret(60, *what)) if what[2] == ABOUT else []

    found = verdict(crawl(send, sampled=(HOME,) if at == "deep page" else None))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.OPAQUE_PAYLOAD)


@pytest.mark.parametrize(
    "send",
    [
        lambda *what: query(secret(16, *what)),
        lambda *what: query(secret(32, *what)),
        lambda *what: post(base64.b64encode(json.dumps({"at": hexid(*what)}).encode()).decode()),
        lambda *what: post(secret(200, "the same for all")),
        lambda *what: post(secret(200, *what), OWN),
    ],
    ids=["16 bytes", "32 bytes", "readable base64", "the same for all", "to the site"],
)
def test_random_numbers_and_readable_text_are_not_opaque(send):
    assert verdict(crawl(send)).outcome is Outcome.PASSED


@pytest.mark.parametrize("fields", [{"body": None, "body_missing": True}, {"log_only": True, "method": "POST"}])
def test_what_was_not_recorded_whole_is_no_pass(fields):
    found = verdict(crawl(lambda *_: [request(PX, **fields)]))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_a_body_to_the_site_may_be_missing():
    assert verdict(crawl(lambda *_: [request(OWN, body_missing=True)])).outcome is Outcome.PASSED


@pytest.mark.parametrize("hole", ["requests", "jar", "storage"])
def test_a_hole_in_the_record_is_no_pass(hole):
    visits = crawl(lambda *_: query("1"))
    visits[0] = visit(HOME, **{"requests": query("1"), hole: None})
    assert verdict(visits).reason is Reason.INSTRUMENT
    cut = visit(HOME, requests=query("1"), errors={"requests": "the first 5000 of 6000 requests"})
    assert verdict([cut, *visits[1:]]).reason is Reason.INSTRUMENT


def test_pages_that_nobody_else_saw_are_no_comparison():
    found = verdict(crawl(lambda who, *_: query(hexid(who)), sampled=("https://shop.test/other",)))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)


# ---- e-mail addresses


def test_an_address_that_one_visitor_alone_sent_is_found():
    found = verdict(crawl(lambda who, *_: query(f"{who}.doe%40mail.example.com")), reading="reasonable")
    assert [f.cause for f in found.findings][:1] == ["user-id:tracker.test:e-mail"]
    assert "doe" not in found.findings[0].message


def test_the_same_address_for_all_is_noted():
    found = verdict(crawl(lambda *_: query("info%40shop.example.com")))
    assert found.outcome is Outcome.PASSED
    assert any("in…@shop.example.com" in note for note in found.notes)


def test_an_address_in_the_pages_own_address_is_for_a_person():
    page = f"{HOME}?mail=jane@example.com"

    def send(who, session, at):
        return query("https%3A%2F%2Fshop.test%2F%3Fmail%3Djane%2540example.com", name="dl")

    found = verdict(crawl(send, pages=(page, ABOUT)))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


def test_what_is_sent_to_the_site_is_no_disclosure_of_an_address():
    assert verdict(crawl(lambda *_: query("jane%40example.com", OWN))).outcome is Outcome.PASSED
