"use strict";

// A page with routes of its own: two in the fragment, one through the History API.
const routes = {
  "#/one": "<h2>How big is it?</h2><p>A form and a list is small. Two kinds of users who must not see each other's data is medium. Anything with money in it is large.</p>",
  "#/two": "<h2>The range</h2><p>Small: two to four weeks. Medium: two to three months. Large: we would rather talk.</p>",
  "/app/three": "<h2>What it means</h2><p>A range is honest where a date is not. We narrow it down every two weeks.</p>",
};

function render() {
  const html = routes[location.hash] || routes[location.pathname];
  if (html) document.getElementById("view").innerHTML = html;
}

document.querySelector("[data-push]").addEventListener("click", (event) => {
  event.preventDefault();
  history.pushState(null, "", event.currentTarget.href);
  render();
});
addEventListener("hashchange", render);
addEventListener("popstate", render);
render();
