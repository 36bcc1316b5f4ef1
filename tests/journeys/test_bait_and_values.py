# ruff: noqa: E501
"""What is typed, and finding it again however it was encoded."""

import base64
import hashlib
import json
import re
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.journeys.bait import Bait
from compliance.journeys.values import Control, candidates, number, picked
from compliance.knowledge.fields import FieldClass
from compliance.model.content import Field

TODAY = date(2026, 3, 1)


def typed():
    bait = Bait()
    bait.add(bait.email)
    return bait


@pytest.mark.parametrize(
    "encode",
    [
        str, str.upper, quote, lambda v: quote(quote(v)),
        lambda v: hashlib.sha256(v.encode()).hexdigest(), lambda v: hashlib.md5(v.encode()).hexdigest().upper(),
        lambda v: hashlib.sha1(v.encode()).hexdigest(), lambda v: v.encode().hex(),
        lambda v: base64.b64encode(v.encode()).decode(), lambda v: base64.urlsafe_b64encode(json.dumps({"e": v}).encode()).decode(),
        lambda v: json.dumps({"form": {"mail": v}}),
    ],
)  # fmt: skip
def test_bait_is_found(encode):
    bait = typed()
    assert bait.found(f"https://x.test/?d={encode(bait.email)}&z=1")


@given(st.binary(max_size=12), st.binary(max_size=12))
def test_bait_is_found_in_base64_wherever_it_stands(before, after):
    bait = typed()
    assert bait.found(base64.b64encode(before + bait.email.encode() + after).decode())


@given(st.text(max_size=300))
def test_other_text_is_no_bait(text):
    assert not typed().found(text)


def test_phone_is_found_however_it_is_written_and_records_are_without_bait():
    bait = typed()
    d = bait.digits
    assert bait.found(f"tel=%2B1+({d[:3]})+{d[3:6]}-{d[6:]}")
    assert bait.without(f"https://x.test/{bait.word.upper()}/{d}") == "https://x.test/…/…"


@pytest.mark.parametrize(
    ("limits", "value"),
    [
        ({}, "1"), ({"min": "2", "max": "9", "step": "2"}, "2"), ({"min": "0", "max": "10"}, "1"),
        ({"max": "0.5"}, "0.5"), ({"min": "18"}, "18"), ({"min": "-5", "max": "-2"}, "-2"), ({"min": "x", "step": "any"}, "1"),
    ],
)  # fmt: skip
def test_numbers_keep_limits(limits, value):
    assert number(Control(True, type="number", **limits)) == value


def test_dates_keep_limits():
    def day(**limits):
        return picked("date", FieldClass.OTHER, Control(True, type="date", **limits), TODAY)

    assert day() == "2026-12-15"
    assert day(min="2027-01-05") == "2027-01-05"
    assert day(max="2020-12-31") == "2020-12-31"
    assert picked("date", FieldClass.BIRTH_DATE, Control(True, type="date"), TODAY) == "1990-05-17"


def test_values_fit_the_field():
    bait = Bait()

    def first(one, **how):
        return next(candidates(one, Control(True, **how), bait, TODAY))

    assert first(Field("mail", "email", "E-mail"), type="email") == bait.email
    assert first(Field("e", "text", "Your e-mail address"), type="text") == bait.email
    assert re.fullmatch(r"\+1202555\d{4}", first(Field("p", "tel", "Phone"), type="tel"))
    assert first(Field("zip", "text", "Zip code", autocomplete="postal-code"), type="text") == "10115"
    assert len(first(Field("n", "text", "Name"), type="text", maxlength=4)) == 4
    assert len(first(Field("m", "textarea", "Message"), type="textarea", minlength=500)) >= 500
