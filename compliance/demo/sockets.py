"""The server's end of a WebSocket (RFC 6455): it accepts, listens, and says nothing but goodbye."""

from __future__ import annotations

import base64
import hashlib
import struct
from io import BufferedIOBase

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CLOSE = 8


def accept(key: str) -> str:
    """Value of `Sec-WebSocket-Accept` for a client's `Sec-WebSocket-Key`."""
    digest = hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def listen(stream: BufferedIOBase) -> bytes:
    """What a client sends until it closes, frame after frame.

    Args:
        stream: The connection, after the handshake.
    """
    heard = bytearray()
    while len(head := stream.read(2)) == 2:
        length = head[1] & 0x7F
        if length == 126:
            length = struct.unpack(">H", stream.read(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", stream.read(8))[0]
        mask = stream.read(4) if head[1] & 0x80 else bytes(4)
        data = stream.read(length)
        if head[0] & 0x0F == _CLOSE:
            break
        heard += bytes(byte ^ mask[n % 4] for n, byte in enumerate(data)) + b"\n"
    return bytes(heard)
