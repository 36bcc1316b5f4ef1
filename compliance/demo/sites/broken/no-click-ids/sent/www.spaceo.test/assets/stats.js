"use strict";

const click = new URLSearchParams(location.search).get("fbclid");
if (click) {
  navigator.sendBeacon("https://pixel.tracker.test/collect", JSON.stringify({ event: "arrived", click }));
}
