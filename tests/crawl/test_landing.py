"""The visitor who came through an advertisement: made once, and only for who asks for it."""

import asyncio

import pytest

from compliance.checks import judge
from compliance.checks.identity.no_click_ids import NoClickIds, no_click_ids
from compliance.crawl.crawler import _seed
from compliance.crawl.robots import Robots
from compliance.crawl.scope import Scope
from compliance.knowledge.landing import landing_of
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Aspect, Session, VisitOutcome
from compliance.testing import context
from tests.controls import without_controls
from tests.crawl.test_crawler import ANYBODY, Crawl, plan_of
from tests.sites import LocalSite, Page

pytestmark = pytest.mark.browser
BOTH = (Session.FIRST, Session.LANDED)


@pytest.fixture
def site():
    with LocalSite() as made:
        yield made


@pytest.fixture
def crawl(tmp_path, monkeypatch):
    without_controls(monkeypatch)
    made = []

    def build(url, **options):
        aspects = frozenset({Aspect.LINKS, Aspect.REQUESTS, Aspect.COOKIES, Aspect.STORAGE})
        made.append(Crawl(tmp_path, plan_of(url, aspects=aspects, sample=3, **options)))
        return made[-1]

    yield build
    for one in made:
        one.run.close()


def verdict(one):
    return judge(no_click_ids, NoClickIds(), one.observed, context(site=one.plan.site))


def asked(site):
    return [path for path, _ in site.asked if "gclid" in path]


def test_the_start_page_is_landed_on_once_apart_from_all_others(crawl, site):
    keep = "<script>localStorage.g = new URLSearchParams(location.search).get('gclid') || 'none'</script>"
    site.add("/", f"<p>Welcome</p>{keep}")
    made = crawl(site.url, sessions=BOTH).go()
    (landed,) = made.visits(session=Session.LANDED)
    assert (landed.outcome, landed.referrer) == (VisitOutcome.OK, site.url)
    assert len(asked(site)) == 1
    assert [v.session for v in made.observed.visits()] == [Session.FIRST], "seen by who asks for it by name"
    assert made.observed.coverage("visitor").found == 1
    failed = verdict(made)
    assert (failed.outcome, failed.pages_examined) == (Outcome.FAILED, 1)
    assert [f.cause for f in failed.findings] == ["click-id-kept:self:local:g"]
    assert asyncio.run(_seed(made.plan, made.run, ANYBODY, Session.LANDED, Scope(made.plan), Robots((), ()))) == 0, (
        "once"
    )
    assert landing_of(landed).values["gclid"] in asked(site)[0]


def test_who_does_not_ask_for_it_does_not_land_and_no_robot_lands_where_it_may_not(crawl, site):
    site.add("/", Page("<p>a</p>"))
    made = crawl(site.url).go()
    assert made.visits(session=Session.LANDED) == []
    site.add("/robots.txt", Page("User-agent: *\nDisallow: /*?\n", type="text/plain"))
    forbidden = crawl(site.url, sessions=BOTH).go()
    found = verdict(forbidden)
    assert (asked(site), found.outcome, found.reason) == ([], Outcome.INCONCLUSIVE, Reason.COVERAGE)
