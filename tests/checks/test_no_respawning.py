"""What comes back after a deletion, and what only looks like it: visitors as literals."""

import base64
import hashlib
import json
import random
import uuid

import pytest

from compliance.checks import judge
from compliance.checks.identity.no_respawning import NoRespawning, no_respawning
from compliance.knowledge.identifiers.further import pages_of, wanted
from compliance.knowledge.identifiers.respawn import Deletion
from compliance.knowledge.identifiers.traits import OTHERS
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import AS_NEEDED, Aspect, Session, VisitOutcome
from compliance.testing import NOW, context, cookie, observe, request, set_cookie, site, stored, visit

HOME, ABOUT, SCRIPT = "https://shop.test/", "https://shop.test/about", "https://shop.test/stats.js"
YEAR = 365 * 86_400
A = Session.FIRST
#: Session → whose identity; a deletion makes a new visitor of the first, unless something comes back.
WHO = {
    Session.FIRST: "A",
    Session.SECOND: "B",
    Session.FOURTH: "D",
    Session.THIRD: "C",
    Session.FIFTH: "E",
    Session.FIRST_AGAIN: "A",
    Session.WITHOUT_COOKIES: "F",
    Session.WITHOUT_STORAGE: "G",
}


def v4(who):
    return str(uuid.UUID(int=random.Random(who).getrandbits(128), version=4))


def crawl(see, without=(), pages=(HOME, ABOUT), **fields):
    """`see(session, who)` gives jar, storage and the like of each visit; the first visitor sees all pages."""
    return [
        visit(url, session=session, started=NOW.replace(minute=n).isoformat(), **(see(session, who) | fields))
        for n, (session, who) in enumerate(WHO.items())
        if session not in without
        for url in (pages if session is A else pages[:1])
    ]


def verdict(visits, **parameters):
    return judge(no_respawning, NoRespawning(**parameters), observe(*visits), context(site=site()))


def jar(value, name="uid", lifetime=YEAR):
    return {
        "jar": [cookie(name, value, lifetime=lifetime)],
        "set_cookies": [set_cookie(name, value, set_by="script", setter=SCRIPT, lifetime=lifetime)],
    }


def back(keep, session=Session.WITHOUT_COOKIES, name="uid", lifetime=YEAR):
    """A cookie that comes back after `session`'s deletion, and its copy in localStorage, written by `keep`."""

    def see(at, who):
        mine = v4("A" if at is session else who)
        kept = v4("A") if at is Session.WITHOUT_COOKIES else mine
        return jar(mine, name, lifetime) | {"storage": [stored("prefs", keep(kept))]}

    return see


