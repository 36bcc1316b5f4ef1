fetch('https://pixel.tracker.test/collect', { mode: 'no-cors' });
