"use strict";

if (!sessionStorage.getItem("tab")) sessionStorage.setItem("tab", crypto.randomUUID());
window.name = sessionStorage.getItem("tab");
