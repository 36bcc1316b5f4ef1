"""One answer to "which browser are you": string, client hints, scripts, in pages, frames, windows and workers."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from compliance.browser.agent import brands, override, user_agent
from compliance.browser.drive import Tab
from compliance.browser.launch import BrowserSession, LaunchOptions, driver
from compliance.browser.resolve import resolve
from compliance.journeys.stage import Stage
from compliance.model.spec import VisitorSpec
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome
from compliance.settings import Settings

RUNNING = "HeadlessChrome/156.0.8078.79"
PIXEL = "Mozilla/5.0 (Linux; Android 14; {}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/159.0.8154.6 {}Safari/537.36"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME.format(159)}"
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {CHROME.format(156)}"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"


def test_the_user_agent_is_an_ordinary_visitors():
    agent = user_agent(156)
    assert "Chrome/156.0.0.0" in agent
    assert "Headless" not in json.dumps(override(agent, RUNNING))


def test_hints_say_what_the_string_leaves_out():
    said = override(user_agent(156), RUNNING)
    hints = said["userAgentMetadata"]
    assert (hints["platform"], hints["mobile"], hints["architecture"], hints["bitness"]) == (
        "Linux",
        False,
        "x86",
        "64",
    )
    assert {b["brand"]: b["version"] for b in hints["brands"]} == {
        "Not:A-Brand": "8", "Chromium": "156", "Google Chrome": "156"
    }  # fmt: skip
    assert {"brand": "Google Chrome", "version": "156.0.8078.79"} in hints["fullVersionList"]


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (PIXEL.format("Pixel 7", "Mobile "), ("Android", "14.0.0", "Pixel 7", True, "Mobile", "159.0.8154.6")),
        (PIXEL.format("Nexus 5 Build/M", "Mobile "), ("Android", "14.0.0", "Nexus 5", True, "Mobile", "159.0.8154.6")),
        (PIXEL.format("Moto G (4)", "Mobile "), ("Android", "14.0.0", "Moto G (4)", True, "Mobile", "159.0.8154.6")),
        (PIXEL.format("K", "Mobile "), ("Android", "14.0.0", "", True, "Mobile", "159.0.8154.6")),
        (PIXEL.format("SM-X710", ""), ("Android", "14.0.0", "SM-X710", False, "Tablet", "159.0.8154.6")),
        # Another version than the one that runs: its build is not known.
        (WINDOWS, ("Windows", "10.0.0", "", False, "Desktop", "159.0.0.0")),
        (MAC, ("macOS", "10.15.7", "", False, "Desktop", "156.0.8078.79")),
    ],
)
def test_hints_of_a_device_agree_with_its_string(agent, expected):
    hints = override(agent, RUNNING)["userAgentMetadata"]
    found = (hints["platform"], hints["platformVersion"], hints["model"], hints["mobile"], *hints["formFactors"])
    assert (*found, hints["fullVersion"]) == expected


def test_a_brand_is_what_the_string_says():
    said = override(f"{WINDOWS} Edg/159.0.0.0", RUNNING)["userAgentMetadata"]["brands"]
    assert {"brand": "Microsoft Edge", "version": "159"} in said


@pytest.mark.parametrize("agent", [IPHONE, "Mozilla/5.0 (X11; Linux x86_64; rv:159.0) Gecko/20100101 Firefox/159.0"])
def test_browsers_that_send_no_hints_get_none(agent):
    assert "userAgentMetadata" not in override(agent, RUNNING)


def test_a_string_of_an_unknown_machine_is_said_as_it_is():
    agent = f"Mozilla/5.0 (BB10; Touch) {CHROME.format(156)}"
    assert override(agent, RUNNING) == {"userAgent": agent}


def test_the_order_of_brands_changes_with_the_version():
    orders = {tuple(b["brand"] for b in brands("B", f"{n}.0.0.0")).index("Chromium") for n in range(150, 156)}
    assert orders == {0, 1, 2}


SAY = """
const wanted = ['architecture', 'bitness', 'fullVersionList', 'model', 'platformVersion', 'uaFullVersion'];
(async () => {
  const hints = navigator.userAgentData ? await navigator.userAgentData.getHighEntropyValues(wanted) : null;
  const said = JSON.stringify([navigator.userAgent, hints]);
  await fetch('/said', { method: 'POST', headers: { 'x-where': self.where || location.pathname }, body: said });
})();
"""
HOME = """<!doctype html><iframe src="/frame"></iframe><iframe src="http://localhost:{port}/frame-elsewhere"></iframe>
<script>{say} new Worker('/worker.js'); new SharedWorker('/shared.js'); navigator.serviceWorker.register('/service.js');
onload = () => open('/window');</script>"""
WHERE = {"/", "/frame", "/frame-elsewhere", "/window", "/worker.js", "/shared.js", "/service.js"}
HINTS = "sec-ch-ua-full-version-list, sec-ch-ua-platform-version, sec-ch-ua-arch, sec-ch-ua-model, sec-ch-ua-bitness"


class Server(ThreadingHTTPServer):
    """Serves the pages, keeps what was sent."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]
        self.headers = []
        self.said = {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.note()
        if self.path.endswith(".js"):
            self.send(200, SAY, "text/javascript")
        else:
            page = HOME if self.path == "/" else "<!doctype html><script>{say}</script>"
            self.send(200, page.replace("{say}", SAY).replace("{port}", str(self.server.port)), "text/html")

    def do_POST(self):
        self.note()
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.said[self.headers["x-where"]] = json.loads(body)
        self.send(204, "", "text/plain")

    def note(self):
        kept = {k.lower(): v for k, v in self.headers.items() if k.lower().startswith(("sec-ch-ua", "user-agent"))}
        self.server.headers.append((self.path, kept))

    def send(self, status, text, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.send_header("Accept-CH", HINTS)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


@pytest.mark.browser
@pytest.mark.parametrize("device", [None, pytest.param("Pixel 7", marks=pytest.mark.slow)])
def test_nowhere_does_the_browser_say_that_it_has_no_window(tmp_path, device):
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()

    async def main():
        async with driver() as playwright:
            options, visitor = LaunchOptions(resolve(Settings())), VisitorSpec(device=device)
            async with await BrowserSession.start(playwright, options, tmp_path / "p", visitor, 156) as browser:
                tab = await Tab.open(browser, frozenset({Aspect.REQUESTS}), set())
                page = Visit("v", "v", Session.FIRST, f"http://127.0.0.1:{server.port}/", VisitOutcome.OK)
                await tab.visit(page, deadline=20, decide=lambda _: "", dwell=0.3)
                for _ in range(100):
                    if server.said.keys() >= WHERE:
                        break
                    await asyncio.sleep(0.02)
                return browser.agent

    agent = asyncio.run(main())
    server.shutdown()
    server.server_close()
    hints = agent["userAgentMetadata"]
    assert set(server.said) == WHERE, [p for p, _ in server.headers]
    assert "Headless" not in json.dumps([server.headers, server.said])
    for where, (text, told) in server.said.items():
        assert text == agent["userAgent"], where
        assert (told["brands"], told["fullVersionList"]) == (hints["brands"], hints["fullVersionList"]), where
        assert (told["platform"], told["mobile"], told["model"]) == (hints["platform"], hints["mobile"], hints["model"])
    assert {sent["user-agent"] for _, sent in server.headers} == {agent["userAgent"]}
    named = ", ".join(f'"{b["brand"]}";v="{b["version"]}"' for b in hints["brands"])
    assert {sent["sec-ch-ua"] for _, sent in server.headers if "sec-ch-ua" in sent} == {named}
    whole = ", ".join(f'"{b["brand"]}";v="{b["version"]}"' for b in hints["fullVersionList"])
    asked = [sent for _, sent in server.headers if "sec-ch-ua-full-version-list" in sent]
    assert {sent["sec-ch-ua-full-version-list"] for sent in asked} == {whole}
    assert dict(server.headers)["/"]["sec-ch-ua-platform"] == f'"{hints["platform"]}"'


@pytest.mark.browser
def test_the_made_up_brand_is_the_one_that_this_version_of_chromium_makes_up(tmp_path):
    """Asked of the browser itself, on a page of this machine without any override."""
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()

    async def main():
        async with driver() as playwright:
            browser = await playwright.chromium.launch(executable_path=resolve(Settings()).path)
            page = await browser.new_page()
            await page.goto(f"http://127.0.0.1:{server.port}/plain")
            return browser.version, await page.evaluate("navigator.userAgentData.brands")

    version, said = asyncio.run(main())
    server.shutdown()
    server.server_close()
    own = {"Chromium", *(b["brand"] for b in said if "Chrom" in b["brand"])} - {"Chromium"}
    assert [b | {"brand": "B"} if b["brand"] in own else b for b in said] == brands("B", version)


@pytest.mark.browser
def test_a_browser_under_seal_says_the_same(tmp_path):
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()

    async def passes(_):
        return True

    async def main():
        async with driver() as playwright:
            stage = await Stage.start(
                playwright, LaunchOptions(resolve(Settings())), 156, tmp_path / "p", VisitorSpec()
            )
            try:
                await stage.open(f"http://127.0.0.1:{server.port}/plain", passes)
                return await stage.page.evaluate("navigator.userAgentData.brands")
            finally:
                await stage.close()

    said = asyncio.run(main())
    server.shutdown()
    server.server_close()
    assert {b["brand"] for b in said} >= {"Chromium", "Google Chrome"}
