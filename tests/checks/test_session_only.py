"""What is there after the browser was closed, by literals: the last look before, the first one after."""

import json

import pytest

from compliance.checks import judge
from compliance.checks.identity.session_only import SessionOnly, session_only
from compliance.knowledge.identifiers.returned import Fate, came_back
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Session, VisitOutcome
from compliance.testing import NOW, context, cookie, observe, set_cookie, site, stored, visit

HOME, ABOUT = "https://shop.test/", "https://shop.test/about"
YEAR = 365 * 86_400


def first(url=HOME, **fields):
    return visit(url, session=Session.FIRST, started=NOW.isoformat(), **fields)


def again(url=HOME, **fields):
    return visit(url, session=Session.FIRST_AGAIN, started=NOW.replace(minute=10).isoformat(), **fields)


def verdict(*visits, **parameters):
    return judge(session_only, SessionOnly(**parameters), observe(*visits), context(site=site()))


def both(one, other=None):
    """The same jar or storage before and after."""
    return first(**one), again(**(one if other is None else other))


def test_a_cookie_that_is_there_again_breaks_the_promise():
    found = verdict(*both({"jar": [cookie("seen", "yes", lifetime=YEAR)]}))
    assert found.outcome is Outcome.FAILED
    [finding] = found.findings
    assert "there again after the browser was closed, with the same value" in finding.message
    assert finding.cause == "returned:self:seen"
    assert [e.aspect for e in finding.evidence] == ["cookies", "cookies"]


ITEMS = {
    "local": stored("theme", "dark"),
    "indexeddb": stored("db/settings/theme", '"dark"', "indexeddb"),
    "cache": stored("x/https://shop.test/me", '{"url": "https://shop.test/me", "body": "dark"}', "cache"),
    "file": stored("settings/theme", "dark", "file"),
    "empty file": stored("seen", "", "file"),
    "in a bucket": stored("buckets/mine/db/s/k", '"dark"', "indexeddb"),
    "cut": stored("x/https://shop.test/me", '{"url": "https://shop.test/me", "bo', "cache"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ITEMS)
def test_storage_that_is_there_again_breaks_the_promise(kind):
    found = verdict(*both({"storage": [ITEMS[kind]]}))
    assert found.outcome is Outcome.FAILED
    assert {e.aspect for e in found.findings[0].evidence} == {"storage"}


@pytest.mark.parametrize("kind", ["indexeddb", "file"])
def test_records_of_one_store_are_one_finding(kind):
    records = [stored(f"db/log/{word}", "1", kind) for word in ("a", "b", "c")]
    [finding] = verdict(*both({"storage": records})).findings
    assert "So are 2 more of the same store" in finding.message
    assert finding.cause == f"returned:self:{kind}:db/log"


GONE = {
    "nothing": both({}),
    "session cookies, set anew": both({"jar": [cookie("sid", "1")]}),
    "a cookie whose time was over before the return": both({"jar": [cookie("short", "1", lifetime=300)]}),
    "a cookie that was taken back": (
        first(jar=[cookie("a", lifetime=YEAR)]), first(ABOUT), again(),
    ),
    "a refused cookie": both({"set_cookies": [set_cookie("r", lifetime=YEAR, blocked=("UserPreferences",))]}),
    "a cookie that the first visit did not have": (first(), again(jar=[cookie("new", lifetime=YEAR)])),
    "one that a later page of the return sets anew": (
        first(jar=[cookie("a", lifetime=YEAR)]), again(), again(ABOUT, jar=[cookie("a", lifetime=YEAR)]),
    ),
    "what ends with the tab": both({"storage": [stored("t", "1", "session"), stored("window.name", "1", "name")]}),
    "storage that is gone": (first(storage=[stored("a", "1")]), again()),
    "other visitors": (first(), again(), visit(session=Session.SECOND, storage=[stored("a", "1")])),
    "files and workers": both({"storage": [
        stored("x/https://shop.test/a.css", '{"url": "https://shop.test/a.css"}', "cache"),
        stored("https://shop.test/", "https://shop.test/sw.js", "worker"), stored("db", "", "indexeddb"),
        stored("drafts/", "", "file"), stored("buckets/mine/", "", "file"),
    ]}),
}  # fmt: skip


@pytest.mark.parametrize("what", GONE)
def test_what_the_session_took_with_it_is_no_breach(what):
    assert verdict(*GONE[what]).outcome is Outcome.PASSED


DOUBTS = {
    "another value": both({"jar": [cookie("a", "1", lifetime=YEAR)]}, {"jar": [cookie("a", "2", lifetime=YEAR)]}),
    "another value in storage": both({"storage": [stored("n", "1")]}, {"storage": [stored("n", "2")]}),
    "taken back and there again": (first(storage=[stored("n", "1")]), first(ABOUT), again(storage=[stored("n", "1")])),
}  # fmt: skip


@pytest.mark.parametrize("what", DOUBTS)
def test_what_may_have_been_made_anew_is_for_a_person(what):
    found = verdict(*DOUBTS[what])
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


def test_an_earlier_value_counts_as_the_same():
    found = verdict(
        first(storage=[stored("n", "1")]), first(storage=[stored("n", "2")]), again(storage=[stored("n", "1")])
    )
    assert found.outcome is Outcome.FAILED


def test_a_frames_storage_is_compared_where_the_return_saw_it():
    other = stored("u", "1", origin="https://w.social.test")
    found = verdict(first(ABOUT, storage=[other]), again(ABOUT, storage=[other]))
    assert found.findings[0].cause == "returned:social.test:local:u"
    found = verdict(first(ABOUT, storage=[other]), again(HOME))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)


def test_exempt_names_are_listed_and_pass():
    jar = [cookie("cookieconsent", "necessary", lifetime=YEAR), cookie("lang", "en", lifetime=YEAR)]
    found = verdict(*both({"jar": jar, "storage": [stored("theme", "dark")]}), exempt={"theme": "light or dark"})
    assert found.outcome is Outcome.PASSED
    assert {note.partition(")")[0] for note in found.notes if "Exempt" in note} == {
        "Exempt (keeps the visitor's consent choice", "Exempt (keeps the language", "Exempt (light or dark",
    }  # fmt: skip


def test_what_was_not_recorded_is_no_pass():
    for fields in ({"jar": None}, {"storage": None}, {"errors": {"storage": "the first 4 entries"}}):
        for one in (first(ABOUT, **fields), again(ABOUT, **fields)):
            found = verdict(first(), one, again())
            assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT), fields
    broken = again(ABOUT, outcome=VisitOutcome.DOWNLOAD, storage=None)
    assert verdict(first(), again(), broken).outcome is Outcome.PASSED


def test_a_return_without_a_jar_leaves_cookies_open():
    before = first(jar=[cookie("a", lifetime=YEAR)])
    kept, gaps = came_back([before, again(jar=None)], NOW.timestamp())
    assert [one.fate for one in kept] == [Fate.UNSEEN]
    assert [gap.why for gap in gaps] == ["cookies were not recorded"]


def test_without_a_return_nothing_is_said():
    assert verdict(first()).outcome is Outcome.INCONCLUSIVE


def test_values_are_not_shown():
    secret = json.dumps({"id": "0123456789abcdef"})
    assert "0123456789abcdef" not in str(verdict(*both({"storage": [stored("k", secret)]})).findings)
