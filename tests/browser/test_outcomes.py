"""One outcome of the closed list for whatever the browser says, and whether to ask again."""

import pytest

from compliance.browser.outcomes import TRANSIENT, is_html, of_answer, of_error, worth_retrying
from compliance.model.visit import SEEN, VisitOutcome

O = VisitOutcome  # noqa: E741


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ("net::ERR_TOO_MANY_REDIRECTS", O.REDIRECT_LOOP),
        ("net::ERR_UNSAFE_REDIRECT", O.BLOCKED_SCOPE),
        ("net::ERR_UNKNOWN_URL_SCHEME", O.BLOCKED_SCOPE),
        ("net::ERR_INVALID_AUTH_CREDENTIALS", O.AUTH_REQUIRED),
        ("net::ERR_INVALID_HTTP_RESPONSE", O.INVALID_RESPONSE),
        ("net::ERR_CONNECTION_TIMED_OUT", O.TIMEOUT),
        ("net::ERR_CERT_AUTHORITY_INVALID", O.TLS_ERROR),
        ("net::ERR_CERT_DATE_INVALID", O.TLS_ERROR),
        ("net::ERR_SSL_PROTOCOL_ERROR", O.TLS_ERROR),
        ("net::ERR_BAD_SSL_CLIENT_AUTH_CERT", O.TLS_ERROR),
        ("net::ERR_NAME_NOT_RESOLVED", O.NET_ERROR),
        ("net::ERR_CONNECTION_REFUSED", O.NET_ERROR),
        ("net::ERR_SOMETHING_NEW", O.NET_ERROR),
        ("", O.NET_ERROR),
    ],
)
def test_errors(error, outcome):
    assert of_error(error) is outcome
    assert outcome not in SEEN


@pytest.mark.parametrize(
    ("status", "mime", "title", "headers", "outcome"),
    [
        (200, "text/html", "Shop", {}, O.OK),
        (200, "TEXT/HTML; charset=utf-8", "Shop", {}, O.OK),
        (200, "application/xhtml+xml", "", {}, O.OK),
        (200, "", "", {}, O.OK),
        (203, "text/html", "", {}, O.OK),
        (304, "text/html", "", {}, O.OK),
        (200, "application/pdf", "", {}, O.OK_NON_HTML),
        (200, "text/plain", "", {}, O.OK_NON_HTML),
        (204, "", "", {}, O.NO_CONTENT),
        (205, "text/html", "", {}, O.NO_CONTENT),
        (400, "text/html", "", {}, O.HTTP_ERROR),
        (403, "text/html", "Forbidden", {}, O.HTTP_ERROR),
        (404, "text/html", "Please wait", {}, O.HTTP_ERROR),
        (500, "text/html", "Just a moment...", {}, O.HTTP_ERROR),
        (401, "text/html", "", {}, O.AUTH_REQUIRED),
        (407, "text/html", "", {}, O.AUTH_REQUIRED),
        (429, "text/html", "", {}, O.BLOCKED_BY_SITE),
        (403, "text/html", "Just a moment...", {}, O.BLOCKED_BY_SITE),
        (200, "text/html", "Attention Required! | Cloudflare", {}, O.BLOCKED_BY_SITE),
        (202, "text/html", "Verify you are human", {}, O.BLOCKED_BY_SITE),
        (503, "text/html", "DDoS-Guard", {}, O.BLOCKED_BY_SITE),
        (200, "text/html", "Please wait while we verify", {}, O.BLOCKED_BY_SITE),
        (200, "text/html", "x", {"cf-mitigated": "challenge"}, O.BLOCKED_BY_SITE),
        # Pages that only speak of it.
        (200, "text/html", "Please wait for our spring sale", {}, O.OK),
        (200, "text/html", "How to pass “Just a moment...” pages", {}, O.OK),
        (200, "text/html", "x", {"cf-mitigated": "none"}, O.OK),
    ],
)
def test_answers(status, mime, title, headers, outcome):
    assert of_answer(status, mime, title, headers) is outcome


def test_every_status_has_its_outcome():
    for status in range(400, 600):
        assert of_answer(status, "text/html", "", {}) not in SEEN


@pytest.mark.parametrize(
    ("outcome", "error", "status", "again"),
    [
        *[(O.HTTP_ERROR, f"HTTP {s}", s, True) for s in (429, 500, 502, 503, 504)],
        *[(O.HTTP_ERROR, f"HTTP {s}", s, False) for s in (400, 403, 404, 410, 451, 501)],
        (O.BLOCKED_BY_SITE, "HTTP 429", 429, True),
        (O.BLOCKED_BY_SITE, "HTTP 503", 503, True),
        (O.BLOCKED_BY_SITE, "HTTP 403", 403, False),
        (O.BLOCKED_BY_SITE, "HTTP 200", 200, False),
        (O.NET_ERROR, "net::ERR_CONNECTION_RESET", None, True),
        (O.NET_ERROR, "net::ERR_NAME_NOT_RESOLVED", None, False),
        (O.NET_ERROR, "net::ERR_UNSAFE_PORT", None, False),
        (O.TIMEOUT, "no answer in 20 s", None, True),
        (O.PAGE_CRASH, "", None, True),
        (O.BROWSER_CRASH, "", None, True),
        (O.UNRESPONSIVE, "", None, True),
        (O.LOST, "", None, True),
    ],
)
def test_another_attempt(outcome, error, status, again):
    assert worth_retrying(outcome, error, status) is again


@pytest.mark.parametrize("outcome", sorted(set(VisitOutcome) - TRANSIENT - {O.HTTP_ERROR, O.BLOCKED_BY_SITE}))
def test_what_the_next_attempt_would_meet_again_is_not_asked_twice(outcome):
    assert not worth_retrying(outcome, "", 200)


@pytest.mark.parametrize("mime", ["text/html", " Text/HTML ;charset=x", "application/xhtml+xml", ""])
def test_html(mime):
    assert is_html(mime)
    assert not is_html(f"x{mime.strip() or 'x'}")
