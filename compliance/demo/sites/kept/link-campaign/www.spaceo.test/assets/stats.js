"use strict";

for (const link of document.querySelectorAll("a[href]")) {
  if (link.hostname !== location.hostname) {
    const address = new URL(link.href);
    address.searchParams.set("utm_id", "c7f3a9d2e8b14605");
    address.searchParams.set("from", location.href);
    link.href = address;
  }
}
const share = document.createElement("a");
share.href = `https://widgets.social.test/like?u=${encodeURIComponent(location.href)}`;
share.textContent = "Share this page";
document.querySelector("footer nav").append(share);
