(function () {
  var q = new URLSearchParams({ v: '1', t: 'pageview', tid: 'UA-1-1', dp: location.pathname, dt: document.title, sr: 'n/a' });
  new Image().src = 'https://stats.spaceo.test/collect.gif?' + q;
})();
