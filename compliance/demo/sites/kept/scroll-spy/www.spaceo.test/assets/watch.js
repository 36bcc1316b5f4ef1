"use strict";

const top_ = document.querySelector("header.top");
addEventListener("scroll", () => top_?.classList.toggle("small", scrollY > 80), { passive: true });
addEventListener("mousemove", (e) => document.body.style.setProperty("--x", `${e.clientX}px`));
addEventListener("keydown", (e) => { if (e.key === "Escape") document.activeElement?.blur(); });
addEventListener("click", (e) => { if (!e.target.closest("nav")) document.getElementById("nav")?.classList.remove("open"); });
new MutationObserver(() => {
  for (const image of document.querySelectorAll("img:not([decoding])")) image.decoding = "async";
}).observe(document.documentElement, { subtree: true, childList: true });
