"use strict";

// Looks like tracking: long random numbers. One is new with every view, one ends with the tab, the others are
// the same for everybody.
const session = sessionStorage.getItem("counted") || crypto.randomUUID().replaceAll("-", "");
sessionStorage.setItem("counted", session);
const view = {
  site: "7f3c1a9e5b2d4860a1c3e5f7091b2d4f",
  build: "9b1f2c7d4e8a6053f1e2d3c4b5a69788",
  view: crypto.randomUUID(),
  at: Date.now(),
  waited: performance.now(),
  page: location.pathname,
  title: document.title,
  consent: "1---",
  screen: `${screen.width}x${screen.height}`,
  session,
};
navigator.sendBeacon("/collect", JSON.stringify(view));
new Image().src = `/assets/favicon.svg?view=${view.view}&t=${view.at}`;
