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
  return JSON.stringify({
    scripts: [...keys].sort(),
    frames: document.querySelectorAll('iframe,frame,object,embed,portal,fencedframe').length,
    lazy: document.querySelector('[loading=lazy],[data-src],[data-srcset]') !== null,
    ready: document.readyState,
  });
})()
