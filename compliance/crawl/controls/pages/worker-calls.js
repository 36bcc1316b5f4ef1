postMessage(navigator.languages.length);
