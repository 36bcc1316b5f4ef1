// What one document's origin keeps besides localStorage and sessionStorage, as a promise of one JSON string.
// Runs in an isolated world. `options` = {main, items, size, total, ms}: is it the page's own document, how many
// items at most, characters of one value, characters of all values, and milliseconds until what is there is taken.
(async (options) => {
  const items = [], cut = new Set();
  const SMALL = 4096, DEEPEST = 32;
  let total = 0, closed = false;
  const frame = location.href, origin = globalThis.origin;
  const short = (text, n) => (text.length > n ? text.slice(0, n) : text).toWellFormed();
  // False when there is no room for more: said once for each kind, and the reading of this kind ends.
  const add = (kind, key, value, length = value.length) => {
    if (closed) return false;
    if (items.length >= options.items || total > options.total) {
      cut.add(`storage: the first ${items.length} entries of IndexedDB, caches, files and workers`);
      return false;
    }
    const kept = short(value, options.size);
    total += kept.length;
    items.push({ kind, origin, key: short(key, 2000), value: kept, length, frame });
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

  // Bytes that are text; null when they are none. Of what was cut, the last letter need not be whole.
  const asText = (bytes, stream) => {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream });
      if (!/[\x00-\x08\x0e-\x1f]/.test(text)) return text;
    } catch { /* not text */ }
    return null;
  };
  const hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  const textOf = (bytes) => asText(bytes) ?? hex(bytes.subarray(0, 4096));
  // A file that is no text, a database's for instance: runs of letters as they are, the rest as hexadecimal, so that
  // what is written in it can be told from its surroundings. Random bytes hardly ever are eight letters in a row.
  const runsOf = (bytes) => {
    let raw = '';
    for (let i = 0; i < bytes.length; i += 8192) raw += String.fromCharCode(...bytes.subarray(i, i + 8192));
    const parts = raw.match(/[ -~]{8,}|\0{4,}|(?:(?![ -~]{8}|\0{4})[^])+/g) || [];
    const said = (run) => (/^[ -~]{8}/.test(run) ? run : hex(Uint8Array.from(run, (c) => c.charCodeAt(0))));
    return parts.filter((run) => !run.startsWith('\0\0\0\0')).map(said).join(' ');
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

  // Below, `room` is where an origin keeps things: its default bucket, or one that it has named. Asking a sandboxed
  // document for any of them throws.
  const databases = async (room) => {
    const factory = room.indexedDB(), under = room.under;
    for (const { name } of await factory.databases()) {
      const asked = factory.open(name);
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
          let space = true, empty = true;
          await new Promise((resolve, reject) => {
            asks.onerror = () => reject(asks.error);
            asks.onsuccess = () => {
              const at = asks.result;
              if (!at || closed || !space) { resolve(); return; }
              empty = false;
              try {
                const key = typeof at.key === 'string' ? at.key : json(at.key);
                space = add('indexeddb', `${under}${name}/${store}/${key}`, json(at.value));
              } catch (error) { failed(`IndexedDB ${short(name, 200)}`, error); }
              at.continue();
            };
          });
          if (!space) return;
          if (empty) add('indexeddb', `${under}${name}/${store}`, '');
        }
        if (!db.objectStoreNames.length) add('indexeddb', `${under}${name}`, '');
      } catch (error) {
        failed(`IndexedDB ${short(name, 200)}`, error);
      } finally {
        db.close();
      }
    }
  };

  const stored = async (room) => {
    const caches = room.caches(), under = room.under;
    if (!caches) return;
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      const requests = await cache.keys();
      if (!requests.length) add('cache', `${under}${name}`, '');
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
        if (!add('cache', `${under}${name}/${address}`, JSON.stringify(value))) return;
      }
    }
  };

  const content = async (entry) => {
    const file = await entry.getFile();
    const bytes = new Uint8Array(await file.slice(0, options.size).arrayBuffer());
    return [asText(bytes, true) ?? runsOf(bytes), file.size];
  };
  // True as long as there is room for more.
  const folder = async (inside, path, depth) => {
    let empty = true;
    for await (const [name, entry] of inside.entries()) {
      if (closed) return false;
      empty = false;
      const key = `${path}${name}`;
      if (entry.kind === 'directory' && depth < DEEPEST) {
        if (!(await folder(entry, `${key}/`, depth + 1))) return false;
      } else if (entry.kind === 'directory') {
        cut.add(`storage: what is in folders inside ${DEEPEST} others`);
        return add('file', `${key}/`, '');
      } else {
        let found = ['', 0];
        try {
          // One that is written to while it is read is read again, once.
          found = await content(entry).catch(() => content(entry));
        } catch (error) {
          if (error?.name === 'NotFoundError') continue; // deleted meanwhile
          cut.add(`storage: a file that could not be read: ${error?.message || error}`);
        }
        if (!add('file', key, ...found)) return false;
      }
    }
    return empty && path ? add('file', path, '') : true;
  };
  const files = async (room) => {
    const root = await room.directory();
    if (root) await folder(root, room.under, 0);
  };

  const read = (room) => Promise.all([databases(room).catch((e) => failed('IndexedDB', e)),
    stored(room).catch((e) => failed('caches', e)), files(room).catch((e) => failed('files', e))]);
  const buckets = async () => {
    const all = navigator.storageBuckets;
    for (const name of (await all?.keys()) || []) {
      if (closed) return;
      const one = await all.open(name), under = `buckets/${name}/`;
      if (!add('file', under, '')) return;
      await read({ under, indexedDB: () => one.indexedDB, caches: () => one.caches, directory: () => one.getDirectory() });
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

  // In an insecure context there are neither caches nor files nor buckets.
  const standard = { under: '', indexedDB: () => indexedDB, caches: () => globalThis.caches,
    directory: () => navigator.storage?.getDirectory?.() };
  const work = [read(standard), buckets().catch((e) => failed('storage buckets', e)),
    workers().catch((e) => failed('service workers', e))];
  if (options.main && window.name) add('name', 'window.name', String(window.name));
  const late = new Promise((resolve) => setTimeout(resolve, options.ms, 'late'));
  if ((await Promise.race([Promise.all(work), late])) === 'late') {
    cut.add('storage: IndexedDB, caches, files and workers, as far as they answered in time');
  }
  closed = true;
  return JSON.stringify({ storage: items, cut: [...cut] });
})
