"""The browser's own log held against the record."""

from datetime import UTC, datetime

import pytest

from compliance.browser.netlog import Logged
from compliance.browser.recorders.bodies import Body
from compliance.crawl.reconcile import reconcile
from compliance.model.visit import Aspect, Session
from compliance.store.ledger import Candidate, Ledger
from compliance.testing import request, visit

SHOP, OTHER = "https://shop.test", "https://other.test"
FIRST = Session.FIRST


def at(second):
    return datetime.fromtimestamp(1_800_000_000 + second, UTC).isoformat(timespec="milliseconds")


def logged(url, second, method="GET", initiator=SHOP):
    return Logged(url, method, initiator, 1_800_000_000 + second)


@pytest.fixture
def ledger(tmp_path):
    """Three visits: 0-2 s and 1-4 s at the shop, 1-5 s at another origin."""
    made = Ledger(tmp_path / "ledger.sqlite")
    spans = {f"{SHOP}/a": (0, 2), f"{SHOP}/b": (1, 4), f"{OTHER}/c": (1, 5)}
    made.enqueue("v", FIRST, [Candidate(url, 0) for url in spans])
    for _ in spans:
        claim = made.claim("v", FIRST, "w")
        begin, end = spans[claim.url]
        made.finish(
            claim,
            visit(
                claim.url,
                visitor="v",
                started=at(begin),
                finished=at(end),
                requests=[request(claim.url), request(f"{SHOP}/img#x")],
            ),
            [],
            [],
        )
    yield made
    made.close()


def added(ledger, *asked, exact=True):
    count = reconcile(ledger, "v", FIRST, asked, exact=exact)
    found = {
        v.url: [r for r in v.requests if r.log_only]
        for v in ledger.visits(visitor="v", aspects=frozenset({Aspect.REQUESTS}))
    }
    assert sum(map(len, found.values())) == count
    return {url: [(r.method, r.url, r.body_missing) for r in rows] for url, rows in found.items() if rows}


def test_what_is_recorded_is_not_added(ledger):
    asked = [logged(url, 1) for url in (f"{SHOP}/a", f"{SHOP}/b", f"{OTHER}/c", *[f"{SHOP}/img"] * 3)]
    assert added(ledger, *asked) == {}


def test_what_is_missing_is_added_to_the_visit_during_which_it_was_made(ledger):
    assert added(
        ledger,
        logged("https://pixel.test/bye", 2.5, "POST"),
        logged("https://pixel.test/c", 1.5, initiator=OTHER),
        logged("https://pixel.test/early", -5),
        logged("https://pixel.test/unload", 9, initiator="https://elsewhere.test"),
    ) == {
        f"{SHOP}/b": [("POST", "https://pixel.test/bye", True)],
        f"{OTHER}/c": [
            ("GET", "https://pixel.test/c", False),
            ("GET", "https://pixel.test/unload", False),
        ],
        f"{SHOP}/a": [("GET", "https://pixel.test/early", False)],
    }


def test_a_body_seen_on_its_way_out_is_added_too(ledger):
    bodies = [Body("POST", f"{SHOP}/bye", "secret", cut=False)]
    assert reconcile(ledger, "v", FIRST, [logged(f"{SHOP}/bye", 1, "POST")], bodies, exact=True) == 1
    found = [r for v in ledger.visits(aspects=frozenset({Aspect.REQUESTS})) for r in v.requests if r.log_only]
    assert [(r.body, r.body_missing) for r in found] == [("secret", False)]


def test_how_often_counts_unless_visits_were_cut_off(ledger):
    asked = [logged(f"{SHOP}/img", 1.5)] * 4
    assert added(ledger, *asked, exact=False) == {}
    assert sum(map(len, added(ledger, *asked).values())) == 1


def test_another_method_is_another_request(ledger):
    assert sum(map(len, added(ledger, logged(f"{SHOP}/img", 1, "POST"), exact=False).values())) == 1


def test_a_session_without_visits_has_nothing_to_add_to(tmp_path):
    empty = Ledger(tmp_path / "ledger.sqlite")
    assert reconcile(empty, "v", FIRST, [logged(SHOP, 1)], exact=True) == 0
    empty.close()
