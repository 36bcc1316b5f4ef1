"""Bodies read on their way out, waiting for the record of their request."""

from base64 import b64encode

from compliance.browser.recorders import bodies as module
from compliance.browser.recorders.bodies import Bodies, Body
from compliance.browser.recorders.network import NetworkRecorder

URL = "https://shop.test/send"


def held(request="1", *parts, **more):
    entries = [{"bytes": b64encode(part).decode()} if part is not None else {} for part in parts]
    asked = {"method": "POST", "url": URL, "hasPostData": True, "postDataEntries": entries}
    return {"requestId": "interception", "networkId": request, "request": asked | more}


def test_parts_are_put_together():
    bodies = Bodies()
    bodies.held(held("1", b"a=", "\u00fc".encode()))
    assert bodies.take("1") == Body("POST", URL, "a=\u00fc", cut=False)
    assert bodies.take("1") is None, "taken once"


def test_what_could_not_be_read_or_kept_is_said(monkeypatch):
    monkeypatch.setattr(module, "MAX_BODY", 4)
    bodies = Bodies()
    for name, parts in {"file": (b"a", None), "none": (), "long": (b"abcdef",), "bytes": (b"\xff\x00",)}.items():
        bodies.held(held(name, *parts))
    found = {name: bodies.take(name) for name in ("file", "none", "long", "bytes")}
    assert {name: (body.text, body.cut) for name, body in found.items()} == {
        "file": ("a", True), "none": ("", True), "long": ("abcd", True), "bytes": ("\xff\x00", False),
    }  # fmt: skip


def test_requests_without_a_body_do_not_wait():
    bodies = Bodies()
    bodies.held({"requestId": "1", "request": {"method": "GET", "url": URL}})
    assert bodies.left() == ()


def test_a_page_that_sends_without_end_keeps_the_last(monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 2)
    bodies = Bodies()
    for n in range(4):
        bodies.held(held(str(n), str(n).encode()))
    assert [body.text for body in bodies.left()] == ["2", "3"]


def test_a_recorded_request_takes_what_its_events_left_out():
    network, bodies = NetworkRecorder(), Bodies()
    for key, said in {"1": {"hasPostData": True}, "2": {"postData": "known", "hasPostData": True}}.items():
        asked = {"url": URL, "method": "POST", "headers": {}, **said}
        network.on("", "Network.requestWillBeSent", {"requestId": key, "request": asked, "type": "Ping"})
        bodies.held(held(key, b"blob"))
    bodies.held(held("3", b"nobody's"))
    network.fill_in(bodies)
    assert [(r.body, r.body_missing) for r in network.requests()] == [("blob", False), ("known", False)]
    assert [body.text for body in bodies.left()] == ["nobody's"]


def test_what_a_socket_sends_is_its_body(monkeypatch):
    monkeypatch.setattr("compliance.browser.recorders.network.MAX_BODY", 10)
    network = NetworkRecorder()
    network.on("", "Network.webSocketCreated", {"requestId": "1", "url": "wss://shop.test/s"})
    for text in ("one", "two", "three"):
        network.on("", "Network.webSocketFrameSent", {"requestId": "1", "response": {"payloadData": text}})
    network.on("", "Network.webSocketFrameSent", {"requestId": "2", "response": {"payloadData": "x"}})
    [request] = network.requests()
    assert request.body.startswith("one\ntwo\nt")
    assert request.body_missing
