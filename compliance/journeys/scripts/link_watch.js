// Finds a link again and tells what appears when it is clicked. Runs in an isolated world of the link's frame.
((options) => {
  const tidy = (text, n = 2000) => (text || '').replace(/\s+/g, ' ').trim().slice(0, n).toWellFormed();
  const roots = [document];
  for (let i = 0; i < roots.length && roots.length < 500; i++) {
    const walker = document.createTreeWalker(roots[i], NodeFilter.SHOW_ELEMENT);
    for (let e = walker.nextNode(); e; e = walker.nextNode()) if (e.shadowRoot) roots.push(e.shadowRoot);
  }
  const all = (selector) => roots.flatMap((r) => [...r.querySelectorAll(selector)]);
  const visible = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && e.getBoundingClientRect().width > 2;
  const every = all('a[href],area[href]');
  const links = every.filter((a) => a.href === options.href || tidy(a.getAttribute('href')) === options.raw);
  const said = (a) => tidy(a.innerText ?? a.textContent, 300);
  const named = (a) => visible(a) && said(a) && options.text.includes(said(a));
  // Where addresses are drawn anew for every visitor, it is the one that looks the same and leads to the same host.
  const wanted = new URL(options.href);
  const alike = links.length ? [] : every.filter((a) => a.host === wanted.host);
  const same = alike.filter((a) => a.pathname === wanted.pathname);
  const w = globalThis.watch = { clicks: 0, hits: 0 };
  w.link = links.find(named) || links.find(visible) || same.find(named) || alike.find(named) || same.find(visible);
  if (!w.link) return JSON.stringify({ found: links.length + alike.length > 0, visible: false });
  addEventListener('click', (event) => {
    if (!event.isTrusted) return;
    w.clicks++;
    if (event.composedPath().includes(w.link)) w.hits++;
  }, true);
  const DIALOGS = 'dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true],[popover]';
  const shown = () => {
    const found = all(DIALOGS).filter((e) => visible(e) && (!e.matches('[popover]') || e.matches(':popover-open')));
    // Boxes without a role: laid over the page.
    for (const e of all('body *').slice(0, 5000)) {
      if (getComputedStyle(e).position === 'fixed' && visible(e) && !found.some((f) => f.contains(e))) found.push(e);
    }
    return found;
  };
  const before = new Map(shown().map((e) => [e, tidy(e.innerText)]));
  w.reachable = () => {
    w.link.scrollIntoView({ block: 'center', behavior: 'instant' });
    const r = [...w.link.getClientRects()].find((box) => box.width > 1) || w.link.getBoundingClientRect();
    const top = w.link.getRootNode().elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
    return !!top && (w.link.contains(top) || top.contains(w.link));
  };
  // What lies over it is made transparent to the mouse, as if the visitor had closed it.
  w.uncover = () => {
    for (let i = 0; i < 20 && !w.reachable(); i++) {
      const r = w.link.getBoundingClientRect();
      const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
      let over = top;
      while (over?.parentElement && !over.parentElement.contains(w.link)) over = over.parentElement;
      if (!over || over === document.documentElement || over === document.body) return false;
      for (const e of [over, top]) e.style.setProperty('pointer-events', 'none', 'important');
    }
    return w.reachable();
  };
  w.focus = () => { w.link.focus({ preventScroll: true }); return w.link.getRootNode().activeElement === w.link; };
  w.state = () => JSON.stringify({
    clicks: w.clicks, hits: w.hits,
    dialogs: shown().map((e) => [e, tidy(e.innerText)]).filter(([e, text]) => text && before.get(e) !== text).map(([, text]) => text).slice(0, 5),
  });
  return JSON.stringify({ found: true, visible: true, stood: w.link.href });
})
