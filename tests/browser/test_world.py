"""What is read of a page in a browser: frames, windows, and what was cut is said."""

import asyncio

import pytest

from compliance.browser import world as module
from compliance.browser.cdp import CommandFailed
from compliance.browser.drive import Tab
from compliance.browser.launch import BrowserSession, LaunchOptions, driver
from compliance.browser.resolve import resolve
from compliance.model.spec import VisitorSpec
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome
from compliance.settings import Settings
from tests.sites import LocalSite

pytestmark = pytest.mark.browser
FRAME = (
    "<a href='/in-frame'>x</a><form><input name=mail></form><p>words of a frame</p><script>localStorage.f = 1</script>"
)


@pytest.fixture
def site():
    with LocalSite({"/": "<p>x"}) as made:
        yield made


def visits(site, tmp_path, *paths, then=None, decide=lambda _: ""):
    """Visit, screenshot and routes of these pages, one tab as long as it is usable; `then(tab)` after the last."""

    async def main():
        made, tab = [], None
        async with driver() as playwright:
            options = LaunchOptions(resolve(Settings()))
            async with await BrowserSession.start(playwright, options, tmp_path / "p", VisitorSpec(), 156) as browser:
                for path in paths:
                    if tab is None or not tab.usable:
                        tab = await Tab.open(browser, frozenset(Aspect), set())
                    planned = Visit("v", "visitor", Session.FIRST, site.url.rstrip("/") + path, VisitOutcome.LOST)
                    made.append(
                        await tab.visit(planned, deadline=10, decide=decide, dwell=0.4, screenshot=lambda *_: True)
                    )
                if then is not None:
                    await then(tab)
        return made

    return asyncio.run(main())


def test_frames_are_read_wherever_they_run(site, tmp_path):
    frames = [f"src='{address}'" for address in ("/frame", f"{site.other}frame")] + [f'srcdoc="{FRAME}"']
    site.add("/", "".join(f"<iframe {one}></iframe>" for one in frames))
    site.add("/frame", f"{FRAME}<iframe src='/deep'></iframe>")
    site.add("/deep", "<a href='/deepest'>deep</a>")

    async def then(tab):
        with pytest.raises(CommandFailed, match="by the page"):
            await tab._world.evaluate("(() => { throw new Error('by the page') })()")
        with pytest.raises(CommandFailed):
            await tab._world.evaluate("''", frame="gone")
        assert await tab._world.evaluate("new Promise((r) => setTimeout(() => r('late'), 20))", wait=True) == "late"
        assert "<iframe" in await tab.rendered()

    [(visit, picture, _)] = visits(site, tmp_path, "/", then=then)
    assert visit.outcome is VisitOutcome.OK
    here, there = site.url.rstrip("/"), site.other.rstrip("/")
    found = sorted((link.frame, link.href) for link in visit.links)
    assert found == sorted(
        [
            (f"{here}/frame", f"{here}/in-frame"), (f"{there}/frame", f"{there}/in-frame"),
            ("about:srcdoc", f"{here}/in-frame"),
            (f"{here}/deep", f"{here}/deepest"), (f"{there}/deep", f"{there}/deepest"),
        ]
    )  # fmt: skip
    assert len(visit.forms) == 3
    assert visit.text.count("words of a frame") == 3
    assert {item.origin for item in visit.storage} == {here, there}
    assert visit.errors == {}
    assert picture.startswith(b"\xff\xd8"), "a JPEG"


