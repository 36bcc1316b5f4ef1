"""What is compared: `python benchmarks/contenders.py NAME URL PAGES` visits a site once and prints pages and seconds.

`bare` is the limit: Playwright's own loop over the same addresses, nothing recorded, with the browser and flags of the
crawl. `ours` records everything, `ours-links` what a spec for links and policy needs. `crawlee` reads title and links.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

AT_ONCE = 4


async def bare(url: str, pages: int) -> tuple[int, float]:
    """Four pages, reused, `goto` until `load`."""
    from playwright.async_api import async_playwright

    from compliance.browser.launch import DISABLED_FEATURES
    from compliance.browser.profile import prepare_profile
    from compliance.browser.resolve import resolve
    from compliance.settings import Settings

    async with async_playwright() as playwright:
        profile = prepare_profile(Path(tempfile.mkdtemp()) / "p")
        context = await playwright.chromium.launch_persistent_context(
            profile,
            executable_path=resolve(Settings()).path,
            args=[f"--disable-features={','.join(DISABLED_FEATURES)}"],
        )
        queue = list(range(pages))
        begin = time.monotonic()

        async def work() -> None:
            page = await context.new_page()
            while queue:
                await page.goto(f"{url}page/{queue.pop(0)}", wait_until="load")

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        seconds = time.monotonic() - begin
        await context.close()
    return pages, seconds


async def ours(url: str, pages: int, checks: list[str]) -> tuple[int, float]:
    """The crawl, first session only."""
    from dataclasses import replace

    from compliance.crawl.crawler import observe
    from compliance.crawl.events import CrawlStarted, VisitFinished
    from compliance.crawl.plan import make_plan
    from compliance.model.visit import Aspect, Session
    from compliance.settings import Settings
    from compliance.specfile.loader import load_spec
    from compliance.store.rundir import RunDirectory

    spec = Path(__file__).parent / "bench.yaml"
    loaded = load_spec(spec)
    aspects = frozenset(Aspect) if checks == ["all"] else frozenset({Aspect.LINKS, Aspect.TEXT})
    plan = make_plan(loaded, Settings(), site=url)
    plan = replace(plan, aspects=aspects - {Aspect.FORM_PROBES, Aspect.LINK_PROBES}, sessions=(Session.FIRST,))
    begin = end = 0.0
    visited = 0

    def emit(event: object) -> None:
        nonlocal begin, end, visited
        if isinstance(event, CrawlStarted):
            begin = time.monotonic()
        elif isinstance(event, VisitFinished):
            end = time.monotonic()
            visited = event.done

    with RunDirectory.create(Path(tempfile.mkdtemp()), "bench") as run:
        await observe(plan, Settings(), run, emit)
    return visited, end - begin


async def crawlee(url: str, pages: int) -> tuple[int, float]:
    """Crawlee's PlaywrightCrawler as its guide shows it, with title and links read."""
    from crawlee import ConcurrencySettings
    from crawlee.crawlers import PlaywrightCrawler, PlaywrightCrawlingContext

    from compliance.browser.resolve import resolve
    from compliance.settings import Settings

    crawler = PlaywrightCrawler(
        headless=True,
        max_requests_per_crawl=pages,
        browser_launch_options={"executable_path": str(resolve(Settings()).path), "chromium_sandbox": False},
        concurrency_settings=ConcurrencySettings(max_concurrency=AT_ONCE, desired_concurrency=AT_ONCE),
        configure_logging=False,
    )
    seen = 0

    @crawler.router.default_handler
    async def handle(context: PlaywrightCrawlingContext) -> None:
        nonlocal seen
        seen += 1
        await context.page.title()
        await context.enqueue_links()

    begin = time.monotonic()
    await crawler.run([f"{url}page/0"])
    return seen, time.monotonic() - begin


if __name__ == "__main__":
    name, address, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
    jobs = {
        "bare": lambda: bare(address, number),
        "ours": lambda: ours(address, number, ["all"]),
        "ours-links": lambda: ours(address, number, ["links"]),
        "crawlee": lambda: crawlee(address, number),
    }
    done, took = asyncio.run(jobs[name]())
    print(json.dumps({"pages": done, "seconds": took}))
