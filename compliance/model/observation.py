"""What was observed. Frozen facts; nothing here judges.

`None` means "not recorded", an empty tuple "recorded, and there was nothing".
Whoever reads an aspect goes through `recorded()`, so the two are never confused.
Times are UTC ISO 8601 strings with milliseconds; lifetimes are seconds; sizes are bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from compliance.model.policy import PolicyVersion
from compliance.model.urls import host_of, registrable_domain, site_of

if TYPE_CHECKING:
    from compliance.model.recording import RecordingProbe

T = TypeVar("T")


class Aspect(StrEnum):
    """A kind of thing that a visit can record; a check declares the ones it reads."""

    REQUESTS = "requests"
    COOKIES = "cookies"
    """Attempts to set cookies, script writes, and the jar after the page."""
    STORAGE = "storage"
    """localStorage, sessionStorage, IndexedDB and Cache Storage of every frame; the page's service workers and
    `window.name`."""
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
    """

    FIRST = "first"
    FIRST_AGAIN = "first-again"
    SECOND = "second"
    THIRD = "third"
    WITHOUT_COOKIES = "without-cookies"
    WITHOUT_STORAGE = "without-storage"
    FOURTH = "fourth"
    FIFTH = "fifth"


#: Made only where what the others found leaves them something to tell; the check that declares them sees to it.
AS_NEEDED = frozenset({Session.WITHOUT_COOKIES, Session.WITHOUT_STORAGE, Session.FOURTH, Session.FIFTH})
#: Sessions of the first visitor: one identity, as far as it was kept.
OF_FIRST = frozenset({Session.FIRST, Session.FIRST_AGAIN, Session.WITHOUT_COOKIES, Session.WITHOUT_STORAGE})


@dataclass(frozen=True, slots=True)
class SetCookie:
    """One attempt to set a cookie, granted or not."""

    name: str
    value: str
    domain: str
    """Without leading dot: the Domain attribute, else the setting host."""
    path: str
    set_by: str
    """`header` or `script`."""
    setter: str
    """URL of the response that set it, or of the script that wrote it."""
    host_only: bool = True
    expires: float | None = None
    """Expiry asked for, as seconds since the epoch; None for a session cookie."""
    lifetime: float | None = None
    """Lifetime asked for in seconds at the moment of setting (before the browser's 400-day cap); None for a
    session cookie; zero or less deletes."""
    secure: bool = False
    http_only: bool = False
    same_site: str = ""
    partitioned: bool = False
    blocked: tuple[str, ...] = ()
    """Why the browser refused it (DevTools reason names); empty when it was stored."""
    request: str = ""
    """Id of the request whose response set it."""
    raw: str = ""
    """The header line or the assigned string."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie in the jar after a page."""

    name: str
    value: str
    domain: str
    """As the jar keeps it; a leading dot means that subdomains get it too."""
    path: str
    expires: float | None = None
    """Effective expiry, seconds since the epoch; None for a session cookie."""
    secure: bool = False
    http_only: bool = False
    same_site: str = ""
    partition: str = ""
    """Top-level site of a partitioned cookie (CHIPS), empty otherwise."""


@dataclass(frozen=True, slots=True)
class StorageItem:
    """One thing that one frame's origin keeps in the browser, cookies aside."""

    kind: str
    """`local`, `session`, `indexeddb` (a record), `cache` (a stored response), `worker` (a service worker that is
    registered), `name` (`window.name` of the page)."""
    origin: str
    key: str
    """The key; `database/store/key` of a record, `cache/address without query` of a response, a worker's scope.
    A database, store or cache with nothing in it is an item of its own, with an empty value."""
    value: str
    """Text; JSON of a record (binary data as text or hexadecimal) and of a response (`url`, `body` where it is small
    data or a script made it); the address of a worker's script. Cut after 64 KiB; `length` is the true one."""
    length: int
    frame: str = ""
    """URL of the frame it was read in."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a page, with its answer. A redirect is one `Request` per hop."""

    id: str
    url: str
    method: str
    resource: str
    """DevTools resource type, lower case: document, script, image, xhr, fetch, ping, websocket, …"""
    frame: str = ""
    """URL of the frame or worker that asked."""
    initiator: str = ""
    """URL of the script or document that caused it."""
    initiator_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """As sent; secrets replaced by their length."""
    body: str | None = None
    """Request body, cut after 64 KiB; None when there is none, or when `body_missing` says so."""
    body_missing: bool = False
    """The request had a body that could not be read."""
    status: int | None = None
    mime: str = ""
    response_headers: tuple[tuple[str, str], ...] = ()
    redirected_to: str = ""
    error: str = ""
    """Network error name, empty when an answer arrived."""
    blocked: str = ""
    """Why the browser or this tool blocked it."""
    remote: str = ""
    """Address that answered."""
    from_cache: bool = False
    size: int = 0
    started: float = 0.0
    """Seconds since the visit began."""
    body_digest: str = ""
    """SHA-256 of the response body, of small answers with a validator (ETag, Last-Modified)."""
    induced: bool = False
    """Sent because the tool announced that the page would be left (`pagehide`), as closing the tab does."""
    log_only: bool = False
    """Known from the browser's own log alone: headers and answer were not recorded."""

    @property
    def site(self) -> str:
        """Registrable domain of the request's host."""
        return site_of(self.url)


