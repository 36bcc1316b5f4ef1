"""One visitor who came through an advertisement: what is kept of the address, and who is told."""

import base64
import hashlib
import json
from urllib.parse import quote

import pytest

from compliance.checks import judge
from compliance.checks.identity.no_click_ids import NoClickIds, no_click_ids
from compliance.knowledge.landing import address
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Session, VisitOutcome
from compliance.testing import HOME, context, cookie, link, observe, request, set_cookie, site, stored, visit

CONTROL = "Qx7Rz2Kp9WvT4mNc8LdHfG3s"
GCLID = "kW8zRt5Pq2XvB7nMc4LdHj9S"
FBCLID = "Tz3Gk8Wp6RnV2xQc7MdBf5Lh"
LANDED = address(HOME, ("bzqxwvkt", CONTROL), {"gclid": GCLID, "fbclid": FBCLID})
QUERY = LANDED.partition("?")[2]
YEAR = 31_536_000
SHA = hashlib.sha256(GCLID.encode()).hexdigest()


def landing(**fields):
    return visit(LANDED, session=Session.LANDED, referrer=HOME, **fields)


def verdict(*visits, of=None, **parameters):
    of = of or site()
    return judge(no_click_ids, NoClickIds(**parameters), observe(visit(), *visits), context(site=of))


def outcome(*visits, **options):
    found = verdict(*visits, **options)
    return found.outcome, [f.cause for f in found.findings]


def keeps(name, value, lifetime=None):
    return landing(
        jar=[cookie(name, value, lifetime=lifetime)], set_cookies=[set_cookie(name, value, lifetime=lifetime)]
    )


def test_a_site_that_does_nothing_with_it_passes_and_says_what_was_tried():
    found = verdict(landing())
    assert (found.outcome, found.notes) == (Outcome.PASSED, (f"2 click identifiers were tried on {HOME}.",))
    assert found.pages_examined == found.pages_planned == 1, "the landing is no further page"


