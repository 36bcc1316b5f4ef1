(function () {
  var wide = innerWidth >= 900 && screen.width >= 900, dpr = devicePixelRatio > 1.5 ? 2 : 1;
  var dark = matchMedia('(prefers-color-scheme: dark)').matches, calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  var touch = navigator.maxTouchPoints > 0 || 'ontouchstart' in window;
  document.cookie = 'layout=' + (wide ? 'wide' : 'narrow') + '; Path=/; Secure; SameSite=Lax';
  document.cookie = 'dpr=' + dpr + '; Path=/; Secure; SameSite=Lax';
  document.documentElement.className = [wide ? 'wide' : 'narrow', dark ? 'dark' : 'light', calm ? 'calm' : '', touch ? 'touch' : 'mouse'].join(' ');
  addEventListener('DOMContentLoaded', function () {
    var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    document.getElementById('t').textContent = new Intl.DateTimeFormat(navigator.language, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })
      .format(new Date(Date.UTC(2026, 0, 5, 19)));
    var img = new Image();
    img.alt = ''; img.src = '/img/hero-' + dpr + 'x.gif';
    document.body.append(img);
  });
})();
