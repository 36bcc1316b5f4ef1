"""How long a browser may keep an answer and use it again without asking anybody (RFC 9111, 4.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: Share of a file's age for which browsers take it to be fresh when nobody says how long (RFC 9111, 4.2.2).
_OF_AGE = 0.1
#: Seconds for which an answer stays fresh from which it is kept long.
LONG = 86_400.0
#: Not kept as text that a script can read again: pages have a new number in every answer, the others are no text.
_NO_TEXT = frozenset({"document", "image", "media", "font", "websocket", "eventsource", "ping", "preflight"})


def kept_long(resource: str, headers: Iterable[tuple[str, str]], now: float) -> float:
    """Seconds for which a browser keeps an answer that scripts can read again; 0 when that is less than a day.

    Args:
        resource: DevTools resource type, lower case.
        headers: Of the answer.
        now: When it was received.
    """
    seconds = 0.0 if resource in _NO_TEXT else fresh_for(headers, now)
    return seconds if seconds >= LONG else 0.0


def fresh_for(headers: Iterable[tuple[str, str]], now: float) -> float:
    """Seconds for which an answer with status 200 stays fresh in a browser's own cache; 0 when it has to ask.

    Args:
        headers: Name and value of each; names in any case.
        now: When it was received, seconds since the epoch, for answers that do not say when they were made.
    """
    said = {name.lower(): value for name, value in headers}
    rules = [rule.strip().lower() for rule in said.get("cache-control", "").split(",")]
    old = "cache-control" not in said and "no-cache" in said.get("pragma", "").lower()
    if old or {"no-store", "no-cache"} & set(rules) or "*" in said.get("vary", ""):
        return 0.0
    for rule in rules:
        name, given, seconds = rule.partition("=")
        if name.strip() == "max-age" and given:
            number = seconds.strip().strip('"')
            return float(number[:12]) if number.isascii() and number.isdigit() else 0.0
    made = _moment(said.get("date", ""))
    made = now if made is None else made
    if "expires" in said:
        ends = _moment(said["expires"])
        return max(0.0, ends - made) if ends is not None else 0.0
    changed = _moment(said.get("last-modified", ""))
    if changed is None or "must-revalidate" in rules:
        return 0.0
    return max(0.0, (made - changed) * _OF_AGE)


def _moment(text: str) -> float | None:
    """Seconds since the epoch; None when it is no date."""
    try:
        date: datetime = parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
