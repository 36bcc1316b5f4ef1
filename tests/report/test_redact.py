"""Site text made fit to be shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.report.redact import LIMIT, address, shown, text

anything = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("plain", "plain"),
        ("Grüße, 世界, 👍", "Grüße, 世界, 👍"),
        ("a\r\n\tb\u00a0\u3000c   d", "a b c d"),
        ("\x1b[2J\x07\x9b", "\\x1b[2J\\x07\\x9b"),
        ("nul\0", "nul\\x00"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("zero\u200bwidth\ufeff\u00ad", "zero\\u200bwidth\\ufeff\\xad"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("blank\u3164\u2800", "blank\\u3164\\u2800"),
        ("\u2028", "\\u2028"),
        ("Z" + "\u0301" * 40, "Z\u0301\u0301\u0301…"),
    ],
)
def test_text(given_, expected):
    assert text(given_) == expected


def test_text_is_cut_and_says_so():
    cut = text("x" * 1_000_000)
    assert cut == "x" * LIMIT + "… [cut: 1,000,000 characters in all]"
    assert text("x" * LIMIT) == "x" * LIMIT


@given(anything)
def test_text_holds_nothing_invisible(value):
    made = text(value)
    assert made.isprintable()
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in made)
    made.encode("utf-8")
    assert text(made) == made


def test_shown_tells_apart_and_gives_nothing_away():
    assert shown("GA1.2.1234567890.987") == "GA1.…(20 characters, sha256 8cc4b782)"
    assert shown("secret-a") != shown("secret-b")
    assert shown("abc").startswith("a…"), "a short value is not shown whole"
    assert shown("").startswith("…(0 characters")
    assert "\ud800" not in text(shown("\ud800\ud800\ud800"))


@pytest.mark.parametrize(
    "url",
    ["https://shop.test/", "http://shop.test:8080/a?b=c&d=%20#e", "https://xn--pple-43d.test/", "https://[::1]/"],
)
def test_addresses_that_become_links(url):
    assert address(url).href == url
    assert address(url).text == url


@pytest.mark.parametrize(
    "url",
    [
        "", "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "data:text/html,x", "vbscript:x",
        "file:///etc/passwd", "//evil.test/", "/path", "https:", "https:///x", "http://[::1", "https://a\\@b.test/",
        "https://a.test/\u202e", "https://a.test/ b", "https://a.test/\n", "https://user:pass@a.test/",
        'https://a.test/"', "https://a.test/?token=abcdef", "https://a.test/?x=me%40a.test",
        "https://a.test/" + "x" * 5000,
    ],
)  # fmt: skip
def test_addresses_that_stay_text(url):
    assert address(url).href == ""


def test_private_parts_of_an_address():
    made = address("https://user:hunter2@a.test/?q=shoes&access_token=abcdefghij&E-Mail=me@a.test#session_id=12345678")
    for private in ("hunter2", "abcdefghij", "me@a.test", "12345678"):
        assert private not in made.text
    assert "q=shoes" in made.text
    assert "access_token=abcd…(10 characters, sha256 " in made.text


def test_a_long_address_says_how_long():
    assert address("https://a.test/" + "x" * 5000).text.endswith("… [cut: 5,015 characters in all]")


@given(anything)
def test_no_address_is_hostile(value):
    made = address("https://shop.test/" + value)
    assert made.text.isprintable()
    assert made.href == "" or (made.href.isprintable() and not set(made.href) & set(' "<>\\'))
