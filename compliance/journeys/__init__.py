"""Journeys: what must be tried to be known (forms, external links), without anything reaching a server."""
