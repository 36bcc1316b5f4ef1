"use strict";

async function number() {
  const folder = await navigator.storage.getDirectory();
  const file = await folder.getFileHandle("settings", { create: true });
  const known = await (await file.getFile()).text();
  if (known) return known;
  const fresh = crypto.randomUUID();
  const writer = await file.createWritable();
  await writer.write(fresh);
  await writer.close();
  return fresh;
}

navigator.locks.request("settings", number).then(async (device) => {
  const events = [{ type: "page", at: Date.now(), page: location.pathname, device }];
  const packed = new Blob([JSON.stringify({ events })]).stream().pipeThrough(new CompressionStream("gzip"));
  const body = await new Response(packed).blob();
  fetch("https://pixel.tracker.test/collect", { method: "POST", mode: "no-cors", body });
});
