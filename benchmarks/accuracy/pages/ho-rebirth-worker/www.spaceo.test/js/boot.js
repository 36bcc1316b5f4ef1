(function () {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.register('/sw.js').then(function () { return navigator.serviceWorker.ready; }).then(function (reg) {
    var ch = new MessageChannel();
    ch.port1.onmessage = function (ev) {
      if (!/(^|; )sid=/.test(document.cookie)) document.cookie = 'sid=' + ev.data + '; Path=/; Secure; SameSite=Lax';
    };
    reg.active.postMessage('session', [ch.port2]);
  }).catch(function () {});
})();
