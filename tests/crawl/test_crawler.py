"""Whole crawls of small sites: every page once, nothing that may not be, and the truth about what went wrong."""

import asyncio
import os
import signal
import socket
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from compliance.checks import judge
from compliance.checks.transport.third_party_requests import ThirdPartyRequests, third_party_requests
from compliance.crawl import session as session_module
from compliance.crawl.crawler import observe
from compliance.crawl.events import CrawlFinished, Notice, VisitFinished
from compliance.crawl.plan import CrawlPlan
from compliance.errors import BrowserLost
from compliance.model.observation import Site
from compliance.model.spec import ScopeSpec, VisitorSpec
from compliance.model.urls import site_of, url_key
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import SEEN, Aspect, Session, VisitOutcome
from compliance.settings import Settings
from compliance.store.rundir import RecordedObservations, RunDirectory
from compliance.testing import context
from tests.controls import without_controls
from tests.sites import LocalSite, Page, redirect

pytestmark = pytest.mark.browser
O = VisitOutcome  # noqa: E741
ANYBODY = VisitorSpec()
LINKS = frozenset({Aspect.LINKS, Aspect.REQUESTS})


def plan_of(url, *, aspects=LINKS, sessions=(Session.FIRST,), visitors=(ANYBODY,), delay=0.0, **scope):
    """What a small spec would come to."""
    return CrawlPlan(
        site=Site(url, first_party=frozenset({site_of(url)})), scope=ScopeSpec(**scope), visitors=visitors,
        aspects=aspects, sessions=sessions, seeds=(url,), delay=delay, dwell=0.3, resolve=(), ignore_tls=(),
    )  # fmt: skip


class Crawl:
    """A run directory, and what `observe` makes of it."""

    def __init__(self, root: Path, plan: CrawlPlan) -> None:
        self.plan = plan
        self.run = RunDirectory.create(root, "shop")
        self.events = []

    def go(self, listen=None):
        """Observe, or go on; `listen(event, stop)` is told of every event."""

        async def work():
            stop = asyncio.Event()

            def emit(event):
                self.events.append(event)
                if listen is not None:
                    listen(event, stop)

            await observe(self.plan, Settings(), self.run, emit, stop=stop)

        asyncio.run(work())
        return self

    @property
    def observed(self):
        return RecordedObservations(self.run, None)

    def visits(self, visitor="visitor", session=Session.FIRST, aspects=frozenset()):
        return list(self.observed.visits(visitor=visitor, session=session, aspects=aspects))

    def paths(self, **which):
        """Path, with query and route, of what was asked for, sorted."""
        return sorted(v.url.partition("/")[2].partition("/")[2].partition("/")[2] for v in self.visits(**which))

    def outcomes(self):
        return {v.url.rpartition("/")[2]: (v.outcome, v.attempt) for v in self.visits()}

    def skips(self):
        return {s.url.rpartition("/")[2]: (VisitOutcome(s.reason), s.detail) for s in self.observed.skipped("visitor")}

    def verdict(self):
        return judge(third_party_requests, ThirdPartyRequests(), self.observed, context(site=self.plan.site))


@pytest.fixture
def crawl(tmp_path, monkeypatch):
    """Builds crawls. Without the control pages, which would double the time of each (`test_controls`)."""
    without_controls(monkeypatch)
    made = []

    def build(url, **options):
        made.append(Crawl(tmp_path, plan_of(url, **options)))
        return made[-1]

    yield build
    for one in made:
        one.run.close()


@pytest.fixture
def site():
    with LocalSite() as made:
        yield made


def links(*hrefs):
    return "<title>Page</title>" + "".join(f"<a href='{href}'>more</a> " for href in hrefs)


def sitemap(*urls):
    return Page("<urlset>" + "".join(f"<url><loc>{u}</loc></url>" for u in urls) + "</urlset>", type="text/xml")


def robots(*lines):
    return Page("\n".join(["User-agent: *", *lines]), type="text/plain")


def page_hits(site):
    """How often each page was asked for; what browsers and crawlers ask for besides is left out."""
    besides = ("/robots.txt", "/sitemap.xml", "/favicon.ico")
    hits = Counter()
    for path, n in site.hits.items():
        if path not in besides:
            # One page under several spellings is one page, and all that asked for it are counted.
            hits[url_key(site.url.rstrip("/") + path).removeprefix(site.url.rstrip("/"))] += n
    return hits


