"""The ledger: every page once, nothing lost, nobody overwrites another's work."""

import sqlite3
from dataclasses import replace

import pytest

from compliance.errors import StoreError
from compliance.model.observation import Skipped
from compliance.model.visit import Aspect, Session, VisitOutcome
from compliance.store.ledger import Candidate, Ledger
from compliance.testing import cookie, link, request, set_cookie, visit

FIRST = Session.FIRST
A, B, C = (f"https://shop.test/{x}" for x in "abc")


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(tmp_path / "ledger.sqlite")
    yield made
    made.close()


def test_an_address_is_queued_once_whatever_its_spelling(ledger):
    assert (
        ledger.enqueue("v", FIRST, [Candidate(A, 0), Candidate(A + "#top", 1), Candidate(A + "?utm_source=x", 1)]) == 1
    )
    assert ledger.enqueue("v", Session.SECOND, [Candidate(A, 0)]) == 1


def test_claims_come_breadth_first_and_none_twice(ledger):
    ledger.enqueue("v", FIRST, [Candidate(A, 2), Candidate(B, 1), Candidate(C, 1)])
    claims = [ledger.claim("v", FIRST, "w") for _ in range(4)]
    assert [c and c.url for c in claims] == [B, C, A, None]


def test_a_finished_visit_comes_back_with_the_aspects_asked_for(ledger):
    ledger.enqueue("v", FIRST, [Candidate(A, 0)])
    made = visit(
        A,
        visitor="v",
        requests=[request("https://x.test/")],
        set_cookies=[set_cookie("a")],
        jar=[cookie("a")],
        links=[link(B)],
        storage=None,
    )
    assert ledger.finish(ledger.claim("v", FIRST, "w"), made, [Candidate(B, 1, A)], [Skipped(C, "blocked_robots")])
    [bare] = ledger.visits()
    assert (bare.requests, bare.links, bare.jar) == (None, None, None)
    [full] = ledger.visits(aspects=frozenset({Aspect.REQUESTS, Aspect.COOKIES, Aspect.STORAGE}))
    assert full.requests == made.requests
    assert full.set_cookies == made.set_cookies
    assert full.jar == made.jar
    assert full.storage is None, "not recorded must stay not recorded"
    assert full.links is None, "an aspect not asked for is not handed out"
    assert ledger.states("v") == {"done": 1, "queued": 1, "skipped": 1}
    assert [s.reason for s in ledger.skipped("v")] == ["blocked_robots"]


def test_a_failed_attempt_is_kept_and_the_page_comes_again(ledger):
    ledger.enqueue("v", FIRST, [Candidate(A, 0)])
    first = ledger.claim("v", FIRST, "w")
    ledger.retry(first, visit(A, visitor="v", outcome=VisitOutcome.TIMEOUT), 0)
    second = ledger.claim("v", FIRST, "w")
    assert second.attempt == 2
    ledger.finish(second, visit(A, visitor="v"), [], [])
    assert [v.outcome for v in ledger.visits()] == [VisitOutcome.OK], "only the last attempt is the visit"
    assert ledger._db.execute("SELECT count(*) FROM visits").fetchone() == (2,), "but no attempt is thrown away"


def test_a_retry_waits_for_its_time(ledger):
    ledger.enqueue("v", FIRST, [Candidate(A, 0)])
    ledger.retry(ledger.claim("v", FIRST, "w"), visit(A, visitor="v", outcome=VisitOutcome.TIMEOUT), 60)
    assert ledger.claim("v", FIRST, "w") is None
    queued, claimed, ready = ledger.waiting("v", FIRST)
    assert (queued, claimed) == (1, 0)
    assert ready is not None


