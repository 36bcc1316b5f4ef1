"""A tab ends every visit in one outcome of the closed list, and reads pages that would rather not be read."""

import asyncio
import time
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from compliance.browser import passage
from compliance.browser.drive import Tab
from compliance.browser.launch import DISABLED_FEATURES, BrowserSession, LaunchOptions, driver
from compliance.browser.passage import THROUGH
from compliance.browser.resolve import resolve
from compliance.demo import DemoSite
from compliance.model.spec import VisitorSpec
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome
from compliance.settings import Settings
from tests.sites import LocalSite, Page, hang, redirect

pytestmark = pytest.mark.browser
O = VisitOutcome  # noqa: E741


def _broken_off(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>Half a page")
    handler.wfile.flush()
    handler.connection.close()


def _slow_image(handler):
    time.sleep(20)


PAGES = {
    "/": "<title>Home</title><p>Hello</p><a href='/b'>Next</a>",
    "/404": Page("<p>gone", 404),
    "/500": Page("<p>broken", 500),
    "/401": Page("<p>who", 401, headers=[("WWW-Authenticate", 'Basic realm="x"')]),
    "/204": Page("", 204),
    "/pdf": Page(b"%PDF-1.4", type="application/pdf"),
    "/json": Page("{}", type="application/json"),
    "/zip": Page(b"PK", type="application/octet-stream"),
    "/attached": Page(b"a,b", type="text/csv", headers=[("Content-Disposition", "attachment; filename=../../x")]),
    "/hang": hang(20),
    "/cut": Page(raw=_broken_off),
    "/loop": redirect("/loop"),
    "/away": redirect("http://localhost:1/elsewhere"),
    "/to-file": redirect("file:///etc/passwd"),
    "/alerts": "<script>for(;;)alert(1)</script>",
    "/spin": "<p>x</p><script>while(1);</script>",
    "/reload": "<script>location.replace('/reload?' + Math.random())</script>",
    "/slow-image": "<p>Words</p><a href='/b'>b</a><img src='/image'>",
    "/image": Page(raw=_slow_image),
    "/wall": Page("<title>Just a moment...</title><p>checking", 403),
}


class _Bench:
    """One browser for a test; `visit` opens a fresh tab."""

    def __init__(self, site, profile):
        self.site, self.profile = site, profile

    def visit(self, path, *, aspects=frozenset(Aspect), decide=None, deadline=6.0, dwell=0.5):
        async def work():
            async with async_playwright() as playwright:
                options = LaunchOptions(resolve(Settings()))
                async with await BrowserSession.start(playwright, options, self.profile, VisitorSpec(), 156) as browser:
                    tab = await Tab.open(browser, aspects, set())
                    url = path if path.startswith("http") else self.site.url.rstrip("/") + path
                    visit = Visit("v", "visitor", Session.FIRST, url, VisitOutcome.LOST)
                    here = ("127.0.0.1", "no-such")
                    allow = decide or (lambda u: "" if any(h in u for h in here) else "blocked_scope: elsewhere")
                    begin = time.monotonic()
                    made, picture, routes = await tab.visit(visit, deadline=deadline, decide=allow, dwell=dwell)
                    return made, picture, routes, time.monotonic() - begin

        return asyncio.run(work())


@pytest.fixture
def bench(tmp_path):
    with LocalSite(PAGES) as site:
        yield _Bench(site, tmp_path / "profile")


@pytest.mark.parametrize(
    ("path", "outcome", "said"),
    [
        ("/", O.OK, ""),
        ("/404", O.HTTP_ERROR, "HTTP 404"),
        ("/500", O.HTTP_ERROR, "HTTP 500"),
        ("/401", O.AUTH_REQUIRED, "401"),
        ("/204", O.NO_CONTENT, "204"),
        ("/pdf", O.OK_NON_HTML, "application/pdf"),
        ("/json", O.OK_NON_HTML, ""),
        ("/zip", O.DOWNLOAD, ""),
        ("/attached", O.DOWNLOAD, "text/csv"),
        ("/hang", O.TIMEOUT, "no answer in 3 s"),
        ("/cut", O.PARTIAL, "broke off"),
        ("/loop", O.REDIRECT_LOOP, "TOO_MANY_REDIRECTS"),
        ("/away", O.BLOCKED_SCOPE, "elsewhere"),
        ("/to-file", O.BLOCKED_SCOPE, ""),
        ("/alerts", O.DIALOG_LOOP, "dialogs"),
        ("/spin", O.UNRESPONSIVE, ""),
        ("/reload", O.NAV_LOOP, "navigations"),
        ("/wall", O.BLOCKED_BY_SITE, "403"),
        ("http://127.0.0.1:9/", O.NET_ERROR, "ERR_"),
        ("http://no-such-host.invalid/", O.NET_ERROR, "NAME_NOT_RESOLVED"),
    ],
)
def test_every_visit_ends_in_its_outcome(bench, path, outcome, said):
    visit, *_ = bench.visit(path, deadline=3.0)
    assert (visit.outcome, said in visit.error) == (outcome, True), visit.error


def test_a_redirect_out_of_scope_is_never_followed(bench):
    with LocalSite({"/elsewhere": "<p>reached"}) as other:
        bench.site.add("/away", redirect(f"{other.other}elsewhere"))
        visit, *_ = bench.visit("/away")
        assert visit.outcome is O.BLOCKED_SCOPE
        assert not other.hits


def through_elsewhere(url):
    return "" if "127.0.0.1" in url else THROUGH


def test_an_address_that_may_only_be_gone_through(bench):
    with LocalSite({"/page": "<script>fetch('/ran')</script>"}) as other:
        other.add("/in", redirect(f"{bench.site.url}404", headers=[("Set-Cookie", "a=1; Max-Age=99")]))
        bench.site.add("/through", redirect(f"{other.other}in"))
        visit, *_ = bench.visit("/through", decide=through_elsewhere)
        assert (visit.outcome, visit.final_url) == (O.HTTP_ERROR, f"{bench.site.url}404")
        assert [r.status for r in visit.requests if r.resource == "document"] == [302, 302, 404]
        assert [c.name for c in visit.set_cookies] == [c.name for c in visit.jar] == ["a"]
        assert dict(other.hits) == {"/in": 1}


def test_what_a_way_that_does_not_come_back_did_to_the_jar_is_undone(bench):
    with LocalSite() as other:
        set_all = [("Set-Cookie", "known=2; Max-Age=99"), ("Set-Cookie", "new=1; Max-Age=99"), ("Set-Cookie", "s=1")]
        other.add("/in", redirect("/page", headers=set_all))
        other.add("/page", Page("<script>fetch('/ran')</script>", headers=[("Set-Cookie", "gone=; Max-Age=0")]))
        given = [("Set-Cookie", "known=1; Max-Age=99"), ("Set-Cookie", "gone=1; Max-Age=99")]
        other.add("/back", redirect(bench.site.url, headers=given))
        bench.site.add("/away", redirect(f"{other.other}in"))
        bench.site.add("/bounce", redirect(f"{other.other}back"))
        first, *_ = bench.visit("/bounce", decide=through_elsewhere)
        assert {(c.name, c.value) for c in first.jar} == {("known", "1"), ("gone", "1")}
        visit, *_ = bench.visit("/away", decide=through_elsewhere)
        assert (visit.outcome, "/page, outside the scope" in visit.error) == (O.BLOCKED_SCOPE, True)
        assert {(c.name, c.value) for c in visit.jar} == {("known", "1"), ("gone", "1")}
        assert all(c.expires for c in visit.jar)
        assert not visit.set_cookies, "they are not the site's doing"
        assert dict(other.hits) == {"/back": 1, "/in": 1, "/page": 1}, "the page was answered, and not opened"


def test_ways_that_nobody_answers_or_that_would_send_data_are_not_gone(bench, monkeypatch):
    monkeypatch.setattr(passage, "PATIENCE", 0.4)
    with LocalSite({"/slow": hang(5)}) as other:
        bench.site.add("/refused", redirect("http://localhost:9/"))
        bench.site.add("/slow", redirect(f"{other.other}slow"))
        form = f"<form method=post action={other.other}post><input name=a value=b></form>"
        bench.site.add("/sends", f"{form}<script>document.forms[0].submit()</script>")
        for path, said in (("/refused", "no answer"), ("/slow", "is slow"), ("/sends", "send data")):
            visit, *_ = bench.visit(path, decide=through_elsewhere)
            assert (visit.outcome, said in visit.error) == (O.BLOCKED_SCOPE, True), (path, visit)
        assert dict(other.hits) == {"/slow": 1}


def test_what_has_loaded_is_read_when_an_image_never_comes(bench):
    visit, *_ = bench.visit("/slow-image", deadline=2.0)
    assert visit.outcome is O.PARTIAL
    assert "/image" in visit.error
    assert [link.text for link in visit.links] == ["b"]


def test_a_page_that_replaces_the_natives_is_read_all_the_same(bench):
    bench.site.add(
        "/liar",
        "<a href='/b'>real</a><form action='/send'><input name=email></form><script>"
        "document.cookie='id=123456; max-age=999999'; localStorage.setItem('k', 'v');"
        "JSON.stringify = () => '[]'; JSON.parse = () => null; Array.from = () => []; Array.prototype.map = () => [];"
        "Document.prototype.querySelectorAll = () => []; Element.prototype.querySelectorAll = () => [];"
        "Object.defineProperty(window, 'localStorage', {get: () => ({length: 0})});"
        "Object.defineProperty(document, 'cookie', {get: () => ''});</script>",
    )
    visit, *_ = bench.visit("/liar")
    assert [link.text for link in visit.links] == ["real"]
    assert [f.name for form in visit.forms for f in form.fields] == ["email"]
    assert [(i.key, i.value) for i in visit.storage] == [("k", "v")]
    assert [c.name for c in visit.jar] == ["id"]
    [write] = visit.set_cookies
    assert (write.set_by, write.name, write.lifetime) == ("script", "id", 999999)


def test_a_hooked_setter_does_not_look_hooked(bench):
    bench.site.add(
        "/curious",
        "<script>const d = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');"
        "document.title = [String(d.set), d.set.name, d.set.length, String(Function.prototype.toString),"
        " Object.keys(window).filter(k => /^b[0-9a-f]{16}$/.test(k)).length].join('|')</script>",
    )
    visit, *_ = bench.visit("/curious")
    assert visit.title == (
        "function set cookie() { [native code] }|set cookie|1|function toString() { [native code] }|0"
    )


def test_cookies_that_the_browser_refuses_are_attempts_with_the_reason(bench):
    bench.site.add("/refused", Page("<p>x", headers=[("Set-Cookie", "a=1; Domain=evil.test"), ("Set-Cookie", "b=2")]))
    visit, *_ = bench.visit("/refused")
    assert {(c.name, bool(c.blocked)) for c in visit.set_cookies} == {("a", True), ("b", False)}
    assert [c.name for c in visit.jar] == ["b"]


def test_requests_of_workers_frames_late_scripts_and_leaving_are_recorded(bench):
    bench.site.add(
        "/busy",
        "<iframe src='/frame'></iframe><script>new Worker('/worker.js'); setTimeout(() => fetch('/late', "
        "{method: 'POST', body: 'x=1'}), 300);"
        "addEventListener('pagehide', () => navigator.sendBeacon('/bye', 'gone'))</script>",
    )
    bench.site.add("/frame", "<p>in</p><img src='/in-frame.png'>")
    bench.site.add("/worker.js", Page("fetch('/from-worker')", type="text/javascript"))
    visit, *_ = bench.visit("/busy", dwell=1.0)
    seen = {r.url.rpartition("/")[2]: r for r in visit.requests}
    assert {"busy", "frame", "in-frame.png", "worker.js", "from-worker", "late", "bye"} <= set(seen)
    assert (seen["late"].method, seen["late"].body) == ("POST", "x=1")
    assert (seen["bye"].body, seen["bye"].induced) == ("gone", True)
    assert seen["in-frame.png"].frame.endswith("/frame")


def test_every_hop_of_a_redirect_is_a_request_with_its_cookies(bench):
    bench.site.add("/one", redirect("/two", headers=[("Set-Cookie", "hop=1")]))
    bench.site.add("/two", redirect("/"))
    visit, *_ = bench.visit("/one")
    assert [(r.url.rpartition("/")[2], r.status) for r in visit.requests if r.resource == "document"] == [
        ("one", 302),
        ("two", 302),
        ("", 200),
    ]
    assert visit.final_url == bench.site.url
    assert [c.name for c in visit.set_cookies] == ["hop"]
    assert all(r.whole_page for r in visit.requests if r.resource == "document")


def test_where_the_window_goes_is_told_from_where_its_frames_go(bench):
    bench.site.add("/moves", "<iframe src=/framed></iframe><script>setTimeout(() => location = '/there', 200)</script>")
    bench.site.add("/framed", redirect("/in-frame"))
    bench.site.add("/in-frame", "<p>x")
    bench.site.add("/there", "<p>y")
    visit, *_ = bench.visit("/moves")
    documents = {r.url.rpartition("/")[2]: r.whole_page for r in visit.requests if r.resource == "document"}
    assert documents == {"moves": True, "framed": False, "in-frame": False, "there": True}


def test_forms_are_described_as_people_meet_them(bench):
    bench.site.add(
        "/form",
        "<style>.must::after{content:' *'}</style><form action='/send' method=post><h2>Write to us</h2>"
        "<label class=must for=n>Your name</label><input id=n name=name autocomplete=name>"
        "<label>E-mail (optional) <input type=email name=mail></label>"
        "<input name=website style='position:absolute;left:-9999px' tabindex=-1>"
        "<label><input type=checkbox name=news checked> News</label>"
        "<label>Land <select name=country required><option value=''>-</select></label><button>Send</button></form>"
        "<div><input type=email placeholder='Your e-mail'><button>Join</button></div>",
    )
    visit, *_ = bench.visit("/form")
    form, group = visit.forms
    fields = {f.name: f for f in form.fields}
    assert (form.action, form.method, form.submit_text) == (f"{bench.site.url}send", "post", "Send")
    assert fields["name"].label == "Your name"
    assert fields["name"].marked_required, "the asterisk is made by the style sheet"
    assert not fields["name"].required
    assert fields["mail"].marked_optional
    assert not fields["website"].visible
    assert fields["news"].checked
    assert fields["country"].value_missing
    assert group.formless
    assert group.fields[0].label == "Your e-mail"


def test_links_come_with_their_names_and_surroundings(bench):
    bench.site.add(
        "/links",
        "<footer><p>Read our <a href='/privacy'>privacy policy</a> please.</p></footer>"
        "<a href='https://x.test/' aria-label='X, external'><img src='/i.png' alt=logo></a>"
        "<a href='/hidden' style='display:none'>hidden</a><script>"
        "document.body.attachShadow; const d = document.createElement('div'); document.body.append(d);"
        "d.attachShadow({mode: 'open'}).innerHTML = '<a href=/shadow>in the shadow</a>';"
        "history.pushState({}, '', '/pushed');</script>",
    )
    visit, _, routes, _ = bench.visit("/links")
    links = {link.href.rpartition("/")[2] or link.href: link for link in visit.links}
    assert links["privacy"].landmark == "footer"
    assert links["privacy"].context == "Read our privacy policy please."
    assert links["https://x.test/"].text == "X, external"
    assert not links["hidden"].visible
    assert links["shadow"].text == "in the shadow"
    assert routes == [f"{bench.site.url}pushed"]
    assert visit.final_url == f"{bench.site.url}links", "what a script writes into the address bar is no redirect"


def test_only_what_is_asked_for_is_recorded(bench):
    visit, *_ = bench.visit("/", aspects=frozenset({Aspect.LINKS}))
    assert visit.links
    assert (visit.requests, visit.jar, visit.storage, visit.forms, visit.text) == (None,) * 5


def test_closing_the_browser_ends_the_session_and_keeps_the_rest(bench):
    bench.site.add(
        "/store",
        Page(
            "<script>if (!localStorage.length) localStorage.a = 1; document.title = Object.keys(sessionStorage) + '';"
            "sessionStorage.b = 1</script>",
            headers=[("Set-Cookie", "s=1"), ("Set-Cookie", "p=1; Max-Age=9999")],
        ),
    )
    bench.visit("/store")
    bench.site.add("/look", "<p>x")
    visit, *_ = bench.visit("/look")
    assert [c.name for c in visit.jar] == ["p"]
    assert [(i.kind, i.key) for i in visit.storage] == [("local", "a")]


def test_the_features_switched_off_contain_playwrights_own(tmp_path):
    """Chromium takes only the last list; a newer Playwright that adds one must show here."""

    async def command_line():
        async with async_playwright() as playwright:
            context = await playwright.chromium.launch_persistent_context(
                tmp_path / "own", executable_path=resolve(Settings()).path, args=["--remote-debugging-port=0"]
            )
            marker = f"--user-data-dir={tmp_path / 'own'}".encode()
            lines = [p.read_bytes().split(b"\0") for p in Path("/proc").glob("[0-9]*/cmdline") if _alive(p)]
            await context.close()
            return next(line for line in lines if marker in line)

    [features] = [a for a in asyncio.run(command_line()) if a.startswith(b"--disable-features=")]
    missing = set(features.decode().partition("=")[2].split(",")) - set(DISABLED_FEATURES)
    assert not missing


def _alive(path):
    try:
        return bool(path.read_bytes())
    except OSError:
        return False


def _demo_visit(profile, ignore_tls):
    async def work():
        with DemoSite() as demo:
            async with driver() as playwright:
                options = LaunchOptions(resolve(Settings()), demo.resolve, ignore_tls)
                async with await BrowserSession.start(playwright, options, profile, VisitorSpec(), 156) as browser:
                    tab = await Tab.open(browser, frozenset({Aspect.LINKS}), set())
                    planned = Visit("v", "visitor", Session.FIRST, demo.url, VisitOutcome.LOST)
                    return (await tab.visit(planned, deadline=6, decide=lambda _: "", dwell=0.2))[0]

    return asyncio.run(work())


def test_a_certificate_that_nobody_vouches_for_is_an_outcome(tmp_path):
    assert _demo_visit(tmp_path / "none", ()).outcome is O.TLS_ERROR
    assert _demo_visit(tmp_path / "other", ("*.other.test",)).outcome is O.TLS_ERROR
    assert _demo_visit(tmp_path / "named", ("*.test",)).outcome is O.OK
