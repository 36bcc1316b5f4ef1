"""A policy page is taken as a reader sees it."""

import asyncio

import pytest

from compliance.crawl.capture import fetch_snapshot
from compliance.demo import DemoSite
from compliance.errors import SiteUnreachable
from compliance.policy.capture import version_from_snapshot
from compliance.settings import Settings
from compliance.store.policies import read_version
from tests.sites import LocalSite, Page

pytestmark = pytest.mark.browser


def test_the_demos_policy_page_gives_the_founding_policys_sentences(pytestconfig):
    with DemoSite() as demo:
        settings = Settings(resolve=demo.resolve, ignore_tls=demo.ignore_tls)
        snapshot = asyncio.run(fetch_snapshot(f"{demo.url}privacy-policy", settings))
    stored = read_version(pytestconfig.rootpath / "policies" / "spaceotechnologies.com" / "2017-02-22")
    assert version_from_snapshot(snapshot).digest == stored.digest


def test_what_a_script_writes_is_part_of_the_page():
    with LocalSite({"/p": "<main id=m></main><script>m.innerHTML = '<p>We promise nothing.</p>'</script>"}) as site:
        snapshot = asyncio.run(fetch_snapshot(f"{site.url}p", Settings()))
    assert [s.text for s in version_from_snapshot(snapshot).sentences] == ["We promise nothing."]


def test_a_page_that_is_not_there_is_no_policy():
    with LocalSite({"/gone": Page("<p>Not found", 404)}) as site, pytest.raises(SiteUnreachable, match="HTTP 404"):
        asyncio.run(fetch_snapshot(f"{site.url}gone", Settings()))