def test_what_is_cut_is_said(site, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_FRAMES", 2)
    site.add("/frames", "<iframe src='/frame'></iframe>" * 4)
    site.add("/frame", FRAME)
    fields = "<input>" * 301
    keys = "<script>for (let i = 0; i < 2001; i++) localStorage['k' + i] = i</script>"
    site.add("/much", f"<form>{fields}</form>{keys}")
    groups = "<section><div><input type=email><button>x</button></div></section>" * 51
    site.add("/groups", groups)
    shadow = "document.querySelectorAll('div').forEach((d) => { d.attachShadow({mode: 'open'}).innerHTML = words })"
    site.add("/shadows", f"{'<div></div>' * 2100}<script>const words = '<a href=/s>s</a>'; {shadow}</script>")
    paths = ("/frames", "/much", "/groups", "/shadows")
    frames, much, groups, shadows = (visit for visit, *_ in visits(site, tmp_path, *paths))
    said = "the first 2 of 4 frames"
    assert frames.errors == {"links": said, "forms": said, "text": said, "storage": said}
    assert len(frames.links) == 2
    keys = "the first 2000 of 2002 keys"
    assert much.errors == {"forms": "the first 300 of 301 fields", "storage": keys}
    assert (len(much.storage), len(much.forms[0].fields)) == (2000, 300)
    assert groups.errors == {"forms": "the first 50 of 51 groups of fields", "storage": keys}
    said = "the first 2000 shadow roots"
    assert shadows.errors == {"links": said, "forms": said, "text": said, "storage": keys}
    assert len(shadows.links) == 1999


@pytest.mark.parametrize("how", ["", "noopener"])
def test_windows_that_a_page_opens_are_recorded_and_closed(site, tmp_path, how):
    site.add("/opens", f"<script>open('/window', '_blank', '{how}')</script>")
    site.add("/window", "<img src='/in-window.png'>")
    (opener, *_), (after, *_) = visits(site, tmp_path, "/opens", "/")
    # Its own document may be asked for before recording is on; the crawl finds it in the browser's own log.
    assert "/in-window.png" in {"/" + r.url.rpartition("/")[2] for r in opener.requests}
    assert after.outcome is VisitOutcome.OK


AWAY = "http://localhost:1/away"
MOVES = {
    "at once": f"<a href='/b'>b</a><script>location.replace('{AWAY}')</script>",
    "soon": f"<a href='/b'>b</a><script>setTimeout(() => {{ location.href = '{AWAY}' }}, 100)</script>",
    "by a meta element": f"<meta http-equiv=refresh content='0; url={AWAY}'><a href='/b'>b</a>",
    "by a form": f"<a href='/b'>b</a><form action='{AWAY}'></form><script>document.forms[0].submit()</script>",
}


def test_a_page_that_leads_where_nobody_may_go_stays_and_is_read(site, tmp_path):
    for n, body in enumerate(MOVES.values()):
        site.add(f"/{n}", body)

    def decide(url):
        return "" if "127.0.0.1" in url else f"blocked_scope: leads to {url}"

    for name, (visit, *_) in zip(MOVES, visits(site, tmp_path, "/0", "/1", "/2", "/3", decide=decide), strict=True):
        assert (visit.outcome, visit.status) == (VisitOutcome.BLOCKED_SCOPE, 200), name
        assert visit.error.startswith(f"leads to {AWAY}"), name
        assert [link.text for link in visit.links] == ["b"], name


@pytest.mark.parametrize(
    ("content", "leads"),
    [
        ("0; url=/there", True), ("0;URL='/there'", True), ("0, /there", True), ("7;url=/there", False),
        ("0.5; Url = \"/there\" ", True), ("3", None), ("", None), ("0; url=http://[bad", None),
    ],
)  # fmt: skip
def test_where_a_meta_element_leads_is_known(site, tmp_path, content, leads):
    site.add("/", f"<meta http-equiv=Refresh content='{content}'>".replace("'/there'", "/there"))
    site.add("/there", "<p>there</p><iframe src='/frame'></iframe>")
    site.add("/frame", FRAME)
    [(visit, _, routes)] = visits(site, tmp_path, "/")
    assert visit.outcome is VisitOutcome.OK
    if leads:
        assert visit.final_url == f"{site.url}there"
        assert [link.text for link in visit.links] == ["x"], "of the frames of the page that it moved to"
    else:
        assert visit.final_url == site.url
        assert routes == ([f"{site.url}there"] if leads is False else [])
