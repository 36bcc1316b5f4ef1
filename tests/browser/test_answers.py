"""Answers with a validator, and those kept long: which are read, and what happens when that does not work."""

import asyncio
import base64
import hashlib

import pytest

from compliance.browser.cdp import CommandFailed
from compliance.browser.recorders import answers
from compliance.browser.recorders.answers import MAX_ANSWER, MAX_ANSWERS, MAX_TEXT, read_answers
from compliance.browser.recorders.network import NetworkRecorder
from compliance.errors import BrowserLost


class Browser:
    """A connection that has bodies."""

    def __init__(self, bodies):
        self.bodies, self.asked = bodies, []

    async def send(self, method, params, session):
        self.asked.append((method, params["requestId"], session))
        found = self.bodies[params["requestId"]]
        if isinstance(found, BaseException):
            raise found
        if found is None:
            await asyncio.sleep(60)
        return found


def recorded(number="1", *, method="GET", status=200, size=100, headers=None, cached=False, kind="Image", length=0):
    network = NetworkRecorder()
    network.on("", "Network.requestWillBeSent", {
        "requestId": number, "type": kind, "request": {"url": f"https://shop.test/{number}", "method": method},
    })  # fmt: skip
    network.on("", "Network.responseReceived", {"requestId": number, "response": {
        "status": status, "headers": {"ETag": '"x"'} if headers is None else headers, "fromDiskCache": cached,
    }})  # fmt: skip
    network.on("", "Network.dataReceived", {"requestId": number, "dataLength": length})
    network.on("", "Network.loadingFinished", {"requestId": number, "encodedDataLength": size})
    return network


def read(network, bodies, finished=(("s", "1"),), known=()):
    browser = Browser(bodies)
    asyncio.run(read_answers(browser, network, finished, set(known)))
    return browser.asked, [request.body_digest for request in network.requests()]


TEXT = {"body": "größe", "base64Encoded": False}
BYTES = {"body": base64.b64encode(b"\x89PNG").decode(), "base64Encoded": True}


@pytest.mark.parametrize(("answer", "data"), [(TEXT, "größe".encode()), (BYTES, b"\x89PNG")])
@pytest.mark.parametrize("headers", [{"ETag": '"x"'}, {"last-modified": "Mon, 02 Nov 2026 09:12:44 GMT"}])
def test_a_small_answer_with_a_validator_gets_a_digest(answer, data, headers):
    asked, digests = read(recorded(headers=headers), {"1": answer})
    assert asked == [("Network.getResponseBody", "1", "s")]
    assert digests == [hashlib.sha256(data).hexdigest()]


@pytest.mark.parametrize(
    "network",
    [
        recorded(headers={}),
        recorded(method="POST"),
        recorded(status=404),
        recorded(size=MAX_ANSWER + 1),
        recorded(cached=True),
    ],
)
def test_others_are_not_read(network):
    assert read(network, {"1": TEXT}) == ([], [""])


def test_a_request_that_nobody_recorded_is_none():
    assert read(recorded(), {"1": TEXT}, [("s", "2")]) == ([], [""])


def test_an_answer_that_the_browser_does_not_have_any_more_has_no_digest():
    asked, digests = read(recorded(), {"1": CommandFailed("Network.getResponseBody", "No resource")})
    assert (len(asked), digests) == (1, [""])


def test_a_browser_that_does_not_answer_does_not_hold_the_visit_up(monkeypatch):
    monkeypatch.setattr(answers, "SECONDS", 0.05)
    assert read(recorded(), {"1": None})[1] == [""]


def test_a_browser_that_is_lost_is_told():
    with pytest.raises(BrowserLost):
        read(recorded(), {"1": BrowserLost("gone")})


def test_no_more_than_so_many_are_read():
    asked, _ = read(recorded(), {"1": TEXT}, [("s", "1")] * (MAX_ANSWERS + 1))
    assert len(asked) == MAX_ANSWERS


YEAR = {"Cache-Control": "max-age=31536000"}
ADDRESS = "https://shop.test/1"


def kept(**fields):
    return recorded(**({"headers": YEAR, "kind": "Script", "length": 9} | fields))


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (TEXT, "größe"),
        ({"body": base64.b64encode(b"id=8f3a").decode(), "base64Encoded": True}, "id=8f3a"),
        (BYTES, ""),
        ({"body": "a\0b", "base64Encoded": False}, ""),
        ({"body": "x" * (MAX_TEXT + 1), "base64Encoded": False}, ""),
    ],
)
def test_of_what_is_kept_long_the_text_is_read_where_it_is_one(answer, text):
    network, known = kept(), set()
    asyncio.run(read_answers(Browser({"1": answer}), network, [("s", "1")], known))
    [request] = network.requests()
    assert (bool(request.body_digest), request.answer_text, known) == (True, text, {ADDRESS})


def test_what_is_not_kept_long_has_no_text():
    network = recorded(headers={"ETag": "x", "Cache-Control": "max-age=60"}, kind="Script")
    assert len(read(network, {"1": TEXT})[0]) == 1
    assert network.requests()[0].answer_text == ""


def test_what_was_only_fetched_ahead_is_read_when_it_is_used():
    network, known = kept(kind="Other"), set()
    asyncio.run(read_answers(Browser({"1": {"body": "", "base64Encoded": False}}), network, [("s", "1")], known))
    assert (network.requests()[0].body_digest, known) == ("", set())


@pytest.mark.parametrize("status", [203, 206])
def test_what_is_kept_long_is_read_with_any_status_with_which_it_is_kept(status):
    assert len(read(kept(status=status), {"1": TEXT})[0]) == 1
    assert read(recorded(status=status), {"1": TEXT})[0] == [], "a validator names the whole file"


@pytest.mark.parametrize("rules", ["max-age=31536000\npublic", "max-age=0, stale-while-revalidate=31536000"])
def test_what_is_kept_long_says_so_in_several_ways(rules):
    assert len(read(kept(headers={"cache-control": rules}), {"1": TEXT})[0]) == 1


@pytest.mark.parametrize(("known", "times"), [((), 1), ((ADDRESS,), 0)])
def test_what_comes_from_the_cache_is_read_once(known, times):
    assert len(read(kept(cached=True), {"1": TEXT}, known=known)[0]) == times
    assert len(read(kept(), {"1": TEXT}, known=known)[0]) == 1, "what comes from a server may be another one"


@pytest.mark.parametrize(
    "network",
    [
        kept(headers={"Cache-Control": "max-age=60"}),
        kept(headers=YEAR | {"Vary": "*"}),
        kept(kind="Image"),
        kept(kind="Document"),
        kept(method="POST"),
        kept(status=404),
        kept(size=MAX_ANSWER + 1),
        kept(cached=True, length=MAX_ANSWER + 1),
        kept(cached=True, length=0),
    ],
)
def test_what_nobody_keeps_or_is_large_is_not_read(network):
    assert read(network, {"1": TEXT})[0] == []
