"use strict";

const moves = [];
const added = [];
addEventListener("mousemove", (e) => moves.push([Math.round(e.timeStamp), e.clientX, e.clientY]));
new MutationObserver((records) => {
  for (const record of records) for (const node of record.addedNodes) added.push(node.outerHTML);
}).observe(document.documentElement, { subtree: true, childList: true });
setInterval(() => {
  if (moves.length || added.length) fetch("/collect", { method: "POST", body: JSON.stringify({ moves: moves.splice(0), added: added.splice(0) }) });
}, 1000);
