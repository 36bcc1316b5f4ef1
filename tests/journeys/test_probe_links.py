# ruff: noqa: E501
"""What a click on an external link does, and proof that its destination is never contacted."""

import pytest

from compliance.demo import DemoSite

from .benches import FIRST, Server

#: Dozens of pages are tried in one fixture.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("links")]

OUT = "http://elsewhere.test/page?x=1"


def page(link, script=""):
    return f"<!doctype html><title>Links</title><p>See {link} there.</p><script>{script}</script>"


ON_CLICK = "document.querySelector('a').addEventListener('click', (event) => { %s });"
PAGES = {
    "/plain": page(f'<a href="{OUT}">elsewhere</a>'),
    "/blank": page(f'<a href="{OUT}" target="_blank" rel="noopener">elsewhere</a>'),
    "/scripted": page(f'<a href="{OUT}">elsewhere</a>', ON_CLICK % f"event.preventDefault(); window.open('{OUT}');"),
    "/mousedown": page(f'<a href="{OUT}">elsewhere</a>', "document.querySelector('a').addEventListener('mousedown',"
        " (event) => { event.target.href = 'http://counter.test/out?to=' + encodeURIComponent(event.target.href); });"),
    "/confirm": page(f'<a href="{OUT}">elsewhere</a>', ON_CLICK % "if (!confirm('You are leaving our site.')) event.preventDefault();"),
    "/dialog": page(f'<a href="{OUT}">elsewhere</a><dialog>You are leaving for elsewhere.test <button>Go</button></dialog>',
        ON_CLICK % "event.preventDefault(); document.querySelector('dialog').showModal();"),
    "/aria": page(f'<a href="{OUT}">elsewhere</a><div role="dialog" id="d" hidden>External site: we are not responsible.</div>',
        ON_CLICK % "event.preventDefault(); d.hidden = false;"),
    "/box": page(f'<a href="{OUT}">elsewhere</a><div id="d" style="display:none;position:fixed;inset:100px;background:#fff">Leaving us?</div>',
        ON_CLICK % "event.preventDefault(); d.style.display = 'block';"),
    "/interstitial": page(f'<a href="{OUT}">elsewhere</a>', ON_CLICK % "event.preventDefault(); location = '/leave?to=' + event.target.href;"),
    "/interstitial-blank": page(f'<a href="{OUT}">elsewhere</a>', ON_CLICK % "event.preventDefault(); window.open('/leave?to=x');"),
    "/redirected": page(f'<a href="{OUT}">elsewhere</a>', ON_CLICK % "event.preventDefault(); location = '/go';"),
    "/passed-on": page(f'<a href="{OUT}">elsewhere</a>', ON_CLICK % "event.preventDefault(); location = '/hop';"),
    "/dead": page(f'<a href="{OUT}">elsewhere</a>', ON_CLICK % "event.preventDefault();"),
    "/covered": page(f'<a href="{OUT}">elsewhere</a><div style="position:fixed;inset:0;background:#0004">Cookies?</div>'),
    "/posting": page(f'<a href="{OUT}" ping="/ping">elsewhere</a>', ON_CLICK % "navigator.sendBeacon('/clicked', 'x'); fetch('http://counter.test/c', {method: 'POST'});"),
    "/speculative": page(f'<a href="{OUT}">elsewhere</a>') + '<link rel="prefetch" href="http://elsewhere.test/prefetch">'
        '<script type="speculationrules">{"prefetch":[{"urls":["http://elsewhere.test/spec"],"eagerness":"immediate"}],'
        '"prerender":[{"where":{"href_matches":"/*"},"eagerness":"moderate"}]}</script><img src="http://elsewhere.test/logo.png">',
    "/late": page(f'<a href="{OUT}">elsewhere</a>', ON_CLICK % f"setTimeout(() => {{ location = '{OUT}&late=1'; }});"),
    "/linker": page(f'<a href="{OUT}">elsewhere</a>', """
        sessionStorage.s = 'session-' + Math.random();
        addEventListener('pointerdown', () => { document.cookie = 'c=cookie-' + Math.random() + '; max-age=99'; }, true);
        document.onclick = (event) => {
          const a = event.target, plain = a.href;
          a.href += '&c=' + document.cookie.slice(2) + '&s=' + sessionStorage.s + '#f';
          setTimeout(() => { a.href = plain; });
        };"""),
    "/drawn": page('<a href="x">elsewhere</a>', "document.querySelector('a').href = 'http://elsewhere.test/page?x=' + Math.random();"),
    "/buried": page(f'<a href="{OUT}">elsewhere</a>' + '<div style="position:fixed;inset:0"></div>' * 25),
    "/leave": "<!doctype html><title>Leaving</title><h1>You are leaving shop.test</h1><p>Go on to elsewhere.test? We do not answer for it.</p>",
    "/go": ("redirect", OUT),
    "/hop": f"<!doctype html><title>…</title><script>location.replace('{OUT}')</script>",
}  # fmt: skip
RESULTS = {
    "/plain": "left", "/blank": "left", "/scripted": "left", "/mousedown": "left", "/redirected": "left", "/passed-on": "left",
    "/posting": "left", "/speculative": "left", "/confirm": "dialog", "/dialog": "dialog", "/aria": "dialog", "/box": "dialog",
    "/interstitial": "same_site_page", "/interstitial-blank": "same_site_page", "/dead": "nothing", "/covered": "left",
    "/late": "left", "/linker": "left", "/drawn": "left", "/buried": "left",
}  # fmt: skip


