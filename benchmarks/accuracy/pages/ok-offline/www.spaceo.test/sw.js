self.oninstall = (e) => e.waitUntil(caches.open('pages').then((c) => c.addAll(['/offline.html'])));
self.onfetch = () => {};
