"""How long a carrier lives, in classes that the literature uses, and in words."""

from __future__ import annotations

import math
from enum import IntEnum

DAY = 86_400.0


class Bucket(IntEnum):
    """Class of a lifetime; ordered, so that `>=` reads as "at least"."""

    SESSION = 0
    """Ends with the browser session: neither Expires nor Max-Age."""
    SHORT = 1
    """A day at most."""
    MEDIUM = 2
    LONG = 3
    """30 days and more (Acar et al. 2014)."""
    VERY_LONG = 4
    """90 days and more (Englehardt & Narayanan 2016)."""


def bucket_of(seconds: float | None) -> Bucket:
    """The class of a lifetime; None is a session."""
    if seconds is None or math.isnan(seconds):
        return Bucket.SESSION
    if seconds <= DAY:
        return Bucket.SHORT
    if seconds < 30 * DAY:
        return Bucket.MEDIUM
    return Bucket.LONG if seconds < 90 * DAY else Bucket.VERY_LONG


def spoken(seconds: float | None) -> str:
    """A lifetime for readers: `400 days`, `90 minutes`, `until the browser is closed`."""
    if seconds is None or math.isnan(seconds):
        return "until the browser is closed"
    if not math.isfinite(seconds):
        return "for ever"
    for size, unit in ((DAY, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= 2 * size or (seconds >= size and seconds % size < size / 100):
            amount = round(seconds / size, 1)
            shown = f"{amount:.0f}" if amount == int(amount) or amount >= 100 else f"{amount}"
            return f"{shown} {unit}{'s' * (shown != '1')}"
    return f"{seconds:.0f} seconds"
