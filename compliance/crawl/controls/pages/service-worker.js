oninstall = (event) => event.waitUntil(fetch('/c/service-worker'));
