"use strict";

let client = document.cookie.match(/(?:^|; )_ga=GA1\.1\.([^;]+)/)?.[1];
if (!client) {
  client = `${Math.floor(1e9 * Math.random() + 1e9)}.${Math.floor(Date.now() / 1000)}`;
  document.cookie = `_ga=GA1.1.${client}; Domain=spaceo.test; Path=/; Max-Age=63072000; Secure; SameSite=Lax`;
}
const hit = new URLSearchParams({ v: 2, tid: "G-DEMO123456", cid: client, dl: location.href, dt: document.title });
fetch(`https://pixel.tracker.test/g/collect?${hit}`, { method: "POST", mode: "no-cors", keepalive: true });
