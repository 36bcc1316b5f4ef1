"""From what the browser said to one outcome of the closed list."""

from __future__ import annotations

import re

from compliance.model.visit import VisitOutcome

#: Network error → outcome; any other is `net_error`.
_ERRORS = {
    "net::ERR_TOO_MANY_REDIRECTS": VisitOutcome.REDIRECT_LOOP,
    "net::ERR_BLOCKED_BY_CLIENT": VisitOutcome.BLOCKED_SCOPE,
    "net::ERR_UNSAFE_REDIRECT": VisitOutcome.BLOCKED_SCOPE,
    "net::ERR_DISALLOWED_URL_SCHEME": VisitOutcome.BLOCKED_SCOPE,
    "net::ERR_UNKNOWN_URL_SCHEME": VisitOutcome.BLOCKED_SCOPE,
    "net::ERR_INVALID_AUTH_CREDENTIALS": VisitOutcome.AUTH_REQUIRED,
    "net::ERR_INVALID_HTTP_RESPONSE": VisitOutcome.INVALID_RESPONSE,
    "net::ERR_EMPTY_RESPONSE": VisitOutcome.NET_ERROR,
    "net::ERR_RESPONSE_HEADERS_TOO_BIG": VisitOutcome.INVALID_RESPONSE,
    "net::ERR_TIMED_OUT": VisitOutcome.TIMEOUT,
    "net::ERR_CONNECTION_TIMED_OUT": VisitOutcome.TIMEOUT,
}
_TLS = re.compile(r"net::ERR_(CERT_|SSL_|BAD_SSL)")
_HTML = frozenset({"text/html", "application/xhtml+xml", ""})
_WALL_TITLES = re.compile(
    r"^(just a moment|attention required|access denied|verify you are human|pardon our interruption|"
    r"are you a robot|security check|please wait\b.*(verif|check)|checking your browser|ddos-guard)",
    re.IGNORECASE,
)

#: Worth another attempt: the next one may well succeed.
TRANSIENT = frozenset(
    {
        VisitOutcome.NET_ERROR,
        VisitOutcome.TIMEOUT,
        VisitOutcome.PAGE_CRASH,
        VisitOutcome.BROWSER_CRASH,
        VisitOutcome.UNRESPONSIVE,
        VisitOutcome.LOST,
    }
)
#: Errors that the next attempt meets again.
_PERMANENT = ("net::ERR_NAME_NOT_RESOLVED", "net::ERR_ADDRESS_INVALID", "net::ERR_UNSAFE_PORT", "net::ERR_ABORTED")


def of_error(error: str) -> VisitOutcome:
    """Outcome of a navigation that failed with a network error name."""
    if _TLS.match(error):
        return VisitOutcome.TLS_ERROR
    return _ERRORS.get(error, VisitOutcome.NET_ERROR)


def of_answer(status: int, mime: str, title: str, headers: dict[str, str]) -> VisitOutcome:
    """Outcome of a page that was answered and loaded."""
    if headers.get("cf-mitigated") == "challenge" or (
        _WALL_TITLES.match(title) and status in (200, 202, 403, 429, 503)
    ):
        return VisitOutcome.BLOCKED_BY_SITE
    if status in (401, 407):
        return VisitOutcome.AUTH_REQUIRED
    if status == 429:
        return VisitOutcome.BLOCKED_BY_SITE
    if status >= 400:
        return VisitOutcome.HTTP_ERROR
    if status in (204, 205):
        return VisitOutcome.NO_CONTENT
    return VisitOutcome.OK if is_html(mime) else VisitOutcome.OK_NON_HTML


def is_html(mime: str) -> bool:
    """Does a page of this type have links, forms and a policy to read."""
    return mime.partition(";")[0].strip().lower() in _HTML


def worth_retrying(outcome: VisitOutcome, error: str, status: int | None) -> bool:
    """May another attempt end differently."""
    if outcome is VisitOutcome.HTTP_ERROR or outcome is VisitOutcome.BLOCKED_BY_SITE:
        return status in (429, 500, 502, 503, 504)
    return outcome in TRANSIENT and not any(name in error for name in _PERMANENT)
