(function () {
  var AREAS = ['checkout', 'header', 'search', 'teaser', 'footer', 'gallery'];
  var FEATURES = ['newSteps', 'stickyBar', 'roundCorners', 'lazyImages', 'bigPrice', 'shortCopy', 'greenButton', 'trustBadge'];
  var stored = {};
  try { stored = JSON.parse(localStorage.getItem('ff') || '{}'); } catch (e) { stored = {}; }
  // sticky bucketing: whoever has been assigned stays assigned
  AREAS.forEach(function (a) {
    FEATURES.forEach(function (f) {
      var k = a + '.' + f;
      if (typeof stored[k] !== 'boolean') stored[k] = Math.random() < 0.5;
      if (stored[k]) document.documentElement.classList.add('ff-' + a + '-' + f);
    });
  });
  localStorage.setItem('ff', JSON.stringify(stored));
})();
