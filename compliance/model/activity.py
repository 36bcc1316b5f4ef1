"""What a page did in the browser: requests, cookies, storage, calls of scripts.

Frozen facts; nothing here judges. Lifetimes are seconds; sizes are bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

from compliance.model.urls import site_of


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
    registered), `file` (of the origin's private file system, or a folder of it), `name` (`window.name` of the page)."""
    origin: str
    key: str
    """The key; `database/store/key` of a record, `cache/address without query` of a response, a worker's scope, the
    path of a file. A database, store, cache or folder (its path ends with `/`) with nothing in it is an item of its
    own, with an empty value. What is kept in a storage bucket of its own has `buckets/NAME/` before its key, and that
    alone is the bucket."""
    value: str
    """Text; JSON of a record (binary data as text or hexadecimal) and of a response (`url`, `body` where it is small
    data or a script made it); the address of a worker's script; the text of a file, of one that is no text its runs of
    letters and the hexadecimal of the rest. Cut after 64 KiB."""
    length: int
    """The true length, in characters; of a file, in bytes."""
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
    """SHA-256 of the response body, of small answers with a validator (ETag, Last-Modified) or that are kept long."""
    answer_text: str = ""
    """Text of the response body, up to 16 KiB, of scripts, style sheets and data that the browser may use again for a
    day or longer without asking; of such an answer from the cache, once for each start of the browser."""
    induced: bool = False
    """Sent because the tool announced that the page would be left (`pagehide`), as closing the tab does."""
    whole_page: bool | None = None
    """The window itself went there, by a redirect or by itself; not a frame of the page. None when it was not
    recorded, as in runs of older versions."""
    log_only: bool = False
    """Known from the browser's own log alone: headers and answer were not recorded."""

    @property
    def site(self) -> str:
        """Registrable domain of the request's host."""
        return site_of(self.url)


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
