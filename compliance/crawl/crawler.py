"""Observe a site: every visitor's sessions one after the other, then what must be tried.

The ledger is the truth: calling `observe` again on the same run directory goes on where
it stopped, and a run that was never interrupted and one that was hold the same pages.
"""

from __future__ import annotations

import asyncio
import platform
import shutil
import time
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version as installed

import compliance
from compliance.browser.agent import user_agent
from compliance.browser.launch import BrowserSession, driver, launch_options
from compliance.browser.probe import ProbeResult, probe
from compliance.browser.switches import KEY
from compliance.crawl.controls.server import ControlServer
from compliance.crawl.controls.visit import Controlled, prove
from compliance.crawl.events import ControlsVisited, CrawlFinished, CrawlStarted, Emit, SessionStarted
from compliance.crawl.guises import guise
from compliance.crawl.landing import drawn_address
from compliance.crawl.plan import CrawlPlan
from compliance.crawl.robots import Robots
from compliance.crawl.sample import where_first_stored
from compliance.crawl.scope import Scope
from compliance.crawl.session import SessionRunner
from compliance.crawl.sitemap import read_sitemaps
from compliance.knowledge.identifiers.further import pages_of, wanted
from compliance.model.controls import AFTER, BEFORE
from compliance.model.observation import Environment, Site, Skipped
from compliance.model.spec import VisitorSpec
from compliance.model.urls import origin_of, url_key
from compliance.model.visit import AS_NEEDED, SEEN, Aspect, Session, VisitOutcome
from compliance.settings import Settings
from compliance.store.ledger import Candidate
from compliance.store.rundir import CONTROLS_KEPT, RunDirectory

#: Sessions in the order in which they are made: independent visitors before the first comes back, so that some time
#: passes between its two visits; those with other browsers between the others, so that time is not what differs.
ORDER = (
    Session.FIRST,
    Session.SECOND,
    Session.FOURTH,
    Session.THIRD,
    Session.FIFTH,
    Session.LANDED,
    Session.FIRST_AGAIN,
    Session.WITHOUT_COOKIES,
    Session.WITHOUT_STORAGE,
)

#: Pages that lead out of the site by a redirect, of which the other sessions see so many: where they lead is compared.
WAYS_OUT = 2


