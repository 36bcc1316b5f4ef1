"""The policy's list of cookies against those that are set."""

import pytest
from pydantic import ValidationError

from compliance.checks import judge
from compliance.checks.identity.declared_cookies import DeclaredCookies, declared_cookies
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Aspect, Session
from compliance.testing import context, cookie, observe, set_cookie, site, stored, visit

DAY = 86_400
SID = {"name": "sid", "lifetime": "session"}


def verdict(*visits, given=(), **fields):
    return judge(declared_cookies, DeclaredCookies(cookies=given), observe(*visits), context(**fields))


def setting(name, **fields):
    return visit(set_cookies=[set_cookie(name, "x", **fields)])


def test_declared_cookies_pass():
    page = visit(set_cookies=[set_cookie("sid")], jar=[cookie("sid")])
    found = verdict(page, given=[SID])
    assert (found.outcome, found.reason) == (Outcome.PASSED, Reason.NOT_OBSERVED)
    assert found.notes == ("1 cookie seen, refused ones included; 1 declared.",)


def test_an_undeclared_cookie_is_a_finding():
    (finding,) = verdict(setting("uid"), given=[SID]).findings
    assert finding.cause == "undeclared:self:uid"
    assert "Cookie “uid” (shop.test) lives until the browser is closed; not declared." in finding.message


def test_an_undeclared_cookie_that_is_only_in_the_jar():
    assert verdict(visit(jar=[cookie("uid")]), given=[SID]).findings[0].cause == "undeclared:self:uid"


def test_a_refused_attempt_counts_and_a_deletion_does_not():
    assert verdict(setting("uid", blocked=("UserPreferences",))).outcome is Outcome.FAILED
    assert verdict(setting("uid", lifetime=0)).outcome is Outcome.PASSED


def test_an_empty_list_declares_none():
    assert verdict(visit()).outcome is Outcome.PASSED
    assert verdict(setting("sid")).outcome is Outcome.FAILED


def test_other_sessions_count():
    again = visit(session=Session.FIRST_AGAIN, set_cookies=[set_cookie("back", "x")])
    assert verdict(visit(), again).findings[0].cause == "undeclared:self:back"


@pytest.mark.parametrize(
    ("glob", "name", "fits"),
    [
        ("_ga*", "_ga_ABC", True),
        ("_ga", "_ga_ABC", False),
        ("SID", "sid", False),
        ("cart[items]", "cart[items]", True),  # as PHP writes an array: no class of characters
        ("visit_[0-9a-f]*", "visit_8f3ac21b9d", True),
    ],
)
def test_names(glob, name, fits):
    outcome = verdict(setting(name), given=[{"name": glob}]).outcome
    assert outcome is (Outcome.PASSED if fits else Outcome.FAILED)


def test_names_with_an_identifier_are_matched_as_they_are():
    pages = [
        visit(session=session, set_cookies=[set_cookie(f"visit_{number}", "x")])
        for session, number in (
            (Session.FIRST, "8f3ac21b9d"),
            (Session.SECOND, "77d0a1c2e4"),
            (Session.THIRD, "09e8d7c6b5"),
        )
    ]
    assert verdict(*pages, given=[{"name": "visit_[0-9a-f]*"}]).outcome is Outcome.PASSED
    assert [f.cause for f in verdict(*pages).findings] == ["undeclared:self:visit_#"], "one cause, not three"


@pytest.mark.parametrize(
    ("lifetime", "declared", "outcome"),
    [
        (None, "session", Outcome.PASSED),
        (1, "session", Outcome.FAILED),
        (100 * DAY, "100 days", Outcome.PASSED),
        (105 * DAY, "100 days", Outcome.PASSED),
        (106 * DAY, "100 days", Outcome.FAILED),
        (397 * DAY, "13 months", Outcome.PASSED),
        (DAY, "1 year", Outcome.PASSED),
        (None, "1 year", Outcome.PASSED),
        (22, "20 seconds", Outcome.PASSED),
        (24, "20 seconds", Outcome.FAILED),
    ],
)
def test_lifetimes(lifetime, declared, outcome):
    found = verdict(setting("v", lifetime=lifetime), given=[{"name": "v", "lifetime": declared}])
    assert found.outcome is outcome


def test_a_longer_lifetime_is_said():
    (finding,) = verdict(setting("sid", lifetime=60 * DAY), given=[SID]).findings
    assert finding.cause == "outlives:self:sid"
    assert "asks to live 60 days; declared: no longer than the session." in finding.message
    (kept,) = verdict(
        visit(jar=[cookie("v", lifetime=60 * DAY)]), given=[{"name": "v", "lifetime": "30 days"}]
    ).findings
    assert "declared: 30 days" in kept.message


