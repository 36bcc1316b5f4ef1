const helper = new Worker('/assets/helper.js');
helper.onmessage = (event) => { document.documentElement.dataset.ready = event.data; };
