"use strict";

localStorage.setItem("lang", "en");
caches.open("offline-v1").then((cache) => cache.addAll(["/assets/site.css", "/assets/logo.svg"]));
