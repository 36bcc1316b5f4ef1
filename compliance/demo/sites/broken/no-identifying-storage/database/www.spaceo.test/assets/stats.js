"use strict";

const opened = indexedDB.open("installations", 1);
opened.onupgradeneeded = () => {
  opened.result.createObjectStore("ids").put({ fid: crypto.randomUUID(), platform: "web" }, "app");
};
