// What kind of page is this: does it run scripts, and which; does it load lazily.
// Inline scripts are compared with their literals masked: a nonce does not make a new script.
(() => {
  const hash = (text) => {
    let h = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    return (h >>> 0).toString(36);
  };
  const keys = new Set();
  for (const s of document.scripts) {
    if (s.type && !/^(module|(text|application)\/(x-)?(java|ecma)script)$/i.test(s.type.trim())) continue;
    if (s.src) keys.add(s.src.split(/[?#]/)[0]);
    else {
      const code = s.textContent.slice(0, 200000).replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\d+/g, '0').trim();
      if (code) keys.add('inline:' + hash(code));
    }
  }
  // A page that sends its visitor on moves like one that runs a script.
  let refresh = '';
  for (const meta of document.querySelectorAll('meta[http-equiv="refresh" i]')) {
    keys.add('refresh:' + meta.content);
    const to = /^[\s\d.]*[;,]?\s*(?:url\s*=\s*)?(?:"([^"]*)"?|'([^']*)'?|(.*))$/i.exec(meta.content);
    const address = to ? to[1] || to[2] || to[3] : '';
    if (address && !refresh) try { refresh = new URL(address.trim(), document.baseURI).href; } catch { /* leads nowhere */ }
  }
  return JSON.stringify({
    refresh,
    scripts: [...keys].sort(),
    frames: document.querySelectorAll('iframe,frame,object,embed,portal,fencedframe').length,
    lazy: document.querySelector('[loading=lazy],[data-src],[data-srcset]') !== null,
    ready: document.readyState,
  });
})()
