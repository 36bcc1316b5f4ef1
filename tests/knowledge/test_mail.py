"""E-mail addresses, and what only looks like one."""

import base64

import pytest

from compliance.knowledge.mail import addresses


@pytest.mark.parametrize(
    "text",
    [
        "jane@example.com",
        "Jane@Example.com",
        "mailto:jane@example.com",
        "em=jane%40example.com&x=1",
        "https://shop.test/?mail=jane%2540example.com",
        base64.b64encode(b'{"user":{"mail":"jane@example.com"}}').decode(),
        '{"a":["jane@example.com"]}',
        "<jane@example.com>, thanks",
    ],
)
def test_an_address_is_found(text):
    assert list(addresses(text)) == ["jane@example.com"]


@pytest.mark.parametrize(
    "text",
    [
        "https://0c1f2e@o17.ingest.example.com/42",
        "logo@2x.png",
        "logo@2x.ai",
        "lodash@4.17.21",
        "@scope/package",
        "x@internal",
        "x@co.uk",
        "app@bundle.js",
        "no address",
    ],
)
def test_what_looks_like_one_is_not(text):
    assert list(addresses(text)) == []
