// A harmless library on somebody else's server: asking for it is the disclosure.
window.carousel = () => document.querySelectorAll(".cards").length;