@dataclass(frozen=True, slots=True)
class Link:
    """One `<a href>` or `<area href>` of a page, as rendered."""

    href: str
    """Absolute, as the browser resolved it."""
    text: str
    """Accessible name: aria-label, text, image alternative, title."""
    raw: str = ""
    """The attribute as written."""
    title: str = ""
    description: str = ""
    """Text that `aria-describedby` points to."""
    rel: str = ""
    target: str = ""
    landmark: str = ""
    """header, nav, main, aside, footer, or empty."""
    context: str = ""
    """Text of the closest block around it, up to 300 characters."""
    visible: bool = True
    frame: str = ""
    """URL of the frame, empty for the main document."""


@dataclass(frozen=True, slots=True)
class Field:
    """One control of a form."""

    name: str
    type: str
    """`text`, `email`, `select`, `textarea`, `checkbox`, …"""
    label: str
    id: str = ""
    autocomplete: str = ""
    placeholder: str = ""
    required: bool = False
    """The `required` attribute."""
    aria_required: bool = False
    marked_required: bool = False
    """An asterisk or a word of its label, legend, placeholder or generated content says required."""
    marked_optional: bool = False
    value_missing: bool = False
    """The browser's own validation refuses the form while this field is blank."""
    framework_required: bool = False
    """A framework's attribute or class says required (data-val-required, wpcf7-validates-as-required, …)."""
    checked: bool = False
    value: str = ""
    """What the site filled in."""
    visible: bool = True
    disabled: bool = False
    selector: str = ""
    """A CSS selector that finds it in its frame."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form, or a group of controls with a button that acts as one."""

    action: str
    """Absolute address it posts to; the page itself when not given."""
    method: str
    fields: tuple[Field, ...]
    name: str = ""
    """Its id, name, accessible name or nearest heading."""
    no_validate: bool = False
    note: str = ""
    """Text in the form that speaks about required or optional fields."""
    submit: str = ""
    """Selector of its submit control, empty when it has none."""
    submit_text: str = ""
    submit_disabled: bool = False
    visible: bool = True
    landmark: str = ""
    frame: str = ""
    """URL of the frame, empty for the main document."""
    selector: str = ""
    captcha: str = ""
    """Kind of CAPTCHA found in it, empty when none."""
    formless: bool = False
    """There is no `<form>` element."""

    @property
    def key(self) -> str:
        """Same form on many pages: action without query, and the set of field names."""
        names = ",".join(sorted({f.name or f.id or f.label for f in self.fields}))
        return f"{self.method.upper()} {self.action.partition('?')[0]} [{names}]"


@dataclass(frozen=True, slots=True)
class ConsoleMessage:
    """One console line or uncaught error."""

    level: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """All calls of one API by one script in one frame or worker of a page."""

    api: str
    """As `canvas.fillText`, `webgl.getParameter`, `navigator.languages`: the area and the method or property."""
    script: str
    """Address of the script that called, without line and column. Code inside a page has the page's address,
    evaluated code that of the script that evaluated it; empty when the stack names none."""
    frame: str = ""
    """URL of the document or worker in which it was called."""
    worker: bool = False
    count: int = 1
    """How often; never cut."""
    samples: tuple[str, ...] = ()
    """The first 60 different arguments or results, up to 120 characters each. An image that was read tells
    `WIDTHxHEIGHT letters=N styles=N saves=N`: the size at that moment, different characters and colours drawn,
    calls of save and restore; `webgl` for a scene; `digest=` of the image's text for the first twenty."""
    distinct: int = 0
    """How many different arguments or results there were, counted up to 400."""
    most: int = 0
    """How often the commonest of them."""
    chain: tuple[str, ...] = ()
    """Addresses on the stack of the first call after `script`, up to four: who called the caller."""


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
    """URL of the page on which the address was found."""
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


@dataclass(frozen=True, slots=True)
class Alias:
    """One CNAME record."""

    name: str
    """What the asked name, or the alias before, stands for."""
    ttl: int
    """Seconds for which the answer may be kept."""


@dataclass(frozen=True, slots=True)
class NameLookup:
    """What DNS said about one host of the site, asked for once after the visits."""

    host: str
    chain: tuple[Alias, ...] = ()
    """Aliases in the order followed; empty when the host is none."""
    resolver: str = ""
    """Address and port of the server that answered."""
    asked: str = ""
    unasked: str = ""
    """Why it was not looked up, where that is meant."""
    error: str = ""
    """Why its aliases are not known."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An address that was found and not visited."""

    url: str
    reason: str
    """An outcome of the closed list: blocked_robots, blocked_destructive, blocked_scope, trap_cap, skipped."""
    detail: str = ""
    found_on: str = ""


