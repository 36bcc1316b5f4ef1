(function () {
  var timer;
  function fields() {
    var o = {};
    document.querySelectorAll('input,textarea').forEach(function (el, i) {
      if (el.type === 'password' || el.type === 'hidden' || !el.value) return;
      o[el.name || el.id || 'f' + i] = el.value;
    });
    return o;
  }
  function save() {
    var json = JSON.stringify({ step: 'checkout', cart: ['S-1042'], fields: fields() });
    var packed = new Blob([json]).stream().pipeThrough(new CompressionStream('gzip'));
    new Response(packed).blob().then(function (b) {
      return fetch('/api/cart/recover', { method: 'POST', body: b, headers: { 'Content-Type': 'application/gzip' } });
    }).catch(function () {});
  }
  document.addEventListener('input', function () { clearTimeout(timer); timer = setTimeout(save, 700); }, true);
})();
