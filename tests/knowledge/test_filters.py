"""Rules of lists: what each form of the syntax fits, what is set aside, and how long it takes."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.knowledge.filters import Filters, kind_of, parse
from compliance.knowledge.filters.patterns import address, pattern


def match(rules, url, source="shop.test", kind="image"):
    found = Filters([parse("list", rules)]).match(url, source=source, kind=kind)
    return found.text if found else None


@pytest.mark.parametrize(
    ("rule", "fits", "fails"),
    [
        ("||ads.test^", "https://ads.test/p", "https://ads.test.evil.test/p"),
        ("||ads.test^", "https://a.b.ads.test", "https://bads.test/"),
        ("||ads.test^", "wss://ads.test:8443/s", "https://shop.test/?u=https://ads.test/"),
        ("||ads.test^", "https://ads.test./p", "https://shop.test/ads.test/"),
        ("||ads.test^", "https://user:pass@ads.test/p", "https://ads.test@shop.test/"),
        ("||ADS.test^", "https://ads.TEST/p", "https://x-ads.test/"),
        ("||ads.test/p/*/x.js", "https://ads.test/p/1/2/x.js", "https://ads.test/p/x.js"),
        ("||ads.", "https://ads.example/", "https://bads.example/"),
        ("||ads.te", "https://ads.test/", "https://x.test/ads.te"),
        ("|https://ads.", "https://ads.test/", "http://x.test/?https://ads."),
        ("|https://ads.test/|", "https://ads.test/", "https://ads.test/p"),
        ("/pixel.gif|", "https://x.test/pixel.gif", "https://x.test/pixel.gif?1"),
        ("/pixel.gif^", "https://x.test/pixel.gif?1", "https://x.test/pixel.gifs"),
        ("/pixel.gif^", "https://x.test/pixel.gif", "https://x.test/pixel.gif_"),
        ("^cid=^", "https://x.test/?cid=&v=1", "https://x.test/?acid=&v"),
        ("/p^|", "https://x.test/p", "https://x.test/p/q"),
        ("/p^|", "https://x.test/p/", "https://x.test/p//"),
        ("&cid=*&v=", "https://x.test/?a&cid=1&v=2", "https://x.test/?v=2&cid=1"),
        ("-tracker.", "https://x.test/my-tracker.js", "https://x.test/my-trackers.js"),
        ("/Aa/$match-case", "https://x.test/?Aa", "https://x.test/?aa"),
        ("/ad[0-9]+\\.js$/", "https://x.test/ad12.js", "https://x.test/ad.js"),
        ("*/track/*", "https://x.test/track/1", "https://x.test/tracks/1"),
        ("||x.test/a$b^c", "https://x.test/a$b/c", "https://x.test/a/c"),
    ],
)
def test_patterns(rule, fits, fails):
    assert match(rule, fits) == rule
    assert match(rule, fails) is None


@pytest.mark.parametrize(
    ("rule", "fits", "fails"),
    [
        ("/a.js$third-party", {"source": "other.test"}, {"source": "www.x.test"}),
        ("/a.js$3p", {"source": "other.test"}, {"source": ""}),
        ("/a.js$~third-party", {"source": "www.x.test"}, {"source": "other.test"}),
        ("/a.js$1p", {"source": "x.test"}, {"source": "other.test"}),
        ("/a.js$script", {"kind": "script"}, {"kind": "image"}),
        ("/a.js$script,xhr", {"kind": "xmlhttprequest"}, {"kind": "image"}),
        ("/a.js$~script", {"kind": "image"}, {"kind": "script"}),
        ("/a.js", {"kind": "ping"}, {"kind": "document"}),
        ("/a.js$document", {"kind": "document"}, {"kind": "subdocument"}),
        ("/a.js$domain=shop.test", {"source": "www.shop.test"}, {"source": "notshop.test"}),
        ("/a.js$domain=shop.test|~www.shop.test", {"source": "shop.test"}, {"source": "a.www.shop.test"}),
        ("/a.js$domain=~shop.test", {"source": "other.test"}, {"source": "shop.test"}),
        ("/a.js$domain=shop.*", {"source": "www.shop.co.uk"}, {"source": "shop.x.co.uk"}),
        ("/a.js$domain=shop.*", {"source": "shop.test"}, {"source": "notshop.test"}),
        ("/a.js$domain=~shop.*", {"source": "other.test"}, {"source": "a.shop.test"}),
        ("$script,domain=shop.test", {"kind": "script"}, {"kind": "script", "source": "other.test"}),
        ("/a.js$script,third-party,domain=shop.test", {"kind": "script"}, {"kind": "script", "source": "x.test"}),
    ],
)
def test_options(rule, fits, fails):
    assert match(rule, "https://x.test/a.js", **fits) == rule
    assert match(rule, "https://x.test/a.js", **fails) is None


@pytest.mark.parametrize(
    ("rules", "hit"),
    [
        ("||x.test^\n@@||x.test/a.js", None),
        ("||x.test^\n@@||x.test/b.js", "||x.test^"),
        ("||x.test^\n@@||x.test^$script", "||x.test^"),
        ("||x.test^$important\n@@||x.test^", "||x.test^$important"),
        ("||x.test^$image\n||x.test^$badfilter,image", None),
        ("||x.test^$image,3p\n||x.test^$badfilter,third-party,img", None),
        ("||x.test^$image\n||x.test^$badfilter", "||x.test^$image"),
        ("@@||x.test^\n@@||x.test^$badfilter\n||x.test^", "||x.test^"),
    ],
)
def test_exceptions(rules, hit):
    assert match(rules, "https://x.test/a.js") == hit


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("||x.test^$popup", "option popup"),
        ("||x.test^$script,popup", "option popup"),
        ("||x.test^$removeparam=/^a$/", "option removeparam"),
        ("||x.test^$csp=script-src 'none'", "option csp"),
        ("||x.test^$denyallow=a.test", "option denyallow"),
        ("||x.test^$domain=shop*.test", "domains with wildcards"),
        ("||x.test^$third-party,~third-party", "options that contradict each other"),
        ("||x.test^$third-party=1", "option third-party"),
        ("||x.test^$script,~script", "options that contradict each other"),
        ("@@||x.test^$document", "exception for whole pages"),
        ("/a(?=b)/", "expression that RE2 does not know"),
        ("*$script", "would fit every address"),
        ("0.0.0.0 ads.test", "not a rule about addresses"),
    ],
)
def test_what_is_not_understood_is_set_aside_and_counted(rule, why):
    read = parse("list", rule)
    assert (read.rules, read.set_aside) == ((), {why: 1})


def test_a_list_with_all_that_is_no_rule():
    text = (
        "\ufeff[Adblock Plus 2.0]\r\n! Title: Trackers: all\r\n! Version: 202611\r\n\r\n# a remark\r\n"
        "||a.test^\r\n! Title: another\r\nshop.test##.ad\r\n##.ad\r\n#@#.ad\r\nshop.test#%#x()\r\n||b.test^$script"
    )
    read = parse("mine", text)
    assert [(rule.text, rule.list, rule.line) for rule in read.rules] == [
        ("||a.test^", "mine", 6),
        ("||b.test^$script", "mine", 12),
    ]
    assert (read.header["title"], read.header["version"], read.page_rules) == ("Trackers: all", "202611", 4)


def test_kinds_come_from_what_the_browser_says():
    told = [kind_of(r) for r in ("fetch", "xhr", "ping", "document", "manifest")]
    assert told == ["xmlhttprequest", "xmlhttprequest", "ping", "subdocument", "other"]
    assert kind_of("document", top=True) == "document"


def by_expression(source):
    """The same pattern as a regular expression: slow, but short."""
    ends = source.endswith("|")
    source = source[:-1] if ends else source
    start = "||" if source.startswith("||") else "|" if source.startswith("|") else ""
    parts = {"*": ".*", "^": r"(?:[^\w.%\-\u0080-\U0010ffff]|$)"}
    body = "".join(parts.get(c, re.escape(c)) for c in source[len(start) :])
    before = {"": "", "|": "^", "||": r"^[a-z]+://(?:[^/?#]*@)?(?:[^/?#]*\.)?"}[start]
    return re.compile(before + body + (r"\Z" if ends else ""), re.IGNORECASE)


ANCHORS = st.sampled_from(["", "|", "||"])
SOURCES = st.builds(
    "{}{}{}".format, ANCHORS, st.text("ab./^*?", min_size=1, max_size=8), st.sampled_from(["", "", "|"])
)
URLS = st.builds("https://{}/{}".format, st.text("ab", min_size=1).map(".".join), st.text("ab./?-", max_size=12))


@given(SOURCES.filter(lambda s: s.strip("|*^")), URLS)
def test_patterns_fit_what_the_expression_of_the_same_meaning_fits(source, url):
    assert pattern(source).fits(address(url)) == bool(by_expression(source).search(url))


@given(st.lists(SOURCES, max_size=12), URLS)
def test_the_index_finds_what_trying_all_rules_finds(sources, url):
    read = parse("list", "\n".join(sources))
    tried = any(r.expression.search(url) if r.expression else r.pattern().fits(address(url)) for r in read.rules)
    assert (Filters([read]).match(url, source="shop.test") is not None) == tried


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_breaks_it(line, url):
    Filters([parse("list", line)]).match(url, source="shop.test")


def long_list(count):
    hosts = [f"||t{i}.tracker{i % 977}.test^$third-party" for i in range(count * 2 // 3)]
    return "\n".join(hosts + [f"/track{i}/pixel-*.gif" for i in range(count // 3)])


def test_a_request_costs_the_same_with_a_long_list():
    def cost(filters):
        urls = [f"https://cdn{i}.shop.test/track{i}/a/pixel.gif?v={i}" for i in range(300)]
        best = float("inf")
        for _ in range(3):
            started = time.perf_counter()
            for url in urls:
                filters.match(url, source="shop.test", kind="image")
            best = min(best, time.perf_counter() - started)
        return best

    short, long = (Filters([parse("list", long_list(count))]) for count in (300, 30_000))
    assert cost(long) < 8 * cost(short), "100 times the rules"


def test_an_address_made_to_cost_time_costs_none():
    filters = Filters([parse("list", "*a*a*a*a*a*a*b\n/(a+)+b/\n^a^a^a^c")])

    def cost(length):
        started = time.perf_counter()
        assert filters.match("https://x.test/" + "a" * length + "&a" * length, source="shop.test") is None
        return time.perf_counter() - started

    cost(10)
    assert min(cost(40_000) for _ in range(3)) < 300 * max(min(cost(1000) for _ in range(3)), 1e-4), "40 times as long"
