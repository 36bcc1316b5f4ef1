"""What the events of a page make of a visit, and what ends it."""

import json

import pytest

from compliance.browser import state as module
from compliance.browser.state import VisitState
from compliance.model.visit import VisitOutcome

O = VisitOutcome  # noqa: E741
PAGE = "https://shop.test/"


@pytest.fixture
def state():
    return VisitState("S", "F", "binding")


def navigate(state, n=1, session="S", parent=None):
    frame = {"id": "F" if parent is None else "G", "url": f"{PAGE}{n}", "loaderId": f"L{n}"}
    state.on(session, "Page.frameNavigated", {"frame": frame | ({"parentId": parent} if parent else {})})


def load(state, n=1, name="load", frame="F", session="S"):
    state.on(session, "Page.lifecycleEvent", {"frameId": frame, "loaderId": f"L{n}", "name": name})


def test_a_page_has_loaded_when_its_own_document_says_so(state):
    navigate(state)
    for other in ({"name": "DOMContentLoaded"}, {"frame": "G"}, {"session": "T"}, {"n": 0}):
        load(state, **other)
        assert not state.loaded.is_set()
    load(state)
    assert state.loaded.is_set()
    navigate(state, 2)
    assert not state.loaded.is_set(), "it moved on"
    load(state, 1)
    assert not state.loaded.is_set(), "that was the page before"


def test_frames_are_no_navigations_of_the_page(state):
    navigate(state)
    for _ in range(50):
        navigate(state, parent="F")
        navigate(state, session="T")
    assert (state.navigations, state.ended) == (1, None)


def test_the_first_end_counts_and_stays(state):
    state.end(O.PARTIAL, "first")
    state.end(O.TIMEOUT, "second")
    navigate(state)
    assert (state.ended, state.why) == (O.PARTIAL, "first")
    assert state.loaded.is_set(), "nobody waits for a visit that is over"


@pytest.mark.parametrize(
    ("overdo", "count", "outcome"),
    [
        (navigate, module.MAX_NAVIGATIONS, O.NAV_LOOP),
        (lambda s, n: s.on("S", "Page.javascriptDialogOpening", {}), module.MAX_DIALOGS, O.DIALOG_LOOP),
        (lambda s, n: s.on("T", "Page.javascriptDialogOpening", {}), module.MAX_DIALOGS, O.DIALOG_LOOP),
        (lambda s, n: s.popup(), module.MAX_POPUPS, O.PARTIAL),
        (
            lambda s, n: s.on("S", "Page.navigatedWithinDocument", {"frameId": "F", "url": f"{PAGE}#{n}"}),
            module.MAX_ROUTES,
            O.NAV_LOOP,
        ),
    ],
    ids=["navigations", "dialogs", "dialogs of a frame", "windows", "routes"],
)
def test_what_a_page_overdoes_ends_its_visit(state, overdo, count, outcome):
    for n in range(count):
        overdo(state, n)
    assert state.ended is None
    overdo(state, count)
    assert state.ended is outcome
    assert str(count) in state.why


