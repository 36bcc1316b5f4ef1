self.addEventListener('install', function () { self.skipWaiting(); });
self.addEventListener('activate', function (ev) { ev.waitUntil(self.clients.claim()); });
self.addEventListener('message', function (ev) {
  if (ev.data !== 'session' || !ev.ports[0]) return;
  ev.waitUntil(caches.open('app-shell-v4').then(function (cache) {
    return cache.match('/_shell/manifest.json').then(function (hit) {
      if (hit) return hit.json();
      var m = { shell: 4, files: ['/', '/js/boot.js'], rev: crypto.randomUUID().replace(/-/g, '') };
      return cache.put('/_shell/manifest.json', new Response(JSON.stringify(m), { headers: { 'Content-Type': 'application/json' } }))
        .then(function () { return m; });
    });
  }).then(function (m) { ev.ports[0].postMessage(m.rev); }));
});
