// What one document's origin keeps besides localStorage and sessionStorage, as a promise of one JSON string.
// Runs in an isolated world. `options` = {main, items, size, total, ms}: is it the page's own document, how many
// items at most, characters of one value, characters of all values, and milliseconds until what is there is taken.
(async (options) => {
  const items = [], cut = new Set();
  const SMALL = 4096;
  let total = 0, closed = false;
  const frame = location.href, origin = globalThis.origin;
  const short = (text, n) => (text.length > n ? text.slice(0, n) : text).toWellFormed();
  // False when there is no room for more: said once for each kind, and the reading of this kind ends.
  const add = (kind, key, value) => {
    if (closed) return false;
    if (items.length >= options.items || total > options.total) {
      cut.add(`storage: the first ${items.length} entries of IndexedDB, caches and workers`);
      return false;
    }
    const kept = short(value, options.size);
    total += kept.length;
    items.push({ kind, origin, key: short(key, 2000), value: kept, length: value.length, frame });
    return true;
  };
  // An origin without storage (sandboxed, opaque, kept out by the browser) has nothing to be read.
  const failed = (what, error) => {
    if (!/sandbox|opaque|denied|insecure/i.test(error?.message || '')) cut.add(`storage: ${what}: ${error?.message || error}`);
  };
  const settle = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  const textOf = (bytes) => {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      if (!/[\x00-\x08\x0e-\x1f]/.test(text)) return text;
    } catch { /* not text */ }
    return [...bytes.subarray(0, 4096)].map((b) => b.toString(16).padStart(2, '0')).join('');
  };
  // Whatever a record may hold, as something that JSON can say; what cannot be read is said to be so.
  const plain = (value, depth, seen) => {
    if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
    if (typeof value === 'string') return short(value, options.size);
    if (typeof value !== 'object') return String(value);
    if (depth > 20 || seen.has(value)) return 'nested';
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    seen.add(value);
    const inner = (v) => plain(v, depth + 1, seen);
    try {
      if (tag === 'Date' || tag === 'RegExp') return tag === 'Date' && !isNaN(value) ? value.toISOString() : String(value);
      if (/^(String|Number|Boolean|BigInt)$/.test(tag)) return String(value);
      if (tag === 'Error') return `${value.name}: ${value.message}`;
      if (tag === 'Map') return Object.fromEntries([...value].map(([k, v]) => [short(String(k), 2000), inner(v)]));
      if (tag === 'Set') return [...value].map(inner);
      if (value instanceof ArrayBuffer) return textOf(new Uint8Array(value));
      if (ArrayBuffer.isView(value)) return textOf(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      if (Array.isArray(value)) return value.slice(0, 5000).map(inner);
      if (tag === 'Object') return Object.fromEntries(Object.keys(value).map((k) => [k, inner(value[k])]));
    } finally {
      seen.delete(value);
    }
    cut.add(`storage: IndexedDB holds an object that cannot be read (${tag})`);
    return tag;
  };
  const json = (value) => JSON.stringify(plain(value, 0, new Set()));

  const databases = async () => {
    for (const { name } of await indexedDB.databases()) {
      const asked = indexedDB.open(name);
      // It was deleted meanwhile: nothing may be created by looking.
      asked.onupgradeneeded = () => asked.transaction.abort();
      let db;
      try { db = await settle(asked); } catch (error) {
        if (error?.name !== 'AbortError') failed(`IndexedDB ${short(name, 200)}`, error);
        continue;
      }
      db.onversionchange = () => db.close();
      try {
        for (const store of db.objectStoreNames) {
          const asks = db.transaction(store).objectStore(store).openCursor();
          let room = true, empty = true;
          await new Promise((resolve, reject) => {
            asks.onerror = () => reject(asks.error);
            asks.onsuccess = () => {
              const at = asks.result;
              if (!at || closed || !room) { resolve(); return; }
              empty = false;
              try {
                const key = typeof at.key === 'string' ? at.key : json(at.key);
                room = add('indexeddb', `${name}/${store}/${key}`, json(at.value));
              } catch (error) { failed(`IndexedDB ${short(name, 200)}`, error); }
              at.continue();
            };
          });
          if (!room) return;
          if (empty) add('indexeddb', `${name}/${store}`, '');
        }
        if (!db.objectStoreNames.length) add('indexeddb', name, '');
      } catch (error) {
        failed(`IndexedDB ${short(name, 200)}`, error);
      } finally {
        db.close();
      }
    }
  };

  const stored = async () => {
    if (!globalThis.caches) return;
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      const requests = await cache.keys();
      if (!requests.length) add('cache', name, '');
      for (const request of requests) {
        const response = await cache.match(request, { ignoreVary: true });
        const value = { url: request.url };
        // A response that a script made up is storage by another name; of the network's, small data is read.
        const made = response && response.type === 'default';
        const type = response?.headers.get('content-type') || '';
        const long = parseInt(response?.headers.get('content-length') ?? '0', 10) > SMALL;
        if (made) value.headers = Object.fromEntries([...response.headers].filter(([n]) => n !== 'content-length'));
        if (made || (response && !long && !/html|css|javascript|image|font|audio|video/i.test(type))) {
          const blob = await response.blob();
          if (made || (blob.size && blob.size <= SMALL)) {
            value.body = textOf(new Uint8Array(await blob.slice(0, options.size).arrayBuffer()));
          }
        }
        const [address] = request.url.split(/[?#]/);
        if (!add('cache', `${name}/${address}`, JSON.stringify(value))) return;
      }
    }
  };

  const workers = async () => {
    // A frame without an address has no registrations of its own; the frame whose origin it shares is read.
    if (location.protocol === 'about:' || location.protocol === 'blob:') return;
    let all = [];
    try {
      all = (await navigator.serviceWorker?.getRegistrations()) || [];
    } catch (e) {
      // A document that no worker may serve (in an object element, say): it can neither make nor ask for one.
      if (e.name !== 'InvalidStateError') throw e;
    }
    for (const one of all) {
      add('worker', one.scope, (one.active || one.waiting || one.installing)?.scriptURL || '');
    }
  };

  const work = [databases().catch((e) => failed('IndexedDB', e)), stored().catch((e) => failed('caches', e)),
    workers().catch((e) => failed('service workers', e))];
  if (options.main && window.name) add('name', 'window.name', String(window.name));
  const late = new Promise((resolve) => setTimeout(resolve, options.ms, 'late'));
  if ((await Promise.race([Promise.all(work), late])) === 'late') {
    cut.add('storage: IndexedDB, caches and workers, as far as they answered in time');
  }
  closed = true;
  return JSON.stringify({ storage: items, cut: [...cut] });
})
