// What every script in a page's own world needs: a way to report, wrappers that do not show, and the
// address of the script that called. The binding has a name of this run; it is taken off the global at once,
// so that a page neither finds nor calls it. The hooks stand at the end. Runs before a page's first script, in
// frames and workers too. Whatever a page could replace later is kept here first.
(() => {
  const name = '%BINDING%';
  const report = globalThis[name];
  if (typeof report !== 'function') return;
  delete globalThis[name];
  const { apply, construct, getOwnPropertyDescriptor, getPrototypeOf, defineProperty } = Reflect;
  const { stringify } = JSON;
  const ErrorOf = Error, text = String;
  const nativeText = Function.prototype.toString;
  const { indexOf, lastIndexOf, slice, charCodeAt } = String.prototype;
  const at = (s, what, from) => apply(indexOf, s, [what, from]);
  const cut = (s, from, to) => apply(slice, s, [from, to]);
  // Collections whose methods are their own: a page that replaces those of the prototype changes nothing here.
  const mapOf = Map, weakOf = WeakMap;
  const { get: mapGet, set: mapSet, has: mapHas, forEach: mapEach, clear: mapClear } = Map.prototype;
  const { get: weakGet, set: weakSet, has: weakHas } = WeakMap.prototype;
  const own = (made, method, value) => defineProperty(made, method, { __proto__: null, value });
  const newMap = () => {
    const made = new mapOf();
    own(made, 'get', mapGet); own(made, 'set', mapSet); own(made, 'has', mapHas);
    own(made, 'forEach', mapEach); own(made, 'clear', mapClear);
    return made;
  };
  const newWeakMap = () => {
    const made = new weakOf();
    own(made, 'get', weakGet); own(made, 'set', weakSet); own(made, 'has', weakHas);
    return made;
  };
  const texts = newWeakMap();

  // ---- who called

  const raised = (depth) => {
    // A page may have set a shorter limit, or a function of its own that would see us.
    const limit = getOwnPropertyDescriptor(ErrorOf, 'stackTraceLimit');
    const prepare = getOwnPropertyDescriptor(ErrorOf, 'prepareStackTrace');
    if (prepare && !prepare.configurable) return '';
    defineProperty(ErrorOf, 'stackTraceLimit', { __proto__: null, value: depth, writable: true, enumerable: true, configurable: true });
    if (prepare) delete ErrorOf.prepareStackTrace;
    try {
      return new ErrorOf().stack || '';
    } finally {
      if (prepare) defineProperty(ErrorOf, 'prepareStackTrace', prepare);
      if (limit) defineProperty(ErrorOf, 'stackTraceLimit', limit);
      else delete ErrorOf.stackTraceLimit;
    }
  };
  const address = (line) => {
    let from = at(line, 'http://', 0);
    if (from < 0) from = at(line, 'https://', 0);
    const blob = at(line, 'blob:', 0), data = at(line, 'data:', 0);
    if (blob >= 0 && (from < 0 || blob < from)) from = blob;
    if (data >= 0 && (from < 0 || data < from)) from = data;
    if (from < 0) return '';
    let to = at(line, '), <anonymous>', from);
    if (to < 0) to = apply(charCodeAt, line, [line.length - 1]) === 41 ? line.length - 1 : line.length;
    for (let part = 0; part < 2; part++) {
      let digits = to;
      while (digits > from && apply(charCodeAt, line, [digits - 1]) >= 48 && apply(charCodeAt, line, [digits - 1]) <= 57) digits--;
      if (digits < to && apply(charCodeAt, line, [digits - 1]) === 58) to = digits - 1;
    }
    return cut(line, from, to > from + 300 ? from + 300 : to);
  };
  // Addresses on the stack, the caller's first, separated by line feeds; parsed once for each stack.
  const parsed = newMap();
  let stacks = 0;
  const callers = (depth) => {
    const stack = raised(depth);
    const known = parsed.get(stack);
    if (known !== undefined) return known;
    let found = '', count = 0, from = 0;
    while (from < stack.length && count < 5) {
      let to = at(stack, '\n', from);
      if (to < 0) to = stack.length;
      const url = address(cut(stack, from, to));
      if (url && at('\n' + found + '\n', '\n' + url + '\n', 0) < 0) {
        found += (count++ ? '\n' : '') + url;
      }
      from = to + 1;
    }
    if (++stacks > 2000) { parsed.clear(); stacks = 0; }
    parsed.set(stack, found);
    return found;
  };
  const writer = () => {
    const all = callers(30), end = at(all, '\n', 0);
    return end < 0 ? all : cut(all, 0, end);
  };

  // ---- wrappers

  // A Proxy keeps name, length and descriptor kind; only its source text must be answered for.
  const standIn = (original, traps) => {
    const proxy = new Proxy(original, traps);
    const known = texts.get(original);
    texts.set(proxy, known === undefined ? apply(nativeText, original, []) : known);
    return proxy;
  };
  const wrap = (original, before) => standIn(original, {
    apply(target, self, args) {
      try { before(self, args); } catch { /* the page must not notice */ }
      return apply(target, self, args);
    },
  });
  const toString = getOwnPropertyDescriptor(Function.prototype, 'toString');
  const patchedText = standIn(nativeText, {
    apply(target, self, args) {
      const kept = typeof self === 'function' ? texts.get(self) : undefined;
      return kept === undefined ? apply(target, self, args) : kept;
    },
  });
  defineProperty(Function.prototype, 'toString', { ...toString, value: patchedText });
  // Asked for when needed: a worker that has not loaded its script has no address yet, and Chromium crashes
  // over the question.
  const worker = globalThis.WorkerGlobalScope && WorkerGlobalScope.prototype;
  const held = worker ? getOwnPropertyDescriptor(worker, 'location').get : null;
  const fixed = worker ? null : globalThis.location;
  const here = () => (worker ? apply(held, globalThis, []) : fixed).href;

%BODY%
})();
