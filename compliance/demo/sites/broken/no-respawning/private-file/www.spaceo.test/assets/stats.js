"use strict";

async function number() {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle("state", { create: true });
  const file = await folder.getFileHandle("device.json", { create: true });
  const known = await (await file.getFile()).text();
  if (known) return JSON.parse(known).uid;
  const uid = crypto.randomUUID();
  const writer = await file.createWritable();
  await writer.write(JSON.stringify({ uid, version: 2 }));
  await writer.close();
  return uid;
}

navigator.locks.request("device", number).then((uid) => {
  document.cookie = `device=${uid}; Path=/; Secure; SameSite=Lax`;
});
