"use strict";

// In no cookie and in no storage that cookie tools look at.
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

navigator.locks.request("settings", number).then((visitor) => {
  navigator.sendBeacon("/collect", JSON.stringify({ v: 1, page: location.pathname, visitor, at: Date.now() }));
});
