"use strict";

if (!document.cookie.includes("exp=")) {
  document.cookie = `exp=${Math.random() < 0.5 ? "variant-a" : "variant-b"}; Path=/; Secure; SameSite=Lax`;
}
