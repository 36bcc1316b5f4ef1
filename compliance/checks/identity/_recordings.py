"""What one trial shows about each recipient: which of the trial's own words, movements and keys it was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from compliance.knowledge.leaks import Hit, Needle, Part, Search
from compliance.knowledge.leaks.unread import unreadable
from compliance.knowledge.parties import NETWORK_SCHEMES
from compliance.knowledge.traces import POINTS, holds_page, keys_in, points_in, steps_in, streams, too_long
from compliance.model.activity import Request
from compliance.model.recording import RecordingProbe, Typed
from compliance.model.urls import host_of, site_of

#: Characters that nobody can read, sent after the page was touched and beyond what was sent before, that may be a
#: recording. Tokens of sessions and of protection against robots are shorter.
OPAQUE = 512
#: How many times more must be sent while something is done, for it to follow what is done.
GROWTH = 2.0
#: What is kept of addresses and of headers; longer ones were cut.
MAX_URL, MAX_HEADER = 8192, 4096
#: Uploads that follow what is done, when scripts listen to the whole page.
UPLOADS = 4


@dataclass(slots=True)
class Recipient:
    """Everything that one page sent to one owner, and what was found in it."""

    domain: str
    """Registrable domain; empty for the site's own servers."""
    before: list[Request] = field(default_factory=list)
    after: list[Request] = field(default_factory=list)
    """Sent after the page was touched; of a socket only what was sent after."""
    typed: list[tuple[Typed, str, Request]] = field(default_factory=list)
    """Value, in which shape, and where."""
    content: list[tuple[str, Request]] = field(default_factory=list)
    """How the content of the page was known, and where."""
    points: int = 0
    cut: bool = False
    """More was sent than is searched for movements and keys, and no movements were found."""

    @property
    def moves(self) -> bool:
        """Was the path of the mouse in it."""
        return self.points >= POINTS

    @property
    def proven(self) -> bool:
        """Is anything of the trial in it."""
        return bool(self.typed or self.content or self.moves)

    @property
    def all(self) -> list[Request]:
        """Everything in the order sent; a socket may be there twice."""
        return [*self.before, *self.after]

    @property
    def unread(self) -> list[Request]:
        """Requests after the touch of which a part is not known."""
        return [r for r in self.after if r.body_missing or len(r.url) >= MAX_URL or _long_header(r)]


def _long_header(request: Request) -> bool:
    return any(len(value) >= MAX_HEADER for _, value in request.headers)


def recipients(
    probe: RecordingProbe, probes: Sequence[RecordingProbe], first_party: Callable[[str], bool]
) -> list[Recipient]:
    """Who was sent anything by one of the pages tried, sorted, with what was found."""
    found: dict[str, Recipient] = {}
    for request in probe.requests:
        if request.url.partition(":")[0].lower() not in NETWORK_SCHEMES or not host_of(request.url):
            continue
        domain = "" if first_party(request.url) else site_of(request.url)
        to = found.setdefault(domain, Recipient(domain))
        before, after = _parted(request, probe)
        to.before += before
        to.after += after
    for to in found.values():
        _search(probes, to)
    return [found[domain] for domain in sorted(found)]


def _parted(request: Request, probe: RecordingProbe) -> tuple[list[Request], list[Request]]:
    """A request as what was sent before the page was touched, and after."""
    if not probe.touched:
        return [request], []
    if request.resource == "websocket":
        begun, body = probe.sockets.get(request.id, 0), request.body or ""
        told = [replace(request, body=body[begun:])] if len(body) > begun or request.body_missing else []
        return [replace(request, body=body[:begun])], told
    return ([], [request]) if request.started >= probe.touched else ([request], [])


def _search(probes: Sequence[RecordingProbe], to: Recipient) -> None:
    """Find the trials' words, keys and movements in what one recipient got.

    Those of all pages: what a worker sends for one page may be recorded with another. All of it is random, so it
    can be nowhere before it was done.
    """
    values = {Needle(f"{probe.id} {n}", one.value): one for probe in probes for n, one in enumerate(probe.typed)}
    places = {Needle("marker", probe.marker): "a word of its text" for probe in probes}
    places |= {Needle("label", probe.label): "the class of a part" for probe in probes}
    search = Search([*values, *places])
    known: set[object] = set()
    for request in to.all:
        for hit in _hits(search, request):
            if hit.needle in known:
                continue
            known.add(hit.needle)
            if one := values.get(hit.needle):
                to.typed.append((one, f"{hit.shape}, in {hit.where}", request))
            else:
                to.content.append((places[hit.needle], request))
    flow = streams(_told(to.all)).values()
    for needle, one in values.items():
        # Letters only: of an address the part before the at sign.
        word = "".join(c for c in one.value.partition("@")[0] if c.isalpha())
        if needle not in known and len(word) >= 10 and any(keys_in(text, word) for text in flow):
            to.typed.append((one, "key by key", to.all[-1]))
    ways = [(text, probe.track) for probe in probes for text in flow]
    to.points = max((max(points_in(*way), steps_in(*way)) for way in ways), default=0)
    to.cut = not to.moves and any(too_long(text) for text in flow)
    if not to.content:
        for request in to.all:
            if request.body and any(holds_page(text) for text in streams([request.body]).values()):
                to.content.append(("its elements, one by one", request))
                break


def _hits(search: Search, request: Request) -> Iterator[Hit]:
    # Where an answer leads is another request, with its own recipient.
    return (hit for hit in search.in_request(request) if hit.part is not Part.REDIRECT)


def _told(requests: Iterable[Request]) -> Iterator[str]:
    """What requests say, in the order sent."""
    for request in requests:
        if request.resource != "websocket":
            yield request.url.partition("?")[2]
        if request.body:
            yield request.body


def opaque(probe: RecordingProbe, to: Recipient) -> int:
    """Characters that nobody can read and that follow what was done on the page; 0 when they are too few."""
    if not probe.touched:
        return 0
    after = sum(unreadable(text) for text in _told(_in_use(probe, to)))
    before = sum(unreadable(text) for text in _told(to.before))
    expected = before * (probe.left - probe.touched) / max(probe.touched, 0.1)
    return after if after >= OPAQUE and after > expected * GROWTH else 0


def uploads(probe: RecordingProbe, to: Recipient) -> int:
    """Uploads that nothing explains and that follow what was done on the page; 0 when they are too few."""
    if not probe.touched:
        return 0
    after, before = _uploads(_in_use(probe, to)), _uploads(to.before)
    expected = before * (probe.left - probe.touched) / max(probe.touched, 0.1)
    return after if after - expected * GROWTH >= UPLOADS else 0


def _in_use(probe: RecordingProbe, to: Recipient) -> list[Request]:
    """What was sent while the page was used and left, without what it sends when it is opened once more."""
    return [r for r in to.after if not probe.again or r.started < probe.again]


def _uploads(requests: Iterable[Request]) -> int:
    """Requests with a body, and frames of sockets."""
    return sum(
        (r.body or "").strip("\n").count("\n") + 1 if r.resource == "websocket" else 1 for r in requests if r.body
    )


def channels(probe: RecordingProbe) -> list[str]:
    """Ways to send that leave no request."""
    return sorted({call.api.partition(".")[2] for call in probe.watchers if call.api.startswith("channel.")})
