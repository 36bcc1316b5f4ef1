"use strict";

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form) sessionStorage.setItem("draft", JSON.stringify([...new FormData(form)]));
});
