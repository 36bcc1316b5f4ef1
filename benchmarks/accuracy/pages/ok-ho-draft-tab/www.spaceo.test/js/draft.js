(function () {
  var box = document.getElementById('letter'), keys = 0;
  box.value = sessionStorage.getItem('draft') || '';
  box.addEventListener('input', function () {
    sessionStorage.setItem('draft', box.value);
    document.getElementById('left').textContent = 500 - box.value.length;
  });
  addEventListener('keydown', function (e) {
    document.getElementById('keys').textContent = ++keys;
    if ((e.ctrlKey || e.metaKey) && e.key === 'Backspace') { box.value = ''; sessionStorage.removeItem('draft'); }
  });
})();
