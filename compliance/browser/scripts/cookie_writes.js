// Reports every script write of a cookie with the script that made it, at the call.
// Runs in the page's own world before its first script. `%BINDING%` is a name of this
// run; it is taken off `window` at once, so that a page neither finds nor calls it.
(() => {
  const name = '%BINDING%';
  const report = globalThis[name];
  if (typeof report !== 'function') return;
  delete globalThis[name];
  const { stringify } = JSON;
  const { apply, getOwnPropertyDescriptor, defineProperty } = Reflect;
  const ErrorOf = Error;
  const texts = new WeakMap();
  const get = WeakMap.prototype.get, set = WeakMap.prototype.set, has = WeakMap.prototype.has;
  const nativeText = Function.prototype.toString;

  const writer = () => {
    const stack = new ErrorOf().stack || '';
    const urls = apply(String.prototype.match, stack, [/(?:https?|blob|data):[^\s)]+?(?=:\d+:\d+)/g]);
    return urls && urls.length ? urls[0] : '';
  };
  // A Proxy keeps name, length and descriptor kind; only its source text must be answered for.
  const wrap = (original, before) => {
    const proxy = new Proxy(original, {
      apply(target, self, args) {
        try { before(self, args); } catch { /* the page must not notice */ }
        return apply(target, self, args);
      },
    });
    apply(set, texts, [proxy, apply(nativeText, original, [])]);
    return proxy;
  };
  const patchedText = new Proxy(nativeText, {
    apply(target, self, args) {
      return self && apply(has, texts, [self]) ? apply(get, texts, [self]) : apply(target, self, args);
    },
  });
  apply(set, texts, [patchedText, apply(nativeText, nativeText, [])]);
  defineProperty(Function.prototype, 'toString', {
    ...getOwnPropertyDescriptor(Function.prototype, 'toString'), value: patchedText,
  });

  const cookie = getOwnPropertyDescriptor(Document.prototype, 'cookie');
  if (cookie && cookie.set) {
    defineProperty(Document.prototype, 'cookie', {
      ...cookie,
      set: wrap(cookie.set, (self, args) => report(stringify({
        kind: 'document.cookie', line: String(args[0]), writer: writer(), frame: location.href,
      }))),
    });
  }
  const store = globalThis.CookieStore && getOwnPropertyDescriptor(CookieStore.prototype, 'set');
  if (store) {
    defineProperty(CookieStore.prototype, 'set', {
      ...store,
      value: wrap(store.value, (self, args) => {
        const o = typeof args[0] === 'object' ? args[0] : { name: args[0], value: args[1] };
        const expires = o.expires == null ? null : Number(o.expires);
        report(stringify({
          kind: 'cookieStore', name: String(o.name), value: String(o.value), domain: o.domain || '',
          path: o.path || '/', expires, sameSite: o.sameSite || 'strict', partitioned: !!o.partitioned,
          writer: writer(), frame: location.href,
        }));
      }),
    });
  }
})();
