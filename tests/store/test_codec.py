"""Records survive the way to disk, whatever a site put into them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.model.activity import Request, StorageItem
from compliance.model.visit import Visit
from compliance.store.codec import clean, decode, encode
from compliance.testing import request, stored, visit


def test_a_visit_comes_back_as_it_was():
    made = visit(requests=[request("https://a.test/x", headers=(("accept", "*/*"),))], errors={"links": "cut"})
    assert decode(encode(made, Visit), Visit) == made


def test_a_lone_surrogate_is_written_as_its_escape():
    made = (stored("k\ud800", "v\udfff\x00"),)
    back = decode(encode(made, tuple[StorageItem, ...]), tuple[StorageItem, ...])
    assert back[0].key == "k\\ud800"
    assert back[0].value == "v\\udfff\x00"


@given(st.text(st.characters(categories=("L", "N", "P", "Cs", "Cc", "So"))))
def test_any_text_is_stored(text):
    made = (request("https://a.test/", body=text),)
    back = decode(encode(made, tuple[Request, ...]), tuple[Request, ...])
    assert back[0].body == clean(text)
    clean(text).encode("utf-8")


def test_a_field_that_an_older_version_did_not_write_is_not_known():
    (row,) = decode(
        b'[{"id": "1", "url": "https://a.test/", "method": "GET", "resource": "document"}]', tuple[Request, ...]
    )
    assert row.whole_page is None


def test_damaged_bytes_are_an_error():
    with pytest.raises(ValueError, match="JSON"):
        decode(b'{"id": ', Visit)
