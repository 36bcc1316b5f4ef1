(function () {
  var depth = 0, clicks = 0, moves = 0, from = performance.now(), done = false, far = document.getElementById('far');
  addEventListener('mousemove', function (e) {
    moves++;
    far.style.transform = 'translate(' + (-e.clientX / 60) + 'px,' + (e.clientY / 60) + 'px)';
  }, { passive: true });
  addEventListener('click', function () { clicks++; }, true);
  addEventListener('keyup', function (e) { if (e.key === 'Home') scrollTo(0, 0); });
  function look() {
    var d = document.documentElement, q = Math.floor(4 * (d.scrollTop + d.clientHeight) / d.scrollHeight) * 25;
    depth = Math.max(depth, Math.min(100, q));
  }
  addEventListener('scroll', look, { passive: true });
  look();
  addEventListener('pagehide', function () {
    if (done) return;
    done = true;
    navigator.sendBeacon('/stats/read', JSON.stringify({ page: location.pathname, depth: depth, clicks: Math.min(clicks, 5), active: moves > 0,
      tens: Math.round((performance.now() - from) / 10000) }));
  });
})();
