"""Lifetimes asked for and effective, against what is promised."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from compliance.checks import judge
from compliance.checks.identity.cookie_lifetime import CookieLifetime, cookie_lifetime
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Session
from compliance.testing import NOW, context, cookie, observe, set_cookie, visit

DAY = 86_400


def verdict(*visits, max="30 days", **parameters):
    return judge(cookie_lifetime, CookieLifetime(max=max, **parameters), observe(*visits), context())


def asking(lifetime, name="v", **fields):
    return visit(set_cookies=[set_cookie(name, "x", lifetime=lifetime, **fields)])


@pytest.mark.parametrize(
    ("lifetime", "allowed", "outcome"),
    [
        (30 * DAY, "30 days", Outcome.PASSED),
        (30 * DAY + 1, "30 days", Outcome.PASSED),  # an Expires date, rounded
        (30 * DAY + 60, "30 days", Outcome.FAILED),
        (None, "session", Outcome.PASSED),
        (1, "session", Outcome.FAILED),
        (None, "1 day", Outcome.PASSED),
        (0, "session", Outcome.PASSED),
        (-5, "session", Outcome.PASSED),
        (400 * DAY, "13 months", Outcome.FAILED),
        (390 * DAY, "13 months", Outcome.PASSED),
    ],
)
def test_lifetimes(lifetime, allowed, outcome):
    assert verdict(asking(lifetime), max=allowed).outcome is outcome


def test_both_lifetimes_are_said():
    page = visit(
        set_cookies=[set_cookie("_ga", "GA1.1.1.2", lifetime=730 * DAY)],
        jar=[cookie("_ga", "GA1.1.1.2", lifetime=400 * DAY)],
    )
    (finding,) = verdict(page).findings
    assert "asks to live 730 days (this browser keeps it 400 days); allowed: 30 days" in finding.message
    assert finding.cause == "lifetime:self:_ga"
    assert finding.evidence[0].visit == page.id
    assert "GA1.1.1.2" not in str(finding)


def test_the_jar_alone():
    found = verdict(visit(jar=[cookie("v", "x", lifetime=60 * DAY)]))
    assert "lives 60 days (as the browser keeps it" in found.findings[0].message
    # Eight minutes are eight minutes: what is left in the jar is never rounded up into a deviation.
    assert verdict(visit(jar=[cookie("v", "x", lifetime=480)]), max="9 minutes").outcome is Outcome.PASSED


def test_refused_attempts_count():
    page = asking(365 * DAY, domain="tracker.test", setter="https://tracker.test/p", blocked=("UserPreferences",))
    (finding,) = verdict(page).findings
    assert finding.cause == "lifetime:tracker.test:v"
    assert "refused it (UserPreferences)" in finding.message


def test_exempt():
    found = verdict(asking(365 * DAY, name="OptanonConsent"), exempt={"Optanon*": "remembers the refusal"})
    assert found.outcome is Outcome.PASSED
    assert any("Exempt (remembers the refusal)" in n and "365 days" in n for n in found.notes)


def test_no_cookies_keep_the_promise():
    found = verdict(visit(), max="session")
    assert found.outcome is Outcome.PASSED
    assert any(note.startswith("no cookie seen") for note in found.notes)


def test_counts_in_the_notes():
    found = verdict(asking(None, name="a"), asking(DAY, name="b"))
    assert any("2 cookies seen" in n and "1 for the session, 1 with a lifetime" in n for n in found.notes)


def test_rolling_renewal():
    first = set_cookie("v", "abc", lifetime=20 * DAY)
    again = replace(first, expires=first.expires + 3600)
    visits = (
        visit(set_cookies=[first], started=NOW.isoformat()),
        visit(set_cookies=[again], session=Session.FIRST_AGAIN, started=NOW.replace(hour=13).isoformat()),
    )
    found = verdict(*visits)
    assert found.outcome is Outcome.PASSED
    assert any("began anew" in note for note in found.notes)


def test_the_longest_life_of_a_cookie_is_reported_once():
    pages = [asking(d * DAY, name="v", path=f"/{d}") for d in (40, 90, 60)]
    (finding,) = verdict(*pages).findings
    assert "90 days" in finding.message


def test_what_was_not_recorded_is_not_passed():
    assert verdict(visit(set_cookies=None)).reason is Reason.INSTRUMENT
    assert verdict(visit(errors={"cookies": "the record was cut"})).reason is Reason.INSTRUMENT


def test_parameters():
    for wrong in ({}, {"max": 30}, {"max": "30"}, {"max": "1 day", "unknown": 1}):
        with pytest.raises(ValidationError):
            CookieLifetime(**wrong)
