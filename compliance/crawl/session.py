"""One session: one visitor, one browser, pages taken from the frontier until it is empty.

Several tabs share the visitor's browser. The load of a page is what costs; a page that is only
being watched does not hold up the next one. Every visit ends as one row of the ledger. A
browser that dies is started again on the same profile, and its pages go back in the queue.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from compliance.browser.cdp import CommandFailed, Unresponsive
from compliance.browser.drive import Tab
from compliance.browser.launch import BrowserSession, Driver, LaunchOptions
from compliance.browser.netlog import NetLog
from compliance.browser.outcomes import worth_retrying
from compliance.browser.passage import THROUGH
from compliance.browser.recorders.bodies import Body
from compliance.browser.recorders.document import Harvest
from compliance.browser.recorders.network import NetworkRecorder
from compliance.crawl.events import Emit, Notice, VisitFinished
from compliance.crawl.pace import MAX_RETRY_AFTER, Pace, retry_after
from compliance.crawl.plan import CrawlPlan
from compliance.crawl.reconcile import reconcile
from compliance.crawl.robots import Robots
from compliance.crawl.scope import Scope
from compliance.errors import BrowserLost, first_of
from compliance.knowledge.destructive import destructive
from compliance.model.content import Link
from compliance.model.observation import Skipped
from compliance.model.spec import VisitorSpec
from compliance.model.urls import is_route_fragment, url_key, without_fragment
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome
from compliance.store.ledger import Candidate, Claim
from compliance.store.rundir import RunDirectory

MAX_ATTEMPTS = 3
MAX_RESTARTS = 5
#: Tabs per page that may load at the same time: the others are being watched.
WATCHING = 3
#: Pages of the first session whose screenshot is kept whatever they show.
PICTURES = 5


class SessionRunner:
    """Runs one session to its end; `stopped` tells it to finish the pages in flight and leave."""

    def __init__(
        self,
        plan: CrawlPlan,
        run: RunDirectory,
        visitor: VisitorSpec,
        session: Session,
        *,
        playwright: Driver,
        options: LaunchOptions,
        major: int,
        profile: Path,
        scope: Scope,
        robots: Robots,
        emit: Emit,
        stopped: Callable[[], bool],
    ) -> None:
        self._plan, self._run, self._visitor, self._session = plan, run, visitor, session
        self._playwright, self._options, self._major, self._profile = playwright, options, major, profile
        self._scope, self._robots, self._emit, self._stopped = scope, robots, emit, stopped
        self._ledger = run.ledger
        self._budget = plan.scope.budget if session is Session.FIRST else plan.scope.sample
        self._known_scripts: set[tuple[str, ...]] = set()
        self._browser: BrowserSession | None = None
        self._restarting = asyncio.Lock()
        self._restarts = 0
        self._pace = Pace()
        self._loading = asyncio.Semaphore(plan.scope.at_once)
        self._met: set[str] = set()
        """Parties and forms that a picture was taken of."""
        self._done = self._ledger.count_visits(visitor.name, session)
        self._resumed = self._done > 0
        self._logs: list[NetLog] = []
        self._bodies: list[Body] = []
        self._in_flight = 0
        self._known = 0
        self._unfit = ""
        """Why the browser did not begin with the cookies that this session is about."""
        self._policy_key = url_key(plan.site.policy_url) if plan.site.policy_url else ""

    async def run(self) -> None:
        """Visit until nothing is left, the budget is spent, or the run is stopped.

        Raises:
            BrowserLost: The browser died more often than it is worth starting again.
        """
        tabs = self._plan.scope.at_once * (WATCHING if self._plan.delay == 0 else 1)
        try:
            async with asyncio.TaskGroup() as group:
                for n in range(tabs):
                    group.create_task(self._work(f"w{n}"))
        except BaseExceptionGroup as group:
            # Raised inside `except*` it would come out wrapped in a group again.
            lost = group.subgroup(BrowserLost)
            if lost is None:
                raise
            raise BrowserLost(str(first_of(lost))) from None
        finally:
            if self._browser is not None:
                await self._browser.close()
                self._read_log(self._browser)
            self._reconcile()
            if self._unfit:
                self._ledger.add_error(self._visitor.name, self._session, Aspect.COOKIES, self._unfit)

    def _read_log(self, browser: BrowserSession) -> None:
        """Keep what a browser that has ended says it asked for."""
        if browser.netlog is not None:
            self._logs.append(browser.netlog)
            self._bodies.extend(browser.gate.bodies.left())

    def _reconcile(self) -> None:
        """Add what the recording missed; say when that cannot be known."""
        if not self._logs:
            return
        logged = [one for log in self._logs for one in log.requests]
        exact = len(self._logs) == 1 and not self._resumed
        added = reconcile(self._ledger, self._visitor.name, self._session, logged, self._bodies, exact=exact)
        if added:
            few = "1 request is" if added == 1 else f"{added} requests are"
            self._emit(Notice(f"{few} known from the browser's own log only"))
        if not all(log.understood for log in self._logs):
            why = "the browser's own log of requests was not understood, so what was recorded could not be compared"
            self._ledger.add_error(self._visitor.name, self._session, Aspect.REQUESTS, why)
            self._emit(Notice(why))
        elif not all(log.whole for log in self._logs):
            self._emit(Notice("the browser's own log of requests broke off, so its last ones were not compared"))

    # ---- the browser

    async def _alive(self) -> BrowserSession:
        """The visitor's browser, started when it is not there."""
        async with self._restarting:
            browser = self._browser
            if browser is not None and browser.alive:
                return browser
            if browser is not None:
                self._browser = None
                await browser.close()
                self._read_log(browser)
                self._died(browser.connection.lost)
            try:
                self._browser = await BrowserSession.start(
                    self._playwright, self._options, self._profile, self._visitor, self._major,
                    logged=Aspect.REQUESTS in self._plan.aspects,
                )  # fmt: skip
            except BrowserLost as lost:
                self._died(lost.message)
                raise
            if not self._done:
                self._unfit = await self._prepared(self._browser)
            return self._browser

    async def _prepared(self, browser: BrowserSession) -> str:
        """Bring the cookies to where this session begins; why that did not work."""
        try:
            if self._session is Session.WITHOUT_COOKIES:
                await browser.connection.send("Storage.clearCookies")
                return "the cookies could not be deleted" if await browser.cookies() else ""
            if self._session is Session.WITHOUT_STORAGE and not await browser.cookies():
                return "the cookies could not be kept when all else was deleted"
        except (CommandFailed, Unresponsive) as error:
            return f"the browser did not say what cookies it has ({error})"
        return ""

    def _died(self, why: str) -> None:
        self._restarts += 1
        if self._restarts > MAX_RESTARTS:
            raise BrowserLost(
                f"the browser died {self._restarts} times ({why}); the run can be continued with `resume`"
            )
        self._emit(Notice(f"the browser died ({why}) and is started again"))

    # ---- the loop

    async def _work(self, owner: str) -> None:
        tab: Tab | None = None
        while not self._stopped():
            if self._budget and self._done + self._in_flight >= self._budget:
                break
            claim = self._ledger.claim(self._visitor.name, self._session, owner)
            if claim is None:
                queued, claimed, ready = self._ledger.waiting(self._visitor.name, self._session)
                if not queued and not claimed:
                    break
                pause = 0.05 if ready is None or claimed else max(0.05, min(1.0, ready - time.time()))
                await asyncio.sleep(pause)
                continue
            self._in_flight += 1
            try:
                tab = await self._one(claim, tab)
            finally:
                self._in_flight -= 1
        if tab is not None:
            await tab.close()

    async def _before(self, claim: Claim, url: str) -> None:
        """Awaited by the tab at the moment a document is asked for: its host's rules are known, its time has come."""
        if self._elsewhere(claim, url):
            return  # whose pace and whose rules: it is gone through as by anybody who clicks
        await self._robots.load(url)
        first = without_fragment(url) == without_fragment(claim.url)
        await self._pace.sending(self._delay(url) if first else 0.0)

    def _delay(self, url: str) -> float:
        """Seconds between two pages: the spec's, or those of robots.txt when they are longer."""
        return max(self._plan.delay, self._robots.delay(url))

    async def _one(self, claim: Claim, tab: Tab | None) -> Tab | None:
        """Visit one page and store what came of it; returns the tab when it may be used again."""
        planned = _planned(claim)
        routes: list[str] = []
        browser: BrowserSession | None = None
        wait = ""
        try:
            browser = await self._alive()
            if tab is None or not tab.usable or not tab.alive:
                if tab is not None:
                    await tab.close()
                tab = await Tab.open(browser, self._plan.aspects, self._known_scripts)
            await self._pace.turn(self._delay(claim.url), self._stopped)
            if self._stopped():
                return tab  # the address stays claimed, and is taken up again when the run goes on
            visit, picture, routes = await tab.visit(
                planned,
                deadline=self._plan.scope.page_timeout,
                decide=lambda url: self._decide(claim, url),
                dwell=self._plan.dwell,
                read_text=bool(self._policy_key) and url_key(claim.url) == self._policy_key,
                screenshot=self._wants_picture if self._session is Session.FIRST else None,
                loading=self._loading,
                early=lambda links: self._early(claim, links),
                before=lambda url: self._before(claim, url),
            )
            wait = tab.answer("retry-after")
            if picture:
                visit = replace(visit, screenshot=self._run.blobs.put(picture))
        except BrowserLost as lost:
            if browser is not None:
                browser.give_up(lost.message)
            if self._restarts > MAX_RESTARTS:
                raise  # the address stays claimed, and is taken up again when the run goes on
            visit, tab = replace(planned, outcome=VisitOutcome.BROWSER_CRASH, error=lost.message), None
        else:
            self._restarts = 0
        await self._settle(claim, visit, routes, retry_after(wait))
        if tab is not None and not tab.usable:
            await tab.close()
            return None
        return tab

    def _elsewhere(self, claim: Claim, url: str) -> bool:
        return not _asked_for(claim, url) and not self._scope.on_site(url)

    def _decide(self, claim: Claim, url: str) -> str:
        """May the page go on to `url` (`Tab.visit`)."""
        if _asked_for(claim, url):
            return ""
        if self._elsewhere(claim, url):
            if self._scope.passable(url):
                return THROUGH
            return f"{VisitOutcome.BLOCKED_SCOPE}: leads to {without_fragment(url)[:200]}, outside the scope"
        refused = self._scope.refuse(url, depth=0)
        if refused is not None:
            return f"{refused.reason}: leads to {url[:200]}: {refused.detail}"
        forbidden = self._robots.forbids(url)
        if forbidden:
            return f"{self._robots.reason(url)}: leads to {url[:200]}: {forbidden}"
        if not self._ledger.adopt(claim, url):
            return f"{VisitOutcome.SKIPPED}: leads to {url[:200]}, which is visited as a page of its own"
        return ""

    def _wants_picture(self, harvest: Harvest, network: NetworkRecorder) -> bool:
        """Keep a picture where a verdict may cite one: the first pages, new forms, the policy, a new party."""
        met = network.sites() | {form.key for form in harvest.forms or ()}
        new = met - self._met
        self._met |= new
        return bool(self._done < PICTURES or new or url_key(harvest.url) == self._policy_key)

    # ---- storing

    async def _settle(self, claim: Claim, visit: Visit, routes: list[str], wait: float) -> None:
        again = claim.attempt < MAX_ATTEMPTS and worth_retrying(visit.outcome, visit.error, visit.status)
        delay = wait or 0.5 * 4 ** (claim.attempt - 1)
        if visit.status in (429, 503):
            self._pace.hold(delay)
        # Who asks for more patience than anybody has is not asked again.
        again = again and wait <= MAX_RETRY_AFTER
        if again:
            self._ledger.retry(claim, visit, delay)
        else:
            found, skips = await self._found(visit, routes, claim.depth) if self._session is Session.FIRST else ([], [])
            self._store(claim, visit, found, skips)
            self._done += 1
        if self._done % 10 == 0 or self._done < 10:
            states = self._ledger.states(self._visitor.name, self._session)
            self._known = sum(states.values()) - states.get("skipped", 0)
        self._emit(
            VisitFinished(
                self._visitor.name, self._session, visit.url, visit.outcome, visit.error, self._done,
                min(max(self._known, self._done), self._budget or 10**9), again,
            )
        )  # fmt: skip

    def _store(self, claim: Claim, visit: Visit, found: list[Candidate], skips: list[Skipped]) -> None:
        keep = self._plan.aspects
        if (
            Aspect.TEXT not in keep
            and url_key(visit.page) != self._policy_key
            and url_key(visit.url) != self._policy_key
        ):
            visit = replace(visit, text=None)
        self._ledger.finish(claim, visit, found, skips)

    async def _early(self, claim: Claim, links: tuple[Link, ...]) -> None:
        """Queue what a page leads to while it is still being watched."""
        if self._session is Session.FIRST:
            found, _ = await self._found(replace(_planned(claim), final_url=claim.url, links=links), [], claim.depth)
            self._ledger.enqueue(claim.visitor, claim.session, found)

    async def _found(self, visit: Visit, routes: list[str], depth: int) -> tuple[list[Candidate], list[Skipped]]:
        """Pages of the site that this page leads to, and those that may not be visited."""
        candidates: dict[str, Candidate] = {}
        skips: list[Skipped] = []
        links = [(link.href, link.text, link.rel) for link in visit.links or ()]
        for href, text, rel in [*links, *((route, "", "") for route in routes)]:
            fragment = href.partition("#")[2]
            url = href if is_route_fragment(fragment) else without_fragment(href)
            if not self._scope.on_site(url) or (url_key(url) in candidates and not destructive(url, text, rel)):
                continue  # of two links to one address, a picture and a word, the word may say that it acts
            candidates[url_key(url)] = Candidate(url, depth + 1, visit.page)
            await self._robots.load(url)
            refused = self._robots.refuse(url, found_on=visit.page) or self._scope.refuse(
                url, text=text, rel=rel, depth=depth + 1, found_on=visit.page
            )
            if refused is not None:
                skips.append(refused)
        refused_keys = {url_key(s.url) for s in skips}
        return [c for key, c in candidates.items() if key not in refused_keys], skips


def _asked_for(claim: Claim, url: str) -> bool:
    return without_fragment(url) == without_fragment(claim.url) or url_key(url) == claim.key


def _planned(claim: Claim) -> Visit:
    """The visit that a claim stands for, before it is made."""
    return Visit(
        id=f"{claim.id}.{claim.attempt}.{claim.session.value}.{claim.visitor}",
        visitor=claim.visitor,
        session=claim.session,
        url=claim.url,
        outcome=VisitOutcome.LOST,
        depth=claim.depth,
        referrer=claim.referrer,
        attempt=claim.attempt,
        started=datetime.now(UTC).isoformat(timespec="milliseconds"),
    )
