"""What a list says of itself: title, version, day, licence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)")
_WORDS = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2})[a-z]* (20\d\d)\b")
_DIGITS = re.compile(r"(20\d\d)(\d\d)(\d\d)(?:\d{2,6})?")
#: Names under which lists say it, the most exact first.
_DATES = ("last modified", "last updated", "timeupdated", "updated", "date", "last change", "version")
_LICENCES = ("license", "licence", "spdx-license-identifier")


@dataclass(frozen=True, slots=True)
class Stated:
    """What stands in a list's head."""

    title: str = ""
    version: str = ""
    date: str = ""
    """As 2026-11-22; empty where the list says none that can be read, or one that is still to come."""
    licence: str = ""


def stated(header: Mapping[str, str], today: date) -> Stated:
    """What a head says.

    Args:
        header: Name in lower case → value.
        today: A list cannot be newer.
    """
    found = (day for name in _DATES if (day := _day(header.get(name, ""))) and day <= today)
    return Stated(
        title=header.get("title", "")[:80],
        version=header.get("version", "")[:40],
        date=next((day.isoformat() for day in found), ""),
        licence=next((" ".join(header[name].split())[:200] for name in _LICENCES if header.get(name)), ""),
    )


def _day(text: str) -> date | None:
    """The day in a text as lists write it: `22 Nov 2026 11:50 UTC`, `2026-11-22T…`, `202611221150`."""
    try:
        if found := _ISO.search(text):
            return date(*map(int, found.groups()))
        if found := _WORDS.search(text):
            return datetime.strptime(" ".join(found.groups()), "%d %b %Y").date()
        if found := _DIGITS.fullmatch(text.strip()):
            return date(*map(int, found.groups()))
    except ValueError:
        return None
    return None
