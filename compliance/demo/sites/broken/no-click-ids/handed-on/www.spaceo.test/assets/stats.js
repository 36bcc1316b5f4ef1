"use strict";

const click = new URLSearchParams(location.search).get("msclkid");
if (click) {
  const offer = document.createElement("a");
  offer.href = `https://www.partner.test/checklists?via=${click}`;
  offer.textContent = "The checklist from the advertisement";
  document.getElementById("main").append(offer);
}
