// A convenience only: the report is complete without it. Filters the promises by outcome and opens long lists.
"use strict";
(() => {
  const tally = document.getElementById("tally");
  const tools = document.querySelector(".tools");
  if (!tally || !tools) return;
  const promises = [...document.querySelectorAll(".promise")];
  const parts = [...promises, ...document.querySelectorAll(".rank")];
  const lists = [...document.querySelectorAll("details")];
  const filters = [];

  const told = document.createElement("span");
  told.setAttribute("role", "status");
  const all = document.createElement("button");
  all.type = "button";
  all.textContent = "Show all";

  const choose = (outcome) => {
    for (const part of parts) part.hidden = outcome !== "" && part.dataset.outcome !== outcome;
    for (const filter of filters) {
      filter.setAttribute("aria-pressed", String(filter.parentElement.dataset.outcome === outcome));
    }
    const shown = promises.filter((promise) => !promise.hidden).length;
    told.textContent = outcome === "" ? "" : `${shown} of ${promises.length} promises shown. `;
    all.hidden = outcome === "";
    tools.hidden = all.hidden && !lists.length;
  };

  // Each count becomes a button that shows only its promises; a second press shows all again.
  if (tally.children.length > 1) {
    for (const item of tally.children) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...item.childNodes);
      button.addEventListener("click", () => {
        choose(button.getAttribute("aria-pressed") === "true" ? "" : item.dataset.outcome);
      });
      item.append(button);
      filters.push(button);
    }
  }
  all.addEventListener("click", () => choose(""));
  tools.append(told, all);
  if (lists.length) {
    const open = document.createElement("button");
    open.type = "button";
    open.textContent = "Open all lists of findings";
    open.addEventListener("click", () => {
      const opened = lists.every((list) => list.open);
      for (const list of lists) list.open = !opened;
      open.textContent = opened ? "Open all lists of findings" : "Close all lists of findings";
    });
    tools.append(" ", open);
  }
  choose("");

  // A link to a promise that the filter hides would lead nowhere.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.closest(".promise[hidden]")) {
      choose("");
      target.scrollIntoView();
    }
  });
  window.addEventListener("beforeprint", () => {
    for (const list of lists) list.open = true;
  });
})();
