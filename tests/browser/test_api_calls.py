"""What scripts call is recorded in every frame and worker, by the script that called; a gap is said."""

import asyncio

import pytest
from playwright.async_api import async_playwright

from compliance.browser.drive import Tab
from compliance.browser.launch import BrowserSession, LaunchOptions
from compliance.browser.recorders.calls import CallRecorder
from compliance.browser.resolve import resolve
from compliance.model.spec import VisitorSpec
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome
from compliance.settings import Settings
from tests.sites import LocalSite, Page

browser = pytest.mark.browser
CALLS = frozenset({Aspect.API_CALLS, Aspect.COOKIES})
DRAW = """
  const draw = (canvas) => { canvas.width = 240; canvas.height = 60; const c = canvas.getContext('2d');
    c.font = '14px Arial'; c.fillStyle = '#f60'; c.fillRect(1, 1, 20, 20);
    c.fillStyle = '#069'; c.fillText('Sphinx of black quartz', 2, 15); return canvas; };
"""
JS = {"type": "text/javascript"}


def look(site, profile, path="/", *, aspects=CALLS, dwell=0.5):
    async def work():
        async with async_playwright() as playwright:
            options = LaunchOptions(resolve(Settings()))
            async with await BrowserSession.start(playwright, options, profile, VisitorSpec(), 156) as running:
                tab = await Tab.open(running, aspects, set())
                visit = Visit("v", "visitor", Session.FIRST, site.url.rstrip("/") + path, VisitOutcome.LOST)
                made, _, _ = await tab.visit(visit, deadline=8, decide=lambda _: "", dwell=dwell)
                return made

    return asyncio.run(work())


def script(text):
    return Page(text, type="text/javascript")


@browser
def test_calls_are_told_apart_by_script_and_what_was_drawn_is_told_when_it_is_read(tmp_path):
    pages = {
        "/": "<script src=/a.js></script><script src=/b.js></script><script>navigator.languages</script>",
        "/a.js": script(DRAW + "const k = document.createElement('canvas'); k.width = k.height = 1;"
                        "draw(k).toDataURL(); k.getContext('2d').save();"),
        "/b.js": script("eval('navigator.plugins'); new Function('navigator.languages')();"
                        "for (let i = 0; i < 3; i++) navigator.hardwareConcurrency"),
    }  # fmt: skip
    with LocalSite(pages) as site:
        visit = look(site, tmp_path)
        calls = {(c.script.removeprefix(site.url), c.api): c for c in visit.api_calls}
        assert Aspect.API_CALLS not in visit.errors
        [read] = calls["a.js", "canvas.toDataURL"].samples
        assert read.startswith("240x60 letters=19 styles=2 saves=0 digest=")
        assert calls["a.js", "canvas.fillStyle"].samples == ("#f60", "#069")
        assert calls["b.js", "navigator.hardwareConcurrency"].count == 3
        assert ("b.js", "navigator.plugins") in calls
        assert ("b.js", "navigator.languages") in calls
        assert calls["", "navigator.languages"].frame == site.url


@browser
@pytest.mark.parametrize(
    ("body", "frame", "worker"),
    [
        ("const f = document.createElement('iframe'); document.body.append(f);"
         "const k = f.contentDocument.createElement('canvas');"
         "f.contentWindow.HTMLCanvasElement.prototype.toDataURL.call(draw(k))", "about:blank", False),
        ("const f = document.createElement('iframe'); document.body.append(f);"
         "f.contentWindow.HTMLCanvasElement.prototype.toDataURL.call(draw(document.createElement('canvas')));"
         "f.remove()", "about:blank", False),
        ("const f = document.createElement('iframe'); document.body.append(f);"
         "const w = f.contentWindow, k = document.createElement('canvas'); k.width = 240; k.height = 60;"
         "const c = k.getContext('2d'), write = (s) => w.CanvasRenderingContext2D.prototype.fillText.call(c, s, 1, 9);"
         "write('Sphinx of black quartz'); c.fillStyle = '#123'; write('x');"
         "w.HTMLCanvasElement.prototype.toDataURL.call(k)", "about:blank", False),
        ("const f = document.createElement('iframe'); f.srcdoc = `<script>${s}draw(document.createElement('canvas'))"
         ".toDataURL()</` + 'script>'; document.body.append(f)", "about:srcdoc", False),
        ("const f = document.createElement('iframe'); f.src = other + 'frame'; document.body.append(f)",
         "http://localhost", False),
        ("new Worker('/worker.js')", "http://127.0.0.1", True),
        ("new SharedWorker('/worker.js')", "http://127.0.0.1", True),
        ("new Worker(URL.createObjectURL(new Blob([s + 'draw(new OffscreenCanvas(1, 1)).convertToBlob()'])))",
         "blob:", True),
        ("new Worker(URL.createObjectURL(new Blob(['new Worker(\"' + here + 'worker.js\")'])))",
         "http://127.0.0.1", True),
    ],
    ids=["blank", "removed", "borrowed", "srcdoc", "foreign", "worker", "shared", "blob", "nested"],
)  # fmt: skip
def test_frames_and_workers_are_heard_from_their_first_line(tmp_path, body, frame, worker):
    with LocalSite() as site:
        start = f"const s = {DRAW!r}, here = {site.url!r}, other = {site.other!r};"
        site.add("/", f"<body><script>{DRAW}{start}{body}</script>")
        site.add("/frame", f"<script>{DRAW}draw(document.createElement('canvas')).toDataURL()</script>")
        site.add("/worker.js", script(DRAW + "draw(new OffscreenCanvas(1, 1)).convertToBlob()"))
        visit = look(site, tmp_path)
        read = [c for c in visit.api_calls if c.api in ("canvas.toDataURL", "canvas.convertToBlob")]
        assert [(c.worker, c.frame.startswith(frame)) for c in read] == [(worker, True)], (
            visit.api_calls,
            visit.errors,
        )
        assert Aspect.API_CALLS not in visit.errors


