"""Which addresses are pages of the site, and which of those are left alone."""

import pytest

from compliance.crawl import scope as module
from compliance.crawl.plan import CrawlPlan
from compliance.crawl.scope import Scope
from compliance.model.observation import Site
from compliance.model.spec import ScopeSpec, VisitorSpec
from compliance.model.visit import Session, VisitOutcome

HOME = "https://www.shop.test/"


def plan(start=HOME, policy="", **scope):
    return CrawlPlan(
        site=Site(start, policy_url=policy), scope=ScopeSpec(**scope), visitors=(VisitorSpec(),), aspects=frozenset(),
        sessions=(Session.FIRST,), seeds=(start,), delay=0, dwell=0, resolve=(), ignore_tls=(),
    )  # fmt: skip


def refusal(url, start=HOME, *, depth=0, text="", policy="", **scope):
    refused = Scope(plan(start, policy, **scope)).refuse(url, depth=depth, text=text)
    return refused and (VisitOutcome(refused.reason), refused.detail)


# ---- whose is it

STRATEGIES = ("same-domain", "same-hostname", "same-origin")


@pytest.mark.parametrize(
    ("start", "url", "in_domain", "on_host", "in_origin"),
    [
        (HOME, "https://www.shop.test/a?b#c", True, True, True),
        (HOME, "HTTPS://WWW.Shop.Test/a", True, True, True),
        (HOME, "https://www.shop.test:443/", True, True, True),
        (HOME, "https://www.shop.test.:443/", True, True, False),
        (HOME, "http://www.shop.test/", True, True, False),
        (HOME, "https://www.shop.test:8443/", True, True, False),
        (HOME, "https://shop.test/", True, False, False),
        (HOME, "https://blog.shop.test/", True, False, False),
        (HOME, "https://shop.test.evil.test/", False, False, False),
        (HOME, "https://www.shop.test@evil.test/", False, False, False),
        (HOME, "https://evil.test/www.shop.test/", False, False, False),
        (HOME, "https://notshop.test/", False, False, False),
        ("https://me.github.io/", "https://you.github.io/", False, False, False),
        ("https://a.co.uk/", "https://b.co.uk/", False, False, False),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", True, False, False),
        # On a bare name or address the port tells two sites apart.
        ("http://localhost:8000/", "http://localhost:8000/a", True, True, True),
        ("http://localhost:8000/", "http://localhost:9000/", False, True, False),
        ("http://localhost:8000/", "http://127.0.0.1:8000/", False, False, False),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/a", True, True, True),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:9000/", False, True, False),
        ("http://127.0.0.1:8000/", "http://127.0.0.2:8000/", False, False, False),
        ("http://[::1]:8000/", "http://[::1]:8000/a", True, True, True),
        ("http://[::1]:8000/", "http://[::1]:9000/", False, True, False),
        ("http://intranet/", "http://intranet/a", True, True, True),
        ("http://intranet/", "http://other/", False, False, False),
    ],
)
def test_whose_an_address_is(start, url, in_domain, on_host, in_origin):
    assert [Scope(plan(start, strategy=s)).on_site(url) for s in STRATEGIES] == [in_domain, on_host, in_origin]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(
    "url",
    [
        "", "#top", "/relative", "mailto:me@www.shop.test", "tel:+431234", "javascript:void(0)", "JavaScript:alert(1)",
        "data:text/html,x", "blob:https://www.shop.test/1", "about:blank", "file:///etc/passwd", "ftp://www.shop.test/",
        "ws://www.shop.test/", "intent://www.shop.test/#Intent;end", "view-source:https://www.shop.test/",
        "https:", "https://", "https:///www.shop.test/", "http://[bad", "http://[::1", "https://www.shop.test:port/",
        "https://www.shop.test:99999/", "https://[www.shop.test]/", "https://\ud800/",
    ],
)  # fmt: skip
def test_what_is_no_page_of_the_site_is_refused_without_a_fault(url, strategy):
    assert not Scope(plan(strategy=strategy)).on_site(url)