# ---- every page, once

COUNT = 160


def build_large_site(site):
    """Pages that link to each other, and every other way to lead to one. Returns what is to be visited."""
    u = site.url
    site.add(
        "/",
        links(
            "/p/0", "/list?b=2&a=1", "/app", "/scripts", "/r/1", "#top", "https://elsewhere.test/", "mailto:a@b.test"
        ),
    )
    for n in range(COUNT):
        near = [f"/p/{m % COUNT}" for m in (n * 2 + 1, n * 2 + 2, n - 1, n + 7)]
        same = [f"/p/{n}?utm_source=x", f"/p/{n}#part", f"{u}p/{(n + 3) % COUNT}?fbclid=1#x", f"/r/{n % 20}"]
        others = [f"/list?a=1&b=2&utm_medium={n}", "http://[bad", "javascript:void(0)"]
        site.add(f"/p/{n}", links("/", *near, *same, *others))
    for n in range(20):
        site.add(f"/r/{n}", redirect(f"/p/{n * 5}" if n % 2 else f"/r/{n + 1}", 301 + n % 2))
    site.add("/list", links("/list?a=1&b=2", "/list?a=2&b=1"))
    site.add("/app", "<a href='#/one'>1</a><a href='#/two'>2</a><a href='#!/three'>3</a><a href='#plain'>4</a>")
    # A page of scripts: a link that comes late, an address pushed.
    site.add(
        "/scripts",
        "<script>setTimeout(() => { const a = document.createElement('a'); a.href = '/late'; a.textContent = 'late';"
        "document.body.append(a) }, 150); history.pushState({}, '', '/pushed');</script>",
    )
    for name in ("late", "pushed", "only-in-sitemap", "framed", "shadow", "client", "by-meta", "by-slow-meta"):
        site.add(f"/{name}", links("/", "/p/1"))
    site.add("/only-in-sitemap", links("/shadow-host", "/moves", "/framing"))
    site.add("/shadow-host", "<div></div><script>document.querySelector('div').attachShadow({mode: 'open'}).innerHTML ="
             "'<a href=/shadow>x</a>'</script>")  # fmt: skip
    site.add("/moves", "<script>setTimeout(() => location.replace('/client'), 50)</script>")
    site.add("/framing", "<iframe src='/frame' width=300 height=300></iframe>")
    site.add("/frame", links("/framed"))
    site.add("/sitemap.xml", sitemap(f"{u}only-in-sitemap", f"{u}p/3", f"{u}p/4?utm_source=sitemap", "http://x.test/y"))
    site.add("/robots.txt", robots("Disallow: /private"))
    pages = {"/", "/list?a=1&b=2", "/list?a=2&b=1", "/app", "/scripts", *(f"/p/{n}" for n in range(COUNT))}
    pages |= {"/late", "/pushed", "/only-in-sitemap", "/shadow-host", "/shadow", "/client", "/framing", "/framed"}
    routes = {"/app#/one", "/app#/two", "/app#!/three"}
    return pages, {f"/r/{n}" for n in range(20)}, routes


def test_every_page_is_visited_once_and_none_twice(crawl, site):
    pages, redirects, routes = build_large_site(site)
    made = crawl(site.url, budget=1000).go()
    hits = page_hits(site)
    reached = {url_key(v.final_url) for v in made.visits() if v.outcome in SEEN}
    assert {url_key(site.url.rstrip("/") + path) for path in pages} <= reached
    keys = Counter(url_key(v.url) for v in made.visits())
    assert set(keys.values()) == {1}
    assert {p.rpartition("app#")[2] for p in made.paths() if "#" in p} == {r.partition("#")[2] for r in routes}
    # A route is a page of its own, and only the browser knows that it is the same document.
    assert hits.pop("/app") == 1 + len(routes)
    # Seen in the frame, and as a page of its own because the links in it lead somewhere.
    assert hits.pop("/frame") == 1
    assert set(hits) == (pages - {"/app"}) | redirects | {"/moves"}
    assert set(hits.values()) == {1}, [path for path, n in hits.items() if n > 1]
    assert {v.outcome for v in made.visits() if v.outcome not in SEEN} <= {O.SKIPPED}, "redirects to what is visited"
    coverage = made.observed.coverage("visitor")
    assert (coverage.complete, coverage.budget_reached, coverage.interrupted) == (True, False, "")
    assert made.verdict().outcome is Outcome.PASSED
    assert isinstance(made.events[-1], CrawlFinished)
    assert not (made.run.path / ".profiles").exists(), "a finished run keeps nobody's cookies"