@browser
def test_a_page_does_not_notice(tmp_path):
    probe = """
      const lies = [];
      const is = (what, value) => { if (!value) lies.push(what); };
      const native = (f, name) => Function.prototype.toString.call(f) === `function ${name}() { [native code] }`;
      is('text', native(HTMLCanvasElement.prototype.toDataURL, 'toDataURL'));
      is('its own text', native(Function.prototype.toString, 'toString'));
      is('getter', native(Object.getOwnPropertyDescriptor(Navigator.prototype, 'languages').get, 'get languages'));
      is('name', HTMLCanvasElement.prototype.toDataURL.name === 'toDataURL');
      is('length', CanvasRenderingContext2D.prototype.fillText.length === 3);
      const d = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'fillText');
      is('kind', d.writable && d.enumerable && d.configurable && !d.get);
      is('no prototype', !('prototype' in CanvasRenderingContext2D.prototype.fillText));
      is('constructor', OfflineAudioContext.prototype.constructor === OfflineAudioContext);
      is('instance', new OfflineAudioContext(1, 10, 44100) instanceof OfflineAudioContext);
      is('subclass', new (class X extends RTCPeerConnection {})() instanceof RTCPeerConnection);
      is('globals', !Object.getOwnPropertyNames(window).some((n) => /^b[0-9a-f]{16}$/.test(n)));
      is('limit', Error.stackTraceLimit === 10);
      let seen = 0; Error.prepareStackTrace = () => { seen++; return ''; };
      document.createElement('canvas').toDataURL();
      is('stack', seen === 0); delete Error.prepareStackTrace;
      let turned = 0;
      document.createElement('canvas').getContext('2d').fillText({ toString() { turned++; return 'x'; } }, 0, 0);
      is('argument', turned === 1);
      let error; try { HTMLCanvasElement.prototype.toDataURL.call({}); } catch (e) { error = e; }
      is('error', error instanceof TypeError);
      document.title = 'lies: ' + lies.join(', ');
    """
    with LocalSite({"/": f"<title>?</title><script>{probe}</script>"}) as site:
        assert look(site, tmp_path).title.strip() == "lies:"


@browser
def test_a_page_that_breaks_what_it_can_reach_is_still_heard(tmp_path):
    hostile = """
      Map.prototype.get = Map.prototype.set = WeakMap.prototype.get = () => { throw 1; };
      Object.defineProperty(Map.prototype, 'size', { get: () => 0 });
      JSON.stringify = () => '{}'; Array.prototype.push = Array.prototype.join = () => 0;
      Array.prototype[Symbol.iterator] = () => { throw 1; };
      Object.prototype.toJSON = String.prototype.toJSON = () => 'nothing';
      String.prototype.indexOf = String.prototype.slice = String.prototype.charCodeAt = () => 0;
      Reflect.apply = Function.prototype.call = Function.prototype.apply = () => 0;
      RegExp.prototype.exec = () => null; Error.stackTraceLimit = 0; window.Error = class {};
      window.setTimeout = window.queueMicrotask = () => 0;
      addEventListener('pagehide', (e) => e.stopImmediatePropagation(), true);
    """
    with LocalSite(
        {"/": f"<script>{hostile}{DRAW}draw(document.createElement('canvas')).toDataURL()</script>"}
    ) as site:
        visit = look(site, tmp_path)
        [read] = [c for c in visit.api_calls if c.api == "canvas.toDataURL"]
        assert read.samples[0].startswith("240x60 letters=19 styles=2 saves=0 digest=")
        assert read.script == site.url
        assert Aspect.API_CALLS not in visit.errors


