"use strict";

const known = document.cookie.match(/(?:^|; )visit=([^;]+)/);
const id = known ? known[1] : crypto.randomUUID();
document.cookie = `visit=${id}; Path=/; Secure; SameSite=Lax`;
fetch(`/assets/favicon.svg?visit=${id}`);
