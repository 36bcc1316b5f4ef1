"""The address of a landing: drawn anew in each run, so that what is found again can come from nowhere else."""

from __future__ import annotations

import secrets
import string

from compliance.knowledge.landing import address, click_ids

#: Without vowels: a drawn word says nothing, least of all that opening the address would act.
_LETTERS = "bcdfghjkmnpqrstvwxz"
_ALPHABETS = {
    "text": _LETTERS + _LETTERS.upper() + string.digits,
    "hex": string.digits + "abcdef",
    "digits": string.digits,
}
_LENGTHS = {"text": 24, "hex": 32, "digits": 20}
_CONTROL_NAME = 8


def drawn_address(start: str) -> str:
    """`start` with all click identifiers of the table and the control, each with a value of its own."""
    control = ("b" + _drawn(_LETTERS, _CONTROL_NAME - 1), _value("text"))
    return address(start, control, {one.name: _value(one.shape) for one in click_ids()})


def _value(shape: str) -> str:
    return _drawn(_ALPHABETS[shape], _LENGTHS[shape])


def _drawn(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
