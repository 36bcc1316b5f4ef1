"use strict";

addEventListener("pagehide", () => {
  navigator.sendBeacon("https://pixel.tracker.test/collect", JSON.stringify({ page: location.pathname }));
});
