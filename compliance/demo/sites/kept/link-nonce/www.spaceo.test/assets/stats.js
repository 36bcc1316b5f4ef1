"use strict";

for (const link of document.querySelectorAll("a[href]")) {
  if (link.hostname !== location.hostname) {
    const address = new URL(link.href);
    address.searchParams.set("click", crypto.randomUUID());
    link.href = address;
  }
}
