"""Downloads that a user asked for: https, or this machine; so much, so long, and an error that says what next."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from compliance.crawl.download import download, is_address
from compliance.errors import ListError


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/list":
            self.answer(200, b"ads.test\n")
        elif self.path == "/away":
            self.answer(302, b"", Location="http://lists.example/list")
        elif self.path == "/here":
            self.answer(302, b"", Location="/list")
        elif self.path == "/file":
            self.answer(302, b"", Location="file:///etc/hostname")
        elif self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(40):
                    self.wfile.write(b"a")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                return
        else:
            self.answer(404, b"<html>")

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()


def test_a_file_of_this_machine(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert download(f"{server}/list", 100) == b"ads.test\n"
    assert download(f"{server}/here", 100) == b"ads.test\n"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/none", "answered 404"),
        ("/away", "redirects to http://lists.example/list: lists are downloaded by https only"),
        ("/file", "is not allowed"),
    ],
)
def test_answers_that_are_no_list(server, path, why):
    with pytest.raises(ListError, match=why) as told:
        download(server + path, 100)
    assert told.value.hint


def test_no_more_than_so_much_and_so_long(server):
    with pytest.raises(ListError, match="larger than 0 MB"):
        download(f"{server}/list", 5)
    started = time.monotonic()
    with pytest.raises(ListError, match=r"not received whole in 0\.3 s"):
        download(f"{server}/drip", 100, timeout=0.3)
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://lists.example/x", "https only"),
        ("http://127.0.0.1.example/x", "https only"),
        ("ftp://127.0.0.1/x", "https only"),
        ("file:///etc/hostname", "not an address"),
        ("https://", "not an address"),
        ("https://[/", "not an address"),
        ("http://127.0.0.1:9/x", "refused"),
    ],
)
def test_what_is_never_asked_for(url, why):
    with pytest.raises(ListError, match=why):
        download(url, 100)


def test_what_is_an_address():
    assert [is_address(o) for o in ("https://a.test/x", "file.txt", "/a/b", "C:\\x")] == [True, False, False, False]
