"""How long a browser may keep an answer and use it again without asking anybody (RFC 9111, 4.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from compliance.knowledge.headers import first, listed

#: Share of a file's age for which browsers take it to be fresh when nobody says how long (RFC 9111, 4.2.2).
_OF_AGE = 0.1
#: Seconds for which an answer stays fresh from which it is kept long.
LONG = 86_400.0
#: Statuses of answers with content that a cache may keep (RFC 9110, 15.3).
KEPT = frozenset({200, 203, 206})
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
    """Seconds for which a browser's own cache answers without asking first; 0 when it has to ask.

    An answer that is stale and is used while the browser asks for another one (RFC 5861) counts.

    Args:
        headers: Name and value of each; names in any case, a name more than once, or its values on lines.
        now: When it was received, seconds since the epoch, for answers that do not say when they were made.
    """
    said = list(headers)
    rules = listed(said, "cache-control")
    old = not rules and "no-cache" in listed(said, "pragma")
    if old or {"no-store", "no-cache"} & set(rules) or "*" in listed(said, "vary"):
        return 0.0
    stale = 0.0 if "must-revalidate" in rules else _seconds(rules, "stale-while-revalidate") or 0.0
    return stale + _fresh(said, rules, now)


def _fresh(said: list[tuple[str, str]], rules: list[str], now: float) -> float:
    given = _seconds(rules, "max-age")
    if given is not None:
        return given
    date, expires, last = (first(said, name) for name in ("date", "expires", "last-modified"))
    made = _moment(date or "")
    made = now if made is None else made
    if expires is not None:
        ends = _moment(expires)
        return max(0.0, ends - made) if ends is not None else 0.0
    changed = _moment(last or "")
    if changed is None or "must-revalidate" in rules:
        return 0.0
    return max(0.0, (made - changed) * _OF_AGE)


def _seconds(rules: Iterable[str], wanted: str) -> float | None:
    """What a rule says, the first time it says a number; 0 when it says none, None when the rule is not there."""
    found: float | None = None
    for rule in rules:
        name, given, text = rule.partition("=")
        if name.strip() != wanted or not given:
            continue
        number = text.strip().strip('"')
        if number.isascii() and number.isdigit():
            return float(number[:12])
        found = 0.0
    return found


def _moment(text: str) -> float | None:
    """Seconds since the epoch; None when it is no date."""
    try:
        date: datetime = parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
