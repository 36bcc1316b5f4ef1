"use strict";

const click = new URLSearchParams(location.search).get("gclid");
if (click) {
  sessionStorage.setItem("click", click);
  document.cookie = `click=${click}; Path=/; Secure; SameSite=Lax`;
  fetch(`/assets/favicon.svg?click=${click}`);
}
