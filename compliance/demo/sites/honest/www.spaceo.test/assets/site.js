"use strict";

const menu = document.querySelector("button.menu");
if (menu) {
  menu.addEventListener("click", () => {
    const open = document.getElementById("nav").classList.toggle("open");
    menu.setAttribute("aria-expanded", String(open));
  });
}

// The list of people is linked by script only: a crawler has to run the page to find it.
const people = document.getElementById("people");
if (people) {
  const link = document.createElement("a");
  link.href = "/team";
  link.textContent = "Meet the team";
  people.append(link);
}

// Search on the blog's first page: hides what does not match, asks no server.
const wanted = new URLSearchParams(location.search).get("q");
if (wanted && document.querySelector(".search")) {
  document.querySelector(".search input").value = wanted;
  for (const post of document.querySelectorAll("[data-post]")) {
    post.hidden = !post.textContent.toLowerCase().includes(wanted.toLowerCase());
  }
}
