"""A small server that logs everything, a browser, and the crawl's own way of finding forms and links."""

import asyncio
import hashlib
import shutil
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.async_api import async_playwright

from compliance.browser.drive import Tab
from compliance.browser.launch import BrowserSession, LaunchOptions
from compliance.browser.machine import browser_version
from compliance.browser.resolve import ResolvedBrowser
from compliance.journeys import probe_forms, probe_links
from compliance.knowledge.pressing import link_targets
from compliance.model.observation import Site
from compliance.model.spec import VisitorSpec
from compliance.model.urls import host_of
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome

EXECUTABLE = shutil.which("chromium-headless-shell") or shutil.which("chromium")
FIRST = "shop.test"


@dataclass
class Server:
    """Serves `pages` (path → HTML or (type, text) or a redirect's target) for every host and logs what arrives."""

    pages: dict
    log: list = field(default_factory=list)

    def __enter__(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                host = self.headers.get("Host", "").partition(":")[0]
                server.log.append((self.command, host, self.path, body, str(self.headers)))
                page = server.pages.get(self.path.partition("?")[0])
                kind, text = page if isinstance(page, tuple) else ("text/html; charset=utf-8", page)
                self.send_response(404 if page is None else 302 if kind == "redirect" else 200)
                if kind == "redirect":
                    self.send_header("Location", text)
                    text = ""
                data = (text or "").encode()
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_OPTIONS = do_HEAD = handle_any

            def log_message(self, *args):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def resolve(self):
        return (f"*.test:127.0.0.1:{self._http.server_port}",)


def visits_of(urls):
    return [Visit(f"v{n}", "visitor", Session.FIRST, url, VisitOutcome.LOST) for n, url in enumerate(urls)]


async def _crawl(playwright, options, major, profile, urls):
    """Visit as the crawl does: its tab, its harvest."""
    done = []
    async with await BrowserSession.start(playwright, options, profile, VisitorSpec(), major) as browser:
        for visit in visits_of(urls):
            tab = await Tab.open(browser, frozenset({Aspect.FORMS, Aspect.LINKS}), set())
            seen, _, _ = await tab.visit(visit, deadline=20, decide=lambda _: "", dwell=0.3)
            assert seen.outcome is VisitOutcome.OK, seen.error
            done.append(seen)
            await tab.close()
    return done


class Bench:
    """Runs probes against a server; the log is emptied after the crawl, so it holds the probes' requests only."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.blobs = {}

    def keep(self, data):
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[digest] = data
        return digest

    def options(self, resolve, ignore_tls=()):
        return LaunchOptions(ResolvedBrowser(Path(EXECUTABLE), "test", "headless-shell"), resolve, ignore_tls)

    def run(
        self, urls, resolve, log, *, what, ignore_tls=(), targets=None, stopped=lambda: False, at_once=1, every=False
    ):
        options = self.options(resolve, ignore_tls)
        major = browser_version(Path(EXECUTABLE)).major
        site = Site(urls[0], first_party=frozenset({host_of(urls[0]).removeprefix("www.")}))
        found = []

        async def work():
            async with async_playwright() as playwright:
                visits = await _crawl(playwright, options, major, self.folder / "crawl", urls)
                log.clear()
                if what == "forms":
                    chosen = [(v.page, f) for v in visits for f in v.forms] if targets is None else targets
                    probe = probe_forms.probe_forms
                else:
                    chosen = (
                        [one for v in visits for one in link_targets([v], site)]
                        if every
                        else link_targets(visits, site)
                    )
                    probe = probe_links.probe_links
                # Several at once: most of the time goes by in waiting for what does not happen.
                await asyncio.gather(*(
                    probe(
                        playwright, options, major, self.folder / f"probe{n}", VisitorSpec(), chosen[n::at_once],
                        first_party=site.is_first_party, store=found.append, keep=self.keep, stopped=stopped,
                    )
                    for n in range(at_once)
                ))  # fmt: skip

        asyncio.run(work())
        return found