def url(path):
    return f"http://{FIRST}{path}"


@pytest.fixture(scope="module")
def tried(bench):
    found = {}
    arrived = []
    with Server(PAGES) as server:
        # The crawl's own log is emptied before probing; the same destination on every page is probed once per page here.
        probes = bench.run([url(p) for p in RESULTS], server.resolve, server.log, what="links", every=True, at_once=3)
        arrived += server.log
    for probe in probes:
        found[probe.page.removeprefix(f"http://{FIRST}")] = probe
    return found, arrived


@pytest.mark.parametrize(("path", "result"), RESULTS.items())
def test_result(tried, path, result):
    probe = tried[0][path]
    assert probe.result == result, probe
    assert probe.href == OUT or path == "/drawn"


def test_notices_are_the_words_the_visitor_sees(tried):
    notices = {path: probe.notice for path, probe in tried[0].items()}
    assert notices["/confirm"] == "You are leaving our site."
    assert notices["/dialog"] == "You are leaving for elsewhere.test Go"
    assert notices["/aria"] == "External site: we are not responsible."
    assert notices["/box"] == "Leaving us?"
    for path in ("/interstitial", "/interstitial-blank"):
        assert notices[path] == "You are leaving shop.test Go on to elsewhere.test? We do not answer for it."
    assert notices["/plain"] == ""


def test_the_address_that_the_browser_went_for_is_recorded(tried):
    went = {path: probe.went for path, probe in tried[0].items()}
    for path in ("/plain", "/blank", "/scripted", "/redirected", "/passed-on", "/covered"):
        assert went[path] == (OUT,), path
    assert went["/mousedown"] == ("http://counter.test/out?to=http%3A%2F%2Felsewhere.test%2Fpage%3Fx%3D1",)
    assert went["/late"][-1] == f"{OUT}&late=1", "the page changed its mind while the server took its time"
    assert went["/dialog"] == went["/dead"] == went["/interstitial"] == ()


def test_what_was_added_is_found_in_what_the_visitor_kept_at_that_moment(tried):
    probe = tried[0]["/linker"]
    (kept,), (item,) = probe.cookies, [one for one in probe.storage if one.key == "s"]
    assert (probe.stood, probe.by, item.kind) == (OUT, "mouse", "session")
    assert probe.went == (f"{OUT}&c={kept.value}&s={item.value}#f",)
    assert tried[0]["/plain"].cookies == tried[0]["/plain"].storage == ()
    assert tried[0]["/dead"].cookies is None


def test_a_link_whose_address_is_drawn_anew_is_found_again(tried):
    probe = tried[0]["/drawn"]
    assert probe.stood != probe.href
    assert probe.went == (probe.stood,)


def test_the_mouse_presses_through_what_lies_over_a_link(tried):
    assert tried[0]["/covered"].by == "mouse"
    assert tried[0]["/buried"].by == "keyboard"


def test_destination_and_counters_were_never_contacted_and_nothing_was_posted(tried):
    assert {host for _, host, _, _, _ in tried[1]} == {FIRST}
    assert {method for method, _, _, _, _ in tried[1]} == {"GET"}


def test_dialogs_have_a_picture(tried, bench):
    assert bench.blobs[tried[0]["/dialog"].screenshot].startswith(b"\xff\xd8")


def test_demo_site_leaves_at_once(bench):
    with DemoSite() as site:
        log = list(site.log)
        probes = bench.run(
            ["https://www.spaceo.test/portfolio"], site.resolve, log, what="links", ignore_tls=site.ignore_tls
        )
        crawled = {(r.host, r.path) for r in site.log if r.host != "www.spaceo.test"}
    assert probes
    assert {probe.result for probe in probes} == {"left"}
    assert not {host for host, _ in crawled} & {probe.href.split("/")[2] for probe in probes}
