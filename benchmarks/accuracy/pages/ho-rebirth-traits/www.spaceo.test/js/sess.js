(function () {
  if (/(^|; )vsid=/.test(document.cookie)) return;
  var c = document.createElement('canvas'), x = c.getContext('2d');
  c.width = 280; c.height = 60;
  x.textBaseline = 'alphabetic';
  x.fillStyle = '#f60'; x.fillRect(125, 1, 62, 20);
  x.fillStyle = '#069'; x.font = '15px Arial'; x.fillText('Cwm fjordbank glyphs vext quiz, \ud83d\ude03', 2, 15);
  x.fillStyle = 'rgba(102,204,0,.7)'; x.font = '18px serif'; x.fillText('Cwm fjordbank glyphs vext quiz', 4, 45);
  var s = [c.toDataURL(), navigator.userAgent, navigator.languages.join(), navigator.hardwareConcurrency, navigator.deviceMemory,
    screen.width, screen.height, screen.colorDepth, innerWidth, devicePixelRatio,
    Intl.DateTimeFormat().resolvedOptions().timeZone].join('~');
  var a = 0x811c9dc5, b = 0x1b873593;
  for (var i = 0; i < s.length; i++) {
    a = Math.imul(a ^ s.charCodeAt(i), 0x01000193);
    b = Math.imul(b + s.charCodeAt(i), 0x85ebca6b) ^ (b >>> 13);
  }
  function h(n) { return (n >>> 0).toString(16).padStart(8, '0'); }
  document.cookie = 'vsid=' + h(a) + h(b) + '; Path=/; Secure; SameSite=Lax';
})();
