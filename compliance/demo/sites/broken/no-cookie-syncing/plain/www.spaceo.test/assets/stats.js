"use strict";

const known = document.cookie.match(/(?:^|; )visit=([^;]+)/);
const id = known ? known[1] : crypto.randomUUID();
document.cookie = `visit=${id}; Path=/; Secure; SameSite=Lax`;
new Image().src = `https://pixel.tracker.test/p.gif?partner=spaceo&uid=${id}`;
