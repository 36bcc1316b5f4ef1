"use strict";

if (!document.cookie.includes("_ga=")) {
  const random = Math.floor(1e9 * Math.random() + 1e9);
  const now = Math.floor(Date.now() / 1000);
  document.cookie = `_ga=GA1.1.${random}.${now}; Domain=spaceo.test; Path=/; Max-Age=63072000; Secure; SameSite=Lax`;
}
