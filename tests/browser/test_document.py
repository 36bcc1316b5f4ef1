"""The JSON of `harvest.js` as records."""

import json
from dataclasses import asdict

import pytest

from compliance.browser.recorders.document import parse_harvest
from compliance.model.activity import StorageItem
from compliance.model.content import Field, Form, Link

BARE = {"url": "https://shop.test/", "title": "Shop", "language": "en", "type": "text/html", "textLength": 7, "cut": []}
LINK = Link("https://shop.test/a", "A", raw="/a", rel="nofollow", landmark="footer", visible=False)
FIELD = Field("mail", "email", "E-mail", required=True, value="x")
FORM = Form("https://shop.test/send", "post", (FIELD,), name="Contact", captcha="hcaptcha", formless=True)
ITEM = StorageItem("local", "https://shop.test", "k", "v", 1, "https://shop.test/")


def given(record):
    """A record as a script would send it, and a field that this version does not know."""
    return asdict(record) | {"new_in_a_later_version": 1}


def test_what_was_not_asked_for_is_not_recorded():
    found = parse_harvest(json.dumps(BARE))
    assert (found.links, found.forms, found.storage, found.text) == (None, None, None, None)
    assert (found.url, found.title, found.language, found.content_type, found.text_length, found.cut) == (
        "https://shop.test/", "Shop", "en", "text/html", 7, (),
    )  # fmt: skip


def test_what_was_asked_for_and_is_not_there_is_empty():
    found = parse_harvest(json.dumps(BARE | {"links": [], "forms": [], "storage": [], "text": ""}))
    assert (found.links, found.forms, found.storage, found.text) == ((), (), (), "")


@pytest.mark.parametrize("frame", ["", "https://shop.test/frame"])
def test_records(frame):
    form = given(FORM) | {"fields": [given(FIELD)]}
    for one in (form, form["fields"][0]):
        one.pop("frame", None)
    data = BARE | {"links": [{k: v for k, v in given(LINK).items() if k != "frame"}], "forms": [form]}
    found = parse_harvest(json.dumps(data | {"storage": [given(ITEM)], "text": "words", "cut": ["links: x"]}), frame)
    assert found.links == (Link(**asdict(LINK) | {"frame": frame}),)
    assert found.forms == (Form(**{k: getattr(FORM, k) for k in asdict(FORM)} | {"frame": frame}),)
    assert found.storage == (ITEM,), "an item names its frame itself"
    assert (found.text, found.cut) == ("words", ("links: x",))


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "lies", '{"url": "x"}'])
def test_an_answer_that_is_none_is_a_fault_and_no_empty_page(text):
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        parse_harvest(text)