def test_an_entry_without_lifetime_allows_any():
    assert verdict(setting("v", lifetime=700 * DAY), given=[{"name": "v"}]).outcome is Outcome.PASSED


def test_an_exact_name_goes_before_a_glob_and_the_longest_of_equals_holds():
    globs = [{"name": "_g*", "lifetime": "2 years"}, {"name": "_gid", "lifetime": "1 day"}]
    assert verdict(setting("_gid", lifetime=9 * DAY), given=globs).outcome is Outcome.FAILED
    equals = [{"name": "_gid", "lifetime": "1 day"}, {"name": "_gid", "lifetime": "10 days"}]
    assert verdict(setting("_gid", lifetime=9 * DAY), given=equals).outcome is Outcome.PASSED


def test_a_cookie_of_another_owner_is_not_the_declared_one():
    theirs = setting("uid", domain="tracker.test", setter="https://tracker.test/p")
    (finding,) = verdict(theirs, given=[{"name": "uid"}]).findings
    assert finding.cause == "other-owner:tracker.test:uid"
    assert "declared for the site itself only" in finding.message
    (finding,) = verdict(setting("uid"), given=[{"name": "uid", "domain": "tracker.test"}]).findings
    assert "declared for tracker.test only" in finding.message


@pytest.mark.parametrize("domain", ["tracker.test", ".tracker.test", "px.tracker.test"])
def test_owners_are_told_apart_by_registrable_domain(domain):
    theirs = setting("uid", domain="ads.tracker.test", setter="https://ads.tracker.test/p")
    assert verdict(theirs, given=[{"name": "uid", "domain": domain}]).outcome is Outcome.PASSED


def test_all_domains_of_the_site_are_one_owner():
    """A staging build is judged by the list that names the production host."""
    own = site("https://staging.test/", first_party=["shop.test"])
    page = setting("sid", domain="staging.test", setter="https://staging.test/")
    assert verdict(page, given=[{"name": "sid", "domain": "www.shop.test"}], site=own).outcome is Outcome.PASSED


def test_what_was_declared_and_never_seen_is_noted():
    found = verdict(visit(), given=[SID, {"name": "IDE", "domain": "ads.test"}])
    assert found.outcome is Outcome.PASSED
    assert "“sid” is declared (cookie) and was never seen." in found.notes
    assert "“IDE” of ads.test is declared (cookie) and was never seen." in found.notes


def test_what_was_not_recorded_is_no_pass():
    found = verdict(visit(set_cookies=None), given=[SID])
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


# ---- local storage

THEME = {"name": "theme", "carrier": "local-storage"}


def test_local_storage_is_judged_when_the_list_speaks_of_it():
    page = visit(storage=[stored("uid", "abcdefgh")])
    assert verdict(page, given=[SID]).outcome is Outcome.PASSED
    assert DeclaredCookies(cookies=[SID]).also_reads() == frozenset()
    assert DeclaredCookies(cookies=[THEME]).also_reads() == {Aspect.STORAGE}
    (finding,) = verdict(page, given=[THEME]).findings
    assert finding.cause == "undeclared-storage:self:uid"
    assert "“uid” in local storage of https://shop.test: not declared." in finding.message
    assert "abcdefgh" not in str(finding)


def test_declared_local_storage_passes():
    page = visit(storage=[stored("theme", "dark"), stored("tab", "1", kind="session")])
    assert verdict(page, given=[THEME]).outcome is Outcome.PASSED


def test_a_cookie_entry_declares_no_storage_and_the_other_way_round():
    assert verdict(visit(storage=[stored("sid", "1")]), given=[SID, THEME]).outcome is Outcome.FAILED
    assert verdict(setting("theme"), given=[THEME]).outcome is Outcome.FAILED


def test_storage_of_another_owner():
    page = visit(storage=[stored("theme", "1", origin="https://widget.test")])
    assert verdict(page, given=[THEME]).findings[0].cause == "other-owner-storage:widget.test:theme"


@pytest.mark.parametrize("fields", [{"storage": None}, {"errors": {"storage": "the frame was gone"}}])
def test_storage_that_was_not_recorded_is_no_pass(fields):
    found = verdict(visit(**fields), given=[THEME])
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


@pytest.mark.parametrize(
    "entry",
    [
        {"name": ""},
        {"name": "a", "domain": "https://x.test/"},
        {"name": "a", "domain": "github.io"},
        {"name": "a", "lifetime": "13"},
        {"name": "a", "carrier": "local-storage", "lifetime": "1 day"},
        {"name": "a", "provider": "x"},
    ],
)
def test_wrong_entries_are_refused(entry):
    with pytest.raises(ValidationError):
        DeclaredCookies(cookies=[entry])
