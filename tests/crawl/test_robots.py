"""robots.txt after RFC 9309: what it forbids, and what its absence or its failure means."""

import asyncio

import pytest

from compliance.crawl import robots as module
from compliance.crawl.fetch import Fetched
from compliance.crawl.robots import Robots
from compliance.model.visit import VisitOutcome

HOME = "https://shop.test/"


@pytest.fixture
def rules(monkeypatch):
    """Rules of the shop, out of an answer or a file's text."""

    def build(answer, **options):
        asked = []

        async def fetch(url, resolve, ignore_tls):
            asked.append(url)
            return Fetched(url, 200, answer.encode()) if isinstance(answer, str) else answer

        monkeypatch.setattr(module, "fetch", fetch)
        made = Robots((), (), **options)

        async def load():
            await asyncio.gather(*(made.load(f"{HOME}{n}") for n in range(3)))

        asyncio.run(load())
        assert asked == [f"{HOME}robots.txt"], "asked for once, whoever asks"
        return made

    return build


def allowed(rules, *paths):
    return [path for path in paths if not rules.forbids(HOME + path)]


@pytest.mark.parametrize(
    ("text", "open_paths"),
    [
        ("", ["a", "b/c", "b/c.pdf?x"]),
        ("User-agent: *\nDisallow: /", []),
        ("User-agent: *\nDisallow:", ["a", "b/c", "b/c.pdf?x"]),
        ("User-agent: *\nDisallow: /b", ["a"]),
        ("User-agent: *\nDisallow: /b/\nAllow: /b/c$", ["a", "b/c"]),
        ("User-agent: *\nDisallow: /*.pdf", ["a", "b/c"]),
        ("User-agent: *\nDisallow: /*.pdf$", ["a", "b/c", "b/c.pdf?x"]),
        ("User-agent: *\nDisallow: /*?", ["a", "b/c"]),
        ("USER-AGENT: *\r\nDISALLOW: /b # all of it\r\n", ["a"]),
        ("User-agent: *\nDisallow: /\n\nUser-agent: policy-compliance\nDisallow: /a", ["b/c", "b/c.pdf?x"]),
        ("User-agent: Policy-Compliance\nDisallow: /a\nUser-agent: *\nDisallow: /", ["b/c", "b/c.pdf?x"]),
        ("User-agent: other\nDisallow: /", ["a", "b/c", "b/c.pdf?x"]),
        ("Disallow: /", ["a", "b/c", "b/c.pdf?x"]),
        ("<html><body>Not found</body></html>", ["a", "b/c", "b/c.pdf?x"]),
        ("\ufeffUser-agent: *\nDisallow: /b", ["a"]),
        ("\x00\xff" * 50, ["a", "b/c", "b/c.pdf?x"]),
    ],
)
def test_what_a_file_allows(rules, text, open_paths):
    assert allowed(rules(text), "a", "b/c", "b/c.pdf?x") == open_paths


@pytest.mark.parametrize(
    ("answer", "open_", "said"),
    [
        (Fetched(HOME, 404, b"User-agent: *\nDisallow: /"), True, ""),
        (Fetched(HOME, 410), True, ""),
        (Fetched(HOME, 401), True, ""),
        (Fetched(HOME, 403), True, ""),
        (Fetched(HOME, 200, b""), True, ""),
        (Fetched(HOME, 204), True, ""),
        (Fetched(HOME, 304), True, ""),
        (Fetched(HOME, 302, error="redirects to https://elsewhere.test/, outside the site"), True, ""),
        (Fetched(HOME, 500), False, "HTTP 500"),
        (Fetched(HOME, 503, b"User-agent: *\nAllow: /"), False, "HTTP 503"),
        (Fetched(HOME, 429), False, "HTTP 429"),
        (Fetched(HOME, error="no answer in 15 s"), False, "no answer in 15 s"),
        (Fetched(HOME, error="ConnectionRefusedError: refused"), False, "ConnectionRefusedError"),
    ],
)
def test_what_an_answer_means(rules, answer, open_, said):
    forbidden = rules(answer).forbids(f"{HOME}a")
    assert (forbidden == "") == open_
    assert said in forbidden


def test_where_nothing_answers_what_the_spec_names_may_be_looked_at(rules):
    made = rules(Fetched(HOME, error="ConnectionRefusedError: refused"))
    assert not made.forbids(HOME, named=True)
    assert made.forbids(HOME)
    assert made.refuse(HOME, named=True) is None
    refused = made.refuse(f"{HOME}a", found_on=HOME)
    assert (refused.reason, refused.found_on) == (VisitOutcome.LOST, HOME), "lost, and not kept back by the site's will"
    assert "ConnectionRefusedError" in refused.detail


@pytest.mark.parametrize("answer", [Fetched(HOME, 503), "User-agent: *\nDisallow: /"])
def test_an_answer_binds_what_the_spec_names_too(rules, answer):
    made = rules(answer)
    assert made.forbids(HOME, named=True)
    assert made.refuse(HOME, named=True).reason == VisitOutcome.BLOCKED_ROBOTS


@pytest.mark.parametrize("answer", [Fetched(HOME, 503), Fetched(HOME, error="x"), "User-agent: *\nDisallow: /"])
def test_a_site_of_ones_own_may_be_looked_at_all_the_same(rules, answer):
    made = rules(answer, honour=False)
    assert made.forbids(f"{HOME}a") == ""
    assert made.refuse(f"{HOME}a") is None


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("Crawl-delay: 2", 2), ("crawl-delay: 0.5", 0.5), ("Crawl-delay: 3600", 60), ("Crawl-delay: inf", 0),
        ("Crawl-delay: soon", 0), ("Crawl-delay: -5", 0), ("Crawl-delay: nan", 0), ("", 0),
    ],
)  # fmt: skip
def test_the_delay_that_a_file_asks_for(rules, line, seconds):
    text = f"User-agent: *\n{line}\nDisallow: /x"
    assert rules(text).delay(f"{HOME}a") == seconds
    assert rules(text, honour=False).delay(f"{HOME}a") == 0


def test_the_sitemaps_that_a_file_names(rules):
    made = rules("Sitemap: https://shop.test/s1.xml\nUser-agent: *\nDisallow: /\nsitemap: https://shop.test/s2.xml.gz")
    assert made.sitemaps(HOME) == ["https://shop.test/s1.xml", "https://shop.test/s2.xml.gz"]


def test_every_origin_has_its_own_rules(rules):
    made = rules("User-agent: *\nDisallow: /")
    assert made.forbids(f"{HOME}a")
    for other in ("http://shop.test/a", "https://shop.test:8443/a", "https://www.shop.test/a", "mailto:a@b.test"):
        assert (made.forbids(other), made.delay(other), made.sitemaps(other)) == ("", 0.0, [])
    asyncio.run(made.load("mailto:a@b.test"))


def test_a_file_without_end_is_read_up_to_a_cap(rules):
    text = "User-agent: *\nDisallow: /a\n" + "# padding\n" * 100_000 + "Disallow: /b\n"
    assert allowed(rules(text), "a", "b") == ["b"]
