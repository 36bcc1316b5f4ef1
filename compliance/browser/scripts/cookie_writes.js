  // ---- every script write of a cookie, at the call (part of `hooks.js`)
  if (globalThis.Document) {
    const cookie = getOwnPropertyDescriptor(Document.prototype, 'cookie');
    if (cookie && cookie.set) {
      defineProperty(Document.prototype, 'cookie', {
        ...cookie,
        set: wrap(cookie.set, (self, args) => report(stringify({
          kind: 'document.cookie', line: String(args[0]), writer: writer(), frame: here(),
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
            writer: writer(), frame: here(),
          }));
        }),
      });
    }
  }
