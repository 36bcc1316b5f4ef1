"""Where requests are held for a moment on their way out: documents, and what scripts send.

Scope is decided before an address is asked for, redirects included. A body made of a blob, or of a page that is
being left, can be read only here. The gate stands at the browser, not at its pages, so that a window that another
DevTools client let run too early is held as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from compliance.browser.cdp import Connection, Params, Unresponsive
from compliance.browser.recorders.bodies import Bodies
from compliance.errors import BrowserLost

#: Files that a page loads are not held.
HELD: Params = {"patterns": [{"resourceType": kind} for kind in ("Document", "XHR", "Fetch", "Ping")]}
#: Seconds that the documents of a window wait for its being prepared.
PREPARED = 5.0


class Gate:
    """The gate of one browser; it stands open until somebody watches it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._handlers: dict[str, Callable[[Params], None]] = {}
        self._preparing: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.bodies = Bodies()
        """Of requests on their way; a record takes its own."""

    async def watch(self, frame: str, handler: Callable[[Params], None]) -> None:
        """Give `handler` the documents that a main frame asks for; it lets them go on.

        Raises:
            CommandFailed: The browser does not take it.
            Unresponsive: It does not answer.
        """
        self._handlers[frame] = handler
        if not self._closed:
            self._closed = True
            await self._connection.send("Fetch.enable", HELD)

    def forget(self, frame: str) -> None:
        """A tab was closed."""
        self._handlers.pop(frame, None)

    def prepared_by(self, window: str, task: asyncio.Task[None]) -> None:
        """Documents of a window wait until `task` has prepared it, whoever let it run before."""
        self._preparing[window] = task
        task.add_done_callback(lambda _: self._preparing.pop(window, None))

    def held(self, p: Params) -> None:
        """A request is held (`Fetch.requestPaused`)."""
        self.bodies.held(p)
        frame = p.get("frameId", "")
        handler = self._handlers.get(frame)
        if p.get("resourceType") == "Document" and handler is not None:
            handler(p)
            return
        task = asyncio.get_running_loop().create_task(self._go_on(p["requestId"], self._preparing.get(frame)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _go_on(self, request: str, first: asyncio.Task[None] | None) -> None:
        try:
            if first is not None:
                await asyncio.wait([first], timeout=PREPARED)
            await self._connection.post("Fetch.continueRequest", {"requestId": request})
        except (BrowserLost, Unresponsive):
            return  # whoever waits for the browser hears of it
