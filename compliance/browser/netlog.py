"""Chromium's own log of what it asks the network for: the count that the recording is held against.

DevTools tells a client about targets that it is attached to. Requests of a page that is being left, of a window
that closes at once, of a worker that was let run too early, are made and not told. The network stack's log
(NetLog) names each of them. It is written to a pipe and read as it comes: as a file it would take 20 kB of disk
for every request. Only beginnings of requests are kept.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Bytes that the pipe holds while we are busy, if the system allows so many.
PIPE = 1 << 20
CHUNK = 1 << 20
#: Bytes of one event; a longer one is no beginning of a request that anybody could send.
MAX_LINE = 1 << 22
_BEGIN = 1
"""Phase of an event that begins something."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One request, or one hop of a redirect, that the network stack was asked for."""

    url: str
    """Without fragment."""
    method: str
    initiator: str
    """Origin that asked; empty for navigations that nobody's script began."""
    at: float
    """Seconds since the epoch."""


class NetLog:
    """Reads the log of one browser while it runs. `requests` and `whole` hold from `finish` on."""

    def __init__(self, path: Path) -> None:
        """Make the pipe; it is read from now on.

        Raises:
            OSError: There can be no pipe at `path`.
        """
        self.path = path
        self.requests: list[Logged] = []
        self.whole = False
        """The log was written to its end and understood. Of a killed browser it may be: another process writes it."""
        self.understood = False
        """It began as such a log does, and no line of interest was anything else."""
        path.unlink(missing_ok=True)
        os.mkfifo(path, 0o600)
        # Open for both ends, so that neither side waits for the other to come.
        self._pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        with suppress(OSError, AttributeError):  # another system, or a user's limit: a smaller pipe wakes us more often
            fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, PIPE)
        self._rest = self._last = b""
        self._ending = b""
        """How a line of interest ends; known once the constants were read."""
        self._offset = 0.0
        self._seen: set[tuple[Any, str, str]] = set()
        self._broken = False
        asyncio.get_running_loop().add_reader(self._pipe, self._read)

    @property
    def argument(self) -> str:
        """What makes the browser write here."""
        return f"--log-net-log={self.path}"

    def finish(self) -> None:
        """The browser has ended: read what is left, and let go of the pipe."""
        asyncio.get_running_loop().remove_reader(self._pipe)
        while self._read():
            pass
        os.close(self._pipe)
        self.path.unlink(missing_ok=True)
        self.understood = bool(self._ending) and not self._broken
        self.whole = self.understood and (self._rest or self._last) == b"}"

    def _read(self) -> bool:
        try:
            chunk = os.read(self._pipe, CHUNK)
        except BlockingIOError:
            return False
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self._line(line.rstrip(b",]\r"))
            self._last = line or self._last
        if len(self._rest) > MAX_LINE:
            self._rest, self._broken = b"", True
        return bool(chunk)

    def _line(self, line: bytes) -> None:
        if not self._ending:
            self._constants(line)
        elif line.endswith(self._ending):
            try:
                self._event(json.loads(line))
            except (ValueError, KeyError, TypeError):
                self._broken = True

    def _constants(self, line: bytes) -> None:
        try:
            constants = json.loads(line + b"}")["constants"]
            self._ending = b'"type":%d}' % constants["logEventTypes"]["URL_REQUEST_START_JOB"]
            self._offset = float(constants["timeTickOffset"])
        except (ValueError, KeyError, TypeError):
            self._broken = True

    def _event(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        top = params.get("network_isolation_key", "null")
        if event["phase"] != _BEGIN or top.startswith("null"):
            return  # the browser's own: it belongs to no page
        url, method = params["url"].partition("#")[0], params["method"]
        # A request is begun again after a question for a password; a hop of a redirect has another address.
        key = (event["source"]["id"], method, url)
        if key in self._seen:
            return
        self._seen.add(key)
        initiator = params.get("initiator", "")
        at = (self._offset + float(event["time"])) / 1000
        self.requests.append(Logged(url, method, initiator if "://" in initiator else "", at))
