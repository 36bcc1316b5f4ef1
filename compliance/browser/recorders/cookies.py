"""Cookies as they are set: by a response header or by a script, granted or refused.

The parser follows RFC 6265bis: attribute names without case, Max-Age before Expires, the
last valid attribute of a name wins, a Domain attribute with or without leading dot, dates
as loosely as browsers read them and always in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from compliance.model.activity import Cookie, SetCookie
from compliance.model.urls import host_of


def parse_set_cookie(
    line: str, url: str, now: float, *, set_by: str = "header", setter: str = "", request: str = ""
) -> SetCookie | None:
    """A `Set-Cookie` line, or a string assigned to `document.cookie`.

    Args:
        line: The line without the header's name.
        url: Address whose host sets it.
        now: Seconds since the epoch; what lifetimes are counted from.
        set_by: `header` or `script`.
        setter: Response or script that set it; `url` when empty.
        request: Id of the request.

    Returns:
        None for a line that sets nothing (no name and no value).
    """
    pair, *attributes = line.split(";")
    name, equals, value = pair.partition("=")
    name, value = (name.strip(), value.strip()) if equals else ("", pair.strip())
    if not name and not value:
        return None
    found: dict[str, str] = {}
    age = until = None
    for attribute in attributes:
        key, _, text = attribute.partition("=")
        key, text = key.strip().lower(), text.strip()
        found[key] = text
        if key == "max-age" and _AGE.fullmatch(text):
            age = _seconds(text)
        elif key == "expires" and (date := _date(text)) is not None:
            until = date
    domain = found.get("domain", "").removeprefix(".").lower()
    path = found.get("path", "")
    expires = until if age is None else now + age
    return SetCookie(
        name=name,
        value=value,
        domain=domain or host_of(url),
        path=path if path.startswith("/") else _default_path(url),
        set_by=set_by,
        setter=setter or url,
        host_only=not domain,
        expires=expires,
        lifetime=None if expires is None else expires - now,
        secure="secure" in found,
        http_only="httponly" in found,
        same_site=found.get("samesite", "").capitalize(),
        partitioned="partitioned" in found,
        request=request,
        raw=line,
    )


def _seconds(text: str) -> int:
    """A Max-Age. Ten digits are three centuries; more overflow a date and mean the same."""
    digits = text.lstrip("-0")
    return -1 if digits and text.startswith("-") else min(int(digits[:11] or 0), 9_999_999_999)


def _default_path(url: str) -> str:
    """The folder of the address that sets a cookie without a path."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return "/"
    return path.rpartition("/")[0] or "/"


_AGE = re.compile(r"-?[0-9]+")
_DELIMITERS = re.compile(r"[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?![0-9])")
_DAY = re.compile(r"([0-9]{1,2})(?![0-9])")
_YEAR = re.compile(r"([0-9]{2,4})(?![0-9])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _date(text: str) -> float | None:
    """A cookie date as RFC 6265bis reads it, section 5.1.1: the parts in any order, whatever stands between them."""
    time = day = month = year = None
    for token in filter(None, _DELIMITERS.split(text)):
        if time is None and (match := _TIME.match(token)):
            time = match
        elif day is None and (match := _DAY.match(token)):
            day = int(match[1])
        elif month is None and token[:3].lower() in _MONTHS:
            month = _MONTHS.index(token[:3].lower()) + 1
        elif year is None and (match := _YEAR.match(token)):
            year = int(match[1])
    if time is None or day is None or month is None or year is None:
        return None
    if year < 100:
        year += 1900 if year >= 70 else 2000
    try:
        hour, minute, second = map(int, time.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp() if year > 1600 else None
    except ValueError:
        return None


def script_write(report: dict[str, Any], now: float) -> SetCookie | None:
    """A report of `cookie_writes.js`. The page could forge one: it never decides alone (see the jar)."""
    frame, writer = str(report.get("frame", "")), str(report.get("writer", ""))
    if report.get("kind") == "document.cookie":
        return parse_set_cookie(str(report.get("line", "")), frame, now, set_by="script", setter=writer or frame)
    if report.get("kind") != "cookieStore":
        return None
    expires = report.get("expires")
    at = expires / 1000 if isinstance(expires, int | float) else None
    domain = str(report.get("domain", "")).lstrip(".").lower()
    return SetCookie(
        name=str(report.get("name", "")),
        value=str(report.get("value", "")),
        domain=domain or host_of(frame),
        path=str(report.get("path") or "/"),
        set_by="script",
        setter=writer or frame,
        host_only=not domain,
        expires=at,
        lifetime=None if at is None else at - now,
        secure=True,
        same_site=str(report.get("sameSite", "")).capitalize(),
        partitioned=bool(report.get("partitioned")),
        raw="cookieStore.set",
    )


def jar(cookies: list[dict[str, Any]]) -> tuple[Cookie, ...]:
    """The answer of `Storage.getCookies`, sorted so that equal jars are equal."""
    return tuple(
        sorted(
            (
                Cookie(
                    name=c["name"],
                    value=c["value"],
                    domain=c["domain"],
                    path=c["path"],
                    expires=None if c.get("session") or c.get("expires", -1) < 0 else c["expires"],
                    secure=c.get("secure", False),
                    http_only=c.get("httpOnly", False),
                    same_site=c.get("sameSite", ""),
                    partition=_partition(c.get("partitionKey")),
                )
                for c in cookies
            ),
            key=lambda c: (c.domain, c.path, c.name, c.partition),
        )
    )


def _partition(key: Any) -> str:
    if isinstance(key, dict):
        return str(key.get("topLevelSite", ""))
    return str(key or "")
