"""Pages that replace what a collector would call: the record is that of the same page without the lie."""

import asyncio
from dataclasses import replace

import pytest

from compliance.browser.drive import Tab
from compliance.browser.launch import BrowserSession, LaunchOptions, driver
from compliance.browser.resolve import resolve
from compliance.model.spec import VisitorSpec
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome
from compliance.settings import Settings
from tests.sites import LocalSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("lies")]

LIES = {
    "JSON": "JSON.stringify = () => '{}'; JSON.parse = () => null;",
    "arrays": "Array.from = () => []; Array.prototype.map = () => []; Array.prototype.push = () => 0;"
    "Array.prototype[Symbol.iterator] = function* () {};",
    "selectors": "for (const p of [Document, Element, DocumentFragment]) { p.prototype.querySelectorAll = () => [];"
    "p.prototype.querySelector = () => null; } Document.prototype.getElementsByTagName = () => [];",
    "links": "for (const n of ['href', 'protocol', 'hash']) Object.defineProperty(HTMLAnchorElement.prototype, n,"
    "{get: () => 'https://lie.test/'}); Object.defineProperty(Document.prototype, 'links', {get: () => []});"
    "Element.prototype.getAttribute = () => 'lie';",
    "cookies": "Object.defineProperty(document, 'cookie', {get: () => '', set: () => true});",
    "storage": "Storage.prototype.getItem = () => null; Storage.prototype.key = () => null;"
    "Object.defineProperty(Storage.prototype, 'length', {get: () => 0});"
    "Object.defineProperty(window, 'localStorage', {get: () => ({length: 0})});",
    "text": "for (const p of [Node, HTMLElement]) for (const n of ['textContent', 'innerText']) Object.defineProperty("
    "p.prototype, n, {get: () => 'lie', configurable: true});",
    "forms": "Object.defineProperty(HTMLFormElement.prototype, 'elements', {get: () => []});"
    "for (const n of ['required', 'name', 'type', 'labels']) Object.defineProperty(HTMLInputElement.prototype, n,"
    "{get: () => ''}); HTMLInputElement.prototype.checkValidity = () => true;",
    "functions": "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => () => 0;"
    "Reflect.apply = () => 0; Object.keys = () => []; Object.getOwnPropertyDescriptor = () => undefined;",
    "time and promises": "Date.now = () => 0; performance.now = () => 0;"
    "Promise.prototype.then = () => new Promise(() => 0);"
    "window.Promise = function () {}; window.setTimeout = () => 0; window.requestAnimationFrame = () => 0;",
    "events": "EventTarget.prototype.addEventListener = () => 0; EventTarget.prototype.dispatchEvent = () => true;"
    "window.Event = function () {}; Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'});",
    "size": "Element.prototype.getBoundingClientRect = () => ({width: 0, height: 0, top: 0, left: 0});"
    "window.getComputedStyle = () => ({display: 'none', visibility: 'hidden'});"
    "Element.prototype.checkVisibility = () => false; Element.prototype.attachShadow = () => null;",
}

PAGE = """<title>Shop</title><p>We sell <a href="/a" rel=nofollow>things</a> and <a href="http://localhost:1/b">more</a>.</p>
<form action="/send" method="post"><label>E-mail <input name="email" type="email" required></label>
<label>Message <textarea name="text"></textarea></label><button>Send</button></form><iframe src="/frame"></iframe>
<script>document.cookie = 'written=1; Max-Age=1000'; localStorage.kept = 'x'; sessionStorage.seen = 'y';
document.body.attachShadow && document.querySelector('p').insertAdjacentHTML('afterend', '<div></div>');
document.querySelector('div').attachShadow({mode: 'open'}).innerHTML = '<a href="/deep">deep</a>';
fetch('/fetched'); addEventListener('pagehide', () => navigator.sendBeacon('/bye', 'b'));</script>
<script>%s</script><script>fetch('/after')</script>"""
#: What of a record is the page's doing, not the moment's.
TOLD = frozenset({Aspect.LINKS, Aspect.FORMS, Aspect.TEXT, Aspect.STORAGE, Aspect.COOKIES, Aspect.REQUESTS})


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Name of the lie → its visit; each visited by a visitor of its own, so that all begin with nothing."""
    made = {}

    async def main(site):
        async with driver() as playwright:
            for n, (name, lie) in enumerate({"": "", **LIES}.items()):
                site.add("/page", PAGE % lie)
                profile = tmp_path_factory.mktemp("lies") / str(n)
                options = LaunchOptions(resolve(Settings()))
                async with await BrowserSession.start(playwright, options, profile, VisitorSpec(), 156) as browser:
                    tab = await Tab.open(browser, TOLD, set())
                    planned = Visit("v", "visitor", Session.FIRST, f"{site.url}page", VisitOutcome.LOST)
                    made[name] = (await tab.visit(planned, deadline=15, decide=lambda _: "", dwell=0.4))[0]

    with LocalSite() as site:
        site.add("/frame", "<a href='/in-frame'>framed</a>")
        asyncio.run(main(site))
    return made


def told(visit):
    return {
        "outcome": visit.outcome,
        "links": visit.links,
        "forms": visit.forms,
        "text": visit.text,
        "storage": visit.storage,
        "jar": [replace(cookie, expires=None) for cookie in visit.jar],
        "writes": [(c.name, c.value, c.set_by, c.lifetime) for c in visit.set_cookies],
        "requests": sorted((r.method, r.url, r.resource, r.induced) for r in visit.requests),
        "errors": dict(visit.errors),
    }


def test_the_clean_page_is_recorded_whole(records):
    clean = told(records[""])
    assert [link.text for link in clean["links"]] == ["things", "more", "deep", "framed"]
    assert [field.name for field in clean["forms"][0].fields] == ["email", "text"]
    assert {"kept", "seen"} == {item.key for item in clean["storage"]}
    assert [write[0] for write in clean["writes"]] == ["written"]
    assert {"/fetched", "/after", "/bye"} <= {"/" + url.rpartition("/")[2] for _, url, *_ in clean["requests"]}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_changes_nothing(records, lie):
    clean, lying = told(records[""]), told(records[lie])
    assert {key: lying[key] for key in clean if lying[key] != clean[key]} == {}