@browser
def test_a_hundred_thousand_calls_cost_little_and_are_all_counted(tmp_path):
    page = """<p id=p>x</p><canvas></canvas><script>
      const c = document.querySelector('canvas').getContext('2d');
      const begin = performance.now();
      for (let i = 0; i < 100000; i++) c.fillText('label ' + i % 20, 5, 5);
      document.title = Math.round(performance.now() - begin);
    </script>"""
    with LocalSite({"/": f"<title>0</title>{page}"}) as site:
        visit = look(site, tmp_path)
        [text] = [c for c in visit.api_calls if c.api == "canvas.fillText"]
        assert (text.count, text.distinct, text.most) == (100_000, 20, 5_000)
        assert int(visit.title) < 3000


@browser
def test_nothing_is_hooked_unless_a_check_reads_it(tmp_path):
    with LocalSite({"/": "<script>document.createElement('canvas').toDataURL()</script>"}) as site:
        visit = look(site, tmp_path, aspects=frozenset({Aspect.COOKIES}))
        assert visit.api_calls is None


CONTEXT = {"id": 4, "origin": "https://shop.test", "auxData": {"isDefault": True, "type": "default", "frameId": "F"}}
CALL = ["canvas.save", "https://shop.test/a.js\nhttps://cdn.test/tags.js", 7, 2, 5, ["x", "y"]]
REPORT = {"kind": "calls", "realm": "1", "faults": 0, "frame": "https://shop.test/", "calls": [CALL]}


def test_a_document_or_worker_that_says_nothing_is_a_gap():
    recorder = CallRecorder()
    assert recorder.gap() == ""
    recorder.context("s", CONTEXT)
    recorder.attached("w", {"type": "worker", "url": "https://shop.test/w.js"})
    recorder.attached("i", {"type": "iframe", "url": "https://other.test/"})
    gap = recorder.gap()
    assert "1 documents ran unheard (https://shop.test)" in gap
    assert "1 workers ran unheard (https://shop.test/w.js)" in gap
    assert recorder.take("s", 4, {"kind": "hooked", "realm": "1"})
    assert recorder.take("w", 1, {"kind": "hooked", "realm": "2"})
    assert recorder.gap() == ""
    recorder.context("s", CONTEXT | {"id": 5, "auxData": {"isDefault": False, "type": "isolated", "frameId": "F"}})
    assert recorder.gap() == "", "the worlds of this tool and of extensions are not the page's"


def test_a_repeated_report_replaces_and_faults_are_a_gap():
    recorder = CallRecorder()
    recorder.take("s", 4, REPORT)
    recorder.take("s", 4, REPORT | {"faults": 2})
    [call] = recorder.calls()
    assert (call.script, call.chain, call.count) == ("https://shop.test/a.js", ("https://cdn.test/tags.js",), 7)
    assert (call.samples, call.distinct, call.most, call.worker) == (("x", "y"), 2, 5, False)
    assert "2 calls could not be noted" in recorder.gap()


def test_reports_of_others_are_left_alone():
    assert not CallRecorder().take("s", 4, {"kind": "document.cookie"})


@browser
def test_what_makes_a_technique_certain_or_not_is_told(tmp_path):
    pages = {
        "/": "<img id=i><script src=/a.js></script><script src=/b.js></script>",
        "/a.js": script(DRAW + "const shown = document.createElement('canvas');"
                        "document.getElementById('i').src = draw(shown).toDataURL();"
                        "document.body.append(shown); shown.toDataURL();"),
        "/b.js": script("new RTCPeerConnection(); new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1' }] });"
                        "navigator.userAgent; navigator.vendor; screen.width; screen.width;"
                        "const g = document.createElement('canvas').getContext('webgl');"
                        "if (g) g.getSupportedExtensions();"),
    }  # fmt: skip
    with LocalSite(pages) as site:
        visit = look(site, tmp_path)
        calls = {(c.script.removeprefix(site.url), c.api): c for c in visit.api_calls}
        hidden, seen = calls["a.js", "canvas.toDataURL"].samples
        assert " digest=" in hidden
        assert " visible digest=" in seen
        told = {sample for c in visit.api_calls if c.api == "canvas.shown" for sample in c.samples}
        assert told == {hidden.split()[-1]}, "the image that stands in the page in the end"
        assert calls["b.js", "webrtc.RTCPeerConnection"].samples == ("no servers", "configured")
        assert calls["b.js", "traits"].samples == ("userAgent", "vendor", "width")
        if ("b.js", "webgl.getSupportedExtensions") in calls:
            assert calls["b.js", "webgl.getSupportedExtensions"].samples == ("hidden",)