async def observe(
    plan: CrawlPlan, settings: Settings, run: RunDirectory, emit: Emit, *, stop: asyncio.Event | None = None
) -> None:
    """Fill the run directory with observations.

    Args:
        plan: Who visits what.
        settings: Which browser.
        run: Open for writing; may hold an interrupted run, which goes on.
        emit: Told what happens.
        stop: Set to finish the pages in flight and return; the run can be resumed.

    Raises:
        BrowserNotFound: There is no browser.
        BrowserLost: It cannot be kept alive. Everything observed so far is in the ledger.
    """
    began = time.monotonic()
    options, major = launch_options(settings, plan.resolve, plan.ignore_tls)
    run.ledger.reopen()
    run.ledger.note("budget", str(plan.scope.budget))
    run.ledger.note("interrupted", "the run did not finish")
    run.note("site", plan.site, Site)
    started = run.ledger.meta("started") or _now()
    run.ledger.note("started", started)
    profiles = run.path / ".profiles"

    def stopped() -> bool:
        return stop is not None and stop.is_set()

    async with driver() as playwright, AsyncExitStack() as stack:
        visitor = plan.visitors[0]
        profile = profiles / "probe"
        async with await BrowserSession.start(playwright, options, profile, visitor, major) as session:
            seen = await self_test(session)
            product, sandbox = session.version, session.sandbox
        environment = Environment(
            tool=f"policy-compliance {compliance.__version__}",
            browser=product,
            browser_path=str(options.browser.path),
            browser_source=options.browser.source,
            headless=not settings.headed,
            sandbox=sandbox,
            user_agent=user_agent(major),
            third_party_cookies=seen.third_party_cookies,
            python=platform.python_version(),
            playwright=installed("playwright"),
            platform=platform.platform(terse=True),
            started=started,
            locale=visitor.locale,
            timezone=visitor.timezone,
            resolve=plan.resolve,
            dns=settings.dns or "",
            ignored_tls=plan.ignore_tls,
            delay=plan.delay,
            limits=_limits(plan, seen),
        )
        run.note("environment", environment, Environment)
        emit(CrawlStarted(run.id, plan.site.url, product))
        pages = 0
        how = Controlled(playwright, options, major, plan.aspects)
        server = stack.enter_context(ControlServer())
        for visitor in plan.visitors:
            controls = profiles / "controls" / visitor.name
            if not run.ledger.probes(visitor.name, CONTROLS_KEPT):
                await prove(how, server, visitor, controls, BEFORE, run)
            robots = Robots(plan.resolve, plan.ignore_tls, honour=plan.scope.robots == "honour")
            scope = Scope(plan)
            for kind in ORDER:
                if kind not in plan.sessions or stopped():
                    continue
                queued = await _seed(plan, run, visitor, kind, scope, robots)
                if kind in AS_NEEDED and not queued:
                    continue
                emit(SessionStarted(visitor.name, kind, 0 if kind is Session.FIRST else queued))
                as_who = guise(kind, visitor, options, major, profiles / visitor.name)
                await SessionRunner(
                    plan, run, as_who.visitor, kind,
                    playwright=playwright, options=as_who.options, major=as_who.major, profile=as_who.profile,
                    scope=scope, robots=robots, emit=emit, stopped=stopped,
                ).run()  # fmt: skip
            if not stopped():
                shown = await prove(how, server, visitor, controls, AFTER, run)
                emit(ControlsVisited(visitor.name, shown))
            pages += run.ledger.count_visits(visitor.name, Session.FIRST)
    run.ledger.note("interrupted", "stopped by the user" if stopped() else "")
    run.ledger.note("finished", _now())
    if not stopped():
        # A visitor who has yet to come back needs the profile; a finished run does not keep it.
        shutil.rmtree(profiles, ignore_errors=True)
    emit(CrawlFinished(run.id, pages, time.monotonic() - began))


async def self_test(session: BrowserSession) -> ProbeResult:
    """What this browser does with third-party cookies, seen on a loopback page."""
    page, _, target = await session.new_page()
    await session.connection.post("Runtime.runIfWaitingForDebugger", {}, target)

    async def open_page(url: str) -> None:
        await page.goto(url, timeout=10_000)

    async def names() -> list[str]:
        return [c.name for c in await session.cookies()]

    return await probe(open_page, names)


async def _seed(
    plan: CrawlPlan, run: RunDirectory, visitor: VisitorSpec, session: Session, scope: Scope, robots: Robots
) -> int:
    """Fill the frontier of a session; returns how many addresses wait in it."""
    ledger = run.ledger
    if session in AS_NEEDED:
        ledger.enqueue(visitor.name, session, [Candidate(url, 0) for url in _needed(plan, run, visitor.name, session)])
        return ledger.waiting(visitor.name, session)[0]
    if session is Session.LANDED:
        await _seed_landing(plan, run, visitor.name, scope, robots)
        return ledger.waiting(visitor.name, session)[0]
    if session is not Session.FIRST:
        ledger.enqueue(visitor.name, session, [Candidate(url, 0) for url in _sample(plan, run, visitor.name)])
        return ledger.waiting(visitor.name, session)[0]
    skips: list[Skipped] = []
    wanted = [*plan.seeds, *([plan.site.policy_url] if plan.site.policy_url else [])]
    for url in wanted:
        await robots.load(url)
        refused = robots.refuse(url, named=True) or scope.refuse(url)
        if refused is not None:
            skips.append(refused)
    ledger.skip(visitor.name, session, skips)
    ledger.enqueue(visitor.name, session, [Candidate(url, 0) for url in wanted])
    if plan.scope.sitemaps and ledger.meta(f"sitemaps:{visitor.name}") is None:
        start = [*robots.sitemaps(plan.site.url), f"{origin_of(plan.site.url)}/sitemap.xml"]
        async for url in read_sitemaps(start, plan.resolve, plan.ignore_tls):
            if not scope.on_site(url):
                continue
            await robots.load(url)
            refused = robots.refuse(url, found_on="sitemap") or scope.refuse(url, found_on="sitemap")
            if refused is not None:
                ledger.skip(visitor.name, session, [refused])
            else:
                ledger.enqueue(visitor.name, session, [Candidate(url, 1, "sitemap")])
        ledger.note(f"sitemaps:{visitor.name}", "read")
    return ledger.waiting(visitor.name, session)[0]