# ---- what may not be visited


def test_what_may_not_be_visited_is_never_asked_for(crawl, site):
    with LocalSite({"/robots.txt": robots("Disallow: /")}) as other:
        site.add("/robots.txt", robots("Disallow: /private/", "Disallow: /hidden"))
        site.add(
            "/",
            links("/private/a", "/one", "/film.mp4", "/not/me", "/account/logout", "/item/5?do=delete", "/to-hidden")
            + "<a href='/x/1'><img src='/i.png' alt=''></a><a href='/x/1'>Delete</a><a href='/x/2?id=1'>Löschen</a>"
            "<a href='/blog/how-to-delete-cookies'>How to delete cookies</a><a href='/docs/sql-delete.html'>DELETE</a>"
            "<a href='/to-other'>o</a><a href='/away'>a</a>",
        )
        site.add("/one", links("/two"))
        site.add("/two", links("/three"))
        site.add("/three", links("/four"))
        site.add("/to-hidden", redirect("/hidden"))
        site.add("/to-other", redirect(f"{other.url}page"))
        site.add("/away", redirect(f"{other.other}page"))
        site.add("/blog/how-to-delete-cookies", "<p>so")
        site.add("/docs/sql-delete.html", "<p>sql")
        site.add("/sitemap.xml", sitemap(f"{site.url}private/b", f"{site.url}session/logout", f"{site.url}listed"))
        site.add("/listed", "<p>x")
        made = crawl(site.url, depth=2, exclude=["/not/*"], strategy="same-hostname").go()
        expected = {
            "/", "/one", "/two", "/listed", "/blog/how-to-delete-cookies", "/docs/sql-delete.html", "/i.png",
            "/to-hidden", "/to-other", "/away",
        }  # fmt: skip
        assert set(page_hits(site)) == expected
        assert set(other.hits) == {"/robots.txt"}, "another host's rules are read before its page is asked for"
        said = made.skips()
        assert {name: reason for name, (reason, _) in said.items()} == {
            "a": O.BLOCKED_ROBOTS, "b": O.BLOCKED_ROBOTS, "film.mp4": O.SKIPPED, "me": O.SKIPPED,
            "logout": O.BLOCKED_DESTRUCTIVE, "5?do=delete": O.BLOCKED_DESTRUCTIVE, "1": O.BLOCKED_DESTRUCTIVE,
            "2?id=1": O.BLOCKED_DESTRUCTIVE, "three": O.SKIPPED,
        }  # fmt: skip
        assert said["three"][1] == "more than 2 clicks away"
        ends = made.outcomes()
        led_on = [ends[p][0] for p in ("to-hidden", "to-other", "away")]
        assert led_on == [O.BLOCKED_ROBOTS, O.BLOCKED_ROBOTS, O.BLOCKED_SCOPE]
        assert made.verdict().outcome is Outcome.PASSED
        assert any("blocked_destructive" in limit for limit in made.verdict().limits)


def test_a_way_through_another_site_is_followed_where_it_leads_back(tmp_path, site):
    """Under names, since only those are asked where they lead."""
    with LocalSite() as other:
        home = f"http://www.shop.test:{site.port}"
        site.add("/", links("/in", "/out"))
        site.add("/in", redirect(f"http://hop.test:{other.port}/in"))
        site.add("/out", redirect(f"http://hop.test:{other.port}/out"))
        site.add("/there", "<p>x")
        other.add("/in", redirect(f"{home}/there", headers=[("Set-Cookie", "a=1; Max-Age=99")]))
        other.add("/out", Page("<p>theirs<script>fetch('/ran')</script>", headers=[("Set-Cookie", "b=1; Max-Age=99")]))
        plan = plan_of(f"{home}/", aspects=LINKS | {Aspect.COOKIES}, sessions=(Session.FIRST, Session.SECOND))
        plan = replace(plan, resolve=(f"*.shop.test:127.0.0.1:{site.port}", f"hop.test:127.0.0.1:{other.port}"))
        made = Crawl(tmp_path, plan).go()
        for session in plan.sessions:
            visits = {v.url.rpartition("/")[2]: v for v in made.visits(session=session, aspects=plan.aspects)}
            assert (visits["in"].outcome, visits["in"].final_url) == (O.OK, f"{home}/there")
            assert [site_of(r.url) for r in visits["in"].requests] == ["shop.test", "hop.test", "shop.test"]
            assert [c.name for c in visits["in"].set_cookies] == ["a"]
            assert visits["out"].outcome is O.BLOCKED_SCOPE, "the others are sent on the way out, too"
            assert {c.name for v in visits.values() for c in v.jar or ()} <= {"a"}, "theirs was not opened"
        assert other.hits == {"/in": 2, "/out": 2}


