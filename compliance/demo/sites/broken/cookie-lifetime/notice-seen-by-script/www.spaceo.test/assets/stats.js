"use strict";

const year = new Date(Date.now() + 365 * 86400 * 1000);
document.cookie = `notice=seen; Path=/; Expires=${year.toUTCString()}; Secure; SameSite=Lax`;
