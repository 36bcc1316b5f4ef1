"use strict";

const kept = localStorage.getItem("s") || crypto.randomUUID();
localStorage.setItem("s", kept);
document.cookie = `visit=${kept}; Path=/; Secure; SameSite=Lax`;
