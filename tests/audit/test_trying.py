"""Where a page that is tried may go; the trials themselves are tested in tests/journeys and by whole audits."""

import pytest

from compliance.audit.trying import may_open
from compliance.browser.passage import THROUGH
from compliance.crawl.plan import CrawlPlan
from compliance.crawl.scope import Scope
from compliance.model.observation import Site
from compliance.model.spec import ScopeSpec, VisitorSpec
from compliance.model.visit import Aspect, Session

HOME = "https://www.shop.test/"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"{HOME}next", ""),
        (f"{HOME}account/logout", "blocked_destructive: wanted to go on to"),
        ("https://hop.test/in", THROUGH),
        ("http://127.0.0.1/in", "blocked_scope: wanted to go on to http://127.0.0.1/in"),
    ],
)
def test_where_a_page_under_trial_may_go(url, said):
    plan = CrawlPlan(
        site=Site(HOME), scope=ScopeSpec(), visitors=(VisitorSpec(),), aspects=frozenset({Aspect.REQUESTS}),
        sessions=(Session.FIRST,), seeds=(HOME,), delay=0, dwell=0, resolve=(), ignore_tls=(),
    )  # fmt: skip
    allowed = may_open(url, Scope(plan))
    assert allowed.startswith(said)
    assert bool(allowed) == bool(said)
