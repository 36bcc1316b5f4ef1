"""The demo's DNS server: answers from `behaviour.toml`, on loopback.

Every name below `.test` has an address; `[[dns]]` rules make aliases. Other names do not exist, unless a rule
leads to them.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from socketserver import BaseRequestHandler, ThreadingUDPServer
from types import TracebackType
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rrset

#: Seconds for which an answer may be kept.
TTL = 300


class DemoNames(ThreadingUDPServer):
    """The server while it is entered."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        """Take a free port.

        Args:
            aliases: Name → the name that it is an alias of.
        """
        self.aliases = aliases
        super().__init__(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="demo DNS", daemon=True)

    def __enter__(self) -> DemoNames:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    @property
    def address(self) -> str:
        """For `Settings.dns`."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(BaseRequestHandler):
    """One question."""

    def handle(self) -> None:
        """Answer as a resolver does: all aliases, then the address."""
        data, socket = self.request
        try:
            question = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return
        socket.sendto(_answer(question, self.server.aliases).to_wire(), self.client_address)  # type: ignore[attr-defined]


def _answer(question: dns.message.Message, aliases: Mapping[str, str]) -> dns.message.Message:
    answer: Any = dns.message.make_response(question, recursion_available=True)
    name = question.question[0].name.to_text().rstrip(".").lower()
    known = name in aliases
    while name in aliases:
        answer.answer.append(dns.rrset.from_text(f"{name}.", TTL, "IN", "CNAME", f"{aliases[name]}."))
        name = aliases[name]
    if name.endswith(".test") or known:
        answer.answer.append(dns.rrset.from_text(f"{name}.", TTL, "IN", "A", "127.0.0.1"))
    else:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    checked: dns.message.Message = answer
    return checked
