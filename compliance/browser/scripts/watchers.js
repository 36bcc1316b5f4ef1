  // ---- who listens to the whole page, and ways to send that no request shows (part of `hooks.js`)
  // Reports have the form of those of `api_calls.js`: for every script and API how often, and the first values.
  {
    const GROUPS = {
      __proto__: null,
      mousemove: 'move', pointermove: 'move', touchmove: 'move', mouseover: 'move', pointerrawupdate: 'move',
      click: 'click', dblclick: 'click', auxclick: 'click', contextmenu: 'click', mousedown: 'click', mouseup: 'click',
      pointerdown: 'click', pointerup: 'click', touchstart: 'click', touchend: 'click',
      keydown: 'keys', keyup: 'keys', keypress: 'keys', input: 'keys', beforeinput: 'keys', change: 'keys',
      scroll: 'scroll', wheel: 'scroll', resize: 'resize',
      copy: 'clipboard', cut: 'clipboard', paste: 'clipboard', selectionchange: 'clipboard',
    };
    const entries = newMap(), dirty = newMap();
    const realm = cut(text(Math.random()), 2) + cut(text(Math.random()), 2);
    const soon = globalThis.queueMicrotask;
    const page = globalThis.document;
    const getter = (owner, key) => { const d = owner && getOwnPropertyDescriptor(owner, key); return d && d.get; };
    const root = getter(globalThis.Document && Document.prototype, 'documentElement');
    const body = getter(globalThis.Document && Document.prototype, 'body');
    const whole = (target) => target === page || (!!page && (target === apply(root, page, []) || target === apply(body, page, [])));
    let waiting = false, faults = 0;
    const flush = () => {
      waiting = false;
      let calls = '';
      dirty.forEach((e) => {
        let samples = '', most = 0;
        e.values.forEach((n, value) => { samples += (samples && ',') + stringify(value); if (n > most) most = n; });
        calls += (calls && ',') + '[' + stringify(e.api) + ',' + stringify(e.callers) + ',' + e.count + ',' + e.different
          + ',' + most + ',[' + samples + ']]';
      });
      dirty.clear();
      report('{"kind":"calls","realm":"' + realm + '","faults":' + faults + ',"frame":' + stringify(text(here())) + ',"calls":[' + calls + ']}');
    };
    const note = (api, value) => {
      const who = callers(30), end = at(who, '\n', 0), key = api + '\n' + (end < 0 ? who : cut(who, 0, end));
      let e = entries.get(key);
      if (!e) entries.set(key, e = { api, callers: who, count: 0, different: 0, values: newMap() });
      e.count++;
      const n = e.values.get(value);
      if (n === undefined && e.different < 60) { e.different++; e.values.set(value, 1); }
      else if (n !== undefined) e.values.set(value, n + 1);
      dirty.set(key, e);
      if (!waiting) { waiting = true; soon(flush); }
    };
    const tried = (find) => { try { find(); } catch { faults++; } };
    const on = (owner, key, find) => {
      const held = owner && getOwnPropertyDescriptor(owner, key);
      if (!held || typeof held.value !== 'function' || !held.configurable) return;
      defineProperty(owner, key, { ...held, value: wrap(held.value, (self, args) => tried(() => find(self, args))) });
    };
    const onSet = (owner, key, find) => {
      const held = owner && getOwnPropertyDescriptor(owner, key);
      if (!held || !held.set || !held.configurable) return;
      defineProperty(owner, key, { ...held, set: wrap(held.set, (self, args) => tried(() => find(self, args))) });
    };
    const onNew = (key, api) => {
      const held = getOwnPropertyDescriptor(globalThis, key);
      if (!held || typeof held.value !== 'function' || !held.configurable) return;
      const made = standIn(held.value, {
        construct(target, args, type) { tried(() => note(api, '')); return construct(target, args, type); },
      });
      const back = getOwnPropertyDescriptor(held.value.prototype, 'constructor');
      if (back && back.configurable) defineProperty(held.value.prototype, 'constructor', { ...back, value: made });
      defineProperty(globalThis, key, { ...held, value: made });
    };
    const listens = (self, type) => {
      // Only text: turning an object into text would be seen by the page.
      const group = typeof type === 'string' && GROUPS[type];
      // Without an object before the dot it is the window that listens.
      if (group && (self === undefined || self === null || self === globalThis || whole(self))) note('watch.' + group, type);
    };
    if (page) {
      on(EventTarget.prototype, 'addEventListener', (self, args) => listens(self, args[0]));
      for (const owner of [globalThis, Document.prototype, HTMLElement.prototype, HTMLBodyElement.prototype]) {
        for (const type in GROUPS) {
          onSet(owner, 'on' + type, (self, args) => { if (typeof args[0] === 'function') listens(self, type); });
        }
      }
      on(globalThis.MutationObserver && MutationObserver.prototype, 'observe', (self, args) => {
        const options = args[1];
        if (!whole(args[0]) || !options || !options.subtree) return;
        let what = '';
        for (const kind of ['childList', 'attributes', 'characterData']) if (options[kind]) what += (what && ' ') + kind;
        note('watch.document', what);
      });
    }
    onNew('RTCPeerConnection', 'channel.webrtc');
    onNew('WebTransport', 'channel.webtransport');
    // That this document or worker is listened to. Whoever never says so makes the record incomplete.
    report('{"kind":"hooked","realm":"' + realm + '"}');
  }
