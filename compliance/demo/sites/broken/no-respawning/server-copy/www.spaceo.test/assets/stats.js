"use strict";

if (!localStorage.getItem("visitor")) {
  fetch("/assets/stats.js?who", { cache: "no-store" }).then((answer) => {
    localStorage.setItem("visitor", answer.headers.get("X-Visitor"));
  });
}
