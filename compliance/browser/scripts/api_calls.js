  // ---- calls by which a browser can be known again (part of `hooks.js`)
  // For every script and API: how often (never capped), the first different arguments or results, how many
  // different ones there were, and how often the commonest. Sent as a whole each time something is new, so a
  // message that is repeated changes nothing.
  {
    const SAMPLES = 60, DIFFERENT = 400, WIDTH = 120;
    // Calls of one API after which its caller is looked up only for new values and now and then: a chart or a
    // game makes thousands of them, and a stack costs more than the call.
    const KNOWN = 300, NOW_AND_THEN = 64;
    const entries = newMap(), dirty = newMap(), frequent = newMap();
    const realm = cut(text(Math.random()), 2) + cut(text(Math.random()), 2);
    const later = globalThis.setTimeout, soon = globalThis.queueMicrotask;
    let busy = false, waiting = false, hurried = false, flushes = 0, faults = 0, changed = 0;
    // Objects are not turned into text: a page would see it.
    const plain = (value) => typeof value === 'object' || typeof value === 'function' ? typeof value : text(value);

    const flush = () => {
      waiting = hurried = false;
      if (!changed) return;
      changed = 0;
      const where = stringify(text(here()));
      let body = '';
      dirty.forEach((e) => {
        let samples = '', sent = 0, most = 0;
        e.values.forEach((n, value) => {
          if (sent++ < SAMPLES) samples += (samples && ',') + stringify(value);
          if (n > most) most = n;
        });
        body += (body && ',') + '[' + stringify(e.api) + ',' + stringify(e.callers) + ',' + e.count + ',' + e.different
          + ',' + most + ',[' + samples + ']]';
      });
      dirty.clear();
      report('{"kind":"calls","realm":"' + realm + '","faults":' + faults + ',"frame":' + where + ',"calls":[' + body + ']}');
    };
    const arrange = (first) => {
      // At once for what is new, and as long as that is cheap: a page may end a worker right after it has read.
      if ((first || flushes < 100) && !hurried) {
        hurried = waiting = true;
        flushes++;
        soon(flush);
      } else if (!waiting) {
        waiting = true;
        later(flush, 100);
      }
    };
    const count = (api, value) => {
      let state = frequent.get(api);
      if (!state) frequent.set(api, state = { total: 0, last: '', seen: newMap() });
      const fresh = value !== undefined && !state.seen.has(value);
      if (fresh && state.total < 1e5) state.seen.set(value, true);
      if (state.total++ < KNOWN || (fresh && state.total < 1e4) || state.total % NOW_AND_THEN === 0) state.last = callers(30);
      const end = at(state.last, '\n', 0);
      const key = api + '\n' + (end < 0 ? state.last : cut(state.last, 0, end));
      let e = entries.get(key);
      const first = !e;
      if (first) entries.set(key, e = { api, callers: state.last, count: 0, different: 0, values: newMap() });
      e.count++;
      if (value !== undefined) {
        const n = e.values.get(value);
        if (n !== undefined) e.values.set(value, n + 1);
        else if (e.different < DIFFERENT) { e.different++; e.values.set(value, 1); }
      }
      dirty.set(key, e);
      changed++;
      arrange(first);
    };
    // Notes a call; what the page does meanwhile on our behalf is not its own.
    const note = (api, find) => {
      if (busy) return;
      busy = true;
      try {
        const value = find && find();
        if (value !== false) count(api, value === undefined ? undefined : cut(plain(value), 0, WIDTH));
      } catch { faults++; } finally { busy = false; }
    };

    const on = (owner, key, api, find, after) => {
      const held = owner && getOwnPropertyDescriptor(owner, key);
      if (!held || typeof held.value !== 'function' || !held.configurable) return;
      const made = standIn(held.value, {
        apply(target, self, args) {
          if (!after) note(api, find && (() => find(self, args)));
          const result = apply(target, self, args);
          if (after) note(api, () => find(self, args, result));
          return result;
        },
      });
      defineProperty(owner, key, { ...held, value: made });
    };
    const onAccess = (owner, key, side, api, find) => {
      const held = owner && getOwnPropertyDescriptor(owner, key);
      if (!held || !held[side] || !held.configurable) return;
      const made = standIn(held[side], {
        apply(target, self, args) {
          const result = apply(target, self, args);
          note(api, find && (() => find(self, args, result)));
          return result;
        },
      });
      defineProperty(owner, key, { ...held, [side]: made });
    };
    const onNew = (names, api, find) => {
      let first, made;
      for (const key of names) {
        const held = getOwnPropertyDescriptor(globalThis, key);
        if (!held || typeof held.value !== 'function' || !held.configurable) continue;
        if (held.value !== first) {
          first = held.value;
          made = standIn(first, {
            construct(target, args, type) {
              note(api, find && (() => find(args)));
              return construct(target, args, type);
            },
          });
          const back = getOwnPropertyDescriptor(first.prototype, 'constructor');
          if (back && back.configurable) defineProperty(first.prototype, 'constructor', { ...back, value: made });
        }
        defineProperty(globalThis, key, { ...held, value: made });
      }
    };
    const prototype = (key) => globalThis[key] && globalThis[key].prototype;
    const getter = (owner, key) => { const d = owner && getOwnPropertyDescriptor(owner, key); return d && d.get; };

    // ---- canvas: what was drawn is kept by canvas, and told when its image is read
    const drawn = newWeakMap();
    const getWidth = getter(prototype('HTMLCanvasElement'), 'width'), getHeight = getter(prototype('HTMLCanvasElement'), 'height');
    const offWidth = getter(prototype('OffscreenCanvas'), 'width'), offHeight = getter(prototype('OffscreenCanvas'), 'height');
    const html = prototype('HTMLCanvasElement'), off = prototype('OffscreenCanvas');
    // Asked of the objects themselves: one of another frame has other prototypes, and answers all the same.
    const answer = (get, thing) => { try { return get && apply(get, thing, []); } catch { return undefined; } };
    const size = (canvas) => {
      const width = answer(getWidth, canvas);
      return width === undefined
        ? { width: answer(offWidth, canvas) | 0, height: answer(offHeight, canvas) | 0 }
        : { width, height: answer(getHeight, canvas) };
    };
    const of = (thing) => {
      let d = drawn.get(thing);
      if (!d) drawn.set(thing, d = { letters: newMap(), styles: newMap(), nletters: 0, nstyles: 0, saves: 0, webgl: 0 });
      return d;
    };
    const letter = (d, c) => { if (d.nletters < 300 && !d.letters.has(c)) { d.letters.set(c, true); d.nletters++; } };
    const style = (d, s) => { if (d.nstyles < 50 && !d.styles.has(s)) { d.styles.set(s, true); d.nstyles++; } };
    const digest = (image) => {
      let a = 0x811c9dc5, b = 0x1b873593;
      for (let i = 0; i < image.length && i < 200000; i++) {
        const c = apply(charCodeAt, image, [i]);
        a = Math_imul(a ^ c, 0x01000193); b = Math_imul(b ^ c, 0x85ebca6b);
      }
      return cut('0000000' + apply(hex, a >>> 0, [16]), -8) + cut('0000000' + apply(hex, b >>> 0, [16]), -8);
    };
    const Math_imul = Math.imul, hex = Number.prototype.toString;
    let digests = 0;
    const connected = getter(prototype('Node'), 'isConnected'), wide = getter(prototype('HTMLElement'), 'offsetWidth');
    const visible = globalThis.Element && Element.prototype.checkVisibility;
    const visibly = (target) => connected && answer(getWidth, target) !== undefined && apply(connected, target, [])
      && apply(wide, target, []) >= 16 && apply(visible, target, [{ opacityProperty: true, visibilityProperty: true }]);
    const reading = (canvas, box, image) => {
      const d = of(canvas), { width, height } = box || size(canvas);
      const sign = digests++ < 20 && typeof image === 'string' ? ' digest=' + digest(image) : '';
      return width + 'x' + height + ' letters=' + d.nletters + ' styles=' + d.nstyles + ' saves=' + d.saves
        + (d.webgl ? ' webgl' : '') + (visibly(canvas) ? ' visible' : '') + sign;
    };
    // Images that were read and stand in the page in the end: then showing them was the purpose. Told at the end.
    const inPage = globalThis.document, find = inPage && Document.prototype.querySelectorAll;
    const attribute = inPage && Element.prototype.getAttribute;
    const display = () => {
      if (!digests) return;
      const showing = apply(find, inPage, ['[src^="data:image"],[href^="data:image"],[style*="data:image"],[src^="blob:"],[href^="blob:"]']);
      for (let i = 0; i < showing.length && i < 50; i++) {
        for (const key of ['src', 'href', 'style']) {
          const held = apply(attribute, showing[i], [key]) || '';
          if (at(held, 'blob:', 0) === 0) note('canvas.shown', () => 'blob');
          const from = at(held, 'data:image', 0);
          if (from < 0) continue;
          const end = at(held, key === 'style' ? ')' : '\n', from), quoted = at(held, '"', from);
          const to = quoted > 0 && (end < 0 || quoted < end) ? quoted : end;
          note('canvas.shown', () => 'digest=' + digest(to < 0 ? cut(held, from) : cut(held, from, to)));
        }
      }
    };
    const canvas2d = getter(prototype('CanvasRenderingContext2D'), 'canvas');
    const canvasGl = getter(prototype('WebGLRenderingContext'), 'canvas'), canvasGl2 = getter(prototype('WebGL2RenderingContext'), 'canvas');
    const canvasOff = getter(prototype('OffscreenCanvasRenderingContext2D'), 'canvas');
    const canvas = (context) => answer(canvas2d, context) || answer(canvasGl, context) || answer(canvasGl2, context)
      || answer(canvasOff, context) || context;
    on(html, 'getContext', 'canvas.getContext', (self, args) => args[0]);
    on(off, 'getContext', 'canvas.getContext', (self, args) => args[0]);
    for (const key of ['CanvasRenderingContext2D', 'OffscreenCanvasRenderingContext2D']) {
      const context = prototype(key);
      if (!context) continue;
      const fill = getter(context, 'fillStyle'), stroke = getter(context, 'strokeStyle');
      const writes = (used) => (self, args) => {
        const d = of(canvas(self)), written = plain(args[0]);
        for (let i = 0; i < written.length && i < 500; i++) {
          const high = apply(charCodeAt, written, [i]);
          letter(d, cut(written, i, high >= 0xd800 && high < 0xdc00 ? ++i + 1 : i + 1));
        }
        const now = apply(used, self, []);
        style(d, typeof now === 'string' ? now : 'pattern');
        return written;
      };
      on(context, 'fillText', 'canvas.fillText', writes(fill));
      on(context, 'strokeText', 'canvas.strokeText', writes(stroke));
      const paints = (used) => (self) => { const now = apply(used, self, []); style(of(canvas(self)), typeof now === 'string' ? now : 'pattern'); return now; };
      on(context, 'fillRect', 'canvas.fillRect', paints(fill));
      onAccess(context, 'font', 'set', 'canvas.font', (self, args) => args[0]);
      onAccess(context, 'fillStyle', 'set', 'canvas.fillStyle', (self, args) => typeof args[0] === 'string' ? args[0] : 'pattern');
      onAccess(context, 'strokeStyle', 'set', 'canvas.strokeStyle', (self, args) => typeof args[0] === 'string' ? args[0] : 'pattern');
      on(context, 'measureText', 'canvas.measureText', (self, args) => args[0]);
      on(context, 'save', 'canvas.save', (self) => { of(canvas(self)).saves++; });
      on(context, 'restore', 'canvas.restore', (self) => { of(canvas(self)).saves++; });
      on(context, 'isPointInPath', 'canvas.isPointInPath');
      on(context, 'getImageData', 'canvas.getImageData', (self, args) => reading(canvas(self), { width: Math_abs(args[2]) | 0, height: Math_abs(args[3]) | 0 }));
      on(context, 'drawImage', 'canvas.drawImage', (self, args) => {
        const from = args[0] && typeof args[0] === 'object' && drawn.get(args[0]);
        if (!from) return false;
        const to = of(canvas(self));
        from.letters.forEach((_, c) => letter(to, c));
        from.styles.forEach((_, s) => style(to, s));
        to.saves += from.saves; to.webgl += from.webgl;
      });
    }
    const Math_abs = Math.abs;
    on(html, 'toDataURL', 'canvas.toDataURL', (self, args, image) => reading(self, null, image), true);
    on(html, 'toBlob', 'canvas.toBlob', (self) => reading(self));
    on(off, 'convertToBlob', 'canvas.convertToBlob', (self) => reading(self));
    on(off, 'transferToImageBitmap', 'canvas.transferToImageBitmap', (self, args, bitmap) => {
      if (bitmap && drawn.has(self)) drawn.set(bitmap, of(self));
      return reading(self, { width: 0, height: 0 });
    }, true);

    // ---- WebGL
    const shown = newWeakMap();
    const draws = (self) => {
      const target = canvas(self), tried = shown.get(target) || 0;
      if (tried < 0 || tried > 20) return false;
      const seen = visibly(target);
      shown.set(target, seen ? -1 : tried + 1);
      of(target).webgl++;
      return seen ? 'visible' : 'hidden';
    };
    for (const key of ['WebGLRenderingContext', 'WebGL2RenderingContext']) {
      const context = prototype(key);
      on(context, 'getParameter', 'webgl.getParameter', (self, args) => args[0]);
      on(context, 'getSupportedExtensions', 'webgl.getSupportedExtensions', (self) => visibly(canvas(self)) ? 'visible' : 'hidden');
      on(context, 'getExtension', 'webgl.getExtension', (self, args) => args[0]);
      on(context, 'getShaderPrecisionFormat', 'webgl.getShaderPrecisionFormat');
      on(context, 'readPixels', 'webgl.readPixels', (self, args) => args[2] + 'x' + args[3]);
      for (const call of ['drawArrays', 'drawElements', 'drawArraysInstanced', 'drawElementsInstanced']) {
        on(context, call, 'webgl.draw', draws);
      }
    }

    // ---- sound
    onNew(['OfflineAudioContext', 'webkitOfflineAudioContext'], 'audio.OfflineAudioContext', (args) => text(args[1]));
    onNew(['AudioContext', 'webkitAudioContext'], 'audio.AudioContext');
    onNew(['OscillatorNode'], 'audio.createOscillator');
    onNew(['DynamicsCompressorNode'], 'audio.createDynamicsCompressor');
    onNew(['AnalyserNode'], 'audio.createAnalyser');
    for (const call of ['createOscillator', 'createDynamicsCompressor', 'createAnalyser']) {
      on(prototype('BaseAudioContext'), call, 'audio.' + call);
    }
    on(prototype('OfflineAudioContext'), 'startRendering', 'audio.startRendering');
    on(prototype('AudioBuffer'), 'getChannelData', 'audio.getChannelData');
    on(prototype('AudioBuffer'), 'copyFromChannel', 'audio.getChannelData');
    on(prototype('AnalyserNode'), 'getFloatFrequencyData', 'audio.getFloatFrequencyData');

    // ---- fonts: the family of an element, looked at when its size is read
    on(prototype('FontFaceSet'), 'check', 'fonts.check', (self, args) => args[0]);
    const computed = globalThis.getComputedStyle;
    if (computed && globalThis.HTMLElement) {
      const property = CSSStyleDeclaration.prototype.getPropertyValue;
      const families = newMap();
      let known = 0;
      // New families only: pages read sizes all the time, and of elements in a few fonts.
      const family = (self) => {
        if (known > DIFFERENT) return false;
        const value = apply(property, apply(computed, globalThis, [self]), ['font-family']);
        if (families.has(value)) return false;
        families.set(value, true);
        known++;
        return value;
      };
      for (const key of ['offsetWidth', 'offsetHeight']) onAccess(HTMLElement.prototype, key, 'get', 'fonts.measure', family);
      for (const key of ['clientWidth', 'clientHeight', 'scrollWidth']) onAccess(Element.prototype, key, 'get', 'fonts.measure', family);
      on(Element.prototype, 'getBoundingClientRect', 'fonts.measure', family);
      on(Element.prototype, 'getClientRects', 'fonts.measure', family);
    }

    // ---- everything else: one line each
    // Whether it has servers: without any it reaches nobody whom it does not know already.
    const servers = (args) => {
      const held = args[0] && getOwnPropertyDescriptor(args[0], 'iceServers');
      return args[0] && (!held || (held.value && held.value.length)) ? 'configured' : 'no servers';
    };
    onNew(['RTCPeerConnection', 'webkitRTCPeerConnection'], 'webrtc.RTCPeerConnection', servers);
    for (const call of ['createDataChannel', 'createOffer', 'addTrack', 'addTransceiver', 'setRemoteDescription', 'addIceCandidate']) {
      on(prototype('RTCPeerConnection'), call, 'webrtc.' + call);
    }
    onAccess(prototype('RTCPeerConnection'), 'onicecandidate', 'set', 'webrtc.onicecandidate');
    onAccess(prototype('RTCPeerConnection'), 'localDescription', 'get', 'webrtc.localDescription');
    on(prototype('Navigator'), 'getBattery', 'battery.getBattery');
    for (const key of ['level', 'charging', 'chargingTime', 'dischargingTime']) {
      onAccess(prototype('BatteryManager'), key, 'get', 'battery.' + key);
    }
    on(prototype('EventTarget'), 'addEventListener', 'listener', (self, args) => {
      const type = args[0];
      if (type === 'devicemotion' || type === 'deviceorientation' || type === 'deviceorientationabsolute') return type;
      if (type === 'icecandidate') return type;
      return false;
    });
    onAccess(globalThis, 'ondevicemotion', 'set', 'listener', () => 'devicemotion');
    onAccess(globalThis, 'ondeviceorientation', 'set', 'listener', () => 'deviceorientation');
    on(prototype('NavigatorUAData'), 'getHighEntropyValues', 'ua.getHighEntropyValues', (self, args) => {
      let hints = '';
      for (let i = 0; args[0] && i < args[0].length && i < 20; i++) hints += (i ? ',' : '') + text(args[0][i]);
      return hints;
    });
    // Small traits: each tells little, and hardly anybody needs twenty of them.
    for (const key of ['Navigator', 'WorkerNavigator', 'Screen']) {
      for (const trait of ['appCodeName', 'appName', 'appVersion', 'availHeight', 'availLeft', 'availTop', 'availWidth', 'colorDepth',
        'connection', 'cookieEnabled', 'deviceMemory', 'doNotTrack', 'hardwareConcurrency', 'height', 'isExtended', 'language',
        'languages', 'maxTouchPoints', 'mimeTypes', 'onLine', 'orientation', 'pdfViewerEnabled', 'pixelDepth', 'platform', 'plugins',
        'product', 'productSub', 'userAgent', 'userAgentData', 'vendor', 'vendorSub', 'webdriver', 'width']) {
        onAccess(prototype(key), trait, 'get', 'traits', () => trait);
      }
    }
    for (const key of ['Navigator', 'WorkerNavigator']) {
      for (const trait of ['plugins', 'mimeTypes', 'hardwareConcurrency', 'deviceMemory', 'languages', 'maxTouchPoints']) {
        onAccess(prototype(key), trait, 'get', 'navigator.' + trait);
      }
    }
    on(prototype('MediaDevices'), 'enumerateDevices', 'media.enumerateDevices');
    on(prototype('Permissions'), 'query', 'permissions.query');
    on(prototype('StorageManager'), 'estimate', 'storage.estimate');
    for (const key of ['width', 'height', 'availWidth', 'availHeight', 'colorDepth', 'pixelDepth']) {
      onAccess(prototype('Screen'), key, 'get', 'screen.' + key);
    }
    on(Intl.DateTimeFormat.prototype, 'resolvedOptions', 'time.resolvedOptions');
    on(Date.prototype, 'getTimezoneOffset', 'time.getTimezoneOffset');
    on(prototype('SpeechSynthesis'), 'getVoices', 'speech.getVoices');

    if (globalThis.addEventListener) globalThis.addEventListener('pagehide', () => { if (inPage) display(); flush(); }, true);
    // That this document or worker is listened to. Whoever never says so makes the record incomplete.
    report('{"kind":"hooked","realm":"' + realm + '"}');
  }
