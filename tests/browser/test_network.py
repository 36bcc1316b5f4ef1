"""Requests put together from events that come in pieces, in any order, from several targets."""

import pytest

from compliance.browser.recorders import network as module
from compliance.browser.recorders.network import NetworkRecorder
from compliance.model.activity import Request

PAGE = "https://shop.test/"
TRACKER = "https://pixel.tracker.test/p"


class Feed:
    """Events as a browser sends them."""

    def __init__(self):
        self.recorder = NetworkRecorder()
        self.clock = 1000.0

    def send(self, event, target="", **params):
        self.recorder.on(target, f"Network.{event}", params)
        return self

    def ask(self, id, url, *, method="GET", type="Image", target="", redirect=None, **more):
        request = {"url": url, "method": method, "headers": {"Accept": "*/*"}} | more.pop("request", {})
        extra = {"redirectResponse": redirect} if redirect is not None else {}
        params = {"documentURL": PAGE, "wallTime": 5.0, "initiator": {"type": "parser"}} | extra | more
        return self.send("requestWillBeSent", target, requestId=id, request=request, type=type, **params)

    def answer(self, id, status=200, mime="image/gif", **more):
        response = {"status": status, "mimeType": mime, "headers": {}} | more.pop("response", {})
        return self.send("responseReceived", requestId=id, response=response, **more)

    def sent(self, id, **headers):
        return self.send("requestWillBeSentExtraInfo", requestId=id, headers=headers)

    def received(self, id, status=200, blocked=(), **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        refused = [{"cookieLine": line, "blockedReasons": [why]} for line, why in blocked]
        return self.send(
            "responseReceivedExtraInfo", requestId=id, headers=named, statusCode=status, blockedCookies=refused
        )

    def done(self, id, size=0):
        return self.send("loadingFinished", requestId=id, encodedDataLength=size)

    @property
    def requests(self):
        return self.recorder.requests()

    @property
    def cookies(self):
        return [(c.name, c.domain, c.request, c.blocked) for c in self.recorder.set_cookies()]


@pytest.fixture
def feed():
    return Feed()


def test_a_request_and_its_answer(feed):
    feed.recorder.name_frame("F", PAGE)
    feed.ask("1", TRACKER, method="POST", frameId="F", request={"postData": "a=1", "hasPostData": True})
    feed.sent("1", Accept="*/*", Referer=PAGE)
    feed.received("1", Cache_Control="no-store").answer(
        "1", response={"remoteIPAddress": "192.0.2.1", "remotePort": 443}
    )
    feed.done("1", 43)
    [request] = feed.requests
    assert isinstance(request, Request)
    assert (request.url, request.method, request.resource, request.frame) == (TRACKER, "POST", "image", PAGE)
    assert (request.status, request.mime, request.size, request.remote) == (200, "image/gif", 43, "192.0.2.1:443")
    assert (request.body, request.body_missing) == ("a=1", False)
    assert request.headers == (("accept", "*/*"), ("referer", PAGE))
    assert request.response_headers == (("cache-control", "no-store"),)
    assert (feed.recorder.pending, feed.recorder.counted) == (0, 1)


# ---- pieces out of order


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1), (1, 3, 0, 2)])
def test_pieces_may_come_in_any_order(order):
    feed = Feed()
    pieces = [
        lambda: feed.sent("1", Cookie="id=123456"),
        lambda: feed.received("1", Set_Cookie="a=1; Path=/"),
        lambda: feed.ask("1", TRACKER),
        lambda: feed.sent("2", X="of nobody"),
    ]
    for n in order:
        pieces[n]()
    feed.answer("1").done("1")
    [request] = feed.requests
    assert request.headers == (("cookie", "<9 characters>"),)
    assert feed.cookies == [("a", "pixel.tracker.test", "1", ())]


def test_pieces_of_a_request_that_nobody_announced_are_no_fault(feed):
    feed.answer("9").done("9").sent("9").received("9", Set_Cookie="a=1")
    feed.send("loadingFailed", requestId="9", errorText="x").send("requestServedFromCache", requestId="9")
    feed.send("somethingNew", requestId="9")
    assert (feed.requests, feed.cookies, feed.recorder.chain("9")) == ((), [], [])


# ---- redirects


def chain(feed, *, cached=None, cookies=("a=1", "b=2", "c=3")):
    """Three hops of one id; the hop numbered `cached` came from the cache and has no pieces of its own."""
    hops = [f"{PAGE}go", f"{TRACKER}/r", f"{PAGE}end"]
    for n, url in enumerate(hops):
        before = {"status": 302, "mimeType": "", "headers": {}} if n else None
        feed.ask("1", url, type="Document", redirect=before, redirectHasExtraInfo=(n - 1) != cached)
        if n != cached:
            feed.sent("1", Hop=str(n)).received("1", 302 if n < 2 else 200, Set_Cookie=cookies[n])
    feed.answer("1", hasExtraInfo=cached != 2).done("1")
    return hops


