"""One DevTools connection beside Playwright's: a WebSocket with flattened sessions.

Playwright starts the browser and drives it; this connection records. It sees every
target before its first script, costs no call per request, and hands over what
Playwright's own events leave out (blocked cookies, partitions, redirect hops).
Nothing here waits without a deadline.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from compliance.errors import BrowserLost

T = TypeVar("T")
Params = dict[str, Any]
Handler = Callable[[str, str, Params], None]

#: Seconds any one command may take; a page that spins answers none.
COMMAND_TIMEOUT = 5.0


class CommandFailed(Exception):
    """The browser refused a command; the message is its own."""


class Unresponsive(Exception):
    """A command got no answer in time."""


class Connection:
    """The connection. `handler(session, method, params)` gets every event, in order, without awaiting."""

    def __init__(self, socket: ClientConnection, handler: Handler) -> None:
        self._socket = socket
        self._handler = handler
        self._waiting: dict[int, asyncio.Future[Params]] = {}
        self._last = 0
        self.lost: str = ""
        self._over = asyncio.Event()
        self._reader = asyncio.get_running_loop().create_task(self._read())

    @classmethod
    async def open(cls, url: str, handler: Handler) -> Connection:
        """Connect to a browser's DevTools address (`ws://…`).

        Raises:
            BrowserLost: Nothing answers there.
        """
        try:
            socket = await connect(
                url, max_size=None, compression=None, ping_interval=None, open_timeout=10, proxy=None
            )
        except (OSError, TimeoutError, WebSocketException) as error:
            raise BrowserLost(f"{url}: the browser does not answer ({error})") from error
        return cls(socket, handler)

    async def send(
        self, method: str, params: Params | None = None, session: str = "", *, timeout: float = COMMAND_TIMEOUT
    ) -> Params:
        """Send a command and wait for its answer.

        Raises:
            CommandFailed: The browser refused it.
            Unresponsive: No answer within `timeout` seconds.
            BrowserLost: The connection is gone.
        """
        future = await self.post(method, params, session)
        try:
            async with asyncio.timeout(timeout):
                return await future
        except TimeoutError:
            raise Unresponsive(f"{method}: no answer in {timeout:g} s") from None

    async def post(self, method: str, params: Params | None = None, session: str = "") -> asyncio.Future[Params]:
        """Send a command without waiting; the future holds its answer.

        Raises:
            Unresponsive: The browser takes nothing more: its end of the connection is full.
            BrowserLost: The connection is gone.
        """
        if self.lost:
            raise BrowserLost(self.lost)
        self._last += 1
        message: Params = {"id": self._last, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        future: asyncio.Future[Params] = asyncio.get_running_loop().create_future()
        future.add_done_callback(_seen)
        self._waiting[self._last] = future
        try:
            async with asyncio.timeout(COMMAND_TIMEOUT):
                await self._socket.send(json.dumps(message))
        except TimeoutError:
            raise Unresponsive(f"{method}: not taken in {COMMAND_TIMEOUT:g} s") from None
        except ConnectionClosed as error:
            raise BrowserLost(f"the browser closed its connection ({error})") from error
        return future

    async def _read(self) -> None:
        try:
            async for raw in self._socket:
                message = json.loads(raw)
                if "id" not in message:
                    self._handler(message.get("sessionId", ""), message["method"], message.get("params", {}))
                    continue
                future = self._waiting.pop(message["id"], None)
                if future is None or future.done():
                    continue
                if "error" in message:
                    future.set_exception(CommandFailed(message["error"].get("message", "refused")))
                else:
                    future.set_result(message.get("result", {}))
        except ConnectionClosed as error:
            self.fail(f"the browser closed its connection ({error})")
        except Exception as error:
            # A fault of a recorder must not look like a page without requests: everybody who waits hears of it.
            self.fail(f"recording failed: {type(error).__name__}: {error}")
            raise
        else:
            self.fail("the browser closed its connection")

    def fail(self, why: str) -> None:
        """It is of no use any more; everybody who waits hears why."""
        self.lost = self.lost or why
        self._over.set()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(BrowserLost(why))
        self._waiting.clear()

    async def unless_lost(self, work: Awaitable[T]) -> T:
        """Wait for what only a living browser brings.

        Raises:
            BrowserLost: The connection is gone, and it will not come.
        """
        future, over = asyncio.ensure_future(work), asyncio.ensure_future(self._over.wait())
        both: set[asyncio.Future[Any]] = {future, over}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if not future.done():
                raise BrowserLost(self.lost)
            return future.result()
        finally:
            for one in both:
                one.cancel()

    async def close(self) -> None:
        """Close; the browser lives on."""
        self.lost = self.lost or "closed"
        self._reader.cancel()
        try:
            async with asyncio.timeout(2):
                await self._socket.close()
        except TimeoutError:
            pass
        self.fail("closed")


def _seen(future: asyncio.Future[Params]) -> None:
    """Mark an unawaited answer as looked at: a refused fire-and-forget command is not worth a warning."""
    if not future.cancelled():
        future.exception()


async def quiet(work: Awaitable[object]) -> None:
    """Await a command that is sent without waiting for it; a target that has gone takes no commands."""
    try:
        await work
    except (CommandFailed, Unresponsive, BrowserLost):
        return
