"use strict";

const sent = document.cookie.match(/(?:^|; )uid=([^;]+)/)?.[1];
const uid = sent || atob(localStorage.getItem("prefs") || "") || crypto.randomUUID();
localStorage.setItem("prefs", btoa(uid));
document.cookie = `uid=${uid}; Path=/; Max-Age=31536000; Secure; SameSite=Lax`;
