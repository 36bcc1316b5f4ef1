// Does, once, everything that the control of this visit asks for, and tells the server what it has done.
const asked = new URLSearchParams(location.search);
const WORD = 'compliance-control', when = asked.get('when'), other = asked.get('other'), socket = asked.get('socket');
const wanted = new Set(asked.get('do').split(','));
const did = [], cannot = [], tasks = [];
const act = (aspect, name, work) => {
  if (!wanted.has(aspect)) return;
  const done = (answer) => (answer === 'cannot' ? cannot : did).push(name);
  tasks.push(new Promise((resolve) => resolve(work())).then(done, () => {}));
};
const element = (tag, properties) => document.body.appendChild(Object.assign(document.createElement(tag), properties));
const body = () => new Blob([WORD]);
const heard = (target, event) => new Promise((resolve, reject) => {
  target.addEventListener(event, resolve, { once: true });
  target.addEventListener('error', reject, { once: true });
});

// Until all has been done, the network is not quiet.
const wait = () => fetch('/hold').then((answer) => answer.status === 202 && wait()).catch(() => {});
wait();

// ---- requests; that they were made, the server sees
act('requests', '', () => { element('img', { src: `${other}/c/image` }); });
act('requests', '', () => fetch('/c/fetch', { method: 'POST', body: WORD }));
act('requests', '', () => { const x = new XMLHttpRequest(); x.open('POST', '/c/xhr'); x.send(body()); });
act('requests', '', () => navigator.sendBeacon('/c/beacon', body()));
act('requests', '', () => fetch('/c/keepalive', { method: 'POST', keepalive: true, body: body() }));
act('requests', '', () => { addEventListener('pagehide', () => navigator.sendBeacon('/c/leaving', WORD)); });
act('requests', '', () => { element('iframe', {}).contentWindow.fetch('/c/blank-frame'); });
act('requests', '', () => { open('/window.html'); });
act('requests', '', () => { new Worker('/worker.js'); });
act('requests', '', () => { new SharedWorker(`/shared-worker.js?${when}`); });
act('requests', '', () => { new EventSource('/c/events'); });
act('requests', '', () => fetch('/c/hop'));
// Its text is recorded where storage is, too.
act('requests', 'kept', () => (wanted.has('storage') ? fetch(`/c/kept?${when}`) : 'cannot'));
act('requests', '', () => { const w = new WebSocket(`${socket}/c/socket`); w.onopen = () => w.send(WORD); });
act('requests', '', () => {
  const form = element('form', { action: '/c/form', method: 'post', target: 'sink', hidden: true });
  form.append(Object.assign(document.createElement('input'), { name: 'a', value: WORD }));
  form.submit();
});
if (wanted.has('requests') || wanted.has('storage')) {
  const registered = navigator.serviceWorker.register('/service-worker.js', { scope: `/${WORD}-${when}/` });
  act('storage', 'registration', () => registered);
}
if (['requests', 'cookies', 'storage', 'api_calls'].some((aspect) => wanted.has(aspect))) {
  element('iframe', { src: `${other}/frame.html${location.search}` });
}

// ---- cookies; those of responses, the server knows
act('cookies', 'script', () => { document.cookie = `script-${when}=${WORD}; path=/; max-age=86400`; });
act('cookies', 'store', () => cookieStore.set(`store-${when}`, WORD));
if (!wanted.has('requests')) act('cookies', '', () => fetch('/c/hop'));

// ---- storage
act('storage', 'local', () => localStorage.setItem(`${WORD}-${when}`, '1'));
act('storage', 'session-storage', () => sessionStorage.setItem(`${WORD}-${when}`, '1'));
act('storage', 'name', () => { name = `${WORD}-${when}`; });
act('storage', 'cache', async () => (await caches.open(WORD)).put(`/${WORD}-${when}`, new Response(WORD)));
act('storage', 'indexeddb', async () => {
  const opening = indexedDB.open(WORD);
  opening.onupgradeneeded = () => opening.result.createObjectStore('kept');
  await heard(opening, 'success');
  const change = opening.result.transaction('kept', 'readwrite');
  change.objectStore('kept').put(WORD, `${WORD}-${when}`);
  await heard(change, 'complete');
  opening.result.close();
});
const write = async (folder) => {
  const writer = await (await folder.getFileHandle(`${WORD}-${when}`, { create: true })).createWritable();
  await writer.write(WORD);
  await writer.close();
};
act('storage', 'file', async () => write(await navigator.storage.getDirectory()));
act('storage', 'bucket', async () => {
  if (!navigator.storageBuckets) return 'cannot';
  await write(await (await navigator.storageBuckets.open('control')).getDirectory());
});

// ---- traits of the browser
const scene = (kind) => Object.assign(document.createElement('canvas'), { width: 64, height: 32 }).getContext(kind);
act('api_calls', 'letters', () => scene('2d').fillText(WORD, 2, 20));
act('api_calls', 'canvas', () => { scene('2d').canvas.toDataURL(); });
act('api_calls', 'fonts', () => { scene('2d').measureText(WORD); });
act('api_calls', 'families', () => element('span', { textContent: 'm', style: 'font-family: serif' }).offsetWidth);
act('api_calls', 'graphics', () => {
  const context = scene('webgl');
  if (!context) return 'cannot';
  context.getParameter(context.VERSION);
});
act('api_calls', 'sound', () => { new OfflineAudioContext(1, 128, 44100); });
act('api_calls', 'rtc', () => { new RTCPeerConnection().close(); });
act('api_calls', 'languages', () => navigator.languages.length);
act('api_calls', 'screen', () => screen.width);
act('api_calls', 'zone', () => new Date().getTimezoneOffset());
act('api_calls', 'worker-languages', () => heard(new Worker('/worker-calls.js'), 'message'));

// ---- what stands in the page
act('links', 'link', () => {});
act('links', 'late-link', () => { element('a', { href: '/c/late-link', textContent: 'Late' }); });
act('links', 'shadow-link', () => {
  document.querySelector('#shadow').attachShadow({ mode: 'open' }).innerHTML = '<a href="/c/shadow-link">Inside</a>';
});
act('forms', 'fields', () => {});
act('text', 'text', () => {});
act('text', 'late-text', () => { element('p', { textContent: `${WORD}-late-text` }); });
act('console', 'console', () => console.log(WORD));

Promise.allSettled(tasks).then(() => fetch(`/did?did=${did.filter(Boolean)}&cannot=${cannot}`));
