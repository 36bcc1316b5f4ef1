"use strict";

const click = new URLSearchParams(location.search).get("gclid");
if (click) {
  const value = `1.${Math.floor(Date.now() / 1000)}.${click}`;
  document.cookie = `_click=${value}; Path=/; Max-Age=7776000; Secure; SameSite=Lax`;
}