def test_the_policy_is_in_scope_wherever_it_is():
    policy = "https://legal.test/delete?x=1"
    scope = Scope(plan(policy=policy, strategy="same-origin", exclude=["*legal*"], depth=0))
    assert scope.on_site(policy)
    assert scope.refuse(policy, depth=9) is None
    assert not scope.on_site("https://legal.test/other")


# ---- include and exclude


@pytest.mark.parametrize(
    ("pattern", "url", "matches"),
    [
        ("/blog/*", "https://www.shop.test/blog/a", True),
        ("/blog/*", "https://www.shop.test/blog/", True),
        ("/blog/*", "https://www.shop.test/blog", False),
        ("/blog/*", "https://www.shop.test/en/blog/a", False),
        ("*/blog/*", "https://www.shop.test/en/blog/a", True),
        ("/*.pdf", "https://www.shop.test/a/b.pdf", True),
        ("/*.pdf", "https://www.shop.test/a/b.pdf?x", False),
        ("/a?b=*", "https://www.shop.test/a?b=1", True),
        ("/a?b=*", "https://www.shop.test/axb=1", False),
        ("https://blog.shop.test/*", "https://blog.shop.test/x", True),
        ("https://blog.shop.test/*", "https://www.shop.test/x", False),
        ("/a.b(c)[d]+$^|\\", "https://www.shop.test/a.b(c)[d]+$^|\\", True),
        ("/a.b", "https://www.shop.test/axb", False),
        ("*" * 40 + "z", "https://www.shop.test/" + "a" * 4000, False),
    ],
)
def test_globs(pattern, url, matches):
    excluded = (VisitOutcome.SKIPPED, f"excluded by {pattern}")
    assert refusal(url, exclude=[pattern]) == (excluded if matches else None)
    outside = (VisitOutcome.SKIPPED, "matches no pattern of include")
    assert refusal(url, include=[pattern]) == (None if matches else outside)


def test_one_of_several_includes_is_enough_and_exclude_wins():
    kept = Scope(plan(include=["/a/*", "/b/*"], exclude=["/b/x*"]))
    assert [kept.refuse(HOME + p) is None for p in ("a/1", "b/1", "b/x1", "c")] == [True, True, False, False]


# ---- what is not opened


def test_addresses_that_act_are_left_alone_and_say_why():
    assert refusal(f"{HOME}account/logout") == (VisitOutcome.BLOCKED_DESTRUCTIVE, "opening it would act: logout")
    assert refusal(f"{HOME}p?id=5", text="Löschen")[0] is VisitOutcome.BLOCKED_DESTRUCTIVE
    assert refusal(f"{HOME}blog/how-to-delete-cookies", text="How to delete cookies") is None
    assert refusal(f"{HOME}docs/sql-delete.html", text="DELETE") is None


@pytest.mark.parametrize("path", ["a.zip", "logo.PNG", "app.js", "style.css?v=3", "film.mp4", "font.woff2"])
def test_files_are_no_pages(path):
    assert refusal(HOME + path) == (VisitOutcome.SKIPPED, "a file, not a page")


@pytest.mark.parametrize("path", ["terms.pdf", "a.html", "a.php", "v1.2", "zip", "x.zip/", "a?file=b.zip"])
def test_pages_that_look_a_little_like_files(path):
    assert refusal(HOME + path) is None


def test_depth_and_length():
    assert refusal(f"{HOME}a", depth=3) is None
    assert Scope(plan(depth=2)).refuse(f"{HOME}a", depth=3).detail == "more than 2 clicks away"
    long = Scope(plan()).refuse(HOME + "a" * 100_000)
    assert (long.reason, len(long.url)) == (VisitOutcome.SKIPPED, module.MAX_URL)


# ---- traps


def let_in(addresses, **scope):
    made = Scope(plan(**scope))
    return [url for url in addresses if made.refuse(url) is None]