def test_every_hop_of_a_redirect_is_a_request(feed):
    hops = chain(feed)
    found = feed.requests
    assert [(r.id, r.url, r.status, r.redirected_to) for r in found] == [
        ("1", hops[0], 302, hops[1]),
        ("1#1", hops[1], 302, hops[2]),
        ("1#2", hops[2], 200, ""),
    ]
    assert [r.headers for r in found] == [(("hop", "0"),), (("hop", "1"),), (("hop", "2"),)]
    assert [(c[0], c[1], c[2]) for c in feed.cookies] == [
        ("a", "shop.test", "1"), ("b", "pixel.tracker.test", "1#1"), ("c", "shop.test", "1#2"),
    ]  # fmt: skip
    assert [hop.url for hop in feed.recorder.chain("1")] == hops
    assert feed.recorder.pending == 0


@pytest.mark.parametrize("cached", [0, 1, 2])
def test_a_hop_from_the_cache_takes_no_cookie_of_another(feed, cached):
    chain(feed, cached=cached)
    hosts = ["shop.test", "pixel.tracker.test", "shop.test"]
    expected = [(name, host) for n, (name, host) in enumerate(zip("abc", hosts, strict=True)) if n != cached]
    assert [(name, domain) for name, domain, *_ in feed.cookies] == expected
    assert [dict(r.headers).get("hop") for r in feed.requests if dict(r.headers).get("hop")] == [
        str(n) for n in range(3) if n != cached
    ]


def test_pieces_that_come_in_spite_of_the_announcement_are_kept(feed):
    feed.ask("1", TRACKER).received("1", Set_Cookie="a=1").answer("1", hasExtraInfo=False)
    assert feed.cookies == [("a", "pixel.tracker.test", "1", ())]


# ---- cookies


def test_several_cookies_of_one_answer_and_why_one_was_refused(feed):
    lines = ["a=1; Domain=evil.test", "b=2; Max-Age=60", "=", "c=3"]
    feed.ask("1", TRACKER).received("1", set_cookie="\n".join(lines), blocked=[(lines[0], "InvalidDomain")]).answer("1")
    assert [(c[0], c[3]) for c in feed.cookies] == [("a", ("InvalidDomain",)), ("b", ()), ("c", ())]
    made = feed.recorder.set_cookies()
    assert made[1].expires == 65.0, "counted from the moment the request was sent"
    assert feed.requests[0].response_headers == (), "values of cookies are not kept twice"


# ---- what goes wrong, and what never ends


def test_a_request_that_fails(feed):
    feed.ask("1", TRACKER).ask("2", f"{TRACKER}2")
    feed.send("loadingFailed", requestId="1", errorText="net::ERR_NAME_NOT_RESOLVED")
    feed.send("loadingFailed", requestId="2", errorText="net::ERR_BLOCKED_BY_CLIENT", blockedReason="csp")
    first, second = feed.requests
    assert (first.error, first.status, first.blocked) == ("net::ERR_NAME_NOT_RESOLVED", None, "")
    assert (second.error, second.blocked) == ("net::ERR_BLOCKED_BY_CLIENT", "csp")
    assert feed.recorder.pending == 0


@pytest.mark.parametrize("how", ["requestServedFromCache", "fromDiskCache", "fromPrefetchCache"])
def test_an_answer_from_a_cache(feed, how):
    feed.ask("1", TRACKER)
    if how.startswith("request"):
        feed.answer("1").send(how, requestId="1")
    else:
        feed.answer("1", response={how: True})
    assert feed.requests[0].from_cache


def test_a_request_from_the_memory_cache_stays_one_whatever_the_order(feed):
    feed.ask("1", TRACKER).send("requestServedFromCache", requestId="1").answer("1").done("1")
    assert feed.requests[0].from_cache


def test_what_is_open_by_design_is_not_waited_for(feed):
    feed.ask("1", TRACKER, type="EventSource").ask("2", TRACKER, type="Ping").ask("3", "data:,x").ask("4", "blob:x")
    feed.send("webSocketCreated", "https://shop.test/worker.js", requestId="5", url="wss://live.test/")
    assert feed.recorder.pending == 0
    feed.ask("6", f"{TRACKER}slow", type="Fetch")
    assert feed.recorder.pending_urls() == [f"{TRACKER}slow"]
    assert len(feed.requests) == 6


def test_a_websocket(feed):
    stack = {"callFrames": [{"url": ""}], "parent": {"callFrames": [{"url": f"{PAGE}app.js"}]}}
    initiator = {"type": "script", "stack": stack}
    feed.send("webSocketCreated", f"{PAGE}w.js", requestId="5", url="wss://live.test/", initiator=initiator)
    feed.sent("5", Cookie="a=1").received("5", 101, Set_Cookie="ws=1")
    [request] = feed.requests
    assert (request.url, request.resource, request.method) == ("wss://live.test/", "websocket", "GET")
    assert (request.frame, request.initiator, request.status) == (f"{PAGE}w.js", f"{PAGE}app.js", 101)
    assert feed.cookies[0][:2] == ("ws", "live.test")


def test_the_browsers_own_requests_are_nobodys(feed):
    for n, url in enumerate(("chrome://x/", "chrome-extension://a/b.js", "devtools://x", "about:blank")):
        feed.ask(str(n), url)
    assert (feed.requests, feed.recorder.counted) == ((), 0)


