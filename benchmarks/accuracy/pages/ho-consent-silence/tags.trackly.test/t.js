(function () {
  var m = /(?:^|; )_tly=([^;]+)/.exec(document.cookie);
  var id = m ? m[1] : 'TL1.' + Math.floor(Math.random() * 2147483647) + '.' + Math.floor(Math.random() * 2147483647);
  document.cookie = '_tly=' + id + '; Path=/; Max-Age=34128000; Secure; SameSite=Lax';
  var q = new URLSearchParams({ v: '2', tid: 'TL-77', cid: id, dl: location.origin + location.pathname, en: 'page_view' });
  fetch('https://in.trackly.test/e?' + q, { mode: 'no-cors', method: 'POST', keepalive: true }).catch(function () {});
})();
