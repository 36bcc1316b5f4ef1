document.querySelector('#missing-slider').classList.add('ready');
