"""Nothing leaves a sealed browser, whoever lets a target run: here every target runs before it is prepared."""

import asyncio
import socket
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from compliance.browser.launch import LaunchOptions
from compliance.browser.machine import browser_version
from compliance.browser.resolve import ResolvedBrowser
from compliance.journeys.seal import Seal
from compliance.journeys.stage import Stage
from compliance.model.spec import VisitorSpec

from .benches import EXECUTABLE, FIRST, Server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("seal")]

PAGE = """<!doctype html><title>Sends</title>
<img src="http://other.test/image"><link rel="prefetch" href="/prefetch"><iframe src="http://other.test/frame"></iframe>
<iframe src="/frame"></iframe><a href="http://other.test/link" ping="/ping">go</a>
<script>
const inside = "fetch('http://%(host)s/in-worker'); new WebSocket('ws://%(host)s/socket-in-worker')";
navigator.sendBeacon('/beacon', 'x');
fetch('/post', {method: 'POST', body: new Blob(['x'])});
fetch('http://other.test/preflighted', {method: 'PUT'});
new WebSocket('ws://' + location.host + '/socket');
new WebSocket('ws://other.test/socket');
new EventSource('/events');
new Worker('/worker.js');
new Worker(URL.createObjectURL(new Blob([inside])));
new SharedWorker('/shared.js');
try {
  const call = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:%(udp)d'}]});
  call.createDataChannel('x');
  call.createOffer().then((offer) => call.setLocalDescription(offer));
} catch (error) { /* not offered */ }
if (self.WebTransport) new WebTransport('https://127.0.0.1:%(udp)d/transport');
onpagehide = () => { navigator.sendBeacon('/bye', 'x'); fetch('/bye-fetch', {keepalive: true}); };
setTimeout(() => {
  open('http://other.test/window');
  open('').document.write(`<script>${inside}; fetch('http://%(host)s/in-window')<` + '/script>');
}, 50);
</script>"""


async def only_let_run(seal, session, kind):
    """What a target gets in time when Playwright was ready sooner."""
    post = seal._browser.connection.post
    await post("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": True}, session)
    await post("Runtime.runIfWaitingForDebugger", {}, session)


def test_nothing_leaves_but_what_the_rule_lets_pass(tmp_path, monkeypatch):
    monkeypatch.setattr(Seal, "_prepare", only_let_run)
    asked = []

    async def main(server):
        async def only_the_page(one):
            asked.append(one.url)
            return one.url == page_url

        page_url = f"http://{FIRST}/"
        options = LaunchOptions(ResolvedBrowser(Path(EXECUTABLE), "test", "headless-shell"), server.resolve)
        async with async_playwright() as playwright:
            major = browser_version(options.browser.path).major
            stage = await Stage.start(playwright, options, major, tmp_path / "profile", VisitorSpec())
            try:
                await stage.open(page_url, only_the_page)
                await stage.page.wait_for_timeout(1000)
                await stage.page.goto("about:blank")
                await stage.page.wait_for_timeout(500)
            finally:
                await stage.close()

    with Server({}) as server, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.1)
        server.pages["/"] = PAGE % {"host": FIRST, "udp": udp.getsockname()[1]}
        asyncio.run(main(server))
        arrived = [path for _, _, path, _, _ in server.log]
        with pytest.raises(TimeoutError):
            udp.recv(2048)
    assert arrived == ["/"]
    expected = {
        "/image",
        "/frame",
        "/beacon",
        "/post",
        "/preflighted",
        "/events",
        "/worker.js",
        "/shared.js",
        "/window",
    }
    expected |= {"/in-worker", "/in-window", "/bye", "/bye-fetch"}
    assert expected <= {"/" + url.rpartition("/")[2] for url in asked}, "they were tried, and held"
