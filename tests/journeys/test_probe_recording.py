"""Trying a page for session recording: what is done on it, and what the record says."""

import asyncio
import json
from pathlib import Path

import pytest

from compliance.browser import watched
from compliance.browser.launch import LaunchOptions, driver
from compliance.browser.machine import browser_version
from compliance.browser.resolve import ResolvedBrowser
from compliance.crawl.reconcile import missing
from compliance.journeys import probe_recording as journey
from compliance.model.recording import RecordingProbe
from compliance.model.spec import VisitorSpec
from compliance.store.codec import decode, encode
from compliance.testing import request

from .benches import EXECUTABLE, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RECORDER = """
addEventListener('mousemove', (e) => say({x: e.clientX, y: e.clientY, trusted: e.isTrusted}));
document.addEventListener('keydown', (e) => say({key: e.key, field: e.target.name}));
document.onclick = (e) => say({click: e.target.localName});
document.addEventListener('change', (e) => say({changed: e.target.name, value: e.target.value}), true);
new MutationObserver((all) => all.forEach((one) => say({added: one.addedNodes.length})))
  .observe(document, {subtree: true, childList: true, attributes: true});
"""
PAGE = f"""<!doctype html><title>Shop</title><body style="height:3000px"><h1>Shop</h1>
<form action="/send" method="post" onsubmit="said('submit')">
<input name="q" type="search"><input name="mail" type="email"><input name="word" type="password">
<input name="gone" style="display:none"><input name="full" value="x"><button>Send</button></form>
<a href="/away" style="position:fixed;left:0;top:40%;width:10%;height:20%">Away</a>
<script>
const told = [], say = (one) => told.push(one), said = (one) => fetch('/said?' + one, {{method: 'POST'}});
{RECORDER}
addEventListener('pagehide', () => {{
  if (told.length) navigator.sendBeacon('/collect', JSON.stringify(told.splice(0)));
}});
</script>"""


def all_missing(*seen):
    return missing(*seen, exact=True)


def run(pages, urls, tmp_path, decide=lambda url: "", missing=all_missing):
    if not EXECUTABLE:
        pytest.skip("no Chromium is installed")
    found = []
    with Server(pages) as server:
        options = LaunchOptions(ResolvedBrowser(Path(EXECUTABLE), "test", "headless-shell"), server.resolve, ())

        async def work():
            async with driver() as playwright:
                await journey.probe_recording(
                    playwright, options, browser_version(Path(EXECUTABLE)).major, tmp_path / "profile", VisitorSpec(),
                    urls, decide=decide, delay=0, missing=missing, store=found.append, stopped=lambda: False,
                )  # fmt: skip

        asyncio.run(work())
    return sorted(found, key=lambda probe: probe.page), server.log


@pytest.fixture
def short(monkeypatch):
    """The waits are for recorders that take their time; the pages here do not."""
    for name, seconds in (("CONTROL", 0.1), ("FLUSH", 0.1), ("REST", 0.0), ("LONG_REST", 0.0), ("STEP", 0.01)):
        monkeypatch.setattr(journey, name, seconds)
    monkeypatch.setattr(watched, "PARTING", 0.1)
    monkeypatch.setattr(watched, "AGAIN", 0.5)
    monkeypatch.setattr(watched, "GONE", 0.1)


def test_a_page_is_moved_about_on_and_typed_into_and_nothing_is_sent(short, tmp_path):
    logged = []

    def compare(*seen):
        logged.extend(all_missing(*seen).values())
        return {visit.id: (request("http://shop.test/unseen"),) for visit, _ in seen[0] if visit.url.endswith("/gone")}

    runs = "<script>addEventListener('keydown', () => { location.href = '/elsewhere' })</script>"
    keeps = (
        "<script>addEventListener('input', (e) => { localStorage.kept = e.target.value });"
        " if (localStorage.kept) fetch('/collect', {method: 'POST', body: localStorage.kept})</script>"
    )
    pages = {"/keeps": keeps, "/page": PAGE, "/runs": runs, "/elsewhere": "<p>Elsewhere"}
    urls = [f"http://shop.test/{name}" for name in ("page", "gone", "runs", "keeps")]
    (gone, kept, page, runs_away), log = run(pages, urls, tmp_path, missing=compare)

    told = json.loads(next(one.body for one in page.requests if one.url.endswith("/collect")))
    assert page.error == page.gap == ""
    assert [(one.field, one.kind) for one in page.typed] == [
        ("", "own"), ("q", "search"), ("mail", "email"), ("word", "password")
    ]  # fmt: skip
    assert "".join(one["key"] for one in told if one.get("field") == "mail") == page.typed[2].value
    assert {one["changed"]: one["value"] for one in told if "changed" in one} == {
        one.field: one.value for one in page.typed
    }
    seen = [(one["x"], one["y"]) for one in told if "x" in one and one["trusted"]]
    assert set(page.track) <= set(seen)
    assert [one["click"] for one in told if "click" in one] != ["a"]
    assert {call.api for call in page.watchers} == {"watch.move", "watch.keys", "watch.click", "watch.document"}
    assert 0 < page.touched < page.left

    later = [one for one in kept.requests if one.url.endswith("/collect")]
    assert [(one.body, one.started >= kept.again) for one in later] == [(kept.typed[0].value, True)]

    assert logged == [], "the browser's own log names nothing else"
    assert gone.requests[-1].url.endswith("/unseen")

    assert "404" in gone.error
    assert not gone.typed
    assert "/elsewhere" in runs_away.error
    assert not [path for _, _, path, _, _ in log if path in ("/send", "/away", "/elsewhere", "/said?submit")]
    assert decode(encode(page, RecordingProbe), RecordingProbe) == page


def test_a_page_may_lead_on_only_while_it_loads_and_only_where_it_may(short, tmp_path):
    pages = {"/a": ("redirect", "/b"), "/b": "<p>Here", "/c": ("redirect", "/d"), "/d": "<p>There"}
    (there, refused), _ = run(
        pages,
        ["http://shop.test/a", "http://shop.test/c"],
        tmp_path,
        decide=lambda url: "blocked_scope: /d" if url.endswith("/d") else "",
    )
    assert (there.page, there.error) == ("http://shop.test/b", "")
    assert "/d" in refused.error


def test_a_page_that_keeps_the_focus_to_itself_is_tried_inside_its_dialog_or_not_at_all(short, tmp_path):
    shown = "<input name=behind><dialog><p>Cookies?</p><button>Yes</button></dialog>"
    modal = f"{shown}<script>document.querySelector('dialog').showModal()</script>"
    deaf = "<script>addEventListener('focusin', (e) => e.target.blur(), true)</script>"
    still = "<script>addEventListener('keydown', (e) => e.preventDefault(), true)</script>"
    names = ("modal", "deaf", "still")
    pages = {f"/{name}": page for name, page in zip(names, (modal, deaf, still), strict=True)}
    found, _ = run(pages, [f"http://shop.test/{name}" for name in names], tmp_path)
    deaf, modal, still = found
    assert modal.error == ""
    assert [one.kind for one in modal.typed] == ["own"], "what lies behind the dialog takes nothing"
    assert "did not take what was typed" in deaf.error
    assert "did not take what was typed" in still.error
