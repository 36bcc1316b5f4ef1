"use strict";

const click = new URLSearchParams(location.search).get("msclkid");
if (click) {
  for (const link of document.querySelectorAll("a[href]")) {
    if (link.hostname !== location.hostname) {
      const address = new URL(link.href);
      address.searchParams.set("via", click);
      link.href = address;
    }
  }
}
