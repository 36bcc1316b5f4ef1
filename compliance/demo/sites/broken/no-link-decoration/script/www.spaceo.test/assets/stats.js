"use strict";

const known = document.cookie.match(/(?:^|; )visit=([^;]+)/);
const id = known ? known[1] : crypto.randomUUID();
document.cookie = `visit=${id}; Path=/; Secure; SameSite=Lax`;
for (const link of document.querySelectorAll("a[href]")) {
  if (link.hostname !== location.hostname) {
    const address = new URL(link.href);
    address.searchParams.set("ref", id);
    link.href = address;
  }
}
