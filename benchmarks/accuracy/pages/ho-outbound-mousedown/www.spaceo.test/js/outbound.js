(function () {
  var id = localStorage.getItem('af_ref');
  if (!id) {
    id = Date.now().toString(36) + Math.random().toString(36).slice(2, 12);
    localStorage.setItem('af_ref', id);
  }
  function decorate(ev) {
    var a = ev.target.closest && ev.target.closest('a[href]');
    if (!a || a.hostname === location.hostname || a.dataset.dressed) return;
    var plain = a.getAttribute('href'), u = new URL(a.href);
    u.searchParams.set('click_ref', id);
    a.href = u.href;
    a.dataset.dressed = '1';
    setTimeout(function () { a.setAttribute('href', plain); delete a.dataset.dressed; }, 3000);
  }
  document.addEventListener('mousedown', decorate, true);
  document.addEventListener('touchstart', decorate, { capture: true, passive: true });
  document.addEventListener('keydown', function (e) { if (e.key === 'Enter') decorate(e); }, true);
})();
