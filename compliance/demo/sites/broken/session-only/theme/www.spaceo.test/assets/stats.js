"use strict";

if (!localStorage.getItem("theme")) localStorage.setItem("theme", "light");
if (!sessionStorage.getItem("counted")) {
  sessionStorage.setItem("counted", "yes");
  localStorage.setItem("visits", String(Number(localStorage.getItem("visits")) + 1));
}
