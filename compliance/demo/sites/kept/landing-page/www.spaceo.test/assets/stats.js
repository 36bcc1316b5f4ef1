"use strict";

if (!sessionStorage.getItem("landing")) {
  sessionStorage.setItem("landing", location.href);
}
fetch(`/assets/favicon.svg?page=${encodeURIComponent(location.href)}`);
