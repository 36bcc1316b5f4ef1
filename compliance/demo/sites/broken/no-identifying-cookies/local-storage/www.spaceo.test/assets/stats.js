"use strict";

if (!localStorage.getItem("visitor")) {
  localStorage.setItem("visitor", crypto.randomUUID());
}
