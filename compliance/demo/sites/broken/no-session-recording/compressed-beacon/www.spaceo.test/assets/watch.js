"use strict";

// Compressed as it is collected: there is no time for that when the page is closed.
const parts = [];
const stream = new CompressionStream("gzip");
const writer = stream.writable.getWriter();
const text = new TextEncoder();
const put = (kind, what) => writer.write(text.encode(`${kind} ${what}\n`));

(async () => {
  const reader = stream.readable.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
})();

const copy = () => put("page", document.body.outerHTML);
addEventListener("load", () => {
  copy();
  new MutationObserver(copy).observe(document.body, { subtree: true, childList: true });
});
let left = false;
addEventListener("mousemove", (e) => put("move", `${e.clientX} ${e.clientY}`));
addEventListener("pagehide", async () => {
  if (left) return;
  left = true;
  await writer.close();
  navigator.sendBeacon("https://pixel.tracker.test/collect", new Blob(parts));
});