KEPT = {
    "cookie": (keeps("_gcl", f"1.1700000000.{GCLID}", YEAR), "click-id-kept:self:_gcl"),
    "cookie of a script, refused": (
        landing(set_cookies=[set_cookie("g", GCLID, lifetime=YEAR, blocked=("UserPreferences",))]),
        "click-id-kept:self:g",
    ),
    "hash": (keeps("click", SHA, YEAR), "click-id-kept:self:click"),
    "half of it": (keeps("click", GCLID[:14], YEAR), "click-id-kept:self:click"),
    "base64": (keeps("c", base64.b64encode(f'{{"g":"{GCLID}"}}'.encode()).decode(), YEAR), "click-id-kept:self:c"),
    "name of the key": (landing(storage=[stored(f"seen-{GCLID}", "1")]), "click-id-kept:self:local:#"),
    "localStorage": (landing(storage=[stored("ad", GCLID)]), "click-id-kept:self:local:ad"),
    "IndexedDB": (
        landing(storage=[stored("db/s/1", json.dumps({"g": GCLID}), kind="indexeddb")]),
        "click-id-kept:self:indexeddb:db/s/1",
    ),
    "beside the whole address": (
        landing(storage=[stored("first", json.dumps({"page": LANDED, "gclid": GCLID}))]),
        "click-id-kept:self:local:first",
    ),
    "another owner's cookie": (
        landing(jar=[cookie("u", GCLID, lifetime=YEAR, domain="ads.test")]),
        "click-id-kept:ads.test:u",
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_click_identifier_that_is_kept_is_a_finding(name):
    made, cause = KEPT[name]
    assert outcome(made) == (Outcome.FAILED, [cause])


NOT_KEPT = {
    "session cookie": keeps("c", GCLID),
    "sessionStorage": landing(storage=[stored("c", GCLID, kind="session")]),
    "window.name": landing(storage=[stored("name", GCLID, kind="name")]),
    "the whole address for the session": landing(storage=[stored("landing", LANDED, kind="session")]),
    "a page that a service worker caches": landing(
        storage=[stored("pages/https://shop.test/", json.dumps({"url": LANDED}), kind="cache")]
    ),
    "taken back": landing(set_cookies=[set_cookie("c", GCLID, lifetime=YEAR), set_cookie("c", "", lifetime=0)], jar=[]),
    "replaced": landing(
        set_cookies=[set_cookie("c", GCLID, lifetime=YEAR), set_cookie("c", "none", lifetime=YEAR)],
        jar=[cookie("c", "none", lifetime=YEAR)],
    ),
    "replaced by one of the session": landing(
        set_cookies=[set_cookie("c", "x", lifetime=YEAR), set_cookie("c", GCLID)], jar=[cookie("c", GCLID)]
    ),
}


@pytest.mark.parametrize("name", NOT_KEPT)
def test_what_does_not_outlive_the_session_passes(name):
    assert outcome(NOT_KEPT[name]) == (Outcome.PASSED, [])


@pytest.mark.parametrize(
    "item", [stored("landing", LANDED), stored("landing", LANDED[: len(LANDED) - 40]), stored("q", json.dumps(QUERY))]
)
def test_a_whole_address_that_is_kept_is_for_a_person_to_judge(item):
    found = verdict(landing(storage=[item]))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert verdict(landing(storage=[item]), reading="reasonable").outcome is Outcome.PASSED


def test_parameters_kept_one_by_one_the_control_as_well_are_the_whole_address():
    each = [stored(f"q.{name}", value) for name, value in (("bzqxwvkt", CONTROL), ("gclid", GCLID), ("fbclid", FBCLID))]
    assert verdict(landing(storage=each)).reason is Reason.NEEDS_HUMAN
    assert outcome(landing(storage=each[1:])) == (
        Outcome.FAILED,
        ["click-id-kept:self:local:q.gclid", "click-id-kept:self:local:q.fbclid"],
    )


CUT = f"{HOME}?bzqxwvkt={CONTROL}"
PIXEL = f"https://ads.test/p?fbc={FBCLID}"
LAST = cookie("_gcl_aw", f"GCL.1.{GCLID}", lifetime=YEAR)
BESIDE = {
    "alone": [request(PIXEL)],
    "a cleaned address": [request(f"{PIXEL}&dl={CUT}")],
    "a cleaned address, encoded": [request(f"{PIXEL}&dl={quote(CUT, safe='')}")],
    "another request with a cut address": [request(PIXEL), request(f"https://ads.test/v?dl={quote(LANDED[:60])}")],
    "a cut address as referrer": [request(PIXEL, headers=(("referer", LANDED[:60]),))],
    "a cut address in the same data": [
        request("https://ads.test/p", method="POST", body=json.dumps({"page": CUT, "user": {"fbc": FBCLID}}))
    ],
    "the same data, as a parameter": [
        request(f"https://ads.test/p?d={quote(json.dumps({'page': CUT, 'user': json.dumps({'fbc': FBCLID})}))}")
    ],
    "the control under a name of its own": [request(f"{PIXEL}&first={CONTROL}")],
    "a cut address in a form": [request("https://ads.test/p", method="POST", body=f"page={quote(CUT)}&fbc={FBCLID}")],
}


@pytest.mark.parametrize("name", BESIDE)
def test_an_address_that_was_cut_after_the_control_excuses_nothing_that_is_sent(name):
    assert outcome(landing(requests=BESIDE[name])) == (Outcome.FAILED, ["click-id-sent:ads.test"])


@pytest.mark.parametrize("other", ["", "cookie", "data", "control"])
def test_an_address_that_was_cut_after_the_control_excuses_nothing_that_is_kept(other):
    jar = [LAST]
    if other == "cookie":
        jar.append(cookie("landing", f"/?bzqxwvkt={CONTROL}", lifetime=YEAR))
    if other == "data":
        jar = [cookie("_gcl_aw", quote(json.dumps({"at": CUT, "click": GCLID})), lifetime=YEAR)]
    if other == "control":
        jar.append(cookie("bzqxwvkt", CONTROL, lifetime=YEAR))
    for reading in ("strict", "reasonable"):
        assert outcome(landing(jar=jar), reading=reading) == (Outcome.FAILED, ["click-id-kept:self:_gcl_aw"])


ONE_BY_ONE = {
    "a request for each": [
        request(f"https://stats.test/p?n={name}&v={value}")
        for name, value in (("bzqxwvkt", CONTROL), ("gclid", GCLID), ("fbclid", FBCLID))
    ],
    "numbered": [request(f"https://stats.test/p?v0={CONTROL}&v1={GCLID}&v2={FBCLID}")],
    "named after them": [request(f"https://stats.test/p?p[bzqxwvkt]={CONTROL}&t=1&p[fbclid]={FBCLID}")],
    "as data": [
        request("https://stats.test/p", method="POST", body=json.dumps({"bzqxwvkt": CONTROL, "q": 1, "gclid": GCLID}))
    ],
    "each hashed": [
        request(f"https://stats.test/p?bzqxwvkt={hashlib.sha256(CONTROL.encode()).hexdigest()}&x=1&gclid={SHA}")
    ],
    "an address that was not encoded": [request(f"https://stats.test/p?dl={LANDED}&t=1")],
    "the same, cut": [request(f"https://stats.test/p?dl={LANDED[:-40]}")],
    "the same, cleaned": [request(f"https://stats.test/p?dl={CUT}&fbclid={FBCLID}")],
}


@pytest.mark.parametrize("name", ONE_BY_ONE)
def test_parameters_sent_one_by_one_the_control_as_well_are_the_whole_address(name):
    assert outcome(landing(requests=ONE_BY_ONE[name])) == (Outcome.PASSED, [])


def test_a_day_is_enough_for_the_reasonable_reading_and_not_for_the_strict_one():
    day, longer = keeps("c", GCLID, 86_400), keeps("c", GCLID, 90_000)
    assert outcome(day)[0] is Outcome.FAILED
    assert outcome(day, reading="reasonable")[0] is Outcome.PASSED
    assert outcome(longer, reading="reasonable")[0] is Outcome.FAILED


TOLD = {
    "parameter": (request(f"https://ads.test/p?gclid={GCLID}"), "the parameter “gclid”"),
    "beside the whole address": (request(f"https://ads.test/p?dl={quote(LANDED)}&g={GCLID}"), "ads.test"),
    "path": (request(f"https://ads.test/{SHA}/p"), "the path"),
    "body": (request("https://ads.test/p", method="POST", body=json.dumps({"a": {"g": GCLID}})), "the field “a.g”"),
    "header": (request("https://ads.test/p", headers=(("x-click", GCLID),)), "the header x-click"),
    "cookie": (request("https://ads.test/p", headers=(("cookie", f"u={GCLID}"),)), "the header cookie"),
    "socket": (request("wss://ads.test/s", resource="websocket", body=f"hello {GCLID}"), "the body"),
    "by a redirect of the site": (
        request(f"{HOME}go", redirected_to=f"https://ads.test/p?c={GCLID}", status=302),
        "the parameter “c” of the redirect",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_another_owner_who_is_told_is_a_finding(name):
    made, where = TOLD[name]
    found = verdict(landing(requests=[made]))
    assert (found.outcome, [f.cause for f in found.findings]) == (Outcome.FAILED, ["click-id-sent:ads.test"])
    assert where in found.findings[0].message


NOT_TOLD = {
    "the site's own server": request(f"{HOME}collect?gclid={GCLID}"),
    "the page's address": request(f"https://stats.test/p?dl={quote(LANDED, safe='')}"),
    "its query, cut short": request(f"https://stats.test/p?q={quote(QUERY[:80])}"),
    "the browser's Referer": request("https://cdn.test/a.css", headers=(("referer", LANDED),)),
    "one by one": request(f"https://stats.test/p?{QUERY}"),
    "another value": request("https://ads.test/p?gclid=aaaabbbbccccddddeeeeffff"),
    "no network": request(f"data:text/plain,{GCLID}"),
}


@pytest.mark.parametrize("name", NOT_TOLD)
def test_who_learns_the_address_as_it_is_is_noted_at_most(name):
    assert outcome(landing(requests=[NOT_TOLD[name]])) == (Outcome.PASSED, [])


def test_links_to_others_that_carry_it():
    carried = landing(links=[link(f"https://partner.test/x?from={GCLID}")])
    assert outcome(carried) == (Outcome.FAILED, ["click-id-link:partner.test"])
    assert "the parameter “from” of the link" in verdict(carried).findings[0].message
    shared = landing(links=[link(f"https://friends.test/share?u={quote(LANDED, safe='')}")])
    assert outcome(shared) == (Outcome.PASSED, [])
    own = landing(links=[link(f"{HOME}cart?gclid={GCLID}")])
    assert outcome(own) == (Outcome.PASSED, [])
    theirs = landing(links=[link(f"https://ads.test/x?c={GCLID}", frame="https://ads.test/frame")])
    assert outcome(theirs) == (Outcome.PASSED, [])


def test_processors_may_be_told_in_the_reasonable_reading():
    told = landing(requests=[request(f"https://ads.test/p?c={GCLID}")])
    of = site(processors={"ads.test": "measures campaigns"})
    assert outcome(told, of=of)[0] is Outcome.FAILED
    found = verdict(told, of=of, reading="reasonable")
    assert found.outcome is Outcome.PASSED
    assert any("measures campaigns" in note for note in found.notes)


def test_a_redirect_that_strips_the_address_is_noted_and_what_it_does_is_judged():
    hops = [
        request(LANDED, resource="document", status=302, redirected_to=HOME),
        request(HOME, id="after", resource="document"),
    ]
    found = verdict(landing(final_url=HOME, requests=hops))
    assert found.outcome is Outcome.PASSED
    assert any("takes the click identifiers out" in note for note in found.notes)
    sets = landing(final_url=HOME, requests=hops, jar=[cookie("c", GCLID, lifetime=YEAR)])
    assert outcome(sets)[0] is Outcome.FAILED
    stays = [request(LANDED, resource="document", status=302, redirected_to=f"{HOME}en?{QUERY}"),
             request(f"{HOME}en?{QUERY}", resource="document")]  # fmt: skip
    assert not any("takes the" in note for note in verdict(landing(requests=stays)).notes)


def test_where_the_site_takes_out_the_control_a_copy_is_not_told_from_a_choice():
    left = f"{HOME}en?gclid={GCLID}"
    hops = [
        request(LANDED, resource="document", status=302, redirected_to=left),
        request(left, id="after", resource="document"),
        request(f"https://stats.test/p?dl={quote(left, safe='')}"),
    ]
    found = verdict(landing(final_url=left, requests=hops))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert verdict(landing(final_url=left, requests=hops[:2])).outcome is Outcome.PASSED
    by_script = landing(final_url=left, requests=hops[2:])
    assert verdict(by_script).reason is Reason.NEEDS_HUMAN


def test_a_long_text_with_the_whole_address_is_not_cut_into_pieces_that_mislead():
    log = "".join(f"{n} opened {LANDED if n % 40 == 0 else 'a page'}; " for n in range(600))
    assert len(log) > 8000
    assert outcome(landing(storage=[stored("log", log, kind="session")])) == (Outcome.PASSED, [])
    found = verdict(landing(storage=[stored("log", log)]))
    assert (found.findings, found.reason) == ((), Reason.NEEDS_HUMAN)


def test_nobody_landed():
    found = verdict()
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    assert "nobody saw the start page" in found.explanation


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        (VisitOutcome.TIMEOUT, Reason.COVERAGE),
        (VisitOutcome.PARTIAL, Reason.COVERAGE),
        (VisitOutcome.HTTP_ERROR, Reason.COVERAGE),
        (VisitOutcome.BLOCKED_SCOPE, Reason.COVERAGE),
        (VisitOutcome.SKIPPED, Reason.COVERAGE),
        (VisitOutcome.BLOCKED_BY_SITE, Reason.BLOCKED),
    ],
)
def test_a_landing_that_was_not_seen_is_no_pass(ended, reason):
    found = verdict(landing(outcome=ended))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, reason)
    assert ended.value in found.explanation
    told = landing(outcome=ended, requests=[request(f"https://ads.test/p?c={GCLID}")])
    assert outcome(told)[0] is Outcome.FAILED, "what was seen was seen"


@pytest.mark.parametrize("missing", ["requests", "storage", "links", "jar"])
def test_what_was_not_recorded_is_no_pass(missing):
    found = verdict(landing(**{missing: None}))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


@pytest.mark.parametrize(
    "fields",
    [
        {"errors": {"storage": "cut"}},
        {"requests": [request("https://ads.test/p", method="POST", body_missing=True)]},
        {"requests": [request("https://ads.test/p", method="POST", log_only=True)]},
    ],
)
def test_what_was_not_recorded_whole_is_no_pass(fields):
    assert verdict(landing(**fields)).reason is Reason.INSTRUMENT
    own = {"requests": [request(f"{HOME}p", method="POST", body_missing=True)]}
    assert verdict(landing(**own)).outcome is Outcome.PASSED


def test_other_visitors_are_not_looked_at():
    first = visit(jar=[cookie("c", GCLID, lifetime=YEAR)])
    assert judge(no_click_ids, NoClickIds(), observe(first, landing()), context()).outcome is Outcome.PASSED