def test_a_budget_ends_a_crawl_and_is_said(crawl, site):
    site.add("/", links(*(f"/{n}" for n in range(12))))
    for n in range(12):
        site.add(f"/{n}", links(f"/{n}/a"))
    made = crawl(site.url, budget=5).go()
    assert len(made.visits()) == sum(page_hits(site).values()) == 5
    assert "" in made.paths(), "breadth first from the start"
    coverage = made.observed.coverage("visitor")
    assert (coverage.budget_reached, coverage.complete, coverage.planned) == (True, False, 5)
    verdict = made.verdict()
    assert verdict.outcome is Outcome.PASSED
    assert "page budget of 5 was reached" in verdict.limits[0]


# ---- sites that give no page


def drop(handler):
    """Ends the connection without an answer."""


@pytest.mark.parametrize(
    ("pages", "url", "options", "said", "reason"),
    [
        ({"/robots.txt": robots("Disallow: /")}, "", {}, "robots.txt forbids it", Reason.COVERAGE),
        ({"/robots.txt": Page("", 503)}, "", {}, "robots.txt answers HTTP 503", Reason.COVERAGE),
        ({}, "", {"include": ["/nothing/*"]}, "matches no pattern of include", Reason.COVERAGE),
        ({"/": redirect("http://localhost:1/elsewhere")}, "", {}, "leads to http://localhost:1/", Reason.COVERAGE),
        ({"/": Page("<title>Just a moment...</title>", 403)}, "", {}, "HTTP 403", Reason.BLOCKED),
        ({"/": Page("<p>no such page", 404)}, "", {}, "HTTP 404", Reason.COVERAGE),
        ({}, "http://127.0.0.1:{closed}/", {}, "ERR_CONNECTION_REFUSED", Reason.COVERAGE),
        ({}, "http://no-such-host.invalid/", {}, "ERR_NAME_NOT_RESOLVED", Reason.COVERAGE),
    ],
    ids=["robots", "robots 503", "include", "elsewhere", "wall", "404", "down", "dns"],
)  # fmt: skip
def test_without_one_page_nothing_passes(crawl, site, monkeypatch, pages, url, options, said, reason):
    monkeypatch.setattr(session_module, "MAX_ATTEMPTS", 1)
    for path, page in ({"/": "<p>Home", "/nothing": "<p>x"} | pages).items():
        site.add(path, page)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        closed = listening.getsockname()[1]
    made = crawl(url.replace("{closed}", str(closed)) or site.url, **options).go()
    verdict = made.verdict()
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, reason)
    assert said in verdict.explanation
    assert verdict.pages_examined == 0
    assert [v.outcome for v in made.visits() if v.outcome in SEEN] == []


def test_where_robots_txt_gives_no_answer_only_what_the_spec_names_is_opened(crawl, site):
    site.add("/robots.txt", Page(raw=drop))
    site.add("/", links("/a", "/b"))
    made = crawl(site.url, sitemaps=False).go()
    assert dict(page_hits(site)) == {"/": 1}
    assert {reason for reason, _ in made.skips().values()} == {O.LOST}
    verdict = made.verdict()
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    assert "(2 lost)" in verdict.explanation


# ---- trying again, and patience


