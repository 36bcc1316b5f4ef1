"""Kinds of requests as rules name them."""

from __future__ import annotations

#: Name in a rule → kind. Several names mean the same, as in the lists.
NAMES = {
    "document": "document",
    "doc": "document",
    "subdocument": "subdocument",
    "frame": "subdocument",
    "script": "script",
    "image": "image",
    "img": "image",
    "stylesheet": "stylesheet",
    "css": "stylesheet",
    "font": "font",
    "media": "media",
    "object": "object",
    "xmlhttprequest": "xmlhttprequest",
    "xhr": "xmlhttprequest",
    "ping": "ping",
    "beacon": "ping",
    "websocket": "websocket",
    "other": "other",
}
KINDS = frozenset(NAMES.values())
#: What a rule is for that names no kind: everything that a page loads, not the page itself.
USUAL = KINDS - {"document"}

_RESOURCES = {
    "document": "subdocument",
    "stylesheet": "stylesheet",
    "image": "image",
    "media": "media",
    "texttrack": "media",
    "font": "font",
    "script": "script",
    "xhr": "xmlhttprequest",
    "fetch": "xmlhttprequest",
    "eventsource": "xmlhttprequest",
    "websocket": "websocket",
    "ping": "ping",
}


def kind_of(resource: str, top: bool = False) -> str:
    """The kind of a request, from its DevTools resource type in lower case.

    Args:
        resource: `document`, `script`, `fetch`, …
        top: It asked for the page itself, not for a frame in it.
    """
    return "document" if top and resource == "document" else _RESOURCES.get(resource, "other")
