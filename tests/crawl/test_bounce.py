"""Ways through other sites: which come back is found out before the browser goes along."""

import asyncio

import pytest

from compliance.crawl import bounce as module
from compliance.crawl.bounce import MAX_HOPS, Bounces
from compliance.crawl.fetch import USER_AGENT
from tests.sites import LocalSite, Page, hang, redirect

HOME = "https://www.shop.test/"


@pytest.fixture
def hop():
    """Another site, under whatever name."""
    with LocalSite({"/page": "<script>location = 'https://www.shop.test/'</script>"}) as site:
        yield site


def leads_back(hop, url, times=1):
    async def work():
        bounces = Bounces(lambda u: u.startswith(HOME), (f"*:127.0.0.1:{hop.port}",), ())
        for _ in range(times):
            await bounces.explore(url)
        return bounces.leads_back(url)

    return asyncio.run(work())


def test_a_way_that_comes_back(hop):
    hop.add("/in", redirect("http://third.test/on"))
    hop.add("/on", redirect(f"{HOME}welcome?u=1"))
    assert leads_back(hop, "http://hop.test/in?u=1#top", times=3)
    assert hop.hits["/in?u=1"] == 1, "asked for once"


@pytest.mark.parametrize("to", ["http://hop.test/page", "http://elsewhere.test/", "http://[bad", "mailto:a@b.test", ""])
def test_a_way_that_does_not(hop, to):
    hop.add("/in", redirect(to) if to else Page("", 302))
    assert not leads_back(hop, "http://hop.test/in")


def test_a_way_without_end(hop):
    hop.add("/in", redirect("/in"))
    assert not leads_back(hop, "http://hop.test/in")
    assert hop.hits["/in"] == 1
    for n in range(2 * MAX_HOPS):
        hop.add(f"/{n}", redirect(f"/{n + 1}"))
    assert not leads_back(hop, "http://hop.test/0")
    assert sum(hop.hits.values()) == 1 + MAX_HOPS


def test_a_server_that_never_answers_costs_a_while_once(hop, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    hop.add("/in", hang(3))
    assert not leads_back(hop, "http://hop.test/in", times=2)
    assert hop.hits["/in"] == 1
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    assert not leads_back(hop, "http://hop.test/other")
    assert "/other" not in hop.hits


def test_pages_that_ask_for_one_way_at_once_share_it(hop):
    hop.add("/in", redirect(HOME))

    async def work():
        bounces = Bounces(lambda u: u.startswith(HOME), (f"*:127.0.0.1:{hop.port}",), ())
        await asyncio.gather(*(bounces.explore("http://hop.test/in") for _ in range(5)))

    asyncio.run(work())
    assert hop.hits["/in"] == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/in", "http://169.254.169.254/latest/", "http://[::1]/in", "http://intranet/in", "file:///in",
        "http://10.0.0.1/in", "http://hop.test/unsubscribe/in",
    ],
)  # fmt: skip
def test_machines_of_the_inside_and_addresses_that_act_are_not_asked(hop, url):
    hop.add("/in", redirect(HOME))
    assert not leads_back(hop, url)
    assert not hop.hits


def test_who_asks(hop):
    seen = []
    hop.add("/in", Page(raw=lambda handler: seen.append(dict(handler.headers.items()))))
    leads_back(hop, "http://hop.test/in")
    assert [(s["User-Agent"], "Cookie" in s, s["Host"]) for s in seen] == [(USER_AGENT, False, "hop.test")]


def test_nothing_is_known_of_a_way_that_was_not_explored(hop):
    assert not Bounces(lambda _: True, (), ()).leads_back("http://hop.test/in")
