"""What an origin keeps besides localStorage is read in a browser, and no page can lie about it."""

import json

import pytest

from compliance.browser import world as module
from compliance.browser.recorders.document import Harvest, with_stores
from tests.browser.test_world import visits
from tests.sites import LocalSite, Page

pytestmark = pytest.mark.browser
SCRIPT = "text/javascript"
#: Fills all stores, says so in the title, and then lies to whoever asks in the page's own world.
FILLS = """<script type=module>
const opened = indexedDB.open('shop', 3);
opened.onupgradeneeded = () => { opened.result.createObjectStore('people'); opened.result.createObjectStore('none'); };
await new Promise((done) => { opened.onsuccess = done; });
const put = opened.result.transaction('people', 'readwrite');
put.objectStore('people').put({ id: 'u-8f3a', when: new Date(1e12), tags: new Set(['a']),
  raw: new TextEncoder().encode('hi'),
  bytes: new Uint8Array([0, 255]), map: new Map([['k', 10n]]) }, 'me');
put.objectStore('people').put('second', [1, 'b']);
await new Promise((done) => { put.oncomplete = done; });
opened.result.close();
const cache = await caches.open('files');
await cache.put('/made?v=8f3a', new Response('u-8f3a', { headers: { 'x-id': 'h-8f3a' } }));
await cache.add('/data.json');
await cache.add('/page');
await caches.open('bare');
await navigator.serviceWorker.register('/worker.js?id=8f3a', { scope: '/scope/' });
const write = async (folder, name, ...content) => {
  const writer = await (await folder.getFileHandle(name, { create: true })).createWritable();
  await writer.write(new Blob(content));
  await writer.close();
};
const root = await navigator.storage.getDirectory();
await write(root, 'me', 'f-8f3a');
await root.getDirectoryHandle('empty', { create: true });
await write(await root.getDirectoryHandle('deep', { create: true }), 'data.db',
  new Uint8Array([1, 0, 255]), 'visitor 8f3a', new Uint8Array(9), 'ab');
const bucket = await navigator.storageBuckets.open('side');
await write(await bucket.getDirectory(), 'me', 'b-8f3a');
await (await bucket.caches.open('inner')).put('/made', new Response('c-8f3a'));
const other = bucket.indexedDB.open('own');
other.onupgradeneeded = () => other.result.createObjectStore('s').put('d-8f3a', 'k');
await new Promise((done) => { other.onsuccess = done; });
other.result.close();
window.name = 'n-8f3a';
LIES
</script>"""
LIES = """
Object.defineProperty(window, 'indexedDB', { value: { databases: async () => [] } });
Object.defineProperty(window, 'caches', { value: { keys: async () => [] } });
Object.defineProperty(window, 'name', { get: () => 'nothing' });
JSON.stringify = () => '{"storage":[],"cut":[]}';
Storage.prototype.getItem = () => 'nothing'; Storage.prototype.key = () => null;
IDBFactory.prototype.databases = async () => []; CacheStorage.prototype.keys = async () => [];
ServiceWorkerContainer.prototype.getRegistrations = async () => [];
StorageManager.prototype.getDirectory = async () => null; StorageBucketManager.prototype.keys = async () => [];
FileSystemDirectoryHandle.prototype.entries = async function* () {}; File.prototype.arrayBuffer = async () => 0;
Promise.all = Promise.race = () => new Promise(() => {}); window.setTimeout = () => 0; Promise.prototype.then = null;
"""


@pytest.fixture
def site():
    with LocalSite({"/": "<p>x"}) as made:
        made.add("/worker.js", Page("// nothing", type=SCRIPT))
        made.add("/data.json", Page('{"id": "8f3a"}', type="application/json", headers=[("Content-Length", "14")]))
        yield made


def kept(visit):
    """(kind, key) → value."""
    return {(item.kind, item.key): item.value for item in visit.storage}


