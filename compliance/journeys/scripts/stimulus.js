// What a trial for session recording does to a page: words of its own, a field of its own, and which fields a person
// could type into. Runs in an isolated world; `globalThis.stimulus` keeps its state until the page is left.
((options) => {
  const roots = () => {
    const found = [document];
    for (let i = 0; i < found.length && found.length < 200; i++) {
      for (const e of found[i].querySelectorAll('*')) if (e.shadowRoot) found.push(e.shadowRoot);
    }
    return found;
  };
  const visible = (e) => {
    if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
    const r = e.getBoundingClientRect();
    return r.width > 8 && r.height > 4 && r.right + scrollX > 0 && r.bottom + scrollY > 0;
  };
  const KINDS = ['email', 'password', 'search', 'tel', 'text', 'textarea'];
  const kind = (e) => (e.localName === 'textarea' ? 'textarea' : e.type);
  const label = (e) => e.labels?.[0]?.textContent || e.getAttribute('aria-label') || e.placeholder || '';
  const searches = (e) => e.type === 'search' || e.getAttribute('role') === 'searchbox' || e.getAttribute('role') === 'combobox'
    || !!e.closest('[role=search],search') || /^(q|query|s|search|keywords?|term)$/i.test(e.name || e.id);
  const fields = roots().flatMap((root) => [...root.querySelectorAll('input,textarea')]).filter((e) =>
    KINDS.includes(kind(e)) && !e.disabled && !e.readOnly && !e.value && (e.maxLength < 0 || e.maxLength >= 12) && visible(e));
  // One of each kind first, so that no kind is left out by many of another.
  const rank = (e) => fields.filter((o) => kind(o) === kind(e)).indexOf(e);
  const chosen = [...fields].sort((a, b) => rank(a) - rank(b)).slice(0, options.fields);

  const block = document.createElement('div');
  block.className = options.label;
  const words = document.createElement('p');
  words.textContent = options.marker;
  const own = document.createElement('textarea');
  own.rows = 1;
  block.append(words);
  document.body.append(block);
  // Beside it: statistics of clicks and changes name the classes around the element that was used. A dialog that is
  // open may keep the focus to itself, so it gets the field.
  const beside = document.createElement('div');
  beside.append(own);
  const dialogs = [...document.querySelectorAll('dialog[open],[aria-modal=true],[role=dialog],[role=alertdialog]')];
  (dialogs.reverse().find((e) => e.matches(':modal') || visible(e)) || document.body).append(beside);
  // What the page was really given, noticed before its own listeners can stop it.
  const heard = { moves: 0, keys: 0 };
  const count = (what) => (e) => { if (e.isTrusted) heard[what]++; };
  addEventListener('mousemove', count('moves'), true);
  addEventListener('keydown', count('keys'), true);

  const ACTS = 'a,button,input,select,textarea,label,summary,option,video,audio,iframe,embed,object,canvas,area,'
    + '[onclick],[onmousedown],[onpointerdown],[role=button],[role=link],[role=tab],[role=menuitem],[tabindex],[contenteditable]';
  const empty = (x, y) => {
    const e = document.elementFromPoint(x, y);
    return e && !e.closest(ACTS) && !e.closest(`.${options.label}`) && !e.shadowRoot && getComputedStyle(e).cursor !== 'pointer';
  };
  globalThis.stimulus = {
    focus(i) {
      const e = i < 0 ? own : chosen[i];
      e.scrollIntoView({ block: 'center', behavior: 'instant' });
      e.focus({ preventScroll: true });
      return String(e.getRootNode().activeElement === e);
    },
    blur(i) { (i < 0 ? own : chosen[i]).blur(); return ''; },
    heard() { return JSON.stringify({ ...heard, own: own.value }); },
    top() { document.activeElement?.blur?.(); scrollTo({ top: 0, behavior: 'instant' }); return ''; },
    point() {
      for (const fx of [0.02, 0.98, 0.5, 0.25, 0.75]) for (const fy of [0.5, 0.7, 0.3, 0.9, 0.12]) {
        const x = Math.round(innerWidth * fx), y = Math.round(innerHeight * fy);
        if (empty(x, y)) return JSON.stringify([x, y]);
      }
      return 'null';
    },
  };
  return JSON.stringify({
    width: innerWidth, height: innerHeight,
    fields: chosen.map((e) => ({ name: e.name || e.id || label(e).trim().slice(0, 60), kind: searches(e) ? 'search' : kind(e) })),
  });
})
