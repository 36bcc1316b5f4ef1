"""What happened when forms and links were tried; nothing reached a server. Frozen facts; nothing here judges."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from compliance.model.activity import Cookie, StorageItem
from compliance.model.content import Form


class ProbeResult(StrEnum):
    """What a form did when it was tried (nothing reached the server)."""

    SUBMITTED = "submitted"
    BLOCKED_NATIVE = "blocked_native"
    BLOCKED_SCRIPT = "blocked_script"
    BLOCKED_CAPTCHA = "blocked_captcha"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FormCase:
    """One try of a form: what was left blank and what happened."""

    case: str
    """`full` (control), `blank`, `minimal` (personal fields blank), `without:<field name>`."""
    blank: tuple[str, ...]
    result: ProbeResult
    signals: tuple[str, ...] = ()
    """What was seen: messages, aria-invalid fields, the intercepted request."""
    request: str = ""
    """Method and URL of the intercepted submission."""
    screenshot: str = ""


@dataclass(frozen=True, slots=True)
class FormProbe:
    """All cases of one form, tried on one page."""

    id: str
    page: str
    form: Form
    cases: tuple[FormCase, ...]
    error: str = ""
    """Why it could not be tried, in words."""


@dataclass(frozen=True, slots=True)
class LinkProbe:
    """What a click on an external link did (the destination was never contacted)."""

    id: str
    page: str
    href: str
    result: str
    """`left` (the browser went for the destination at once), `dialog`, `same_site_page`, `nothing`, `error`."""
    notice: str = ""
    """Text of the dialog or the leave page."""
    screenshot: str = ""
    stood: str = ""
    """The link's address on the page that was tried, before it was pressed. A page that draws addresses anew for every
    visitor has another one than `href`, which is the one of the crawl."""
    by: str = ""
    """What it was pressed with: `mouse`, or `keyboard` where the mouse could not reach it."""
    went: tuple[str, ...] = ()
    """Where the browser really went for when it left: addresses of others, with fragments, in order."""
    cookies: tuple[Cookie, ...] | None = None
    """The jar of the trial's visitor when the browser was about to leave; None when it did not, or it was not read.
    Every trial has a visitor of its own, who kept nothing before the page was opened."""
    storage: tuple[StorageItem, ...] | None = None
    """What the page's frames had stored just before the press; of more than 500 kB, the shortest values."""
