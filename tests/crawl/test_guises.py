"""In what sessions differ: profiles copied whole or but for the cookies, other windows and time zones."""

import asyncio
import os
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from compliance.crawl.crawler import ORDER, observe
from compliance.crawl.guises import guise
from compliance.crawl.plan import CrawlPlan
from compliance.model.observation import Site
from compliance.model.spec import ScopeSpec, VisitorSpec
from compliance.model.urls import site_of
from compliance.model.visit import AS_NEEDED, Aspect, Session
from compliance.settings import Settings
from compliance.store.rundir import RunDirectory
from tests.sites import LocalSite, Page

KEPT = ("Cookies", "Cookies-journal", "Local Storage/leveldb/1.log", "Cache/x", "Network/Cookies")
UTC_VISITOR = VisitorSpec(timezone="UTC")


@dataclass(frozen=True)
class Options:
    """Of `LaunchOptions`, what a guise changes."""

    wider: int = 0


@pytest.fixture
def folder(tmp_path):
    """Profiles of a visitor who has come back once."""
    default = tmp_path / Session.FIRST / "Default"
    for name in KEPT:
        (default / name).parent.mkdir(parents=True, exist_ok=True)
        (default / name).write_text(name)
    (default.parent / "SingletonLock").symlink_to("gone")
    os.mkfifo(default.parent / "requests.log")
    return tmp_path


def files(profile):
    return {str(p.relative_to(profile)) for p in profile.rglob("*") if p.is_file() or p.is_symlink()}


def made(session, folder, visitor=UTC_VISITOR):
    return guise(session, visitor, Options(), 140, folder)


def test_the_return_has_the_first_visitors_profile_and_others_have_their_own(folder):
    assert made(Session.FIRST_AGAIN, folder).profile == made(Session.FIRST, folder).profile
    profiles = [made(session, folder).profile for session in ORDER if session is not Session.FIRST_AGAIN]
    assert len(set(profiles)) == len(profiles) == len(Session) - 1


def test_one_deletion_keeps_all_that_is_not_a_running_browsers(folder):
    profile = made(Session.WITHOUT_COOKIES, folder).profile
    assert files(profile) == {f"Default/{name}" for name in KEPT}


def test_the_other_keeps_the_cookies_in_a_fresh_profile(folder):
    profile = made(Session.WITHOUT_STORAGE, folder).profile
    assert files(profile) == {f"Default/{n}" for n in ("Cookies", "Cookies-journal", "Network/Cookies", "Preferences")}


def test_a_run_that_goes_on_leaves_a_profile_as_it_is(folder):
    profile = made(Session.WITHOUT_COOKIES, folder).profile
    (profile / "Default" / "mine").write_text("x")
    assert made(Session.WITHOUT_COOKIES, folder).profile == profile
    assert (profile / "Default" / "mine").exists()


def clock(zone):
    return datetime.now(UTC).astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Vienna", "Asia/Kathmandu"])
def test_the_fourth_and_the_fifth_have_other_windows_versions_and_zones_with_the_same_clock(folder, zone):
    visitor = VisitorSpec(timezone=zone)
    usual, *others = (made(s, folder, visitor) for s in (Session.SECOND, Session.FOURTH, Session.FIFTH))
    assert (usual.visitor, usual.major, usual.options.wider) == (visitor, 140, 0)
    assert len({one.options.wider for one in (usual, *others)}) == 3
    assert len({one.major for one in (usual, *others)}) == 3
    assert {one.visitor.timezone for one in others} != {zone}
    assert {clock(one.visitor.timezone) for one in others} == {clock(zone)}
    assert {one.visitor.locale for one in others} == {visitor.locale}


def test_a_time_zone_that_this_machine_does_not_know_stays(folder):
    assert made(Session.FOURTH, folder, VisitorSpec(timezone="Moon/Tycho")).visitor.timezone == "Moon/Tycho"


@pytest.mark.browser
@pytest.mark.slow
def test_each_deletion_keeps_the_other_half(tmp_path):
    """Chromium decides: the cookies of partitions go, too; what a page kept stays, or goes."""
    script = """<script>(async () => {
      const id = localStorage.id = localStorage.id || crypto.randomUUID();
      const size = screen.width + Intl.DateTimeFormat().resolvedOptions().timeZone + navigator.userAgent;
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(size)));
      document.cookie = 'made=' + [...hash].map((b) => b.toString(16)).join('');
      if (!document.cookie.includes('apart='))
        document.cookie = 'apart=' + crypto.randomUUID() + '; Max-Age=9999; Secure; Partitioned';
      if (!document.cookie.includes('uid=')) document.cookie = 'uid=' + id + '; Max-Age=9999';
    })()</script>"""

    aspects = frozenset({Aspect.LINKS, Aspect.COOKIES, Aspect.STORAGE, Aspect.REQUESTS})
    run = RunDirectory.create(tmp_path, "shop")
    with LocalSite() as site:
        site.add("/", Page(f"<p>Hello</p>{script}".encode()))
        plan = CrawlPlan(
            site=Site(site.url, first_party=frozenset({site_of(site.url)})), scope=ScopeSpec(), visitors=(UTC_VISITOR,),
            aspects=aspects, sessions=tuple(Session), seeds=(site.url,), delay=0.0, dwell=0.3, resolve=(),
            ignore_tls=(),
        )  # fmt: skip
        asyncio.run(observe(plan, Settings(), run, lambda _: None))
    homes = {v.session: v for v in run.ledger.visits(aspects=aspects)}
    run.close()
    assert set(homes) == set(Session)
    jars = {session: {c.name: c.value for c in home.jar} for session, home in homes.items()}
    kept = {session: {i.key: i.value for i in home.storage} for session, home in homes.items()}
    first, cleared, emptied = Session.FIRST_AGAIN, Session.WITHOUT_COOKIES, Session.WITHOUT_STORAGE
    assert kept[cleared] == kept[first]
    assert jars[cleared]["uid"] == jars[first]["uid"], "the page brought it back"
    assert jars[cleared]["apart"] != jars[first]["apart"], "partitions were emptied, too"
    assert jars[emptied]["apart"] == jars[first]["apart"]
    assert kept[emptied] != kept[first]
    assert jars[emptied]["uid"] == jars[first]["uid"], "it was kept"
    assert len({jars[s]["made"] for s in (Session.FIRST, Session.SECOND, Session.THIRD)}) == 1
    assert len({jars[s]["made"] for s in (Session.FIRST, Session.FOURTH, Session.FIFTH)}) == 3
    assert not any(v.errors for v in homes.values())


def test_sessions_that_are_made_as_needed_come_when_what_they_need_is_known():
    place = ORDER.index
    assert set(ORDER) == set(Session)
    assert place(Session.SECOND) < place(Session.FOURTH) < place(Session.THIRD) < place(Session.FIFTH)
    assert max(place(s) for s in Session if s not in AS_NEEDED) < place(Session.WITHOUT_COOKIES)
