(function () {
  function hex(n) { return Array.from(crypto.getRandomValues(new Uint8Array(n)), function (b) { return b.toString(16).padStart(2, '0'); }).join(''); }
  var trace = hex(16), root = hex(8), spans = [];
  function traced(url) {
    var span = hex(8), t0 = performance.now();
    return fetch(url, { headers: { traceparent: '00-' + trace + '-' + span + '-01', 'X-Request-ID': crypto.randomUUID() } }).then(function (r) {
      spans.push({ traceId: trace, spanId: span, parentSpanId: root, name: 'GET ' + url, ms: Math.round(performance.now() - t0), status: r.status });
      return r;
    });
  }
  traced('/api/news.json').then(function (r) { return r.json(); }).then(function (items) {
    var ul = document.getElementById('news');
    items.forEach(function (t) { var li = document.createElement('li'); li.textContent = t; ul.append(li); });
    navigator.sendBeacon('/otlp/v1/traces', JSON.stringify({ resource: { 'service.name': 'spaceo-web' }, spans: spans }));
  });
})();