def test_a_calendar_ends(monkeypatch):
    monkeypatch.setattr(module, "MAX_PER_PATH_SHAPE", 50)
    days = [f"{HOME}calendar/{y}/{m:02}" for y in range(1900, 2100) for m in range(1, 13)]
    assert len(let_in(days)) == 50
    refused = [Scope(plan()).refuse(url) for url in days[:60]]
    assert refused == [None] * 50 + refused[50:], "each of them on its own is a page"


def test_facets_end(monkeypatch):
    monkeypatch.setattr(module, "MAX_PER_QUERY_SHAPE", 5)
    facets = [f"{HOME}list?color={c}&size={s}" for c in "abcdef" for s in "xyz"]
    orders = [f"{HOME}list?size={s}&color={c}" for c in "ghi" for s in "xyz"]
    assert len(let_in(facets + orders)) == 5, "the order of the parameters makes no new shape"
    assert len(let_in([*facets, f"{HOME}list?color=a", f"{HOME}list"])) == 7


@pytest.mark.parametrize(
    "pattern",
    [
        "{home}p?sid={n:032x}",
        "{home}p;jsessionid={n:X}Z",
        "{home}s/{n:032x}/p",
        "{home}s/{n:08x}-0000-4000-8000-{n:012x}/p",
        "{home}s/{n}/p",
    ],
)
def test_session_ids_end(monkeypatch, pattern):
    monkeypatch.setattr(module, "MAX_PER_PATH_SHAPE", 20)
    monkeypatch.setattr(module, "MAX_PER_QUERY_SHAPE", 20)
    start = 0xABCDEF00
    assert len(let_in([pattern.format(home=HOME, n=n) for n in range(start, start + 60)])) == 20


def test_a_path_that_repeats_itself_ends():
    assert refusal(f"{HOME}a/bb/a/bb/a/bb") is None
    assert refusal(HOME + "bb/" * 4) == (VisitOutcome.TRAP_CAP, "the path repeats bb")
    assert refusal(HOME + "/".join(f"s{n}" for n in range(21)))[0] is VisitOutcome.TRAP_CAP


def test_a_link_on_every_page_is_one_address(monkeypatch):
    monkeypatch.setattr(module, "MAX_PER_PATH_SHAPE", 30)
    monkeypatch.setattr(module, "MAX_PER_QUERY_SHAPE", 30)
    links = [f"{HOME}p/{n}" for n in range(25)] + [f"{HOME}list?page={n}" for n in range(25)]
    assert len(let_in(links * 40)) == len(links) * 40


def test_a_trap_says_its_shape(monkeypatch):
    monkeypatch.setattr(module, "MAX_PER_PATH_SHAPE", 1)
    made = Scope(plan())
    assert made.refuse(f"{HOME}day/1") is None
    refused = made.refuse(f"{HOME}day/2", found_on=HOME)
    assert (refused.reason, refused.found_on) == (VisitOutcome.TRAP_CAP, HOME)
    assert refused.detail == "more than 1 addresses of the shape /day/#"


@pytest.mark.parametrize(
    ("url", "passable"),
    [
        ("https://hop.test/in?u=1", True), ("http://hop.test:8080/", True), ("https://8.8.8.8/", True),
        ("https://[2606:4700::1111]/", True), ("http://127.0.0.1/", False), ("http://169.254.169.254/x", False),
        ("http://10.0.0.1/", False), ("http://[::1]/", False), ("http://[::ffff:127.0.0.1]/", False),
        ("http://intranet/", False), ("http://localhost./", False), ("http://router.lan/", False),
        ("http://printer.local/", False), ("http://metadata.google.internal/", False), ("file:///etc", False),
        ("https://hop.test/unsubscribe/7", False), ("https://hop.test/account/delete", False),
    ],
)  # fmt: skip
def test_what_may_be_gone_through(url, passable):
    assert Scope(plan()).passable(url) is passable
