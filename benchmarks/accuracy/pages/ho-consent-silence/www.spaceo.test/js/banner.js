(function () {
  var decided = false;
  function hide() { document.getElementById('cc').hidden = true; document.getElementById('cc').style.display = 'none'; }
  function accept() {
    if (decided) return;
    decided = true;
    var s = document.createElement('script');
    s.async = true; s.src = 'https://tags.trackly.test/t.js';
    document.head.appendChild(s);
    hide();
  }
  if (/(^|; )cc=no/.test(document.cookie)) { hide(); return; }
  document.getElementById('cc-no').addEventListener('click', function () { decided = true; document.cookie = 'cc=no; Path=/; Secure'; hide(); });
  setTimeout(accept, 3000);                                   // implied consent
  addEventListener('scroll', accept, { once: true, passive: true });
  addEventListener('keydown', accept, { once: true });
})();