def test_another_attempt_is_made_where_it_makes_sense(crawl, site, monkeypatch):
    names = ("500", "404", "403", "flaky", "busy", "much-too-busy")
    site.add("/", links(*(f"/{n}" for n in names)))
    site.add("/500", Page("<p>broken", 500))
    site.add("/403", Page("<p>no", 403))
    site.add("/flaky", "<p>well")
    site.first("/flaky", Page("<p>not yet", 502))
    site.add("/busy", "<p>well")
    site.first("/busy", Page("<p>later", 503, headers=[("Retry-After", "1")]))
    monkeypatch.setattr(session_module, "MAX_RETRY_AFTER", 1.5)
    site.add("/much-too-busy", Page("<p>much later", 503, headers=[("Retry-After", "99999")]))
    # One page at a time, the links only, and still the server's wish is heard.
    made = crawl(site.url, aspects=frozenset({Aspect.LINKS}), at_once=1).go()
    ends = made.outcomes()
    assert {name: site.hits[f"/{name}"] for name in names} == {
        "500": 3, "404": 1, "403": 1, "flaky": 2, "busy": 2, "much-too-busy": 1,
    }  # fmt: skip
    assert ends["500"] == (O.HTTP_ERROR, 3)
    assert (ends["flaky"], ends["busy"]) == ((O.OK, 2), (O.OK, 2))
    assert ends["much-too-busy"] == (O.HTTP_ERROR, 1)
    first, second = (at for _, path, at in site.log if path == "/busy")
    assert second - first >= 1.0
    later = [path for _, path, at in site.log if first < at < first + 1.0 and path != "/favicon.ico"]
    assert len(later) <= session_module.WATCHING, "only what was under way already may still arrive"
    again = [e.url.rpartition("/")[2] for e in made.events if isinstance(e, VisitFinished) and e.again]
    assert Counter(again) == {"500": 2, "flaky": 1, "busy": 1}
    assert made.verdict().outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("in_robots", [False, True], ids=["spec", "robots.txt"])
def test_pages_are_asked_for_no_faster_than_agreed(crawl, site, in_robots):
    pages = [f"/{n}" for n in range(9)]
    site.add("/", links(*pages))
    for n, path in enumerate(pages):
        # Some are slow to answer, some fail and cost the browser a fresh tab.
        site.add(path, Page("<p>x<script>1</script>", 404 if n % 3 == 0 else 200))
    site.first("/1", Page(b"%PDF-1.4", type="application/pdf"))
    site.first("/4", Page(b"%PDF-1.4", type="application/pdf"))
    if in_robots:
        site.add("/robots.txt", robots("Crawl-delay: 0.2"))
    crawl(site.url, delay=0.0 if in_robots else 0.2).go()
    times = [at for _, path, at in site.log if path in {"/", *pages}]
    assert len(times) == 10
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert sum(gaps) >= 9 * 0.2
    # Between being let go and reaching the server a request takes its time, one longer than another on a busy machine.
    assert min(gaps) >= 0.1, [round(gap, 3) for gap in gaps]


# ---- what dies, and what is stopped


def ring(site, count=16, slow=0.0):
    """A site of so many pages, each leading to the next three."""
    for n in range(count):
        site.add(f"/{n}", links(*(f"/{(n + m) % count}" for m in (1, 2, 3))))
    site.add("/", links("/0", "/5"))
    return sorted(["", *map(str, range(count))])


def kill_browser(run):
    """SIGKILL the first visitor's browser."""
    marker = f"--user-data-dir={run.path / '.profiles' / 'visitor' / 'first'}".encode()
    found = [p for p in Path("/proc").glob("[0-9]*/cmdline") if marker in _words(p)]
    assert found
    for path in found:
        os.kill(int(path.parent.name), signal.SIGKILL)


def _words(path):
    try:
        return path.read_bytes().split(b"\0")
    except OSError:
        return []


def after(count, act):
    """A listener that acts once, when so many visits have ended."""
    ended = []

    def listen(event, stop):
        if isinstance(event, VisitFinished) and not event.again:
            ended.append(event)
            if len(ended) == count:
                act(stop)

    return listen


def test_a_browser_that_is_killed_is_started_again_and_no_page_is_lost(crawl, site):
    pages = ring(site)
    made = crawl(site.url)
    made.go(after(6, lambda _: kill_browser(made.run)))
    assert any(isinstance(e, Notice) and "browser died" in e.text for e in made.events)
    assert made.paths() == pages
    assert {v.outcome for v in made.visits()} == {O.OK}
    assert made.observed.coverage("visitor").complete
    assert made.verdict().outcome is Outcome.PASSED


