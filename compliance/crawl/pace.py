"""How fast a session asks for pages: as the spec says, as robots.txt says, and slower where the site asks for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_RETRY_AFTER = 120.0
#: Seconds by which one request may take longer on its way to the wire than the next one.
SLACK = 0.05


class Pace:
    """Turns of one session's tabs."""

    def __init__(self) -> None:
        self._next_start = 0.0
        self._starting = asyncio.Lock()
        self._last_sent = float("-inf")
        self._sending = asyncio.Lock()

    async def turn(self, delay: float, stopped: Callable[[], bool]) -> None:
        """Wait for the next page's turn, `delay` seconds after the one before; ends early when `stopped`."""
        async with self._starting:
            # In slices: a site that asks for patience meanwhile is heard, and so is a person who wants to stop.
            while (wait := self._next_start - time.monotonic()) > 0 and not stopped():
                await asyncio.sleep(min(wait, 0.25))
            self._next_start = max(self._next_start, time.monotonic()) + delay

    async def sending(self, delay: float) -> None:
        """Wait until a document may be asked for, `delay` seconds after the one before.

        The browser takes its time between being told to go and going, so what is spaced when it is told is
        only nearly spaced on the wire.
        """
        async with self._sending:
            if delay:
                await asyncio.sleep(max(0.0, self._last_sent + delay + SLACK - time.monotonic()))
            self._last_sent = time.monotonic()

    def hold(self, seconds: float) -> None:
        """The site asks for patience: no page begins for that long, at most `MAX_RETRY_AFTER`."""
        self._next_start = max(self._next_start, time.monotonic() + min(seconds, MAX_RETRY_AFTER))


def retry_after(value: str) -> float:
    """Seconds that a Retry-After header asks to wait; 0 when it does not say."""
    if value.isascii() and value.isdigit():
        return float(value[:10])
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
