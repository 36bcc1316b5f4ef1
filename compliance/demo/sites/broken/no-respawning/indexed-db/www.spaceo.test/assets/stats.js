"use strict";

const opened = indexedDB.open("offline", 1);
opened.onupgradeneeded = () => opened.result.createObjectStore("state");
opened.onsuccess = () => {
  const store = opened.result.transaction("state", "readwrite").objectStore("state");
  const asked = store.get("device");
  asked.onsuccess = () => {
    const uid = asked.result?.uid || crypto.randomUUID();
    store.put({ uid }, "device");
    document.cookie = `device=${uid}; Path=/; Secure; SameSite=Lax`;
  };
};