def test_a_browser_that_cannot_be_kept_alive_ends_the_run_which_can_go_on(crawl, site, monkeypatch):
    pages = ring(site)
    made = crawl(site.url)
    monkeypatch.setattr(session_module, "MAX_RESTARTS", 0)
    with pytest.raises(BrowserLost, match="the run can be continued"):
        made.go(after(6, lambda _: kill_browser(made.run)))
    seen = made.paths()
    assert 6 <= len(seen) < len(pages)
    verdict = made.verdict()
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    made.go()
    assert made.paths() == pages
    assert {v.outcome for v in made.visits()} == {O.OK}
    assert made.verdict().outcome is Outcome.PASSED


def test_a_run_that_is_stopped_goes_on_as_if_it_had_not_been(crawl, site):
    pages = ring(site)
    made = crawl(site.url, at_once=1)
    made.go(after(5, lambda stop: stop.set()))
    assert 5 <= len(made.visits()) < len(pages)
    assert (made.run.path / ".profiles").exists(), "who has yet to come back needs the profile"
    verdict = made.verdict()
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    assert "stopped by the user" in verdict.explanation
    made.go()
    assert made.paths() == pages
    assert set(page_hits(site).values()) == {1}, "no page was opened twice"
    assert made.observed.coverage("visitor").interrupted == ""
    assert made.verdict().outcome is Outcome.PASSED
    whole = crawl(site.url, at_once=1).go()
    assert whole.paths() == made.paths()
    assert whole.observed.coverage("visitor") == made.observed.coverage("visitor")


# ---- visitors and sessions


def test_what_visitors_and_sessions_have_in_common_and_what_not(crawl, site):
    # The server numbers whoever comes without a number; the script does the same in localStorage.
    script = "<script>localStorage.n = localStorage.n || '{n}'; sessionStorage.s = sessionStorage.s || '{n}'</script>"
    numbers = iter(range(1, 1000))

    def numbered(handler):
        n = next(numbers)
        given = dict(part.split("=") for part in (handler.headers["Cookie"] or "").split("; ") if part)
        body = ("<a href='/a'>a</a>" + script.replace("{n}", str(n))).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(body)))
        if "keep" not in given:
            handler.send_header("Set-Cookie", f"keep={n}; Max-Age=9999")
        if "once" not in given:
            handler.send_header("Set-Cookie", f"once={n}")
        handler.end_headers()
        handler.wfile.write(body)

    site.add("/", Page(raw=numbered))
    for name in "abcd":
        site.add(f"/{name}", links("/b", "/c", "/d"))
    kinds = (Session.FIRST, Session.FIRST_AGAIN, Session.SECOND, Session.THIRD)
    visitors = (
        VisitorSpec(name="en", locale="en-GB"),
        VisitorSpec(name="de", locale="de-AT", timezone="Europe/Vienna"),
    )
    aspects = frozenset({Aspect.LINKS, Aspect.COOKIES, Aspect.STORAGE})
    made = crawl(site.url, aspects=aspects, sessions=kinds, visitors=visitors, sample=3).go()
    for visitor in ("en", "de"):
        seen = {kind: made.visits(visitor, kind, aspects) for kind in kinds}
        assert [len(seen[kind]) for kind in kinds] == [5, 3, 3, 3]
        homes = {kind: next(v for v in visits if v.url == site.url) for kind, visits in seen.items()}
        jars = {kind: {c.name: c.value for c in home.jar} for kind, home in homes.items()}
        kept = {kind: {i.kind: i.value for i in home.storage} for kind, home in homes.items()}
        first, again = Session.FIRST, Session.FIRST_AGAIN
        assert jars[again]["keep"] == jars[first]["keep"]
        assert jars[again]["once"] != jars[first]["once"], "closing the browser ends the session"
        assert kept[again]["local"] == kept[first]["local"]
        assert kept[again]["session"] != kept[first]["session"]
        others = (Session.FIRST, Session.SECOND, Session.THIRD)
        for one in (jars, kept):
            assert len({str(sorted(one[kind].items())) for kind in others}) == 3, "independent visitors share nothing"
    languages = {headers.get("accept-language", "").partition(",")[0] for path, headers in site.asked if path == "/a"}
    assert languages == {"en-GB", "de-AT"}
    agents = {headers.get("user-agent", "") for path, headers in site.asked if path == "/a"}
    assert all("Headless" not in agent for agent in agents)
    environment = made.observed.environment
    assert (environment.locale, environment.timezone) == ("en-GB", "UTC")
    assert replace(environment, browser="") != environment, "the browser is named"
