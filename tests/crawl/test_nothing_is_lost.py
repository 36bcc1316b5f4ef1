"""Every request that reaches the server stands in the record, however it was sent; and what does not, is told."""

import os
import signal
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.sync.server import serve

from compliance.browser.netlog import NetLog
from compliance.crawl.events import Notice, VisitFinished
from compliance.model.verdict import Outcome, Reason
from tests.sites import LocalSite, Page

from .test_crawler import crawl, links  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser

#: Asked for by the crawler, not by a page.
OURS = ("/robots.txt", "/sitemap.xml", "/favicon.ico")
#: Page → what it does. `%(other)s` is the same server under a name that is another site.
WAYS = {
    "plain": "<link rel=stylesheet href='/css'><script src='/js'></script><img src='/img'><iframe src='/sub'></iframe>"
    "<style>body {background: url(/bg)} @font-face {font-family: f; src: url(/font)} p {font-family: f}</style><p>x</p>"
    "<link rel=prefetch href='/prefetch'><link rel=preload as=image href='/preload'><video src='/video'></video>",
    "script": "<script>fetch('/fetch'); fetch('/put', {method: 'PUT', body: new Blob(['b'])}).catch(() => 0);"
    "const x = new XMLHttpRequest(); x.open('POST', '/xhr'); x.send('b'); new Image().src = '/image?' + Math.random();"
    "navigator.sendBeacon('/beacon', new Blob(['b'])); new EventSource('/events');"
    "fetch('%(other)scross', {mode: 'no-cors', keepalive: true}); import('/module').catch(() => 0)</script>",
    "worker": "<script>new Worker('/worker.js');"
    "new Worker(URL.createObjectURL(new Blob([`fetch('%(url)sin-blob')`])));"
    "new SharedWorker('/shared.js')</script>",
    "service": "<script>navigator.serviceWorker.register('/service.js')</script>",
    "frames": "<iframe src='%(other)sframe'></iframe>"
    "<iframe srcdoc=\"<script>fetch('%(url)sin-srcdoc')</script>\"></iframe>"
    "<script>const i = document.createElement('iframe'); document.documentElement.append(i);"
    "i.contentWindow.fetch('%(url)sin-blank')</script>",
    "windows": "<script>open('/window'); open('/window2', '_blank', 'noopener');"
    "open('').fetch('%(url)sin-blank-window')</script>",
    "leaving": "<script>addEventListener('pagehide', () => { navigator.sendBeacon('/bye?' + Math.random(), 'b');"
    "fetch('/bye-fetch', {keepalive: true}); new Image().src = '/bye-image' });"
    "addEventListener('unload', () => navigator.sendBeacon('/unload'));"
    "addEventListener('visibilitychange', () => navigator.sendBeacon('/hidden?' + document.visibilityState))</script>",
    "late": "<script>setTimeout(() => fetch('/late'), 250); setTimeout(() => fetch('/too-late'), 900)</script>",
    "redirects": "<img src='/hop1'><script>fetch('/hop1')</script>",
    "form": "<form action='/sent' target=f method=post><input name=a value=b></form><iframe name=f></iframe>"
    "<script>document.forms[0].submit()</script>",
    "ping": "<a ping='/ping' href='#x'>x</a><script>document.querySelector('a').click()</script>",
}


@pytest.fixture
def site():
    with LocalSite() as made:
        made.add("/", links(*(f"/{name}" for name in WAYS)))
        for name, body in WAYS.items():
            made.add(f"/{name}", body % {"url": made.url, "other": made.other})
        script = "text/javascript"
        made.add("/worker.js", Page("fetch('/in-worker'); importScripts('/imported.js')", type=script))
        made.add("/shared.js", Page("fetch('/in-shared')", type=script))
        made.add("/service.js", Page("fetch('/in-service'); oninstall = () => fetch('/installing')", type=script))
        made.add("/imported.js", Page("fetch('/in-imported')", type=script))
        for path in ("/sub", "/window", "/window2", "/frame", "/sent"):
            made.add(path, f"<img src='{path}-image'>")
        made.add("/hop1", Page(status=302, headers=[("Location", f"{made.other}hop2")]))
        made.add("/hop2", Page(status=302, headers=[("Location", "/hop3")]))
        yield made


def test_what_reaches_the_server_is_recorded(crawl, site):  # noqa: F811
    run = crawl(site.url).go()
    requests = [r for v in run.visits(aspects=run.plan.aspects) for r in v.requests or () if r.url.startswith("http")]
    recorded = Counter("/" + r.url.partition("#")[0].split("/", 3)[3] for r in requests)
    arrived = Counter({path: n for path, n in site.hits.items() if path not in OURS})
    assert arrived - recorded == Counter()
    assert not any(isinstance(event, Notice) and "broke off" in event.text for event in run.events)


