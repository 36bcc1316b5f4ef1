"""What the control pages do, and how each of it must look in the record.

An instrument that records nothing finds nothing wrong with any site. So in every run, before and after the
crawl, the same browser with the same recording visits pages that do on purpose what checks look for, and one that
does nothing of it. What was done and is not in the record is a miss; what was not done and is in the record is a
phantom. Either keeps the checks that read this aspect from passing. The pages are in `compliance/crawl/controls`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from compliance.model.controls import AFTER, BEFORE, ControlRun
from compliance.model.observation import Controls, MissedControl
from compliance.model.urls import host_of
from compliance.model.visit import Aspect, Visit

#: The word in everything that the pages send, keep or write.
WORD = "compliance-control"
#: Host names of the pages; `.localhost` never leaves this machine, and each of these is a site of its own.
BUSY, OTHER, CLEAN = "control.localhost", "other.localhost", "clean.localhost"
#: Seconds that the cookie of the busy page asks to live.
LIFETIME = 86_400
#: What the keys of the entries in the busy page's storage bucket begin with.
BUCKET = "buckets/control/"

Seen = Callable[[Visit, str], bool]


@dataclass(frozen=True, slots=True)
class Control:
    """One behaviour of the busy page."""

    name: str
    """As the page reports it."""
    aspect: Aspect
    what: str
    """In words, as in "a request of a worker"."""
    seen: Seen
    """(visit, before or after) → is it in the record, with all that belongs to it."""


def _request(name: str, what: str, *, body: bool = False) -> Control:
    def seen(visit: Visit, when: str) -> bool:
        return any(
            path_of(r.url) == f"/c/{name}" and (not body or WORD in (r.body or "")) for r in visit.requests or ()
        )

    return Control(name, Aspect.REQUESTS, what, seen)


def _hop() -> Control:
    def seen(visit: Visit, when: str) -> bool:
        hops = {path_of(r.url): r for r in visit.requests or ()}
        first = hops.get("/c/hop")
        return first is not None and path_of(first.redirected_to) == "/c/hop-end" and "/c/hop-end" in hops

    return Control("hop", Aspect.REQUESTS, "a redirect, hop by hop", seen)


def _kept() -> Control:
    def seen(visit: Visit, when: str) -> bool:
        kept = [r for r in visit.requests or () if path_of(r.url) == "/c/kept"]
        return any(r.body_digest and r.answer_text == WORD for r in kept)

    return Control("kept", Aspect.REQUESTS, "the text of an answer that the cache keeps for a year", seen)


def _cookie(name: str, what: str, *, by: str = "", kept: bool = True, partitioned: bool = False) -> Control:
    """A cookie: the attempt to set it (unless `by` is empty), and that it was kept."""

    def seen(visit: Visit, when: str) -> bool:
        wanted = f"{name}-{when}"
        tries = [c for c in visit.set_cookies or () if c.name == wanted and c.set_by == by and c.setter]
        jar = [c for c in visit.jar or () if c.name == wanted and (bool(c.partition) or not partitioned)]
        return (bool(tries) or not by) and (bool(jar) or not kept)

    return Control(name, Aspect.COOKIES, what, seen)


def _lifetime() -> Control:
    def seen(visit: Visit, when: str) -> bool:
        lives = [c.lifetime for c in visit.set_cookies or () if c.name == f"header-{when}"]
        return any(life is not None and abs(life - LIFETIME) < 60 for life in lives)

    return Control("header", Aspect.COOKIES, "how long a cookie asks to live", seen)


def _stored(name: str, kind: str, what: str, *, host: str = BUSY) -> Control:
    def seen(visit: Visit, when: str) -> bool:
        return _holds(visit, kind, when, host)

    return Control(name, Aspect.STORAGE, what, seen)


def _holds(visit: Visit, kind: str, when: str, host: str = BUSY) -> bool:
    """Is something of the control kept, of this kind and written then, not in a bucket of its own."""
    word = f"{WORD}-{when}"
    return any(
        i.kind == kind and host_of(i.origin) == host and word in i.key + i.value and not i.key.startswith(BUCKET)
        for i in visit.storage or ()
    )


def _bucket() -> Control:
    def seen(visit: Visit, when: str) -> bool:
        wanted = f"{BUCKET}{WORD}-{when}"
        return any(i.kind == "file" and host_of(i.origin) == BUSY and i.key == wanted for i in visit.storage or ())

    return Control("bucket", Aspect.STORAGE, "a file in a storage bucket", seen)


def _call(name: str, api: str, what: str, *, worker: bool = False, host: str = BUSY) -> Control:
    def seen(visit: Visit, when: str) -> bool:
        return any(
            c.api == api and c.worker == worker and host_of(c.frame) == host and path_of(c.script).endswith(".js")
            for c in visit.api_calls or ()
        )

    return Control(name, Aspect.API_CALLS, what, seen)


def _link(name: str, what: str) -> Control:
    return Control(
        name, Aspect.LINKS, what, lambda v, _: any(path_of(link.href) == f"/c/{name}" for link in v.links or ())
    )


def _text(name: str, what: str) -> Control:
    return Control(name, Aspect.TEXT, what, lambda v, _: f"{WORD}-{name}" in (v.text or ""))


def _form(visit: Visit, when: str) -> bool:
    fields = {
        (f.name, f.required) for form in visit.forms or () if path_of(form.action) == "/c/sent" for f in form.fields
    }
    return {("name", True), ("note", False)} <= fields


CONTROLS: tuple[Control, ...] = (
    _request("image", "an image of another site"),
    _request("fetch", "a request of a script, with its body", body=True),
    _request("xhr", "an XMLHttpRequest with a body that is a blob", body=True),
    _request("beacon", "a beacon with a body that is a blob", body=True),
    _request("keepalive", "a request that may outlive its page, with its body", body=True),
    _request("leaving", "a beacon that is sent when the page is left, with its body", body=True),
    _request("frame", "a request of another site's frame"),
    _request("blank-frame", "a request out of a frame without an address"),
    _request("window", "a request of a window that the page opens"),
    _request("worker", "a request of a worker, with its body", body=True),
    _request("shared-worker", "a request of a shared worker"),
    _request("service-worker", "a request of a service worker"),
    _request("form", "a form that is sent, with its body", body=True),
    _request("events", "a stream of server-sent events"),
    _request("socket", "what is sent through a WebSocket", body=True),
    _kept(),
    _hop(),
    _cookie("header", "a cookie of a response", by="header"),
    _lifetime(),
    _cookie("session", "a cookie of the session", by="header"),
    _cookie("script", "a cookie that a script writes", by="script"),
    _cookie("store", "a cookie that a script writes through cookieStore"),
    _cookie("third", "the attempt of another site to set a cookie", by="header", kept=False),
    _cookie("partitioned", "a partitioned cookie", by="header", partitioned=True),
    _cookie("hop-cookie", "a cookie of a redirect", by="header"),
    _stored("local", "local", "localStorage"),
    _stored("session-storage", "session", "sessionStorage"),
    _stored("indexeddb", "indexeddb", "IndexedDB"),
    _stored("cache", "cache", "Cache Storage"),
    _stored("file", "file", "a file of the private file system"),
    _bucket(),
    _stored("registration", "worker", "a service worker that is registered"),
    _stored("name", "name", "window.name"),
    _stored("third-local", "local", "localStorage of another site's frame", host=OTHER),
    _call("canvas", "canvas.toDataURL", "an image that is drawn and read"),
    _call("letters", "canvas.fillText", "text that is drawn on a canvas"),
    _call("fonts", "canvas.measureText", "text that is measured on a canvas"),
    _call("families", "fonts.measure", "the size of an element in a font"),
    _call("graphics", "webgl.getParameter", "questions to the graphics card"),
    _call("sound", "audio.OfflineAudioContext", "sound that is computed"),
    _call("rtc", "webrtc.RTCPeerConnection", "a peer connection"),
    _call("languages", "navigator.languages", "the languages"),
    _call("screen", "screen.width", "the screen"),
    _call("zone", "time.getTimezoneOffset", "the time zone"),
    _call("frame-canvas", "canvas.toDataURL", "an image that another site's frame draws and reads", host=OTHER),
    _call("worker-languages", "navigator.languages", "the languages, asked for in a worker", worker=True),
    _link("link", "a link"),
    _link("late-link", "a link that a script adds"),
    _link("shadow-link", "a link in a shadow tree"),
    Control("fields", Aspect.FORMS, "a form with its fields", _form),
    _text("text", "the text"),
    _text("late-text", "text that a script adds"),
    Control(
        "console", Aspect.CONSOLE, "a line of the console",
        lambda v, _: any(WORD in message.text for message in v.console or ()),
    ),
)  # fmt: skip
#: The aspects that controls watch over. Trials of forms and links, and names in DNS, say their own failures.
CONTROLLED = frozenset(control.aspect for control in CONTROLS)


def path_of(url: str) -> str:
    """The path of an address."""
    return urlsplit(url).path


def results(runs: Iterable[ControlRun]) -> Controls:
    """What the control visits of one visitor show; without visits nothing can be told about any aspect."""
    by_time = {run.when: run for run in runs}
    watched = frozenset(Aspect(a) for run in by_time.values() for a in run.aspects) & CONTROLLED or CONTROLLED
    tried = sum(c.aspect in watched and c.name in run.did for run in by_time.values() for c in CONTROLS)
    return Controls(tried, _missed(by_time, watched), watched if by_time else frozenset())


def admitted(run: ControlRun) -> bool:
    """Did the visit go wrong in ways that it says itself, and in no other: it did not come off, and may be repeated."""
    if run.error or run.busy is None or run.clean is None:
        return True
    watched = frozenset(map(Aspect, run.aspects)) & CONTROLLED
    said = frozenset(run.busy.errors) | frozenset(run.clean.errors)
    found = [*_done(run, run.busy, watched), *_phantoms(run.clean, run.when, watched)]
    done = {control.what for control in CONTROLS if control.name in run.did}
    return bool(found) and all(not m.phantom and (m.aspect.value in said or m.what not in done) for m in found)


def _missed(by_time: Mapping[str, ControlRun], watched: frozenset[Aspect]) -> tuple[MissedControl, ...]:
    found: list[MissedControl] = []
    for when in (BEFORE, AFTER):
        if (run := by_time.get(when)) is None:
            found += _all(watched, when, "the control pages were not visited")
        elif run.error or run.busy is None or run.clean is None:
            found += _all(watched, when, run.error or "the control pages were not visited")
        else:
            found += _done(run, run.busy, watched)
            found += _phantoms(run.clean, when, watched)
    before, after = by_time.get(BEFORE), by_time.get(AFTER)
    if before and after and before.busy and after.busy and after.clean:
        found += _returned(before, after, after.clean, after.busy, watched)
    return tuple(found)


def _all(watched: frozenset[Aspect], when: str, why: str) -> Iterator[MissedControl]:
    for aspect in sorted(watched):
        yield MissedControl(aspect, "all", when, why)


def _done(run: ControlRun, busy: Visit, watched: frozenset[Aspect]) -> Iterator[MissedControl]:
    for control in CONTROLS:
        if control.aspect not in watched or control.name in run.cannot:
            continue
        if control.name not in run.did:
            yield MissedControl(control.aspect, control.what, run.when, "the control page could not do it")
        elif not control.seen(busy, run.when):
            yield MissedControl(control.aspect, control.what, run.when, "was done and is not in the record")
    for aspect in sorted(watched):
        if aspect.value in busy.errors:
            yield MissedControl(aspect, "all", run.when, busy.errors[aspect.value])


def _phantoms(clean: Visit, when: str, watched: frozenset[Aspect]) -> Iterator[MissedControl]:
    """What the page that does nothing is said to have done."""
    own = [r for r in clean.requests or () if host_of(r.url) == CLEAN]
    foreign = [r.url for r in clean.requests or () if host_of(r.url) != CLEAN]
    made = {
        Aspect.REQUESTS: foreign or [r.url for r in own if r.method != "GET"],
        Aspect.COOKIES: [c.name for c in clean.set_cookies or ()],
        Aspect.STORAGE: [f"{i.kind} {i.key}" for i in clean.storage or ()],
        Aspect.LINKS: [link.href for link in clean.links or ()],
        Aspect.FORMS: [form.action for form in clean.forms or ()],
        Aspect.TEXT: [WORD] if WORD in (clean.text or "") else [],
        Aspect.CONSOLE: [message.text for message in clean.console or ()],
        Aspect.API_CALLS: [call.api for call in clean.api_calls or ()],
    }
    unread = {
        Aspect.REQUESTS: not own, Aspect.COOKIES: clean.set_cookies is None or clean.jar is None,
        Aspect.STORAGE: clean.storage is None, Aspect.LINKS: clean.links is None, Aspect.FORMS: clean.forms is None,
        Aspect.TEXT: clean.text is None, Aspect.CONSOLE: clean.console is None,
        Aspect.API_CALLS: clean.api_calls is None,
    }  # fmt: skip
    for aspect in sorted(watched):
        if unread[aspect]:
            yield MissedControl(aspect, "a page that does nothing", when, "its record is missing")
        elif made[aspect]:
            why = f"is said to have done something ({made[aspect][0][:120]})"
            yield MissedControl(aspect, "a page that does nothing", when, why, phantom=True)


def _returned(
    before: ControlRun, after: ControlRun, clean: Visit, busy: Visit, watched: frozenset[Aspect]
) -> Iterator[MissedControl]:
    """What must be there, and what must be gone, after the browser was closed and started again."""
    gone, stayed = "is gone after the browser was closed", "is still there after the browser was closed"
    if Aspect.COOKIES in watched and "header" in before.did:
        jar = {c.name for c in clean.jar or ()}
        if f"header-{BEFORE}" not in jar:
            yield MissedControl(Aspect.COOKIES, "a cookie with a lifetime", AFTER, gone)
        if f"session-{BEFORE}" in jar:
            yield MissedControl(Aspect.COOKIES, "a cookie of the session", AFTER, stayed)
    if Aspect.STORAGE in watched and before.origin == after.origin:
        for name, kind, what in (
            ("local", "local", "localStorage"),
            ("indexeddb", "indexeddb", "IndexedDB"),
            ("file", "file", "the private file system"),
        ):
            if name in before.did and not _holds(busy, kind, BEFORE):
                yield MissedControl(Aspect.STORAGE, what, AFTER, gone)
        if _holds(busy, "session", BEFORE):
            yield MissedControl(Aspect.STORAGE, "sessionStorage", AFTER, stayed)
