(function (w, d, n) {
  'use strict';
  var KEY = 'perf:cfg', cfg = null, entries = [], sent = false;
  try { cfg = JSON.parse(w.localStorage.getItem(KEY)); } catch (e) { cfg = null; }
  if (!cfg || !cfg.s) {
    cfg = { v: 3, rate: 1, s: Array.from(w.crypto.getRandomValues(new Uint32Array(4)), function (x) { return x.toString(36); }).join('.') };
    try { w.localStorage.setItem(KEY, JSON.stringify(cfg)); } catch (e) { /* private mode */ }
  }
  ['largest-contentful-paint', 'layout-shift', 'first-input'].forEach(function (t) {
    try {
      new PerformanceObserver(function (l) {
        l.getEntries().forEach(function (e) { entries.push([t, Math.round(e.startTime), e.value || 0]); });
      }).observe({ type: t, buffered: true });
    } catch (e) { /* not supported */ }
  });
  function flush() {
    if (sent) return;
    sent = true;
    var nav = performance.getEntriesByType('navigation')[0] || {};
    n.sendBeacon('/rum/v1', btoa(JSON.stringify({ p: location.pathname, ttfb: Math.round(nav.responseStart || 0), e: entries, s: cfg.s })));
  }
  d.addEventListener('visibilitychange', function () { if (d.visibilityState === 'hidden') flush(); });
  w.addEventListener('pagehide', flush);
})(window, document, navigator);
