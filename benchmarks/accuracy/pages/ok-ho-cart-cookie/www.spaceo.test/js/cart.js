(function () {
  var m = /(?:^|; )cart=([^;]*)/.exec(document.cookie);
  var cart = m ? decodeURIComponent(m[1]) : 'S-1042-FREE-SAMPLE-2025:1';
  document.cookie = 'cart=' + encodeURIComponent(cart) + '; Path=/; Secure; SameSite=Lax';
  document.cookie = 'cart_currency=EUR; Path=/; Secure; SameSite=Lax';
  fetch('/api/cart.json?lines=' + encodeURIComponent(cart)).then(function (r) { return r.json(); }).then(function (c) {
    document.getElementById('n').textContent = c.lines.length;
  });
})();
