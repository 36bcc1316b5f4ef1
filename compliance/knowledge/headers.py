"""Headers of an answer as browsers read them.

A header that was sent more than once arrives here as several pairs, or as one whose lines are joined by line breaks.
"""

from __future__ import annotations

from collections.abc import Iterable

Headers = Iterable[tuple[str, str]]


def lines(headers: Headers, name: str) -> list[str]:
    """All values of a header (lower-case name), in the order sent."""
    return [line.strip() for key, value in headers if key.lower() == name for line in value.split("\n")]


def first(headers: Headers, name: str) -> str | None:
    """The value that counts where there may be one only; None when there is none."""
    return next(iter(lines(headers, name)), None)


def listed(headers: Headers, name: str) -> list[str]:
    """The members of a header that is a list, lower case."""
    return [part.strip().lower() for line in lines(headers, name) for part in line.split(",")]
