// A stand-in of the demo: it does nothing. Being loaded is all that a service needs to learn an address.
window.visited = location.pathname;
