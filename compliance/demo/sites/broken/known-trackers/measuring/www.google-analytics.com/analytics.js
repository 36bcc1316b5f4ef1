// A stand-in of the demo: it does nothing. Being loaded hands over the address.