@pytest.mark.parametrize("lies", ["", LIES], ids=["honest", "lying"])
def test_every_store_is_read_and_a_page_cannot_lie_about_it(site, tmp_path, lies):
    site.add("/page", "<p>a page")
    site.add("/fills", "<script>localStorage.l = 'l-8f3a'</script>" + FILLS.replace("LIES", lies))
    [(visit, *_)] = visits(site, tmp_path, "/fills")
    here = site.url.rstrip("/")
    found = kept(visit)
    assert visit.errors == {}
    assert found.pop(("local", "l")) == "l-8f3a"
    assert found.pop(("name", "window.name")) == "n-8f3a"
    assert found.pop(("worker", f"{here}/scope/")) == f"{here}/worker.js?id=8f3a"
    assert json.loads(found.pop(("indexeddb", "shop/people/me"))) == {
        "id": "u-8f3a", "when": "2001-09-09T01:46:40.000Z", "tags": ["a"], "raw": "hi", "bytes": "00ff",
        "map": {"k": "10"},
    }  # fmt: skip
    assert found.pop(("indexeddb", 'shop/people/[1,"b"]')) == '"second"'
    assert found.pop(("file", "me")) == "f-8f3a"
    assert found.pop(("file", "deep/data.db")) == "0100ff visitor 8f3a 6162", "no text: what of it is, and the rest"
    assert found.pop(("file", "empty/")) == found.pop(("file", "buckets/side/")) == ""
    assert found.pop(("file", "buckets/side/me")) == "b-8f3a"
    assert json.loads(found.pop(("cache", f"buckets/side/inner/{here}/made")))["body"] == "c-8f3a"
    assert found.pop(("indexeddb", "buckets/side/own/s/k")) == '"d-8f3a"'
    assert found.pop(("indexeddb", "shop/none")) == found.pop(("cache", "bare")) == ""
    made = json.loads(found.pop(("cache", f"files/{here}/made")))
    assert (made["url"], made["body"], made["headers"]["x-id"]) == (f"{here}/made?v=8f3a", "u-8f3a", "h-8f3a")
    assert json.loads(found.pop(("cache", f"files/{here}/data.json")))["body"] == '{"id": "8f3a"}'
    assert json.loads(found.pop(("cache", f"files/{here}/page"))) == {"url": f"{here}/page"}, "no body of a whole page"
    assert found == {}
    assert {item.origin for item in visit.storage} == {here}


def test_frames_have_stores_of_their_own_and_a_page_without_any_has_none(site, tmp_path):
    site.add("/frames", f"<iframe src='{site.other}keeps'></iframe><iframe sandbox srcdoc='x'></iframe>")
    site.add("/keeps", "<script>indexedDB.open('d').onupgradeneeded = () => 0; window.name = 'inside'</script>")
    (plain, *_), (framed, *_) = visits(site, tmp_path, "/", "/frames")
    assert (plain.storage, plain.errors) == ((), {})
    [item] = framed.storage
    assert (item.kind, item.key, item.origin, item.frame) == (
        "indexeddb", "d", site.other.rstrip("/"), f"{site.other}keeps",
    )  # fmt: skip
    assert framed.errors == {}


MANY = """<script type=module>
const opened = indexedDB.open('d');
opened.onupgradeneeded = () => {
  const store = opened.result.createObjectStore('s', { autoIncrement: true });
  for (let i = 0; i < 6; i++) store.add('x'.repeat(5000));
};
await new Promise((done) => { opened.onsuccess = done; });
</script>"""
SECRET = """<script type=module>
const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
const opened = indexedDB.open('d');
opened.onupgradeneeded = () => opened.result.createObjectStore('s').put({ key }, 1);
await new Promise((done) => { opened.onsuccess = done; });
</script>"""
FILES = """<script type=module>
const root = await navigator.storage.getDirectory();
const writer = await (await root.getFileHandle('big', { create: true })).createWritable();
await writer.write('ä'.repeat(100) + 'x');
await writer.close();
let folder = root;
for (let i = 0; i < 40; i++) folder = await folder.getDirectoryHandle('n', { create: true });
const work = () => { onmessage = async () => {
  const file = await (await navigator.storage.getDirectory()).getFileHandle('mine', { create: true });
  globalThis.handle = await file.createSyncAccessHandle();
  handle.write(new TextEncoder().encode('u-8f3a'));
  handle.flush();
  postMessage('');
}; };
const worker = new Worker(URL.createObjectURL(new Blob([`(${work})()`])));
await new Promise((done) => { worker.onmessage = done; worker.postMessage(''); });
</script>"""
BLOCKED = """<script>
const opened = indexedDB.open('d');
opened.onupgradeneeded = () => {
  const store = opened.result.createObjectStore('s');
  (function again() { store.put(1, 1).onsuccess = again; })();
};
</script>"""


