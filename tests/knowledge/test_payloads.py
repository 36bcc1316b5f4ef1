"""Requests taken apart, and what of them cannot be read."""

import base64
import gzip
import json
import random

import pytest

from compliance.knowledge.identifiers.opaque import OPAQUE_BITS, opaque_bits
from compliance.knowledge.identifiers.payloads import MAX_TEXTS, endpoint, said
from compliance.knowledge.identifiers.tokens import unwrapped
from compliance.testing import request

PX = "https://px.tracker.test/c"


def texts(url=PX, **fields):
    return {(one.place.kind, one.place.name): one.text for one in said(request(url, **fields))}


def test_places_of_an_address():
    assert texts("https://eu.px.tracker.test/a1b2/collect?sid=12345&k=1#part=abcd") == {
        ("host", ""): "eu.px",
        ("path", "1 of 3"): "a1b2",
        ("path", "2 of 3"): "collect",
        ("parameter", "sid"): "12345",
        ("fragment", "part"): "abcd",
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"a":{"b":"value"},"l":[{"id":"first"}],"x":null}', {"a.b": "value", "l[].id": "first"}),
        ("[12345]", {"[]": "12345"}),
        ("name=value&other=words", {"name": "value", "other": "words"}),
        ('--b\r\nContent-Disposition: form-data; name="who"\r\n\r\nvalue\r\n--b--', {"who": "value"}),
        ("eyJhIjoidmFsdWUifQ==", {"a": "value"}),
        ("bm8gSlNPTiBhdCBhbGw=", {"": "bm8gSlNPTiBhdCBhbGw="}),
        ("plain text", {"": "plain text"}),
        ('{"broken"', {"": '{"broken"'}),
        (gzip.compress(b'{"id":"value"}', mtime=0).decode("latin-1"), {"id": "value"}),
        ('{"user_1a2b3c4d5e":"value"}', {"user_#": "value", "user_# (its name)": "1a2b3c4d5e"}),
    ],
)  # fmt: skip
def test_fields_of_a_body(body, expected):
    assert {name: text for (kind, name), text in texts("https://tracker.test/", body=body).items()} == expected


def test_lines_of_a_batch_and_of_a_socket_are_read_each():
    assert texts("https://tracker.test/", body='{"one":"first"}\n{"two":"second"}').keys() == {
        ("body", "one"),
        ("body", "two"),
    }
    sent = texts("wss://tracker.test/", body='hello\n{"two":"second"}', resource="websocket")
    assert sent == {("body", ""): "hello", ("body", "two"): "second"}


def test_what_a_measured_time_leaves_as_a_binary_fraction_is_rounded():
    assert texts(f"{PX}?wait=1764.10000000149&cid=1234567890.1700000000") .items() >= {
        ("parameter", "wait"): "1764.1",
        ("parameter", "cid"): "1234567890.1700000000",
    }.items()  # fmt: skip


def test_one_kind_of_request_has_one_endpoint():
    numbers = (f"https://a{random.Random(n).getrandbits(64):016x}.tracker.test/{n + 10_000}/c" for n in range(2))
    assert len({endpoint(request(url)) for url in numbers}) == 1


def test_a_body_without_end_is_cut():
    assert len(list(said(request(PX, body=json.dumps(["word"] * 5_000))))) == MAX_TEXTS


def test_addresses_that_are_none_are_read_as_far_as_they_go():
    assert texts("https://[broken/?a=bcdef", body="name=value")[("body", "name")] == "value"


RANDOM = random.Random(7)


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(RANDOM.randbytes(64)).decode(),
        base64.urlsafe_b64encode(RANDOM.randbytes(48)).decode(),
        RANDOM.randbytes(40).hex(),
        RANDOM.randbytes(64).decode("latin-1"),
    ],
)
def test_secrets_are_opaque(text):
    assert opaque_bits(unwrapped(text)) > OPAQUE_BITS


@pytest.mark.parametrize(
    "text",
    [
        "3c9d1b1e-5f0a-4c6e-9d0b-7a1f2e3d4c5b",
        RANDOM.randbytes(32).hex(),
        base64.b64encode(RANDOM.randbytes(32)).decode(),
        "/assets/js/mainBundle/vendorChunk/Services-v2-checkout.module.js",
        "1,23,456,789," * 40,
        "12345678901234567890" * 10,
        "Ein längerer Text, mit Wörtern; und Sätzen. " * 10,
        "これは長い文章です。" * 20,
        base64.b64encode(b'{"at":"2026-11-22","page":"/services/web","words":"some more of them"}').decode(),
        "https://www.example.com/blog/how-to-make-things-with-words-and-numbers-in-2026?utm_source=newsletter",
    ],
)
def test_what_can_be_read_or_is_short_is_not(text):
    assert opaque_bits(unwrapped(text)) <= OPAQUE_BITS


def test_layers_are_taken_off():
    token = ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg":"x"}', b'{"sub":"me"}', b"x" * 32)
    )
    assert json.loads(unwrapped(token))["claims"] == {"sub": "me"}
    twice = base64.b64encode(base64.b64encode(b"some readable words")).decode()
    assert unwrapped(twice.replace("=", "%3D")) == "some readable words"
