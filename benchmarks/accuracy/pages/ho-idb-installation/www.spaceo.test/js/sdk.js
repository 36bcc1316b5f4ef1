(function () {
  function open() {
    return new Promise(function (ok, no) {
      var r = indexedDB.open('sdk', 1);
      r.onupgradeneeded = function () { r.result.createObjectStore('kv'); };
      r.onsuccess = function () { ok(r.result); };
      r.onerror = function () { no(r.error); };
    });
  }
  function installation(db) {
    return new Promise(function (ok, no) {
      var tx = db.transaction('kv', 'readwrite'), store = tx.objectStore('kv'), get = store.get('installation'), value;
      get.onsuccess = function () {
        value = get.result;
        if (!value) { value = crypto.getRandomValues(new Uint8Array(16)); store.put(value, 'installation'); }
      };
      tx.oncomplete = function () { ok(value); };
      tx.onerror = function () { no(tx.error); };
    });
  }
  open().then(installation).then(function (id) {
    var frame = new Uint8Array(20);
    frame.set([0x53, 0x01, 0x10, 0x07], 0);   // magic, version, length, event "view"
    frame.set(id, 4);
    return fetch('https://collect.metrics.test/i', { method: 'POST', mode: 'no-cors', keepalive: true, credentials: 'omit', body: frame });
  }).catch(function () {});
})();