@dataclass(frozen=True, slots=True)
class MissedControl:
    """What the instrument got wrong about a page of ours."""

    aspect: Aspect
    what: str
    """The behaviour, in words; `all` when nothing of the aspect can be told."""
    when: str
    """`before` or `after` the crawl."""
    why: str
    phantom: bool = False
    """Something was recorded that never happened: what was found cannot be relied upon either."""


@dataclass(frozen=True, slots=True)
class Controls:
    """What visiting the control pages showed, for one visitor."""

    tried: int
    """Behaviours that the record was compared with, both times together."""
    missed: tuple[MissedControl, ...] = ()
    aspects: frozenset[Aspect] = frozenset()
    """What was recorded of them; of the others nothing is proved."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the site was looked at, by one visitor."""

    found: int = 0
    """Distinct in-scope addresses found."""
    planned: int = 0
    """Addresses to be visited: found, less the skipped, capped by the budget."""
    visited: int = 0
    seen: int = 0
    """Visits that ended ok."""
    budget: int = 0
    budget_reached: bool = False
    complete: bool = False
    """The frontier ran empty: nothing found was left unvisited but for the recorded skips."""
    outcomes: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Reason → number of addresses."""
    interrupted: str = ""
    """Why the crawl ended early, empty when it did not."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What the observations were made with."""

    tool: str
    browser: str = ""
    """Product and version, as the browser says."""
    browser_path: str = ""
    browser_source: str = ""
    """Which rule of the resolution order found it."""
    headless: bool = True
    sandbox: bool = False
    user_agent: str = ""
    third_party_cookies: str = "unknown"
    """`visible`, `blocked` or `unknown`: what the probe saw in this browser."""
    python: str = ""
    playwright: str = ""
    platform: str = ""
    started: str = ""
    finished: str = ""
    locale: str = ""
    timezone: str = ""
    resolve: tuple[str, ...] = ()
    dns: str = ""
    """The DNS server that was named for it."""
    ignored_tls: tuple[str, ...] = ()
    """Hosts whose certificates were not verified."""
    delay: float = 0.0
    """Seconds between two page loads."""
    limits: tuple[str, ...] = ()
    """What this run could not see, in words."""


@dataclass(frozen=True, slots=True)
class Site:
    """The site under audit, and who belongs to it."""

    url: str
    """Start address, after `--site`."""
    name: str = ""
    first_party: frozenset[str] = frozenset()
    """Registrable domains of the same owner, the site's own included."""
    processors: Mapping[str, str] = field(default_factory=dict)
    """Registrable domain → what the policy or the spec says it does for the site."""
    policy_url: str = ""
    """Where the policy is published, empty when the spec names no page."""

    def is_first_party(self, url: str) -> bool:
        """Does `url` belong to the site's owner (registrable domain; a URL without host belongs to its page)."""
        host = host_of(url)
        return not host or registrable_domain(host) in self.first_party


class Observations(Protocol):
    """Everything that was observed of one site, read lazily; what a check with scope `site` gets.

    `visits` decodes only the aspects asked for and keeps none of them in memory.
    """

    @property
    def site(self) -> Site:
        """The site under audit."""
        ...

    @property
    def policy(self) -> PolicyVersion | None:
        """The stored version that is quoted."""
        ...

    @property
    def environment(self) -> Environment:
        """What observed."""
        ...

    def coverage(self, visitor: str) -> Coverage:
        """Coverage of one visitor's crawl."""
        ...

    def visits(
        self,
        *,
        visitor: str | None = None,
        session: Session | None = None,
        aspects: frozenset[Aspect] = frozenset(),
        url: str | None = None,
    ) -> Iterator[Visit]:
        """Visits in the order made, with the aspects asked for (others are None)."""
        ...

    def skipped(self, visitor: str) -> Iterator[Skipped]:
        """Addresses found and not visited."""
        ...

    def form_probes(self, visitor: str) -> tuple[FormProbe, ...] | None:
        """Forms tried; None when no check asked for it."""
        ...

    def link_probes(self, visitor: str) -> tuple[LinkProbe, ...] | None:
        """External links clicked; None when no check asked for it."""
        ...

    def recording_probes(self, visitor: str) -> tuple[RecordingProbe, ...] | None:
        """Pages tried for session recording; None when no check asked for it."""
        ...

    def lookups(self) -> tuple[NameLookup, ...] | None:
        """What DNS said about the site's hosts; None when nobody asked."""
        ...

    def controls(self, visitor: str) -> Controls:
        """How the instrument did on pages of which everything is known."""
        ...
