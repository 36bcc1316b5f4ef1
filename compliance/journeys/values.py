"""What to write into a field so that an honest form accepts it: its kind, its limits, its words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.journeys.bait import Bait
from compliance.knowledge.fields import FieldClass, classify
from compliance.knowledge.words import words
from compliance.model.content import Field

#: Set at once instead of typed: what a keyboard writes into them depends on the locale.
PICKED = frozenset({"date", "time", "month", "week", "datetime-local"})
#: The site's own value stays: they are never blank.
LEFT_ALONE = frozenset({"range", "color", "hidden", "submit", "button", "reset", "image", "file"})
_POSTCODE = re.compile(r"\b(zip|postal|postcode|post code|plz|postleitzahl|code postal|cap|cep|codigo postal)\b")
_CITY = re.compile(r"\b(city|town|ort|stadt|ville|ciudad|citta|stad|plaats|cidade)\b")
_STATE = re.compile(r"\b(state|province|region|bundesland|provincia|estado)\b")
_NUMBER = re.compile(r"\b(number|nummer|numero|nummero|age|alter|quantity|anzahl|year|jahr|annee)\b")


@dataclass(frozen=True, slots=True)
class Control:
    """A field as the page shows it at the moment of trying."""

    found: bool
    visible: bool = False
    disabled: bool = False
    type: str = ""
    value: str = ""
    checked: bool = False
    min: str = ""
    max: str = ""
    step: str = ""
    pattern: str = ""
    minlength: int = 0
    maxlength: int = 0
    multiple: bool = False
    required: bool = False
    unreachable: bool = False
    options: tuple[tuple[str, bool], ...] = ()
    """Value, and whether choosing it leaves the field blank."""

    @classmethod
    def of(cls, data: dict[str, Any]) -> Control:
        """From `form_watch.js`."""
        options = tuple((o["value"], bool(o["blank"])) for o in data.pop("options", ()))
        return cls(options=options, **data)


def candidates(field: Field, control: Control, bait: Bait, today: date) -> Iterator[str]:
    """Values to try, the likeliest first; the first that the browser finds valid is kept."""
    kind = control.type or field.type
    if kind == "number":
        yield number(control)
    elif kind in PICKED:
        yield picked(kind, classify(field), control, today)
    elif kind == "url":
        yield f"https://{bait.word}.example.org/"
    else:
        for value in _written(field, kind, bait):
            yield fitted(value, control)


def _written(field: Field, kind: str, bait: Bait) -> Iterator[str]:
    asked = classify(field)
    said = words(f"{field.label} {field.placeholder} {field.name} {field.id}")
    name = bait.word.capitalize()
    match asked:
        case _ if kind == "password" or asked is FieldClass.PASSWORD:
            # One word for both fields of a sign-up, with what rules for passwords ask for.
            yield f"{name}-7x{bait.digits}!"
        case _ if kind == "email" or asked is FieldClass.EMAIL:
            yield bait.email
        case _ if kind == "tel" or asked is FieldClass.PHONE:
            digits = bait.digits
            yield f"+1{digits}"
            yield digits
            yield f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
            yield f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
            yield f"0{digits}"
        case FieldClass.NAME:
            yield f"Marker {name}" if "last" not in said and "first" not in said else name
            yield name
        case FieldClass.COMPANY:
            yield f"{name} Works"
        case FieldClass.JOB_TITLE:
            yield f"{name} tester"
        case FieldClass.COUNTRY:
            yield "Germany"
        case FieldClass.ADDRESS if _POSTCODE.search(said):
            yield from ("10115", "SW1A 1AA", "1011 AB")
        case FieldClass.ADDRESS if _CITY.search(said):
            yield name
        case FieldClass.ADDRESS if _STATE.search(said):
            yield from ("CA", name)
        case FieldClass.ADDRESS:
            yield f"1 {name} Street"
        case FieldClass.BIRTH_DATE:
            yield from ("1990-05-17", "05/17/1990", "17.05.1990", "17/05/1990")
        case FieldClass.BUDGET:
            yield "5000"
        case FieldClass.USERNAME:
            yield bait.word
        case FieldClass.MESSAGE:
            yield f"Automated test of this form, please ignore. {name}"
        case _ if _NUMBER.search(said):
            yield from ("25", f"Marker {name}")
        case _:
            yield f"Marker {name}"
    yield from (name, f"{name}1", bait.digits, "12345", "1234", "A1", "12")


def fitted(value: str, control: Control) -> str:
    """`value` within the field's length limits."""
    if control.minlength > len(value):
        value += " and some more words, as this field asks for them" * math.ceil(control.minlength / 40)
        value = value[: max(control.minlength, 1)]
    return value[: control.maxlength] if control.maxlength else value


def number(control: Control) -> str:
    """A number within min, max and step."""
    low, high = _float(control.min), _float(control.max)
    step = _float(control.step) or 1.0
    value = low if low is not None else 1.0
    if low is not None and low <= 0 and (high is None or high >= low + step):
        value = low + step * math.ceil(max(step, -low) / step)
    if high is not None and value > high:
        value = high
    return f"{value:g}"


def picked(kind: str, asked: FieldClass, control: Control, today: date) -> str:
    """A date or time in the field's own notation, within its limits."""
    day = date(1990, 5, 17) if asked is FieldClass.BIRTH_DATE else date(today.year + (today.month == 12), 12, 15)
    year, week, _ = day.isocalendar()
    value = {
        "date": day.isoformat(),
        "time": "12:00",
        "month": f"{day:%Y-%m}",
        "week": f"{year}-W{week:02d}",
        "datetime-local": f"{day.isoformat()}T12:00",
    }[kind]
    if control.min and value < control.min:
        return control.min
    return control.max if control.max and value > control.max else value


def _float(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
