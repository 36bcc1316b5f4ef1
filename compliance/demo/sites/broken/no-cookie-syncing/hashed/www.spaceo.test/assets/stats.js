"use strict";

const known = document.cookie.match(/(?:^|; )visit=([^;]+)/);
const id = known ? known[1] : crypto.randomUUID();
document.cookie = `visit=${id}; Path=/; Secure; SameSite=Lax`;
crypto.subtle.digest("SHA-256", new TextEncoder().encode(id)).then((digest) => {
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  fetch(`https://pixel.tracker.test/collect?h=${hex}`, { mode: "no-cors" });
});
