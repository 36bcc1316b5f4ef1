// A counting script as third parties offer them: it reports the page it runs on.
new Image().src = "https://pixel.tracker.test/p.gif?page=" + encodeURIComponent(location.pathname);