def test_what_is_cut_or_cannot_be_read_is_said(site, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "STORES", {"items": 4, "size": 100, "total": 10_000})
    site.add("/many", MANY)
    [(many, *_)] = visits(site, tmp_path / "many", "/many")
    assert many.errors == {"storage": "the first 4 entries of IndexedDB, caches, files and workers"}
    assert [(len(i.value), i.length) for i in many.storage] == [(100, 102)] * 4
    site.add("/secret", SECRET)
    [(secret, *_)] = visits(site, tmp_path / "secret", "/secret")
    assert secret.errors == {"storage": "IndexedDB holds an object that cannot be read (CryptoKey)"}
    assert kept(secret) == {("indexeddb", "d/s/1"): '{"key":"CryptoKey"}'}


REFUSED = """<script type=module>
const root = await navigator.storage.getDirectory();
await root.removeEntry('n', { recursive: true });
await root.getFileHandle('refused', { create: true });
</script>"""
#: In the world of the tool: one file that nobody may read.
REFUSES = """const getFile = FileSystemFileHandle.prototype.getFile;
FileSystemFileHandle.prototype.getFile = function () {
  return this.name === 'refused' ? Promise.reject(new DOMException('it is in use', 'X')) : getFile.call(this);
};
"""


def test_files_are_read_when_a_worker_has_locked_them_and_what_cannot_be_read_is_said(site, tmp_path, monkeypatch):
    source = module.source
    monkeypatch.setattr(module, "source", lambda name: (REFUSES if name == "stores" else "") + source(name))
    monkeypatch.setattr(module, "STORES", module.STORES | {"size": 100})
    site.add("/files", FILES)
    site.add("/refused", REFUSED)
    (files, *_), (refused, *_) = visits(site, tmp_path, "/files", "/refused")
    assert kept(files) == {("file", "mine"): "u-8f3a", ("file", "n/" * 33): "", ("file", "big"): "ä" * 50}
    assert next(i.length for i in files.storage if i.key == "big") == 1 + 2 * 100
    assert files.errors == {"storage": "what is in folders inside 32 others"}
    assert kept(refused)["file", "refused"] == "", "that it is there is known"
    assert refused.errors == {"storage": "a file that could not be read: it is in use"}


def test_a_store_that_never_answers_costs_its_time_and_no_more(site, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "STORES_TIME", 0.3)
    site.add("/blocked", f"{BLOCKED}<a href='/x'>x</a><iframe src='/'></iframe>")
    [(visit, *_)] = visits(site, tmp_path, "/blocked")
    assert visit.outcome == "ok"
    assert visit.errors == {"storage": "IndexedDB, caches, files and workers, as far as they answered in time"}
    assert [link.text for link in visit.links] == ["x"]


def test_what_a_document_keeps_is_added_to_what_was_read_before():
    read = Harvest("https://shop.test/", "", "", "text/html", 0, None, None, None, (), ("links: cut",))
    item = {"kind": "name", "origin": "https://shop.test", "key": "window.name", "value": "v", "length": 1, "frame": ""}
    both = with_stores(read, json.dumps({"storage": [item], "cut": ["storage: cut"]}))
    assert ([i.kind for i in both.storage], both.cut) == (["name"], ("links: cut", "storage: cut"))


def test_frames_that_no_worker_may_serve_are_no_gap(site, tmp_path):
    site.add("/inner", "<p>inner")
    site.add(
        "/frames",
        "<object data=/inner type=text/html></object><script>const f = document.createElement('iframe');"
        "f.src = URL.createObjectURL(new Blob(['<p>blob'], { type: 'text/html' })); document.body.append(f);</script>",
    )
    [(visit, *_)] = visits(site, tmp_path, "/frames")
    assert visit.errors == {}