def test_a_late_worker_cannot_overwrite(ledger):
    ledger.enqueue("v", FIRST, [Candidate(A, 0)])
    late = ledger.claim("v", FIRST, "w1")
    assert ledger.reopen() == 1
    current = ledger.claim("v", FIRST, "w2")
    assert not ledger.finish(late, visit(A, visitor="v", title="late"), [Candidate(B, 1)], [])
    assert ledger.finish(current, visit(A, visitor="v", title="current"), [], [])
    assert [v.title for v in ledger.visits()] == ["current"]
    assert ledger.states("v") == {"done": 1}, "what the late one found is not stored either"


def test_a_redirect_to_a_queued_page_takes_it_over(ledger):
    ledger.enqueue("v", FIRST, [Candidate(A, 0), Candidate(B, 1)])
    claim = ledger.claim("v", FIRST, "w")
    assert ledger.adopt(claim, B)
    assert ledger.adopt(claim, B), "a loop through its own page is its own"
    ledger.finish(claim, visit(A, visitor="v", final_url=B), [], [])
    assert ledger.claim("v", FIRST, "w") is None
    assert ledger.states("v") == {"done": 2}


def test_a_redirect_to_a_page_that_is_visited_already_is_refused(ledger):
    ledger.enqueue("v", FIRST, [Candidate(A, 0), Candidate(B, 0)])
    first, second = ledger.claim("v", FIRST, "w1"), ledger.claim("v", FIRST, "w2")
    assert not ledger.adopt(first, B), "another worker is at it"
    ledger.finish(second, visit(B, visitor="v"), [], [])
    assert not ledger.adopt(first, B), "it was visited"


def test_a_retried_claim_gives_back_what_it_had_adopted(ledger):
    ledger.enqueue("v", FIRST, [Candidate(A, 0), Candidate(B, 1)])
    claim = ledger.claim("v", FIRST, "w")
    ledger.adopt(claim, B)
    ledger.retry(claim, visit(A, visitor="v", outcome=VisitOutcome.TIMEOUT), 0)
    assert ledger.states("v") == {"queued": 2}


def test_visits_are_found_by_either_address(ledger):
    ledger.enqueue("v", FIRST, [Candidate(A, 0)])
    ledger.finish(ledger.claim("v", FIRST, "w"), visit(A, visitor="v", final_url=B), [], [])
    assert len(list(ledger.visits(url=A))) == len(list(ledger.visits(url=B + "#x"))) == 1
    assert list(ledger.visits(url=C)) == []


def test_nothing_is_stored_of_a_visit_that_cannot_be_stored_whole(ledger):
    ledger.enqueue("v", FIRST, [Candidate(A, 0), Candidate(B, 0)])
    made = visit(A, visitor="v")
    ledger.finish(ledger.claim("v", FIRST, "w"), made, [], [])
    with pytest.raises(sqlite3.IntegrityError):
        ledger.finish(ledger.claim("v", FIRST, "w"), replace(visit(B, visitor="v"), id=made.id), [Candidate(C, 1)], [])
    assert ledger.states("v") == {"done": 1, "claimed": 1}


def test_what_is_acknowledged_survives_without_a_clean_close(tmp_path):
    ledger = Ledger(tmp_path / "l.sqlite")
    ledger.enqueue("v", FIRST, [Candidate(A, 0)])
    ledger.finish(ledger.claim("v", FIRST, "w"), visit(A, visitor="v"), [], [])
    again = Ledger(tmp_path / "l.sqlite")
    assert [v.url for v in again.visits()] == [A]
    again.close()
    ledger.close()


def test_another_format_is_refused_by_name(tmp_path):
    ledger = Ledger(tmp_path / "l.sqlite")
    ledger.note("format", "9")
    ledger.close()
    with pytest.raises(StoreError, match="format 9"):
        Ledger(tmp_path / "l.sqlite")


def test_a_file_that_is_no_ledger_is_refused(tmp_path):
    (tmp_path / "l.sqlite").write_text("not a database " * 100)
    with pytest.raises(StoreError, match="not a ledger"):
        Ledger(tmp_path / "l.sqlite")