POST = "method: 'POST', body"
#: Page → script that sends the word `secret` to a path of its own name.
SENT = {
    "string": f"fetch('/p/string', {{{POST}: 'secret'}})",
    "blob": f"fetch('/p/blob', {{{POST}: new Blob(['secret'])}})",
    "form": f"const f = new FormData(); f.append('a', new Blob(['secret'])); fetch('/p/form', {{{POST}: f}})",
    "bytes": f"fetch('/p/bytes', {{{POST}: new TextEncoder().encode('\\u00ff secret')}})",
    "raw": f"fetch('/p/raw', {{{POST}: new Uint8Array([255, 0, 115, 101, 99, 114, 101, 116])}})",
    "xhr": "const x = new XMLHttpRequest(); x.open('POST', '/p/xhr'); x.send(new Blob(['secret']))",
    "beacon": "navigator.sendBeacon('/p/beacon', new Blob(['secret']))",
    "keepalive": f"fetch('/p/keepalive', {{keepalive: true, {POST}: 'secret'}})",
    "leaving": "addEventListener('pagehide', () => navigator.sendBeacon('/p/leaving', new Blob(['secret'])))",
    "worker": f"const s = `fetch('%(url)sp/worker', {{{POST}: new Blob(['secret'])}})`;"
    "new Worker(URL.createObjectURL(new Blob([s])))",
    "socket": "const w = new WebSocket('ws://127.0.0.1:%(socket)d/p/socket'); w.onopen = () => w.send('secret')",
}


def test_what_is_sent_is_recorded_with_what_it_carries(crawl, site):  # noqa: F811
    with serve(list, "127.0.0.1", 0) as sockets:
        threading.Thread(target=sockets.serve_forever, daemon=True).start()
        made = {"url": site.url, "socket": sockets.socket.getsockname()[1]}
        site.add("/", links(*(f"/{name}" for name in SENT)))
        for name, script in SENT.items():
            site.add(f"/{name}", f"<script>{script % made}</script>")
        site.add("/long", f"<script>fetch('/p/long', {{{POST}: 'x'.repeat(200000)}})</script>")
        site.add("/string", f"<a href=/long>x</a><script>{SENT['string']}</script>")
        run = crawl(site.url).go()
        sockets.shutdown()
    sent = {}
    for visit in run.visits(aspects=run.plan.aspects):
        for one in visit.requests or ():
            _, found, name = one.url.partition("/p/")
            if found and one.resource not in ("preflight", "document"):
                sent.setdefault(name, []).append(one)
    assert sent.keys() == {*SENT, "long"}
    for name in SENT:
        read = [one for one in sent[name] if "secret" in (one.body or "") and not one.body_missing]
        # The beacon of a page that is left is sent again when it really is; nobody may be there to read that one.
        assert read, sent[name]
        assert all(one in read or (one.log_only and one.body_missing) for one in sent[name]), sent[name]
    assert all(one.body_missing for one in sent["long"]), "cut, and said so"


def test_a_browser_that_dies_takes_no_record_along(crawl, site):  # noqa: F811
    """Its log ends where it ended; addresses that were asked for again are not told twice."""
    killed = []

    def kill(event, _):
        if isinstance(event, VisitFinished) and not killed:
            killed.append(True)
            marker = f"--user-data-dir={run.run.path}".encode()
            for entry in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    if marker in entry.read_bytes():
                        os.kill(int(entry.parent.name), signal.SIGKILL)

    run = crawl(site.url)
    run.go(kill)
    assert killed
    requests = [r for v in run.visits(aspects=run.plan.aspects) for r in v.requests or ()]
    recorded = {"/" + r.url.partition("#")[0].split("/", 3)[3] for r in requests if r.url.startswith("http")}
    assert {path for path in site.hits if path not in OURS and "?" not in path} - recorded == set()


def test_a_log_that_is_not_understood_lets_nothing_pass(crawl, site, monkeypatch):  # noqa: F811
    site.add("/", links("/frames"))
    assert crawl(site.url).go().verdict().reason is not Reason.INSTRUMENT
    monkeypatch.setattr(NetLog, "_constants", lambda *_: None)
    site.add("/", "<p>alone")
    verdict = crawl(site.url).go().verdict()
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT), verdict.explanation
    assert "was not understood" in verdict.explanation
