"use strict";

for (const box of document.querySelectorAll("input[type=search]")) {
  box.addEventListener("input", async () => {
    const answer = await fetch(`/suggest?q=${encodeURIComponent(box.value)}`);
    box.title = (await answer.text()).split(" ").filter((word) => word.startsWith(box.value)).join(", ");
  });
}
