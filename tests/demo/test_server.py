"""The demo site's server, spoken to as a browser would: TLS verified, names by Host header."""

import base64
import hashlib
import http.client
import socket
import ssl
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from compliance.demo import CA_FILE, DemoSite, tls
from compliance.demo.tls import PUBLIC_KEY
from compliance.errors import SettingsError


class Client:
    """A visitor who keeps one connection and verifies certificates."""

    def __init__(self, site, host="www.spaceo.test"):
        self.host = host
        context = ssl.create_default_context(cafile=CA_FILE)
        plain = socket.create_connection(("127.0.0.1", site.port), timeout=20)
        self.connection = http.client.HTTPSConnection(host, timeout=20)
        self.connection.sock = context.wrap_socket(plain, server_hostname=host)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def ask(self, path="/", method="GET", body=None, headers=None):
        self.connection.request(method, path, body=body, headers=headers or {})
        response = self.connection.getresponse()
        return response, response.read()


@pytest.fixture(scope="module")
def site():
    with DemoSite() as running:
        yield running


def ask(site, path="/", method="GET", host="www.spaceo.test", **more):
    with Client(site, host) as client:
        return client.ask(path, method, **more)


def raw(site, data):
    """Whatever comes back for bytes sent in the clear."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as plain:
        plain.sendall(data)
        answer = b""
        while chunk := plain.recv(65536):
            answer += chunk
        return answer


def test_home_page_over_verified_tls(site):
    response, body = ask(site)
    assert response.status == 200
    assert response.version == 11
    assert response.getheader("Content-Type") == "text/html; charset=utf-8"
    assert response.getheader("Content-Length") == str(len(body))
    assert response.getheader("Cache-Control") == "no-cache"
    text = body.decode()
    assert 'href="/privacy-policy"' in text
    assert "<!--#include" not in text


@pytest.mark.parametrize(
    ("host", "path", "content_type", "start"),
    [
        ("friends.test", "/library", "text/html; charset=utf-8", b"<!doctype html>"),
        ("www.partner.test", "/", "text/html; charset=utf-8", b"<!doctype html>"),
        ("pixel.tracker.test", "/p.gif", "image/gif", b"GIF89a"),
        ("cdn.assets.test", "/star.woff2", "font/woff2", b"wOF2"),
        ("widgets.social.test", "/like", "text/html; charset=utf-8", b"<!doctype html>"),
        ("www.spaceo.test", "/assets/team.png", "image/png", b"\x89PNG"),
        ("www.spaceo.test", "/downloads/how-we-work.pdf", "application/pdf", b"%PDF-"),
        ("www.spaceo.test", "/favicon.ico", "image/x-icon", b"\0\0\1\0"),
        ("www.spaceo.test", "/robots.txt", "text/plain; charset=utf-8", b"User-agent: *\nDisallow: /admin/"),
        ("www.spaceo.test", "/sitemap.xml", "application/xml; charset=utf-8", b"<?xml"),
        ("www.spaceo.test", "/feed.atom", "application/atom+xml; charset=utf-8", b"<?xml"),
    ],
)
def test_each_host_serves_its_own_files(site, host, path, content_type, start):
    response, body = ask(site, path, host=host)
    assert response.status == 200
    assert response.getheader("Content-Type") == content_type
    assert body.startswith(start)
    if content_type.startswith("text/html"):
        assert response.getheader("Cache-Control") == "no-cache"
    elif host != "pixel.tracker.test":
        assert response.getheader("Cache-Control") == "public, max-age=3600"


def test_a_rule_replaces_a_header_and_adds_one(site):
    response, _ = ask(site, "/p.gif", host="pixel.tracker.test")
    assert response.getheader("Cache-Control") == "no-store"
    assert response.getheader("Access-Control-Allow-Origin") == "*"


def test_one_connection_serves_many_requests(site):
    with Client(site) as client:
        before = client.connection.sock
        for path in ("/", "/contact", "/no-such-page", "/assets/site.css", "/privacy"):
            client.ask(path)
            assert client.connection.sock is before


def test_head_has_the_headers_of_get_and_no_body(site):
    got, body = ask(site, "/about")
    head, nothing = ask(site, "/about", "HEAD")
    assert nothing == b""
    assert head.getheader("Content-Length") == got.getheader("Content-Length") == str(len(body))


@pytest.mark.parametrize(
    "path",
    [
        *("/nothing", "/_parts/footer.html", "/../behaviour.toml", "/%2e%2e/behaviour.toml", "/..%2fbehaviour.toml"),
        *("/assets/", "/" + "a" * 5000, "/%00", "/contact/", "/behaviour.toml"),
    ],
)
def test_what_is_not_there_is_404_with_the_sites_own_page(site, path):
    response, body = ask(site, path)
    assert response.status == 404
    assert b"There is no such page" in body
    assert b'href="/privacy-policy"' in body


def test_unknown_host_is_misdirected(site):
    response, body = ask(site, host="shop.test")
    assert response.status == 421
    assert b"shop.test" in body


@pytest.mark.parametrize(
    ("host", "path", "status", "to"),
    [
        ("spaceo.test", "/blog?page=2", 301, "https://www.spaceo.test/blog?page=2"),
        ("www.spaceo.test", "/privacy", 301, "/privacy-policy"),
        ("www.spaceo.test", "/services", 301, "/services/"),
        ("www.spaceo.test", "/account/logout", 302, "/"),
    ],
)
def test_redirects(site, host, path, status, to):
    response, _ = ask(site, path, host=host)
    assert (response.status, response.getheader("Location")) == (status, to)


def test_plain_http_is_sent_to_https(site):
    answer = raw(site, b"GET /a%0d%0aX:%201?b HTTP/1.1\r\nHost: www.spaceo.test\r\nConnection: close\r\n\r\n")
    head = answer.decode().split("\r\n\r\n")[0]
    assert head.startswith("HTTP/1.1 301")
    assert "Location: https://www.spaceo.test/a%0d%0aX:%201?b" in head
    assert "Set-Cookie" not in head


def test_query_string_page_differs(site):
    first, second = ask(site, "/blog")[1], ask(site, "/blog?page=2")[1]
    assert b"/blog/release-checklist" in first
    assert b"/blog/release-checklist" not in second
    assert b"/blog/accessible-tables" in second


def test_spa_routes_serve_the_same_document(site):
    assert ask(site, "/app/three")[1] == ask(site, "/app/")[1]


@pytest.mark.parametrize("path", ["/contact", "/registration", "/newsletter", "/newsletter/unsubscribe"])
def test_forms_accept_blank_fields(site, path):
    response, _ = ask(site, path, "POST", body="name=&email=&message=")
    assert response.status == 303
    assert ask(site, response.getheader("Location"))[0].status == 200


def test_post_where_no_form_is(site):
    response, _ = ask(site, "/about", "POST", body="x=1")
    assert response.status == 405
    assert response.getheader("Allow") == "GET, HEAD"


def test_beacons_and_preflights(site):
    assert ask(site, "/collect", "POST", host="pixel.tracker.test", body="x")[0].status == 204
    preflight, _ = ask(site, "/collect", "OPTIONS", host="pixel.tracker.test")
    assert preflight.status == 204
    assert preflight.getheader("Access-Control-Allow-Origin") == "*"


def test_session_cookies_differ_between_visitors_and_are_kept(site):
    def cookies(response):
        return dict(c.partition(";")[0].split("=") for c in response.headers.get_all("Set-Cookie"))

    first, second = cookies(ask(site)[0]), cookies(ask(site)[0])
    assert first.keys() == second.keys() == {"sid", "lang"}
    assert len(first["sid"]) == 32
    assert first["sid"] != second["sid"]
    assert first["lang"] == second["lang"] == "en"
    response, _ = ask(site)
    assert not [c for c in response.headers.get_all("Set-Cookie") if "expires" in c.lower() or "max-age" in c.lower()]
    again, _ = ask(site, headers={"Cookie": f"sid={first['sid']}; lang=en"})
    assert again.headers.get_all("Set-Cookie") is None


def test_placeholders_of_a_file_are_filled_anew_and_other_braces_stay():
    with DemoSite("kept/cached-greeting") as demo:
        one, other = (ask(demo, "/assets/stats.js")[1].decode() for _ in range(2))
        plain = ask(demo, "/assets/site.js")[1].decode()
    assert '{ text: "Welcome", made: 1' in one
    assert one != other
    assert "{" in plain


def test_a_cookie_of_every_third_crawl():
    with DemoSite("no-identifying-cookies/every-third") as site:
        given = []
        for _ in range(4):
            ask(site, "/robots.txt")
            names = [ask(site, path)[0].headers.get_all("Set-Cookie") for path in ("/", "/about")]
            given.append([any(c.startswith("uid=") for c in cookies) for cookies in names])
    assert given == [[True, True], [False, False], [False, False], [True, True]]


def test_log_says_what_arrived(site):
    ask(site, "/contact?x=1", "POST", body="email=a%40b.test", headers={"X-Mark": "log test"})
    received = next(r for r in reversed(site.log) if r.header("x-mark") == "log test")
    assert (received.scheme, received.host, received.method) == ("https", "www.spaceo.test", "POST")
    assert received.path == "/contact?x=1"
    assert received.body == b"email=a%40b.test"
    assert received.status == 303
    assert received.header("missing") == ""


def test_hits_are_counted_per_path():
    with DemoSite() as own:
        assert own.hits("/account/logout") == 0
        ask(own, "/account/logout?from=menu")
        ask(own, "/account/")
        assert own.hits("/account/logout") == 1
        assert own.hits("/account/logout", host="friends.test") == 0
    assert own.hits("/account/logout") == 1, "the log outlives the server"


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"POST /contact HTTP/1.1\r\nHost: www.spaceo.test\r\nContent-Length: -5\r\n\r\n", b"400"),
        (b"POST /contact HTTP/1.1\r\nHost: www.spaceo.test\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"POST /contact HTTP/1.1\r\nHost: www.spaceo.test\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"GET http://evil.test/ HTTP/1.1\r\nHost: www.spaceo.test\r\nConnection: close\r\n\r\n", b"400"),
        (b"BREW / HTTP/1.1\r\nHost: www.spaceo.test\r\n\r\n", b"501"),
        (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", b"421"),
    ],
)
def test_malformed_requests_get_an_answer(site, request_line, status):
    assert raw(site, request_line).split(b" ")[1] == status


def test_clients_that_go_away_leave_no_trace(capfd):
    with DemoSite() as own:
        for data in (b"", b"\x16\x03\x01", b"GET / HT", b"\x16garbage that is no handshake", b"\0\0\0"):
            with socket.create_connection(("127.0.0.1", own.port), timeout=20) as plain:
                plain.sendall(data)
        # Gone in the middle of an answer, with a reset instead of a farewell.
        client = Client(own)
        client.connection.request("GET", "/")
        client.connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.connection.close()
        assert ask(own)[0].status == 200
    assert capfd.readouterr() == ("", "")


def test_silent_clients_neither_block_others_nor_the_end():
    with ExitStack() as outlives_the_site:
        threads = set(threading.enumerate())
        with DemoSite() as own:
            silent = outlives_the_site.enter_context(socket.create_connection(("127.0.0.1", own.port)))
            silent.sendall(b"\x16")
            outlives_the_site.enter_context(Client(own)).ask()
            assert ask(own)[0].status == 200
            assert len(set(threading.enumerate()) - threads) >= 3
            port = own.port
        assert set(threading.enumerate()) <= threads
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)


def test_our_own_faults_are_raised_not_swallowed(monkeypatch):
    def fails(*_):
        raise ZeroDivisionError("on purpose")

    def ask_a_broken_site():
        with DemoSite() as own, Client(own) as client:
            monkeypatch.setattr("compliance.demo.handler.find", fails)
            with pytest.raises((http.client.HTTPException, ConnectionError)):
                client.ask()
            deadline = time.monotonic() + 10
            while not own._running().faults and time.monotonic() < deadline:
                time.sleep(0.01)

    with pytest.raises(RuntimeError, match="demo server failed") as caught:
        ask_a_broken_site()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_addresses_for_settings():
    with DemoSite() as own:
        assert own.url == "https://www.spaceo.test/"
        assert own.resolve == (f"*.test:127.0.0.1:{own.port}",)
        assert own.ignore_tls == ("*.test",)


def test_real_names_of_a_variant_lead_to_this_server():
    with DemoSite("no-identity-resolution/company-script") as own:
        assert own.ignore_tls == ("*.test", "lftracker.leadfeeder.com")
        assert own.resolve[1] == f"lftracker.leadfeeder.com:127.0.0.1:{own.port}"


def test_a_chosen_port_is_used():
    with DemoSite() as own:
        port = own.port
    with DemoSite(port=port) as again:
        assert again.port == port


def test_not_started_is_said():
    with pytest.raises(RuntimeError, match="with DemoSite"):
        _ = DemoSite().port


def test_unknown_variant_lists_the_known():
    with pytest.raises(SettingsError, match=r"no variant 'nope'[\s\S]*kept/ab-bucket"):
        DemoSite("nope")


def test_what_the_cache_holds_is_not_sent_again():
    with DemoSite("no-respawning/etag") as own:
        first = ask(own, "/assets/site.css")[0]
        tag = first.getheader("ETag")
        assert first.status == 200
        assert f"visit={tag.strip(chr(34))};" in first.getheader("Set-Cookie")
        again = ask(own, "/assets/site.css", headers={"If-None-Match": tag})[0]
        assert (again.status, again.getheader("ETag"), again.getheader("Content-Length")) == (304, tag, None)
        other = ask(own, "/assets/site.css")[0]
        assert (other.status, other.getheader("ETag") == tag) == (200, False)
        assert ask(own, "/", headers={"If-None-Match": tag})[0].status == 200


def test_the_key_of_a_trusted_site_is_its_certificates():
    with DemoSite("no-respawning/etag") as own:
        assert own.ignore_tls == ("*.test", PUBLIC_KEY)
        assert [entry.rpartition(":")[0] for entry in own.resolve] == ["*.test:127.0.0.1"]
    pem = (Path(tls.__file__).parent / "server.pem").read_text()
    der = ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERT") : pem.index("-----END CERT") + 26])
    # An EC key of P-256: what stands in the certificate from the algorithm's name on has 91 bytes.
    at = der.index(bytes.fromhex("301306072a8648ce3d020106082a8648ce3d030107")) - 2
    assert "sha256/" + base64.b64encode(hashlib.sha256(der[at : at + 91]).digest()).decode() == PUBLIC_KEY
