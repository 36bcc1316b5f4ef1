"use strict";

navigator.storage.getDirectory().then((root) => root.getDirectoryHandle("drafts", { create: true }));
