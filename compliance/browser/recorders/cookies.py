"""Cookies as they are set: by a response header or by a script, granted or refused.

The parser follows RFC 6265bis: attribute names without case, Max-Age before Expires,
the last attribute of a name wins, a Domain attribute with or without leading dot.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any

from compliance.model.observation import Cookie, SetCookie
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
    for attribute in attributes:
        key, _, text = attribute.partition("=")
        found[key.strip().lower()] = text.strip()
    domain = found.get("domain", "").lstrip(".").lower()
    path = found.get("path", "")
    expires = _expiry(found, now)
    return SetCookie(
        name=name,
        value=value,
        domain=domain or host_of(url),
        path=path if path.startswith("/") else "/",
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


def _expiry(attributes: dict[str, str], now: float) -> float | None:
    age = attributes.get("max-age", "")
    if age.lstrip("-").isdigit() and age.lstrip("-").isascii():
        # Ten digits are three centuries; more overflow a date and mean the same.
        return now + max(min(int(age[:11]), 9_999_999_999), -1)
    if attributes.get("expires"):
        try:
            return parsedate_to_datetime(attributes["expires"].replace("-", " ")).timestamp()
        except (ValueError, TypeError, OverflowError, IndexError):
            return None
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
