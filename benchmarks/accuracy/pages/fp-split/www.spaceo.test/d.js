const sum = (s) => { let h = 7; for (const c of s) h = (h * 33 + c.charCodeAt(0)) >>> 0; return h.toString(16); };
window.heard.then((s) => fetch('/collect', { method: 'POST', body: sum(window.parts.join() + s) }));