def test_too_many_bytes_end_a_visit(state):
    half = {"requestId": "1", "dataLength": module.MAX_BYTES // 2 + 1}
    state.on("S", "Network.dataReceived", half)
    assert state.ended is None
    state.on("T", "Network.dataReceived", half)
    assert state.ended is O.TOO_LARGE


def test_only_the_page_itself_crashes_the_page(state):
    state.on("T", "Inspector.targetCrashed", {})
    assert state.ended is None
    state.on("S", "Inspector.targetCrashed", {})
    assert state.ended is O.PAGE_CRASH


def test_routes_are_addresses_that_the_page_itself_moved_to(state):
    for session, frame, path in (("S", "F", "a"), ("S", "G", "b"), ("T", "F", "c"), ("S", "F", "d")):
        state.on(session, "Page.navigatedWithinDocument", {"frameId": frame, "url": PAGE + path})
    assert state.routes == [f"{PAGE}a", f"{PAGE}d"]


def asked(state, id, *, session="S", frame="F", loader=None):
    params = {"requestId": id, "loaderId": loader or id, "frameId": frame, "request": {"url": PAGE, "method": "GET"}}
    state.on(session, "Network.requestWillBeSent", params)


def test_the_document_of_the_page_is_known_from_all_other_requests(state):
    asked(state, "1")
    asked(state, "2", loader="1")
    asked(state, "3", frame="G")
    asked(state, "4", session="T")
    assert state.main_request == "1"
    asked(state, "5")
    assert state.main_request == "5", "it moved on"


def test_the_document_is_the_one_that_is_open(state):
    asked(state, "L1")
    assert [hop.id for hop in state.document] == ["L1"], "none is open yet"
    navigate(state, 1)
    asked(state, "L2")
    assert [hop.id for hop in state.document] == ["L1"], "what it would move to is not open"
    navigate(state, 2)
    assert [hop.id for hop in state.document] == ["L2"]


def failed(state, error, *, download=False, status=None, mime="", **headers):
    if status is not None:
        asked(state, "1")
        response = {"status": status, "mimeType": mime, "headers": {k.replace("_", "-"): v for k, v in headers.items()}}
        state.on("S", "Network.responseReceived", {"requestId": "1", "response": response})
    state.navigation_failed(error, download=download)
    return state.ended, state.why


@pytest.mark.parametrize(
    ("error", "answer", "outcome", "why"),
    [
        ("net::ERR_CONNECTION_REFUSED", {}, O.NET_ERROR, "net::ERR_CONNECTION_REFUSED"),
        ("net::ERR_ABORTED", {}, O.NET_ERROR, "net::ERR_ABORTED"),
        ("net::ERR_ABORTED", {"status": 204}, O.NO_CONTENT, "HTTP 204"),
        ("net::ERR_ABORTED", {"download": True}, O.DOWNLOAD, "a file of type unknown"),
        (
            "net::ERR_ABORTED",
            {"status": 200, "mime": "application/pdf"},
            O.OK_NON_HTML,
            "a file of type application/pdf",
        ),
        (
            "net::ERR_ABORTED",
            {"status": 200, "mime": "application/octet-stream"},
            O.DOWNLOAD,
            "application/octet-stream",
        ),
        ("net::ERR_ABORTED", {"status": 200, "mime": "text/html"}, O.DOWNLOAD, "a file of type text/html"),
        (
            "net::ERR_ABORTED",
            {"status": 200, "mime": "application/pdf", "Content_Disposition": "ATTACHMENT; filename=x"},
            O.DOWNLOAD,
            "a file of type application/pdf",
        ),
        ("net::ERR_INVALID_AUTH_CREDENTIALS", {"status": 401}, O.AUTH_REQUIRED, "HTTP 401"),
        ("net::ERR_HTTP_RESPONSE_CODE_FAILURE", {"status": 404}, O.HTTP_ERROR, "HTTP 404"),
        ("net::ERR_HTTP_RESPONSE_CODE_FAILURE", {"status": 429}, O.BLOCKED_BY_SITE, "HTTP 429"),
        ("net::ERR_CERT_DATE_INVALID", {}, O.TLS_ERROR, "net::ERR_CERT_DATE_INVALID"),
    ],
)
def test_a_navigation_that_failed(state, error, answer, outcome, why):
    ended, said = failed(state, error, **answer)
    assert ended is outcome
    assert why in said


def test_of_a_header_that_was_sent_twice_the_first_counts(state):
    failed(state, "net::ERR_ABORTED", status=503, Retry_After="7\n90")
    assert (state.answer("retry-after"), state.answer("age")) == ("7", "")


def test_what_was_decided_explains_a_failed_navigation(state):
    state.decided = "skipped: leads to x: a page of its own"
    assert failed(state, "net::ERR_BLOCKED_BY_CLIENT") == (O.SKIPPED, "leads to x: a page of its own")


def test_out_of_time_with_half_a_page_or_with_none(state):
    state.out_of_time(3)
    assert (state.ended, state.why) == (O.TIMEOUT, "no answer in 3 s")
    other = VisitState("S", "F", "b")
    asked(other, "1")
    other.on("S", "Network.responseReceived", {"requestId": "1", "response": {"status": 200}})
    other.out_of_time(3)
    assert (other.ended, other.why) == (O.PARTIAL, f"still loading after 3 s ({PAGE})")


def test_requests_of_other_sessions_belong_to_their_frame_or_worker(state):
    state.sessions["T"] = f"{PAGE}worker.js"
    asked(state, "1", session="T", frame="")
    assert state.network.requests()[0].frame == f"{PAGE}worker.js"


# ---- cookies that scripts write


def call(state, payload, name="binding"):
    text = payload if isinstance(payload, str) else json.dumps(payload)
    state.on("S", "Runtime.bindingCalled", {"name": name, "payload": text})


def test_writes(state):
    call(state, {"kind": "document.cookie", "line": "a=1", "frame": PAGE, "writer": f"{PAGE}s.js"})
    [write] = state.writes
    assert (write.name, write.setter) == ("a", f"{PAGE}s.js")


@pytest.mark.parametrize(
    "payload",
    [
        "", "no json", "[1]", "null", "7", "{}", '"text"', '{"kind": "cookieStore", "expires": 1' + "0" * 400 + "}",
        "[" * 100_000, '{"kind": "document.cookie", "line": ""}',
    ],
)  # fmt: skip
def test_a_page_that_calls_the_name_itself_does_no_harm(state, payload):
    call(state, payload)
    assert (state.writes, state.ended) == ([], None)


def test_another_name_is_not_ours(state):
    call(state, {"kind": "document.cookie", "line": "a=1", "frame": PAGE}, name="other")
    assert state.writes == []


def test_lists_have_caps(state):
    for n in range(module.MAX_WRITES + 5):
        call(state, {"kind": "document.cookie", "line": f"a{n}=1", "frame": PAGE})
    for _ in range(module.MAX_CONSOLE + 5):
        state.on("S", "Log.entryAdded", {"entry": {"level": "error", "text": "x" * 5000, "url": PAGE}})
    assert (len(state.writes), len(state.console)) == (module.MAX_WRITES, module.MAX_CONSOLE)
    assert len(state.console[0].text) == 2000


def test_events_of_no_interest_are_none(state):
    state.on("S", "Page.somethingNew", {})
    state.on("S", "Log.entryAdded", {})
    assert state.ended is None
