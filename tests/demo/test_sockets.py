"""The server's end of a WebSocket."""

import io
import os

import pytest

from compliance.demo.sockets import accept, listen


def frame(data, opcode=2, masked=True):
    mask = os.urandom(4) if masked else b""
    size = len(data)
    head = bytes([0x80 | opcode])
    length = (
        bytes([size | 0x80 * masked])
        if size < 126
        else bytes([126 | 0x80 * masked]) + size.to_bytes(2, "big")
        if size < 65536
        else bytes([127 | 0x80 * masked]) + size.to_bytes(8, "big")
    )
    body = bytes(b ^ mask[n % 4] for n, b in enumerate(data)) if masked else data
    return head + length + mask + body


def test_the_answer_to_the_example_of_the_standard():
    assert accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@pytest.mark.parametrize("size", [0, 5, 125, 126, 3000, 70_000])
def test_frames_of_every_size_are_heard_until_goodbye(size):
    said = os.urandom(size)
    stream = io.BytesIO(frame(said) + frame(b"", 8) + frame(b"never"))
    assert listen(stream) == said + b"\n"


def test_a_connection_that_breaks_off():
    assert listen(io.BytesIO(frame(b"one") + frame(b"two")[:1])) == b"one\n"
    assert listen(io.BytesIO(frame(b"one", masked=False))) == b"one\n"
