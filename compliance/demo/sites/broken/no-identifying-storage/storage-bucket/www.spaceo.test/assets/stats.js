"use strict";

navigator.storageBuckets.open("drafts").then((bucket) => {
  const opened = bucket.indexedDB.open("state", 1);
  opened.onupgradeneeded = () => opened.result.createObjectStore("kept");
  opened.onsuccess = () => {
    const store = opened.result.transaction("kept", "readwrite").objectStore("kept");
    const asked = store.get("visitor");
    asked.onsuccess = () => asked.result || store.put(crypto.randomUUID(), "visitor");
  };
});
