document.querySelectorAll('a.aff').forEach(function (a) {
  var u = new URL(a.href);
  u.searchParams.set('tag', 'spaceo-21');
  u.searchParams.set('clickref', 'b5bb9d8014a0f9b1d61e21e796d78dcc');   // our account at the partner's
  u.searchParams.set('placement', 'home');
  a.href = u.href;
});
