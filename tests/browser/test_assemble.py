"""One visit out of its pieces: what is not known stays unknown, and what was cut is said."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from compliance.browser import assemble as module
from compliance.browser.assemble import assemble, reached
from compliance.browser.recorders import network
from compliance.browser.recorders.document import Harvest
from compliance.browser.recorders.network import Hop
from compliance.browser.state import VisitState
from compliance.model.activity import SetCookie, StorageItem
from compliance.model.content import Link
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome

O = VisitOutcome  # noqa: E741
PAGE = "https://shop.test/"
PLANNED = Visit("v", "visitor", Session.FIRST, PAGE, O.LOST)
ALL = frozenset(Aspect)
MAIN = Harvest(
    url=PAGE, title="Shop", language="en", content_type="text/html", text_length=5, links=(Link(f"{PAGE}a", "A"),),
    forms=(), text="words", storage=(StorageItem("local", PAGE, "k", "v", 1),), cut=(),
)  # fmt: skip
FRAME = replace(MAIN, url=f"{PAGE}f", title="Frame", language="de", links=(Link(f"{PAGE}b", "B", frame=f"{PAGE}f"),))


def answered(status=200, mime="text/html", url=PAGE, headers=None, **more):
    """State of a visit whose document was answered so."""
    state = VisitState("S", "F", "b")
    request = {"url": url, "method": "GET"}
    state.on("S", "Network.requestWillBeSent", {"requestId": "1", "loaderId": "1", "frameId": "F", "request": request})
    if status is not None:
        response = {"status": status, "mimeType": mime, "headers": headers or {}} | more
        state.on("S", "Network.responseReceived", {"requestId": "1", "response": response})
    return state


def made(state=None, harvests=(MAIN,), errors=None, aspects=ALL, visit=PLANNED):
    return assemble(visit, state or answered(), list(harvests), errors or {}, aspects, datetime.now(UTC))


def test_a_page_and_its_frames():
    visit = made(harvests=[MAIN, FRAME])
    assert (visit.outcome, visit.status, visit.error, visit.final_url) == (O.OK, 200, "", PAGE)
    assert (visit.title, visit.language, visit.content_type, visit.text_length) == ("Shop", "en", "text/html", 5)
    assert [link.text for link in visit.links] == ["A", "B"]
    assert visit.text == "words\nwords"
    assert len(visit.storage) == 2
    assert visit.console == ()
    assert visit.started <= visit.finished


def test_only_what_was_asked_for_is_in_it():
    visit = made(aspects=frozenset({Aspect.LINKS}))
    assert visit.links
    assert (visit.requests, visit.forms, visit.storage, visit.console) == (None,) * 4
    assert made(harvests=[replace(MAIN, text=None)], aspects=frozenset({Aspect.LINKS})).text is None
    assert visit.text == "words", "the policy's text is kept whatever the checks read"


def test_what_could_not_be_read_is_not_recorded():
    state = answered()
    state.end(O.UNRESPONSIVE, "spins")
    visit = made(state, harvests=[])
    assert (visit.outcome, visit.error) == (O.UNRESPONSIVE, "spins")
    assert (visit.links, visit.forms, visit.storage, visit.text) == (None,) * 4
    assert visit.requests, "what the network said is known all the same"
    assert visit.dom_digest == ""


def test_a_file_has_been_seen_whole_and_has_no_links():
    state = answered(mime="application/pdf")
    state.end(O.OK_NON_HTML, "a file of type application/pdf")
    visit = made(state, harvests=[])
    assert (visit.links, visit.forms, visit.storage, visit.text) == ((), (), (), "")


@pytest.mark.parametrize(
    ("state", "outcome", "error"),
    [
        (answered(404), O.HTTP_ERROR, "HTTP 404"),
        (answered(403, headers={"CF-Mitigated": "challenge"}), O.BLOCKED_BY_SITE, "HTTP 403"),
        (answered(200, "application/json"), O.OK_NON_HTML, ""),
        (answered(None), O.INVALID_RESPONSE, "the document came without an HTTP status"),
        (VisitState("S", "F", "b"), O.INVALID_RESPONSE, "the document came without an HTTP status"),
        (answered(200, fromDiskCache=True), O.OK, ""),
    ],
)
def test_outcomes(state, outcome, error):
    visit = made(state)
    assert (visit.outcome, visit.error) == (outcome, error)


def test_an_end_beats_what_was_answered():
    state = answered(200)
    state.end(O.NAV_LOOP, "round and round")
    assert made(state).outcome is O.NAV_LOOP


def test_a_page_that_was_kept_from_moving_on_says_where_to():
    state = answered(200)
    state.decided = "blocked_scope: leads to https://elsewhere.test/: outside the scope"
    visit = made(state)
    assert (visit.outcome, visit.error) == (O.BLOCKED_SCOPE, "leads to https://elsewhere.test/: outside the scope")
    assert visit.links, "what was there was seen"


# ---- what was cut


def test_more_requests_than_are_kept_leave_a_hole_in_requests_and_in_cookies(monkeypatch):
    monkeypatch.setattr(network, "MAX_ROWS", 1)
    state = answered()
    state.on("S", "Network.requestWillBeSent", {"requestId": "2", "request": {"url": f"{PAGE}x", "method": "GET"}})
    assert made(state).errors == {"requests": "the first 1 of 2 requests", "cookies": "the first 1 of 2 requests"}


def test_more_written_cookies_than_are_kept_leave_a_hole(monkeypatch):
    monkeypatch.setattr(module, "MAX_WRITES", 2)
    state = answered()
    state.writes.extend([SetCookie("a", "1", "shop.test", "/", "script", PAGE)] * 2)
    assert made(state).errors == {"cookies": "the first 2 cookies that scripts wrote"}


def test_what_a_script_cut_is_said_once_and_what_was_known_before_stays():
    cut = replace(MAIN, cut=("links: the first 10 of 20", "text: the first million characters"))
    again = replace(FRAME, cut=("links: the first 10 of 30",))
    assert made(harvests=[cut, again], errors={"page": "x"}).errors == {
        "page": "x", "links": "the first 10 of 20", "text": "the first million characters",
    }  # fmt: skip


# ---- equal pages, and where they are


def test_equal_pages_have_equal_digests():
    one = made().dom_digest
    assert one == made(answered(headers={"date": "later"})).dom_digest
    for other in (replace(MAIN, title="x"), replace(MAIN, text="x"), replace(MAIN, links=())):
        assert made(harvests=[other]).dom_digest != one
    assert made(harvests=[replace(MAIN, text="\ud800")]).dom_digest, "half a character is no fault"


@pytest.mark.parametrize(
    ("asked", "hops", "expected"),
    [
        (PAGE, [PAGE], PAGE),
        (f"{PAGE}#/route", [PAGE], f"{PAGE}#/route"),
        (f"{PAGE}#/route", [PAGE, f"{PAGE}login"], f"{PAGE}login"),
        (PAGE, [PAGE, "https://www.shop.test/"], "https://www.shop.test/"),
        (PAGE, [], ""),
    ],
)
def test_where_a_visit_ended(asked, hops, expected):
    made_hops = [Hop(str(n), url, "GET", "document", "", "", "", 0, 0, {}) for n, url in enumerate(hops)]
    assert reached(asked, made_hops) == expected
