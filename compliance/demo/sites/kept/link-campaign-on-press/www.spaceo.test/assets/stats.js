"use strict";

document.addEventListener("mousedown", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.hostname === location.hostname) return;
  const address = new URL(link.href);
  address.searchParams.set("utm_source", "spaceo");
  address.searchParams.set("utm_medium", "referral");
  address.searchParams.set("utm_campaign", "spring-2026");
  address.searchParams.set("lang", (document.cookie.match(/lang=(\w+)/) || [])[1] || "en");
  address.searchParams.set("from", location.href);
  address.searchParams.set("at", String(Date.now()));
  link.href = address;
}, true);
