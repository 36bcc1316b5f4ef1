"""Every request that reaches the server stands in the record, however it was sent; and what does not, is told."""

import os
import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from compliance.crawl.events import Notice, VisitFinished
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
