"use strict";

let active = true;
for (const event of ["mousemove", "keydown", "scroll", "click"]) addEventListener(event, () => { active = true; });
setInterval(() => fetch("/collect", { method: "POST", body: JSON.stringify({ open: location.pathname, seconds: 0.5 }) }), 500);
