"""The few requests that are made beside the browser go where it would go, and always end."""

import asyncio
import gzip
import threading
import time

import pytest

from compliance.crawl import fetch as module
from compliance.crawl.fetch import USER_AGENT, fetch, where
from compliance.demo import DemoSite
from tests.sites import LocalSite, Page, hang, redirect


def get(url, resolve=(), ignore_tls=(), **options):
    return asyncio.run(fetch(url, resolve, ignore_tls, **options))


@pytest.fixture
def site():
    with LocalSite({"/": "<p>Hello", "/empty": Page("", 204), "/gone": Page("x", 410)}) as made:
        yield made


def test_an_answer(site):
    site.add("/a", Page(b"\x00\xff", type="x/y", headers=[("X-One", "1")]))
    answer = get(f"{site.url}a?b=1&c=ä#top")
    assert (answer.url, answer.status, answer.body, answer.error) == (f"{site.url}a?b=1&c=ä#top", 200, b"\x00\xff", "")
    assert answer.headers["x-one"] == "1"
    assert list(site.hits) == ["/a?b=1&c=%C3%A4"], "a fragment is nobody's business but the browser's"
    assert [get(f"{site.url}{p}").status for p in ("", "empty", "gone", "none")] == [200, 204, 410, 404]
    assert get(site.url.rstrip("/")).status == 200


def test_who_asks(site):
    seen = {}
    site.add("/", Page(raw=lambda handler: seen.update(handler.headers.items())))
    get(site.url)
    assert (seen["User-Agent"], seen["Host"]) == (USER_AGENT, f"127.0.0.1:{site.port}")
    assert seen["Accept-Encoding"] == "identity", "what is packed all the same is unpacked by whoever reads it"
    assert get("http://user:secret@bücher.test/", (f"*.test:127.0.0.1:{site.port}",)).error
    assert (seen["Host"], "Authorization" in seen) == ("xn--bcher-kva.test", False)


# ---- redirects


def test_a_redirect_within_the_site_is_followed(site):
    site.add("/1", redirect("2?x=1", 301))
    site.add("/2", redirect(f"{site.url}3", 308))
    site.add("/3", "<p>there")
    answer = get(f"{site.url}1")
    assert (answer.url, answer.status) == (f"{site.url}3", 200)


@pytest.mark.parametrize(
    "to",
    ["http://localhost:1/", "https://elsewhere.test/", "file:///etc/passwd", "ftp://127.0.0.1/", "data:,x", "//x.test"],
)
def test_a_redirect_out_of_the_site_is_not(site, to):
    site.add("/1", redirect(to))
    answer = get(f"{site.url}1")
    assert (answer.status, answer.body) == (302, b"")
    assert "outside the site" in answer.error


def test_a_redirect_to_nowhere(site):
    site.add("/1", redirect("http://[bad"))
    assert "no address" in get(f"{site.url}1").error
    site.add("/2", Page("no location", 302))
    assert get(f"{site.url}2").status == 302


def test_redirects_without_end(site):
    site.add("/1", redirect("/1"))
    answer = get(f"{site.url}1")
    assert (answer.status, answer.error) == (302, "redirects without end")
    assert site.hits["/1"] == module.MAX_REDIRECTS + 1


# ---- where it goes


@pytest.mark.parametrize(
    ("host", "resolve", "expected"),
    [
        ("shop.test", (), ("shop.test", 443)),
        ("shop.test", ("other.test:1.2.3.4",), ("shop.test", 443)),
        ("shop.test", ("shop.test:1.2.3.4",), ("1.2.3.4", 443)),
        ("shop.test", ("shop.test:1.2.3.4:8443",), ("1.2.3.4", 8443)),
        ("a.shop.test", ("shop.test:1.1.1.1", "*.shop.test:2.2.2.2", "*:3.3.3.3"), ("2.2.2.2", 443)),
        ("shop.test", ("shop.test:localhost:80",), ("localhost", 80)),
        ("shop.test", ("shop.test:[::1]:8443",), ("::1", 8443)),
        ("shop.test", ("shop.test:[::1]",), ("::1", 443)),
        ("shop.test", ("shop.test:::1",), ("::1", 443)),
        ("shop.test", ("shop.test:fe80::1234",), ("fe80::1234", 443)),
    ],
)
def test_the_browsers_overrides_hold_here_too(host, resolve, expected):
    assert where(host, 443, resolve) == expected


# ---- certificates


def test_certificates_are_verified_unless_the_host_is_named():
    with DemoSite() as demo:
        url = f"{demo.url}robots.txt"
        for ignored in ((), ("*.other.test",), ("spaceo.test",)):
            answer = get(url, demo.resolve, ignored)
            assert (answer.status, "CERTIFICATE_VERIFY_FAILED" in answer.error) == (0, True), answer
        assert get(url, demo.resolve, ("*.spaceo.test",)).status
        assert get(url, demo.resolve, demo.ignore_tls).status


def test_plain_http_on_a_tls_port_and_the_other_way_round(site):
    with DemoSite() as demo:
        assert get(demo.url.replace("https", "http"), demo.resolve, demo.ignore_tls).url.startswith("https://")
    assert "SSL" in get(site.url.replace("http", "https")).error


# ---- what goes wrong


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9/", "ConnectionRefusedError"),
        ("http://no-such-host.invalid/", "gaierror"),
        ("http://[bad/", "ValueError"),
        ("http://127.0.0.1:99999/", "ValueError"),
        ("ftp://127.0.0.1/", "KeyError"),
        ("http:///x", ""),
    ],
)
def test_whatever_the_network_does_is_an_answer(url, said):
    answer = get(url)
    assert answer.status == 0
    assert answer.error
    assert said in answer.error


def _drip(handler):
    try:
        for _ in range(600):
            handler.wfile.write(b"H" if not handler.path.startswith("/body") else b"x")
            handler.wfile.flush()
            time.sleep(0.1)
    except OSError:
        return


def _drip_body(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    _drip(handler)


@pytest.mark.parametrize("path", ["hang", "headers", "body"])
def test_a_server_that_takes_its_time_is_left_and_no_thread_stays_behind(site, path):
    site.add("/hang", hang(20))
    site.add("/headers", Page(raw=_drip))
    site.add("/body", Page(raw=_drip_body))
    before = threading.active_count()

    async def work():
        answer = await fetch(f"{site.url}{path}", (), (), timeout=0.3)
        # Without help the thread would wait for the next byte for ever, and the loop for the thread at its end.
        await asyncio.wait_for(asyncio.get_running_loop().shutdown_default_executor(), 5)
        return answer

    assert asyncio.run(work()).error == "no answer in 0.3 s"
    assert threading.active_count() <= before + 1, "the server's own thread may still write"


def test_a_body_without_end_is_cut(site, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 1000)
    site.add("/big", Page(b"x" * 100_000))
    assert len(get(f"{site.url}big").body) == 1000


def test_what_comes_packed_is_handed_on_as_it_came(site):
    packed = gzip.compress(b"User-agent: *")
    site.add("/robots.txt", Page(packed, headers=[("Content-Encoding", "gzip")]))
    assert get(f"{site.url}robots.txt").body == packed
