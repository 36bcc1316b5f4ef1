"use strict";

const known = document.cookie.match(/(?:^|; )visit=([^;]+)/);
const id = known ? known[1] : crypto.randomUUID();
document.cookie = `visit=${id}; Path=/; Secure; SameSite=Lax`;
document.addEventListener("mousedown", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.hostname === location.hostname) return;
  const plain = link.href;
  const address = new URL(plain);
  address.searchParams.set("ref", id);
  link.href = address;
  setTimeout(() => { link.href = plain; }, 2000);
}, true);
