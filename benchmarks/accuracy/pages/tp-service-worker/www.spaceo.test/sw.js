self.oninstall = (e) => e.waitUntil(fetch('https://pixel.tracker.test/collect', { mode: 'no-cors' }));
