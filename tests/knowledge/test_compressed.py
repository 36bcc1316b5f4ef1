"""Compressed data is searched like any other; what nobody can read is measured."""

import base64
import gzip
import json
import os
import zlib

import pytest

from compliance.knowledge.leaks import Needle, Search
from compliance.knowledge.leaks.inflate import MAX_OUT, inflated
from compliance.knowledge.leaks.unread import unreadable

WORD = "ztjbbdtxvbqd"
BODY = json.dumps({"events": [{"type": 3, "value": WORD, "time": 37 * n} for n in range(40)]}).encode()


def bare(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def recorded(data):
    """Bytes as the recorder of requests keeps them."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


PACKED = {
    "gzip": recorded(gzip.compress(BODY)),
    "zlib": recorded(zlib.compress(BODY)),
    "zlib, fast": recorded(zlib.compress(BODY, 1)),
    "zlib, best": recorded(zlib.compress(BODY, 9)),
    "bare deflate": recorded(bare(BODY)),
    "gzip as base64": base64.b64encode(gzip.compress(BODY)).decode(),
    "zlib as hexadecimal": zlib.compress(BODY).hex(),
    "zlib in a JSON string": json.dumps({"data": zlib.compress(BODY).decode("latin-1"), "sign": "€"}),
    "the same, not escaped": json.dumps({"d": zlib.compress(BODY).decode("latin-1"), "sign": "€"}, ensure_ascii=False),
    "after a line of text": recorded(b'{"type":"replay"}\n' + zlib.compress(BODY)),
    "two pieces": recorded(gzip.compress(b"nothing here at all") + gzip.compress(BODY)),
    "cut short": recorded(gzip.compress(BODY + os.urandom(5000))[:-2000]),
    "gzip in gzip": recorded(gzip.compress(gzip.compress(BODY))),
    "frames of a socket": "\n".join(base64.b64encode(zlib.compress(part)).decode() for part in (b"first frame", BODY)),
}


@pytest.mark.parametrize("how", PACKED)
def test_a_word_is_found_in_what_was_compressed(how):
    assert [found.needle.name for found in Search([Needle("typed", WORD)]).in_text(PACKED[how])] == ["typed"]


@pytest.mark.parametrize("how", sorted(PACKED.keys() - {"frames of a socket"}))
def test_what_can_be_inflated_is_readable(how):
    assert unreadable(PACKED[how]) == 0


def test_a_bomb_is_not_blown_up():
    assert len(inflated(zlib.compress(b"a" * 30_000_000))) <= MAX_OUT


@pytest.mark.parametrize("text", ["x^2 + y^2 = z^2", "xx\x01", "", "x\x9c", "a box^ and a fox^ in it"])
def test_text_that_only_begins_like_it_is_left_alone(text):
    assert inflated(text.encode()) == b""


def test_what_nobody_can_read_is_measured():
    noise = os.urandom(900)
    assert unreadable(noise.decode("latin-1")) == 900
    assert unreadable("p=" + base64.b64encode(noise).decode()) == 1200
    assert unreadable(json.dumps({"p": noise.hex()})) == 1800
    assert unreadable("p=" + "".join(chr(33 + (i * i * 7 + i) % 90) for i in range(600)).replace("&", "!")) > 200


def test_ordinary_text_is_readable():
    for text in (
        "https://www.example.org/" + "a-path/with-many-words/and-a-name-in-it/" * 6,
        base64.b64encode(BODY).decode(),
        BODY.decode(),
        "Grüße aus Köln, und noch viel mehr Text " * 10,
        "id=9f3a21c4-d5e6-4708-bf2e-0c1d2e3f4a5b&v=" + "0123456789abcdef" * 4,
        "dl=https%3A%2F%2Fshop.test%2F" + "some%2Fplace%2F" * 20,
    ):
        assert unreadable(text) == 0, text