WAYS = {
    "plain": lambda text: text,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "inside JSON": lambda text: json.dumps({"a": 1, "device": {"id": text}}),
    "hashed": lambda text: hashlib.sha256(text.encode()).hexdigest(),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_cookie_that_storage_brings_back_breaks_the_promise(way):
    found = verdict(crawl(back(WAYS[way])))
    assert found.outcome is Outcome.FAILED
    [finding] = found.findings
    assert f"is there again after {Deletion.COOKIES}, with the value" in finding.message
    assert "kept in: localStorage key “prefs”" in finding.message
    assert f"written by {SCRIPT}" in finding.message
    assert finding.cause == "respawned:self:uid"
    assert {e.aspect for e in finding.evidence} == {"cookies"}
    assert v4("A") not in finding.message + str(finding.evidence)


def test_the_same_for_a_session_cookie():
    found = verdict(crawl(back(WAYS["plain"], lifetime=None)))
    assert found.outcome is Outcome.FAILED


def test_an_identifier_that_comes_back_with_a_new_time_beside_it_is_the_same():
    def see(session, who):
        who = "A" if session is Session.WITHOUT_COOKIES else who
        number = random.Random(who).randrange(10**9, 2 * 10**9)
        time = int(NOW.timestamp()) + 60 * list(WHO).index(session)
        return jar(f"GA1.1.{number}.{time}")

    # Ten digits are 33 bits; the time is not part of the identity.
    assert verdict(crawl(see)).outcome is Outcome.FAILED


def test_another_name_does_not_hide_it():
    def see(session, who):
        if session is Session.WITHOUT_COOKIES:
            return jar(base64.b64encode(v4("A").encode()).decode(), "theme")
        return jar(v4(who))

    found = verdict(crawl(see))
    assert found.outcome is Outcome.FAILED
    assert "as Cookie “theme” (shop.test)" in found.findings[0].message


def test_a_cookie_that_the_cache_brings_back_names_the_validator():
    def see(session, who):
        mine = v4("A" if session is Session.WITHOUT_COOKIES else who)
        asked = request(f"{HOME}dot.gif", headers=(("if-none-match", f'"{mine}"'),))
        plain = request(f"{HOME}dot.gif")
        return jar(mine) | {"requests": [asked if session is Session.WITHOUT_COOKIES else plain]}

    found = verdict(crawl(see))
    assert found.outcome is Outcome.FAILED
    assert "asks for https://shop.test/dot.gif" in found.findings[0].message


def test_a_cookie_that_comes_back_from_nowhere_that_can_be_seen_breaks_the_promise():
    found = verdict(crawl(lambda at, who: jar(v4("A" if at is Session.WITHOUT_COOKIES else who))))
    assert found.outcome is Outcome.FAILED
    assert "Nothing readable held it" in found.findings[0].message


def test_storage_that_a_cookie_brings_back_breaks_the_promise():
    def see(session, who):
        mine = v4("A" if session is Session.WITHOUT_STORAGE else who)
        return jar(mine, "sid") | {"storage": [stored("device", mine)]}

    found = verdict(crawl(see))
    assert found.outcome is Outcome.FAILED
    [finding] = found.findings
    assert f"is there again after {Deletion.STORAGE}, with the value" in finding.message
    assert "kept in: Cookie “sid”" in finding.message
    assert finding.cause == "respawned:self:local:device"
    assert {e.aspect for e in finding.evidence} == {"storage"}


def test_storage_that_the_server_brings_back_by_another_cookie_breaks_the_promise():
    def see(session, who):
        server = v4(f"{'A' if session is Session.WITHOUT_STORAGE else who} at the server")
        mine = v4("A" if session is Session.WITHOUT_STORAGE else who)
        return jar(server, "sid") | {"storage": [stored("device", mine)]}

    found = verdict(crawl(see))
    assert found.outcome is Outcome.FAILED
    assert "the server or a script knew the visitor by one of them" in found.findings[0].message


# ---- what the browser itself gives away


KIND = dict(zip(OTHERS, ("other", "another"), strict=True))


def digest(text, length=32):
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def by_traits(session, _):
    return jar(digest(KIND.get(session, "usual")), lifetime=None)


def test_a_cookie_made_of_traits_breaks_the_promise():
    found = verdict(crawl(by_traits))
    assert found.outcome is Outcome.FAILED
    [finding] = found.findings
    assert "follows the browser" in finding.message
    assert finding.cause == "derived:self:uid"
    assert len(finding.evidence) == 5


def test_storage_made_of_traits_breaks_the_promise():
    def see(session, who):
        return {"storage": [stored("fp", json.dumps({"v": 3, "id": digest(KIND.get(session, "usual"))}))]}

    assert verdict(crawl(see)).findings[0].cause == "derived:self:local:fp"


def test_few_bits_of_traits_are_for_a_person_to_decide():
    found = verdict(crawl(lambda at, _: jar(digest(KIND.get(at, "usual"), 6), lifetime=None)))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


def of_group(*groups):
    """Visitors drawn into groups with long names, in the order in which they come."""
    drawn = dict(zip(WHO, groups, strict=True))
    return lambda session, _: jar(digest(drawn[session]), lifetime=None)


#: Sessions of the first visitor that find what it stored.
HOMES = (Session.FIRST, Session.FIRST_AGAIN, Session.WITHOUT_COOKIES)
INNOCENT = {
    "the same for everybody": lambda *_: jar(digest("build"), lifetime=None),
    "two groups with long names": of_group(*"xxyxxxyx"),
    "two groups, drawn as the browsers differ": of_group(*"xxyxyxxx"),
    "three groups, and another one at the return": of_group(*"xxyxzyxx"),
    "another value since some moment": of_group(*"xxyyyyyy"),
    "window, time zone and language": lambda at, _: jar(
        {Session.FOURTH: "1326x846_Africa-Accra_en-US", Session.FIFTH: "1366x886_Africa-Abidjan_en-US"}.get(
            at, "1280x800_UTC_en-US"
        ),
        lifetime=None,
    ),
    "one number for each visit": lambda at, who: jar(v4(f"{at}{who}"), lifetime=None),
    "an identifier that is deleted": lambda at, who: (
        jar(v4("A" if at is Session.WITHOUT_STORAGE else who))
        | {"storage": [stored("device", v4("A at home" if at in HOMES else who + " at home"))]}
    ),
    "a label beside an identifier that is deleted": lambda at, who: jar(
        f"$anonymous_visitor:{v4('new' if at is Session.WITHOUT_COOKIES else who)}"
    ),
    "a group that storage keeps": lambda _, who: (
        jar("b" if who in "BD" else "a") | {"storage": [stored("group", "b" if who in "BD" else "a")]}
    ),
    "nothing": lambda *_: {},
}


@pytest.mark.parametrize("case", INNOCENT)
def test_innocent_pages_pass(case):
    found = verdict(crawl(INNOCENT[case]))
    assert found.outcome is Outcome.PASSED, found.explanation
    assert any("network address" in note for note in found.notes)


def test_what_only_one_kind_of_browser_gets_is_for_a_person_to_decide():
    found = verdict(crawl(lambda at, _: {} if at in KIND else jar(digest("usual"), lifetime=None)))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert "to none with another browser" in found.explanation


# ---- exemptions, and what could not be looked at


@pytest.mark.parametrize(
    ("see", "exempt"),
    [
        (back(WAYS["plain"], name="CookieConsent"), {}),
        (back(WAYS["plain"]), {"uid": "is restored from the visitor's own draft"}),
        (by_traits, {"u*": "says which layout"}),
    ],
)
def test_what_is_exempt_is_noted(see, exempt):
    found = verdict(crawl(see), exempt=exempt)
    assert found.outcome is Outcome.PASSED, found.explanation
    assert any(note.startswith("Exempt (") for note in found.notes)


NEEDED = {
    Session.WITHOUT_COOKIES: INNOCENT["an identifier that is deleted"],
    Session.WITHOUT_STORAGE: INNOCENT["an identifier that is deleted"],
    Session.FOURTH: by_traits,
    Session.FIFTH: by_traits,
}


@pytest.mark.parametrize("session", NEEDED)
def test_without_a_session_that_had_something_to_tell_nothing_passes(session):
    found = verdict(crawl(NEEDED[session], without=(session,)))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    assert "saw no page at" in found.explanation


def test_a_session_that_saw_other_pages_only_tells_nothing():
    made = crawl(NEEDED[Session.WITHOUT_COOKIES], without=(Session.WITHOUT_COOKIES,))
    found = verdict([*made, visit("https://shop.test/c", session=Session.WITHOUT_COOKIES)])
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    assert "saw no page that keeps it" in found.explanation


def test_where_nothing_could_come_back_no_further_session_is_needed():
    assert verdict(crawl(INNOCENT["nothing"], without=AS_NEEDED)).outcome is Outcome.PASSED
    once = crawl(INNOCENT["one number for each visit"], without=AS_NEEDED)
    assert verdict(once).outcome is Outcome.PASSED
    kept = crawl(lambda _, who: {"storage": [stored("device", v4(who))]}, without=AS_NEEDED)
    assert verdict(kept).outcome is Outcome.PASSED, "without cookies there is nothing it could come back from"


@pytest.mark.parametrize("session", NEEDED)
def test_what_a_further_session_must_see_follows_from_what_came_before_it(session):
    made = [visit(v.url, session=A) if (v.session, v.url) == (A, HOME) else v for v in crawl(NEEDED[session])]
    needed = wanted(session, lambda: made, NOW.timestamp())
    assert pages_of(needed, [HOME, "/c"]) == [ABOUT, HOME, "/c"], "the page that wrote it is not in the sample"
    assert pages_of(needed, [HOME, ABOUT]) == [HOME, ABOUT]
    order = list(WHO)
    before = [v for v in made if order.index(v.session) < order.index(session)]
    assert pages_of(wanted(session, lambda: before, NOW.timestamp()), [HOME]) == [ABOUT, HOME]


def test_storage_that_went_with_the_cookies_proves_nothing():
    found = verdict(crawl(lambda _, who: jar(v4(who)) | {"storage": [stored("theme", f"dark {who}")]}))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
    assert "nothing that was stored was left" in found.explanation


def test_cookies_that_could_not_be_deleted_prove_nothing():
    made = crawl(back(WAYS["plain"]))
    spoilt = [
        visit(v.url, session=v.session, jar=v.jar, errors={Aspect.COOKIES.value: "the cookies could not be deleted"})
        if v.session is Session.WITHOUT_COOKIES
        else v
        for v in made
    ]
    found = verdict(spoilt)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


@pytest.mark.parametrize("missing", ["jar", "set_cookies", "storage"])
def test_what_was_not_recorded_is_no_pass(missing):
    found = verdict(crawl(INNOCENT["nothing"], **{missing: None}))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


@pytest.mark.parametrize("session", [Session.FIRST_AGAIN, Session.SECOND, Session.THIRD])
def test_without_the_three_visitors_and_the_return_nothing_passes(session):
    assert verdict(crawl(INNOCENT["nothing"], without=(session,))).outcome is Outcome.INCONCLUSIVE


def test_pages_of_a_further_session_that_gave_no_answer_are_no_pass():
    made = crawl(NEEDED[Session.FOURTH])
    lost = [
        visit(v.url, session=v.session, outcome=VisitOutcome.TIMEOUT, status=None) if v.session in KIND else v
        for v in made
    ]
    assert verdict(lost).outcome is Outcome.INCONCLUSIVE


def test_few_bits_that_come_back_are_for_a_person_to_decide():
    def see(session, who):
        return jar(str(random.Random("A" if session is Session.WITHOUT_COOKIES else who).randrange(10**7, 10**8)))

    found = verdict(crawl(see))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
