(async function () {
  var m = document.cookie.match(/(?:^|;\s*)cid=([^;]+)/);
  if (!m) return;
  var sum = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(m[1]));
  var hex = Array.from(new Uint8Array(sum), function (b) { return b.toString(16).padStart(2, '0'); }).join('');
  var img = new Image();
  img.referrerPolicy = 'no-referrer';
  img.src = 'https://match.adexchange.test/m.gif?src=spaceo&hid=' + hex;
})();