# ---- who asked


def calls(*urls):
    return {"callFrames": [{"url": url} for url in urls]}


@pytest.mark.parametrize(
    ("initiator", "expected"),
    [
        ({"type": "parser", "url": f"{PAGE}page"}, f"{PAGE}page"),
        ({"type": "script", "stack": calls("", f"{PAGE}a.js", f"{PAGE}b.js")}, f"{PAGE}a.js"),
        ({"type": "script", "stack": calls() | {"parent": calls(f"{PAGE}c.js")}}, f"{PAGE}c.js"),
        ({"type": "script", "stack": {}}, PAGE),
        ({"type": "other"}, PAGE),
        ({}, PAGE),
    ],
)  # fmt: skip
def test_who_caused_a_request(feed, initiator, expected):
    feed.ask("1", TRACKER, initiator=initiator)
    assert feed.requests[0].initiator == expected
    assert feed.requests[0].initiator_type == initiator.get("type", "")


def test_a_request_of_a_worker_belongs_to_the_worker(feed):
    feed.recorder.name_frame("F", PAGE)
    feed.ask("1", TRACKER, target=f"{PAGE}worker.js")
    feed.ask("2", TRACKER, target=f"{PAGE}worker.js", frameId="F")
    assert [r.frame for r in feed.requests] == [f"{PAGE}worker.js", PAGE]


def test_requests_made_while_leaving_are_marked(feed):
    feed.ask("1", TRACKER)
    feed.recorder.induced = True
    feed.ask("2", TRACKER)
    assert [r.induced for r in feed.requests] == [False, True]


# ---- caps and secrets


def test_all_are_counted_and_the_first_are_kept(feed, monkeypatch):
    monkeypatch.setattr(module, "MAX_ROWS", 3)
    assert feed.recorder.capped == ""
    for n in range(5):
        feed.ask(str(n), f"{TRACKER}/{n}").answer(str(n)).done(str(n))
    feed.send("webSocketCreated", requestId="9", url="wss://x.test/")
    feed.ask("2", f"{TRACKER}/redirected", redirect={"status": 302, "headers": {}})
    assert len(feed.requests) == 3
    assert (feed.recorder.counted, feed.recorder.capped) == (7, "the first 3 of 7 requests")
    assert feed.recorder.pending == 0


def test_bodies_addresses_and_headers_are_cut(feed):
    feed.ask("1", TRACKER + "x" * 20_000, request={"postData": "y" * 100_000, "headers": {"X": "z" * 9000}})
    [request] = feed.requests
    assert (len(request.url), len(request.body), len(request.headers[0][1])) == (8192, module.MAX_BODY, 4096)


def test_a_body_that_could_not_be_read_is_missed(feed):
    feed.ask("1", TRACKER, method="POST", request={"hasPostData": True}).ask("2", TRACKER)
    assert [(r.body, r.body_missing) for r in feed.requests] == [(None, True), (None, False)]


@pytest.mark.parametrize(
    "name", ["Cookie", "AUTHORIZATION", "proxy-authorization", "X-Api-Key", "X-CSRF-Token", "cookie"]
)  # fmt: skip
def test_of_what_opens_a_door_only_the_length_is_kept(feed, name):
    secret = "sessionid=abcdef0123456789"
    feed.ask("1", TRACKER, request={"headers": {name: secret}}).sent("2")
    feed.ask("2", TRACKER).sent("2", **{name: secret})
    assert secret not in str(feed.requests)
    assert feed.requests[0].headers == ((name.lower(), f"<{len(secret)} characters>"),)


def test_a_connection_that_nobody_vouches_for(feed):
    feed.ask("1", PAGE, type="Document").answer("1", response={"securityState": "insecure"})
    feed.ask("2", PAGE.replace("https", "http")).answer("2", response={"securityState": "insecure"})
    feed.ask("3", PAGE).answer("3", response={"securityState": "secure"})
    assert [feed.recorder.chain(n)[0].untrusted for n in "123"] == [True, False, False]


def test_what_arrived_is_measured_and_whom_it_came_from_is_known(feed):
    feed.ask("1", TRACKER).ask("2", PAGE)
    feed.send("dataReceived", requestId="1", dataLength=70).send("dataReceived", requestId="7", dataLength=30)
    assert feed.recorder.received == 100
    assert feed.recorder.sites() == {"tracker.test", "shop.test"}


def test_a_recorder_may_keep_more_of_bodies_and_tells_what_a_socket_has_sent(feed):
    feed.recorder.limit = 70_000
    feed.send("webSocketCreated", PAGE, requestId="9", url="wss://shop.test/live")
    feed.send("webSocketFrameSent", requestId="9", response={"payloadData": "a" * 66_000})
    assert feed.recorder.sent("websocket") == {"9": 66_000}
    feed.send("webSocketFrameSent", requestId="9", response={"payloadData": "b" * 66_000})
    (socket,) = feed.requests
    assert (len(socket.body), socket.body_missing) == (70_000, True)