async def _seed_landing(plan: CrawlPlan, run: RunDirectory, visitor: str, scope: Scope, robots: Robots) -> None:
    """The start page with click identifiers: one address, drawn once, also when the run goes on later."""
    if run.ledger.states(visitor, Session.LANDED):
        return
    start = plan.seeds[0]
    landing = drawn_address(start)
    await robots.load(start)
    # The patterns of the scope are about pages, and this page is the start page; robots.txt may be about parameters.
    refused = robots.refuse(landing, named=True) or scope.refuse(start)
    if refused is not None:
        run.ledger.skip(visitor, Session.LANDED, [replace(refused, url=landing, found_on=start)])
    else:
        run.ledger.enqueue(visitor, Session.LANDED, [Candidate(landing, 0, start)])


def _sample(plan: CrawlPlan, run: RunDirectory, visitor: str) -> Iterable[str]:
    """Pages that the other sessions see: the start pages, where something was stored first, a way out, the others."""
    aspects = plan.aspects & {Aspect.COOKIES, Aspect.STORAGE}
    made = list(run.ledger.visits(visitor=visitor, session=Session.FIRST, aspects=aspects))
    seen = [visit for visit in made if visit.outcome in SEEN]
    out = [v.url for v in made if v.outcome is VisitOutcome.BLOCKED_SCOPE] if Aspect.LINKS in plan.aspects else []
    order = list(dict.fromkeys([*where_first_stored(seen), *out[:WAYS_OUT], *(visit.url for visit in seen)]))
    seeds = {url_key(s) for s in plan.seeds}
    return sorted(order, key=lambda url: url_key(url) not in seeds)[: plan.scope.sample]


def _needed(plan: CrawlPlan, run: RunDirectory, visitor: str, session: Session) -> list[str]:
    """Pages that may show what this session is to tell more about; none when there is no such thing."""
    aspects = plan.aspects & {Aspect.COOKIES, Aspect.STORAGE}
    began = datetime.fromisoformat(run.ledger.meta("started") or _now()).timestamp()
    carriers = wanted(session, lambda: run.ledger.visits(visitor=visitor, aspects=aspects), began)
    return pages_of(carriers, list(_sample(plan, run, visitor)))[: plan.scope.sample] if carriers else []


def _limits(plan: CrawlPlan, seen: ProbeResult) -> tuple[str, ...]:
    limits = [
        f"Pages whose scripts were met before were watched until the network was quiet, others {plan.dwell:g} s.",
        "All visitors had one network address: identifiers derived from it look constant.",
    ]
    if seen.third_party_cookies != "visible":
        limits.append(f"Third-party cookies were not kept by this browser ({seen.detail}); attempts were recorded.")
    if plan.ignore_tls and not any(entry.startswith(KEY) for entry in plan.ignore_tls):
        limits.append(
            "Certificates were not verified; of such hosts the browser keeps no cache, where an identifier may be."
        )
    if plan.scope.robots == "report":
        limits.append("robots.txt was not followed: the spec says `robots: report`.")
    if Session.FIRST_AGAIN in plan.sessions:
        limits.append("The first visitor came back minutes later, not days.")
    return tuple(limits)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
