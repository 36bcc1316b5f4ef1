"""One loopback TLS server for every host of the demo: real third parties, real cookies, no network.

Browsers reach it through their resolver (`--host-resolver-rules`, our `Settings.resolve`):
all names under `.test` lead here, and the Host header says which site is meant. Plain
HTTP on the same port is redirected to HTTPS, as sites do.

```python
with DemoSite("no-identifying-cookies/ga-like") as site:
    run(site.url, resolve=site.resolve, ignore_tls=site.ignore_tls)
    assert not site.hits("/account/logout")
```
"""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from collections import deque
from http.server import ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from types import TracebackType
from typing import Any

from compliance.demo.behaviour import MAIN_HOST, Filler
from compliance.demo.handler import Handler, Received
from compliance.demo.names import DemoNames
from compliance.demo.tls import PUBLIC_KEY
from compliance.demo.variants import HONEST, Variant, variant

TLS = Path(__file__).parent / "tls"
#: The authority that signed the server's certificate, for clients that want to verify it.
CA_FILE = TLS / "ca.pem"

_LOG_SIZE = 100_000
_HANDSHAKE_SECONDS = 30.0
_TLS_HANDSHAKE_RECORD = 0x16


class DemoServer(ThreadingHTTPServer):
    """The server behind `DemoSite`; its threads end, and its sockets are closed, when it is."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, port: int, chosen: Variant) -> None:
        self.chosen = chosen
        self.filler = Filler()
        self.log: deque[Received] = deque(maxlen=_LOG_SIZE)
        self.faults: list[BaseException] = []
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._tls.load_cert_chain(TLS / "server.pem")
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closing = False
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def crawls(self) -> int:
        """How often somebody has asked for the site's robots.txt."""
        return sum(r.host == MAIN_HOST and r.path == "/robots.txt" for r in self.log.copy())

    def server_bind(self) -> None:
        """Bind without asking DNS for the machine's name, which `HTTPServer` does and which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection, in its own thread: the handshake is here so that a silent client blocks nobody."""
        request.settimeout(_HANDSHAKE_SECONDS)
        with self._lock:
            self._open.add(request)
            if self._closing:
                request.close()
        connection = request
        try:
            first = request.recv(1, socket.MSG_PEEK)
            if not first:
                return
            if first[0] == _TLS_HANDSHAKE_RECORD:
                connection = self._secured(request)
            Handler(connection, client_address, self)
        finally:
            with self._lock:
                self._open -= {request, connection}
            connection.close()

    def _secured(self, request: socket.socket) -> ssl.SSLSocket:
        with self._lock:
            # Wrapping takes the descriptor away from `request`: `close` must find one of the two, never neither.
            secured = self._tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
            self._open = self._open - {request} | {secured}
        try:
            secured.do_handshake()
        except BaseException:
            with self._lock:
                self._open.discard(secured)
            secured.close()
            raise
        return secured

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is nobody's fault; anything else is ours, and is raised when the site closes."""
        error = sys.exception()
        gone = isinstance(error, (ConnectionError, TimeoutError, ssl.SSLError)) or self._closing
        if error is not None and not gone:
            self.faults.append(error)

    def close(self) -> None:
        """Stop serving, end every connection, wait for the threads."""
        self.shutdown()
        with self._lock:
            self._closing = True
            for connection in self._open:
                try:
                    # Not SSLSocket.shutdown: it would pull the TLS layer from under the thread that reads.
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
                except OSError:
                    continue  # the client closed it already
        self.server_close()


class DemoSite:
    """The demo site while it is entered; see the module for how to use it."""

    url = f"https://{MAIN_HOST}/"

    def __init__(self, variant_name: str = HONEST, port: int = 0) -> None:
        """Choose a variant.

        Args:
            variant_name: A key of `variants()`.
            port: TCP port on 127.0.0.1; 0 takes a free one.

        Raises:
            SettingsError: There is no such variant.
        """
        self.variant = variant(variant_name)
        self._wanted_port = port
        self._server: DemoServer | None = None
        self._thread: threading.Thread | None = None
        self._names: DemoNames | None = None

    def __enter__(self) -> DemoSite:
        self._server = DemoServer(self._wanted_port, self.variant)
        # A short poll: `shutdown` waits for it, and tests start many sites.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="demo site", daemon=True)
        self._thread.start()
        self._names = DemoNames({rule.name: rule.cname for rule in self.variant.behaviour.dns}).__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        server = self._running()
        if self._names is not None:
            self._names.__exit__(kind, error, trace)
        server.close()
        if self._thread is not None:
            self._thread.join()
        if server.faults and error is None:
            raise RuntimeError("the demo server failed while it answered") from server.faults[0]

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._running().server_port

    @property
    def resolve(self) -> tuple[str, ...]:
        """For `Settings.resolve`: every host under `.test` is this server, and every real name that the variant has."""
        return tuple(f"{host}:127.0.0.1:{self.port}" for host in self._hosts)

    @property
    def ignore_tls(self) -> tuple[str, ...]:
        """For `Settings.ignore_tls`: whose certificate is the demo's; its key, where the variant is trusted."""
        return (*self._hosts, PUBLIC_KEY) if self.variant.behaviour.trusted else self._hosts

    @property
    def _hosts(self) -> tuple[str, ...]:
        return ("*.test", *sorted(host for host in self.variant.hosts if not host.endswith(".test")))

    @property
    def dns(self) -> str:
        """For `Settings.dns`: the server that knows the demo's names."""
        if self._names is None:
            raise RuntimeError("the demo site is not started; use it as `with DemoSite() as site:`")
        return self._names.address

    @property
    def log(self) -> tuple[Received, ...]:
        """What arrived, oldest first; still there when the site is closed."""
        return tuple(self._running().log.copy())

    def hits(self, path: str, host: str = MAIN_HOST) -> int:
        """How often `path` (without query) was asked for on `host`."""
        return sum(r.host == host and r.path.partition("?")[0] == path for r in self.log)

    def _running(self) -> DemoServer:
        if self._server is None:
            raise RuntimeError("the demo site is not started; use it as `with DemoSite() as site:`")
        return self._server
