// Finds a form again, tells what its controls accept, and watches what happens to it.
// Runs in an isolated world of the form's frame; `globalThis.watch` keeps its state until the frame navigates.
((options) => {
  const tidy = (text, n = 300) => (text || '').replace(/\s+/g, ' ').trim().slice(0, n).toWellFormed();
  const roots = () => {
    const found = [document];
    for (let i = 0; i < found.length && found.length < 500; i++) {
      const walker = document.createTreeWalker(found[i], NodeFilter.SHOW_ELEMENT);
      for (let e = walker.nextNode(); e; e = walker.nextNode()) if (e.shadowRoot) found.push(e.shadowRoot);
    }
    return found;
  };
  const all = (selector) => roots().flatMap((r) => { try { return [...r.querySelectorAll(selector)]; } catch { return []; } });
  const visible = (e) => {
    if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
    const r = e.getBoundingClientRect();
    return r.width > 2 && r.height > 2 && r.right + scrollX > -500 && r.bottom + scrollY > -500;
  };
  const named = (e) => e.name || e.id || '';
  const within = (form, e) => form.contains(e) || e.form === form;
  const score = (form) => {
    const own = new Set((form.elements ? [...form.elements] : [...form.querySelectorAll('input,select,textarea')]).map(named));
    return options.fields.filter((f) => own.has(f.name || f.id)).length;
  };
  const findForm = () => {
    const candidates = [...all(options.selector), ...(options.formless ? [] : all('form'))];
    return candidates.reduce((best, f) => (score(f) > (best ? score(best) : 0) ? f : best), null)
      || all(options.selector).find((f) => options.fields.some((x) => all(x.selector).some((e) => within(f, e)))) || null;
  };
  const fits = (field, e) => (e.name || '') === field.name && (e.id || '') === field.id;
  const findField = (form, field) => {
    const own = all(field.selector).filter((e) => within(form, e));
    const same = own.find((e) => fits(field, e));
    if (same) return same;
    const pool = form.elements ? [...form.elements] : [...form.querySelectorAll('input,select,textarea,[contenteditable=true]')];
    return pool.find((e) => (field.name || field.id) && fits(field, e) && (e.type || '') !== 'hidden') || own[0] || null;
  };
  const w = globalThis.watch = { form: findForm(), clicks: 0, hits: 0, submits: [], invalid: [], said: new Map() };
  if (!w.form) return JSON.stringify({ found: false });
  w.fields = options.fields.map((f) => findField(w.form, f));
  w.field = (i) => {
    if (!w.form.isConnected) w.form = findForm() || w.form;
    if (!w.fields[i]?.isConnected) w.fields[i] = findField(w.form, options.fields[i]);
    return w.fields[i];
  };
  const BUTTONS = 'button:not([type=button]):not([type=reset]),input[type=submit],input[type=image]';
  w.submit = () => {
    const own = (options.submit ? all(options.submit).filter((e) => within(w.form, e)) : []);
    return own.find(visible) || own[0] || [...(w.form.elements || [])].find((e) => e.matches(BUTTONS))
      || w.form.querySelector(`${BUTTONS},button,[role=button]`);
  };
  w.reachable = () => {
    const e = w.submit();
    e.scrollIntoView({ block: 'center', behavior: 'instant' });
    const r = e.getBoundingClientRect();
    const top = e.getRootNode().elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
    return !!top && (e.contains(top) || top.contains(e));
  };
  w.focusSubmit = () => { const e = w.submit(); e.focus({ preventScroll: true }); return e.getRootNode().activeElement === e; };
  const off = (e) => !!e && (e.disabled || e.matches(':disabled') || e.getAttribute('aria-disabled') === 'true');

  // ---- acting

  w.select = (i) => {
    const e = w.field(i);
    if (!e) return false;
    e.scrollIntoView({ block: 'center', behavior: 'instant' });
    e.focus({ preventScroll: true });
    if (e.select) e.select(); else if (e.isContentEditable) getSelection().selectAllChildren(e);
    return e.getRootNode().activeElement === e;
  };
  w.set = (i, value) => {
    const e = w.field(i);
    e.value = value;
    e.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    e.dispatchEvent(new Event('change', { bubbles: true }));
    return e.value === value;
  };
  w.tick = (i) => { const e = w.field(i); if (!e.checked) e.click(); return e.checked; };
  w.value = (i) => { const e = w.field(i); return e ? String(e.isContentEditable ? e.textContent : e.value ?? '') : ''; };
  w.valid = (i) => w.field(i)?.validity?.valid ?? true;

  // ---- watching

  const seen = new WeakSet();
  const once = (event) => !seen.has(event) && !!seen.add(event);
  for (const target of new Set([window, w.form.getRootNode()])) {
    target.addEventListener('click', (event) => {
      if (!event.isTrusted || !once(event)) return;
      w.clicks++;
      const submit = w.submit();
      if (submit && event.composedPath().includes(submit)) w.hits++;
    }, true);
    target.addEventListener('submit', (event) => {
      if (!once(event)) return;
      const entry = { prevented: false };
      w.submits.push(entry);
      setTimeout(() => { entry.prevented = event.defaultPrevented; }, 0);
    }, true);
    target.addEventListener('invalid', (event) => {
      if (once(event) && w.invalid.length < 50) w.invalid.push({ name: tidy(named(event.target) || event.target.type, 80), message: tidy(event.target.validationMessage, 120) });
    }, true);
  }
  const ERRORS = '[role=alert],[role=alertdialog],[role=status],[aria-live=assertive],[aria-live=polite],dialog[open],[role=dialog],'
    + '[class*=error i],[class*=invalid i],[class*=warning i],[class*=toast i],[class*=snack i],[class*=swal i],[class*=alert i],[class*=notice i],[class*=feedback i]';
  const lines = (e) => (e.innerText ?? e.textContent ?? '').split('\n').map((l) => tidy(l, 200)).filter(Boolean);
  const texts = () => {
    const found = new Set();
    for (const e of all(ERRORS).slice(0, 500)) if (visible(e)) for (const l of lines(e).slice(0, 10)) found.add(l);
    for (const l of lines(w.form).slice(0, 500)) found.add(l);
    return found;
  };
  const marked = () => all('[aria-invalid]:not([aria-invalid=false]):not([aria-invalid=""])').map((e) => tidy(named(e) || e.localName, 80));
  w.arm = () => {
    w.clicks = w.hits = 0; w.submits = []; w.invalid = []; w.said = new Map();
    w.before = { texts: texts(), marked: marked(), disabled: off(w.submit()) };
    return JSON.stringify({ disabled: w.before.disabled, submit: !!w.submit() });
  };
  w.state = () => {
    for (const text of texts()) if (!w.before.texts.has(text) && w.said.size < 20) w.said.set(text, true);
    const submit = w.submit();
    const now = marked();
    const controls = w.form.elements ? [...w.form.elements] : w.fields.filter(Boolean);
    return JSON.stringify({
      clicks: w.clicks, hits: w.hits, submits: w.submits.length, prevented: w.submits.some((s) => s.prevented),
      refused: w.invalid, said: [...w.said.keys()],
      marked: now.length > w.before.marked.length ? now.filter((n) => !w.before.marked.includes(n)).concat(now).slice(0, now.length - w.before.marked.length) : [],
      disabled_before: w.before.disabled, disabled: off(submit),
      native: !!w.form.elements && !w.form.noValidate && !submit?.formNoValidate && (!submit || submit.type === 'submit' || submit.type === 'image'),
      missing: controls.filter((e) => e.willValidate && !e.validity.valid).map((e) => tidy(named(e) || e.type, 80)).slice(0, 20),
      captcha: /\S/.test([...w.form.querySelectorAll('[name=g-recaptcha-response],[name=h-captcha-response],[name=cf-turnstile-response]')].map((e) => e.value).join('')) ? 'answered' : '',
    });
  };
  const about = (e, i) => {
    if (!e) return { found: false };
    const options_ = e.localName === 'select' ? [...e.options].slice(0, 400).map((o) => ({ value: o.value.slice(0, 300).toWellFormed(), blank: !o.value.trim() || o.disabled })) : [];
    return {
      found: true, visible: visible(e) || (['checkbox', 'radio'].includes(e.type) && [...(e.labels || [])].some(visible)),
      disabled: off(e) || !!e.readOnly, type: e.localName === 'input' ? e.type : e.localName, value: w.value(i), checked: !!e.checked,
      min: e.min || '', max: e.max || '', step: e.step || '', pattern: tidy(e.getAttribute('pattern')), minlength: e.minLength > 0 ? e.minLength : 0,
      maxlength: e.maxLength > 0 ? e.maxLength : 0, multiple: !!e.multiple, required: !!e.required, options: options_,
      unreachable: e.tabIndex < 0 && e.closest('[aria-hidden=true]') !== null,
    };
  };
  return JSON.stringify({ found: true, fields: w.fields.map(about) });
})
