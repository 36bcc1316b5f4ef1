"""One page load, and the words for how it went. Frozen facts; nothing here judges.

`None` means "not recorded", an empty tuple "recorded, and there was nothing".
Whoever reads an aspect goes through `recorded()`, so the two are never confused.
Times are UTC ISO 8601 strings with milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from compliance.model.activity import ApiCall, ConsoleMessage, Cookie, Request, SetCookie, StorageItem
from compliance.model.content import Form, Link
from compliance.model.urls import site_of

T = TypeVar("T")


class Aspect(StrEnum):
    """A kind of thing that a visit can record; a check declares the ones it reads."""

    REQUESTS = "requests"
    COOKIES = "cookies"
    """Attempts to set cookies, script writes, and the jar after the page."""
    STORAGE = "storage"
    """localStorage, sessionStorage, IndexedDB, Cache Storage, private files and service workers of every frame, and
    the page's `window.name`."""
    LINKS = "links"
    FORMS = "forms"
    TEXT = "text"
    SCREENSHOT = "screenshot"
    CONSOLE = "console"
    API_CALLS = "api_calls"
    """Calls of scripts, in every frame and worker, by which a browser can be known again."""
    FORM_PROBES = "form_probes"
    """What forms demand when they are tried, nothing reaching the server."""
    LINK_PROBES = "link_probes"
    """What happens when an external link is clicked."""
    RECORDING_PROBES = "recording_probes"
    """What pages send while they are moved about on, and typed into."""
    DNS = "dns"
    """Which names the site's own hosts are aliases of."""


class VisitOutcome(StrEnum):
    """How a visit ended: a closed list, one value for every visit."""

    OK = "ok"
    OK_NON_HTML = "ok_non_html"
    PARTIAL = "partial"
    TIMEOUT = "timeout"
    NET_ERROR = "net_error"
    REDIRECT_LOOP = "redirect_loop"
    NAV_LOOP = "nav_loop"
    DOWNLOAD = "download"
    NO_CONTENT = "no_content"
    INVALID_RESPONSE = "invalid_response"
    HTTP_ERROR = "http_error"
    AUTH_REQUIRED = "auth_required"
    TLS_ERROR = "tls_error"
    BLOCKED_SCOPE = "blocked_scope"
    BLOCKED_ROBOTS = "blocked_robots"
    BLOCKED_DESTRUCTIVE = "blocked_destructive"
    BLOCKED_BY_SITE = "blocked_by_site"
    DIALOG_LOOP = "dialog_loop"
    PAGE_CRASH = "page_crash"
    BROWSER_CRASH = "browser_crash"
    UNRESPONSIVE = "unresponsive"
    TOO_LARGE = "too_large"
    TRAP_CAP = "trap_cap"
    SKIPPED = "skipped"
    INTERRUPTED = "interrupted"
    LOST = "lost"


#: The page was seen whole: what is not in its record was not there.
SEEN = frozenset({VisitOutcome.OK, VisitOutcome.OK_NON_HTML})


#: There is no page at this address to examine, and the answer says so.
NO_PAGE = frozenset(
    {
        VisitOutcome.DOWNLOAD,
        VisitOutcome.NO_CONTENT,
        VisitOutcome.REDIRECT_LOOP,
        # It leads to a page that is visited on its own, or that the rules of the crawl exclude.
        VisitOutcome.SKIPPED,
        VisitOutcome.BLOCKED_SCOPE,
        VisitOutcome.BLOCKED_ROBOTS,
        VisitOutcome.BLOCKED_DESTRUCTIVE,
    }
)


class Session(StrEnum):
    """Which of the run's sessions a visit belongs to (the cross-visitor experiment).

    FIRST crawls the site; FIRST_AGAIN is the same visitor after closing the browser
    (what persists is kept, session state is gone); SECOND and THIRD are independent
    visitors with empty profiles. All but FIRST visit a sample of pages.
    WITHOUT_COOKIES is the first visitor, back once more with all cookies deleted and nothing else;
    WITHOUT_STORAGE the same with the cookies kept and all else deleted. FOURTH and FIFTH are independent
    visitors whose browsers have other traits (window, time zone, version).
    LANDED is an independent visitor who comes once, to the start page, through an address with made-up click
    identifiers.
    """

    FIRST = "first"
    FIRST_AGAIN = "first-again"
    SECOND = "second"
    THIRD = "third"
    WITHOUT_COOKIES = "without-cookies"
    WITHOUT_STORAGE = "without-storage"
    FOURTH = "fourth"
    FIFTH = "fifth"
    LANDED = "landed"


#: Made only where what the others found leaves them something to tell; the check that declares them sees to it.
AS_NEEDED = frozenset({Session.WITHOUT_COOKIES, Session.WITHOUT_STORAGE, Session.FOURTH, Session.FIFTH})


#: Not of the visitors who are compared, and its page is no further page of the site: only for who names it.
APART = frozenset({Session.LANDED})


#: Sessions of the first visitor: one identity, as far as it was kept.
OF_FIRST = frozenset({Session.FIRST, Session.FIRST_AGAIN, Session.WITHOUT_COOKIES, Session.WITHOUT_STORAGE})


@dataclass(frozen=True, slots=True)
class Visit:
    """One page load by one visitor in one session."""

    id: str
    visitor: str
    session: Session
    url: str
    """As asked for."""
    outcome: VisitOutcome
    final_url: str = ""
    status: int | None = None
    content_type: str = ""
    title: str = ""
    language: str = ""
    depth: int = 0
    referrer: str = ""
    """URL of the page on which the address was found; of a landing, the address without what was added to it."""
    started: str = ""
    finished: str = ""
    attempt: int = 1
    error: str = ""
    """What happened, in words, when the outcome is not ok."""
    text_length: int = 0
    scripts: tuple[str, ...] = ()
    """Scripts of the document: addresses without query, `inline:` and a digest for those that stand in it."""
    screenshot: str = ""
    """Digest of the blob."""
    dom_digest: str = ""
    """SHA-256 of the rendered text and links: equal pages have equal digests."""
    requests: tuple[Request, ...] | None = None
    set_cookies: tuple[SetCookie, ...] | None = None
    jar: tuple[Cookie, ...] | None = None
    storage: tuple[StorageItem, ...] | None = None
    links: tuple[Link, ...] | None = None
    forms: tuple[Form, ...] | None = None
    text: str | None = None
    console: tuple[ConsoleMessage, ...] | None = None
    api_calls: tuple[ApiCall, ...] | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    """Aspect → why it could not be recorded, or what was cut."""

    @property
    def site(self) -> str:
        """Registrable domain of the page that was reached."""
        return site_of(self.final_url or self.url)

    @property
    def page(self) -> str:
        """The address that was reached, else the one asked for."""
        return self.final_url or self.url


class NotRecorded(Exception):
    """A check read an aspect that this visit did not record."""


def recorded(value: T | None, what: str = "aspect") -> T:
    """`value`, or `NotRecorded` when it is None: silence must not look like innocence."""
    if value is None:
        raise NotRecorded(what)
    return value
