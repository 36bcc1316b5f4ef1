// Everything that is read from one document, in one call, as one JSON string.
// Runs in an isolated world. `options` = {links, forms, text, storage, maxLinks, main}.
((options) => {
  const cut = (text, n) => (text.length > n ? text.slice(0, n) : text);
  const tidy = (text, n = 300) => cut((text || '').replace(/\s+/g, ' ').trim(), n).toWellFormed();
  const out = { url: location.href, title: tidy(document.title, 500), language: document.documentElement.lang || '',
    type: document.contentType, cut: [] };

  // Elements of the document and of its open shadow roots, in tree order, without recursion.
  const MAX_ROOTS = 2000;
  const roots = [document];
  for (let i = 0; i < roots.length && i < MAX_ROOTS; i++) {
    const walker = document.createTreeWalker(roots[i], NodeFilter.SHOW_ELEMENT);
    for (let e = walker.nextNode(), n = 0; e && n < 100000; e = walker.nextNode(), n++) {
      const shadow = e.shadowRoot;
      if (shadow) roots.push(shadow);
    }
  }
  if (roots.length > MAX_ROOTS) {
    for (const what of ['links', 'forms', 'text']) out.cut.push(`${what}: the first ${MAX_ROOTS} shadow roots`);
    roots.length = MAX_ROOTS;
  }
  const all = (selector) => roots.flatMap((r) => [...r.querySelectorAll(selector)]);
  const byId = (element, id) => element.getRootNode().getElementById?.(id) || document.getElementById(id);
  const refs = (element, attribute) => (element.getAttribute(attribute) || '').split(/\s+/).filter(Boolean)
    .map((id) => byId(element, id)).filter(Boolean).map((e) => e.textContent).join(' ');
  const visible = (e) => {
    if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
    const r = e.getBoundingClientRect();
    if (r.width <= 2 && r.height <= 2) return [...e.children].some((c) => c.getBoundingClientRect().width > 2);
    return r.right + scrollX > -500 && r.bottom + scrollY > -500;
  };
  const landmark = (e) => {
    const l = e.closest('header,nav,main,aside,footer,[role=banner],[role=navigation],[role=main],[role=complementary],[role=contentinfo]');
    if (!l) return '';
    const roles = { banner: 'header', navigation: 'nav', main: 'main', complementary: 'aside', contentinfo: 'footer' };
    return roles[l.getAttribute('role')] || l.localName;
  };
  const imageText = (e) => [...e.querySelectorAll('img[alt],svg title,[aria-label]')]
    .map((i) => i.getAttribute('alt') || i.getAttribute('aria-label') || i.textContent).join(' ');
  const nameOf = (e) => tidy(refs(e, 'aria-labelledby') || e.getAttribute('aria-label') ||
    [e.innerText ?? e.textContent, imageText(e)].join(' ') || e.title || '');
  const generated = (e) => ['::before', '::after'].map((p) => getComputedStyle(e, p).content)
    .filter((c) => c && c !== 'none' && c !== 'normal').map((c) => c.replace(/^["']|["']$/g, '')).join(' ');

  if (options.links) {
    const found = all('a[href],area[href]');
    if (found.length > options.maxLinks) out.cut.push(`links: the first ${options.maxLinks} of ${found.length}`);
    const blocks = new Map();
    out.links = found.slice(0, options.maxLinks).map((a) => {
      const block = a.closest('p,li,td,dd,figcaption,blockquote,section,article,aside,nav,footer,header,div') || a.parentElement;
      if (block && !blocks.has(block)) blocks.set(block, tidy(block.innerText ?? block.textContent));
      return {
        href: String(a.href).toWellFormed(), raw: tidy(a.getAttribute('href'), 2000), text: nameOf(a), title: tidy(a.title),
        description: tidy(refs(a, 'aria-describedby')), rel: tidy(a.rel), target: tidy(a.target),
        landmark: landmark(a), context: block ? blocks.get(block) : '', visible: visible(a),
      };
    });
  }

  if (options.forms) {
    const REQUIRED = /\*|\b(required|mandatory|pflichtfeld|pflichtangabe|erforderlich|obligatoire|requis|obligatori[oa]s?|requerid[oa]s?|richiest[oa]|verplicht|obrigat[oó]ri[oa]s?)\b/i;
    const OPTIONAL = /\b(optional|freiwillig|facultati[fv]e?|facoltativ[oa]|opcional|optioneel|opzionale)\b/i;
    const CONTROLS = 'input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=reset]):not([type=image]),select,textarea,[contenteditable=true][role=textbox]';
    const BUTTONS = 'button:not([type=button]):not([type=reset]),input[type=submit],input[type=image]';
    const css = (e) => {
      const path = [];
      for (let n = e; n && n.nodeType === 1; n = n.parentElement) {
        if (n.id && /^[A-Za-z][\w-]*$/.test(n.id) && n.getRootNode().querySelectorAll('#' + n.id).length === 1) { path.unshift('#' + n.id); break; }
        const same = n.parentElement ? [...n.parentElement.children].filter((c) => c.localName === n.localName) : [n];
        path.unshift(same.length > 1 ? `${n.localName}:nth-of-type(${same.indexOf(n) + 1})` : n.localName);
      }
      return path.join(' > ');
    };
    const labelOf = (e) => {
      const labels = e.labels ? [...e.labels] : [];
      const text = refs(e, 'aria-labelledby') || e.getAttribute('aria-label') ||
        labels.map((l) => {
          const copy = l.cloneNode(true);
          copy.querySelectorAll('input,select,textarea,option,script,style').forEach((c) => c.remove());
          return copy.textContent;
        }).join(' ');
      const shown = labels.map(generated).join(' ');
      const near = text.trim() ? '' : (e.getAttribute('placeholder') || e.title || tidy(e.previousElementSibling?.localName === 'label' &&
        !e.previousElementSibling.control ? e.previousElementSibling.textContent : ''));
      return { text: tidy(text || near), shown, labels };
    };
    const fieldOf = (e) => {
      const { text, shown, labels } = labelOf(e);
      const legend = e.closest('fieldset')?.querySelector('legend')?.textContent || '';
      const words = [text, shown, e.getAttribute('placeholder') || '', e.type === 'radio' ? legend : ''].join(' ');
      const classes = `${e.className} ${e.parentElement?.className || ''} ${e.closest('[class*=gfield],[class*=hs-form]')?.className || ''}`;
      const type = e.localName === 'input' ? e.type : e.localName === 'select' ? 'select' : 'textarea';
      let missing = false;
      if (e.willValidate && e.validity) {
        // What the browser demands of a blank field, whatever the site has filled in.
        missing = e.validity.valueMissing || (e.required && !['checkbox', 'radio'].includes(type));
        if (type === 'radio' && e.name) missing = [...(e.form || e.getRootNode()).querySelectorAll('input[type=radio]')].some((r) => r.name === e.name && r.required);
        if (type === 'checkbox') missing = e.required;
      }
      return {
        name: tidy(e.name || ''), type, label: text, id: tidy(e.id || ''), autocomplete: tidy(e.getAttribute('autocomplete') || ''),
        placeholder: tidy(e.getAttribute('placeholder') || ''), required: !!e.required,
        aria_required: e.getAttribute('aria-required') === 'true', marked_required: REQUIRED.test(words) && !OPTIONAL.test(words),
        marked_optional: OPTIONAL.test(words), value_missing: missing,
        framework_required: /wpcf7-validates-as-required|gfield_contains_required|hs-form-required|\brequired-field\b/.test(classes) ||
          ['data-val-required', 'data-required', 'ng-required', 'v-validate'].some((a) => e.hasAttribute(a) && !/^(false|0)$/.test(e.getAttribute(a))),
        checked: !!e.checked, value: type === 'password' || type === 'file' ? '' : tidy(e.value ?? '', 200),
        visible: visible(e) || labels.some(visible) && ['checkbox', 'radio', 'file'].includes(type),
        disabled: !!e.disabled || !!e.readOnly, selector: css(e),
      };
    };
    const NOTE = /[^.!?\n]*(\*|required|mandatory|optional|pflicht|obligat|requis|verplicht|facultat)[^.!?\n]*/i;
    const captchaOf = (e) => {
      const marks = { recaptcha: '.g-recaptcha,[name=g-recaptcha-response],iframe[src*="recaptcha"]', hcaptcha: '.h-captcha,[name=h-captcha-response],iframe[src*="hcaptcha.com"]',
        turnstile: '.cf-turnstile,[name=cf-turnstile-response]', 'friendly-captcha': '.frc-captcha' };
      return Object.keys(marks).find((k) => e.querySelector(marks[k])) || '';
    };
    const describe = (root, form, controls) => {
      const submit = (form ? [...form.elements].find((b) => b.matches(BUTTONS)) : null) || root.querySelector(BUTTONS) || root.querySelector('button,[role=button]');
      const heading = (e) => {
        for (let n = e; n && n !== document.body; n = n.parentElement) {
          const h = n.querySelector?.('h1,h2,h3,h4,legend') || (n.previousElementSibling?.matches('h1,h2,h3,h4') ? n.previousElementSibling : null);
          if (h) return h.textContent;
        }
        return '';
      };
      const text = root.innerText ?? '';
      return {
        action: form ? String(form.getAttribute('action') ? new URL(form.getAttribute('action'), document.baseURI) : document.URL) : document.URL,
        method: form ? tidy(form.getAttribute('method') || 'get').toLowerCase() : 'script', name: tidy(refs(root, 'aria-labelledby') || root.getAttribute('aria-label') ||
          root.id || root.getAttribute('name') || heading(root), 120), fields: controls.slice(0, 300).map(fieldOf), no_validate: !!form?.noValidate || !!submit?.formNoValidate,
        note: tidy((text.match(NOTE) || [''])[0]), submit: submit ? css(submit) : '', submit_text: submit ? tidy(nameOf(submit) || submit.value || '') : '',
        submit_disabled: !!submit?.disabled, visible: visible(root) || controls.some(visible), landmark: landmark(root), selector: css(root),
        captcha: captchaOf(root), formless: !form,
      };
    };
    const forms = all('form');
    out.forms = [];
    for (const f of forms.slice(0, 200)) {
      const controls = [...f.elements].filter((e) => e.matches(CONTROLS));
      if (controls.length > 300) out.cut.push(`forms: the first 300 of ${controls.length} fields`);
      if (controls.length) { try { out.forms.push(describe(f, f, controls)); } catch (e) { out.cut.push(`forms: ${e.message}`); } }
    }
    if (forms.length > 200) out.cut.push(`forms: the first 200 of ${forms.length}`);
    // Controls outside any form that a button turns into one.
    const loose = all(CONTROLS).filter((e) => !e.form);
    const groups = new Map();
    for (const e of loose) {
      for (let n = e.parentElement; n && n !== document.documentElement; n = n.parentElement) {
        if (n.querySelector('button,[role=button],input[type=button],input[type=submit]')) { groups.set(n, [...(groups.get(n) || []), e]); break; }
      }
    }
    if (groups.size > 50) out.cut.push(`forms: the first 50 of ${groups.size} groups of fields`);
    for (const [root, controls] of [...groups].slice(0, 50)) {
      if (controls.length >= 2 || controls.some((c) => c.type === 'email')) out.forms.push(describe(root, null, controls));
    }
  }

  const text = document.body ? document.body.innerText ?? '' : '';
  out.textLength = text.replace(/\s+/g, ' ').length;
  if (options.text) {
    let whole = roots.slice(1).reduce((t, r) => t + '\n' + [...r.children].map((c) => c.innerText ?? '').join('\n'), text);
    // Text behind a closed <details> is on the page for whoever opens it.
    for (const d of all('details:not([open])')) whole += '\n' + d.textContent;
    if (whole.length > 1000000) { out.cut.push('text: the first million characters'); }
    out.text = cut(whole, 1000000).toWellFormed();
  }

  if (options.storage) {
    out.storage = [];
    for (const kind of ['local', 'session']) {
      try {
        const area = kind === 'local' ? localStorage : sessionStorage;
        if (area.length > 2000) out.cut.push(`storage: the first 2000 of ${area.length} keys`);
        for (let i = 0; i < Math.min(area.length, 2000); i++) {
          const key = area.key(i), value = area.getItem(key) ?? '';
          out.storage.push({ kind, origin: globalThis.origin, key: cut(key, 2000).toWellFormed(), value: cut(value, 65536).toWellFormed(), length: value.length, frame: location.href });
        }
      } catch (e) {
        if (!/sandbox|opaque|data:|denied/i.test(e.message)) out.cut.push(`storage: ${e.message}`);
      }
    }
  }
  return JSON.stringify(out);
})
