"use strict";

if (!document.cookie.includes("_hj_demo=")) {
  const user = { id: crypto.randomUUID(), created: Date.now(), existing: false };
  document.cookie = `_hj_demo=${encodeURIComponent(btoa(JSON.stringify(user)))}; Path=/; Max-Age=31536000; Secure; SameSite=Lax`;
}
