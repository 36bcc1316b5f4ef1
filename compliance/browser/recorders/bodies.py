"""Bodies that the `Network` events leave out: blobs, forms with a file, long ones, those of pages that were left.

They are read where the request is held for a moment on its way out (`Fetch.requestPaused`), and wait here for
the record of their request.
"""

from __future__ import annotations

from base64 import b64decode
from collections import OrderedDict
from dataclasses import dataclass

from compliance.browser.cdp import Params

#: Characters of one body that are kept.
MAX_BODY = 65_536
#: Bodies that wait for their request; of a page that sends more without end the first ones go.
MAX_WAITING = 2_000


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries."""

    method: str
    url: str
    """Without fragment."""
    text: str
    """UTF-8; other bytes stand as the characters of their numbers."""
    cut: bool
    """There was more than is kept, or a part that could not be read."""


class Bodies:
    """Bodies of one browser's requests, by the id that `Network` events give a request."""

    def __init__(self) -> None:
        self.limit = MAX_BODY
        self._waiting: OrderedDict[str, Body] = OrderedDict()

    def held(self, p: Params) -> None:
        """A request is held on its way out."""
        request = p["request"]
        if not request.get("hasPostData") and "postData" not in request:
            return
        entries = request.get("postDataEntries", ())
        data = b"".join(b64decode(entry["bytes"]) for entry in entries if "bytes" in entry)
        unread = not entries or any("bytes" not in entry for entry in entries)
        text = _text(data) if data else str(request.get("postData", ""))
        body = Body(request["method"], request["url"], text[: self.limit], unread or len(text) > self.limit)
        self._waiting[p.get("networkId") or p["requestId"]] = body
        while len(self._waiting) > MAX_WAITING:
            self._waiting.popitem(last=False)

    def take(self, request: str) -> Body | None:
        """The body of a recorded request."""
        return self._waiting.pop(request, None)

    def left(self) -> tuple[Body, ...]:
        """Bodies whose requests nobody recorded."""
        return tuple(self._waiting.values())


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
