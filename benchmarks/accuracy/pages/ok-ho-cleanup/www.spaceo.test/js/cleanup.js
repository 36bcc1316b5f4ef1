(function () {
  var names = ['_ga', '_gid', '_gat', '_fbp', '_hjSessionUser_211', 'ajs_anonymous_id', 'uid'];
  var homes = ['', '; Domain=spaceo.test', '; Domain=www.spaceo.test'];
  names.forEach(function (n) {
    homes.forEach(function (h) { document.cookie = n + '=deleted; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT' + h; });
  });
  ['ajs_user_id', 'amplitude_unsent', '_hjid'].forEach(function (k) { localStorage.removeItem(k); sessionStorage.removeItem(k); });
  indexedDB.deleteDatabase('mp_events');
  if (navigator.serviceWorker) navigator.serviceWorker.getRegistrations().then(function (l) { l.forEach(function (r) { r.unregister(); }); });
  if (window.caches) caches.keys().then(function (l) { l.forEach(function (k) { caches.delete(k); }); });
})();
