"use strict";

const group = Math.random() < 0.5 ? "k3v9x0q7t2m5w8zr" : "p6h1n4d8s0b7j2yc";
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (!document.cookie.includes("test=")) document.cookie = `test=${group}; Path=/; Secure; SameSite=Lax`;
document.cookie = `window=${innerWidth}x${innerHeight}; Path=/; Secure; SameSite=Lax`;
document.cookie = `zone=${encodeURIComponent(zone)}; Path=/; Secure; SameSite=Lax`;
