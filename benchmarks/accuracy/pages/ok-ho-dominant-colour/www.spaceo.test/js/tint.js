(function () {
  var img = document.getElementById('hero');
  function tint() {
    var c = document.createElement('canvas'), x = c.getContext('2d', { willReadFrequently: true });
    c.width = 96; c.height = 64;
    x.drawImage(img, 0, 0, 96, 64);
    var d = x.getImageData(0, 0, 96, 64).data, r = 0, g = 0, b = 0, n = d.length / 4;
    for (var i = 0; i < d.length; i += 4) { r += d[i]; g += d[i + 1]; b += d[i + 2]; }
    document.body.style.background = 'rgb(' + [r, g, b].map(function (v) { return Math.round(v / n); }).join(',') + ')';
  }
  if (img.complete && img.naturalWidth) tint(); else img.addEventListener('load', tint);
})();
