"use strict";

(async () => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const traits = [screen.width, screen.height, screen.colorDepth, zone, navigator.userAgent].join("|");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(traits));
  const text = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  document.cookie = `v=${text.slice(0, 32)}; Path=/; Secure; SameSite=Lax`;
})();
