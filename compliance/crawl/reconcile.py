"""What the network stack was asked for, held against what was recorded: no request is lost in silence.

A request of the browser's own log without a record is added to the visit during which it was made, marked
`log_only`: its address, method and origin are evidence enough of who was contacted; what it carried is not known.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from compliance.browser.netlog import Logged
from compliance.browser.recorders.bodies import Body
from compliance.model.activity import Request
from compliance.model.urls import origin_of
from compliance.model.visit import Session, Visit
from compliance.store.ledger import Ledger

#: Addresses are compared as far as they are kept.
MAX_URL = 8192
#: Visits that began before a request and may have made it.
NEAR = 64


@dataclass(frozen=True, slots=True)
class _Span:
    """When a visit went on, seconds since the epoch."""

    started: float
    finished: float
    visit: str
    origin: str


def reconcile(
    ledger: Ledger,
    visitor: str,
    session: Session,
    logged: Iterable[Logged],
    bodies: Iterable[Body] = (),
    *,
    exact: bool,
) -> int:
    """Add what is missing to the visits of one session in the ledger; returns how many requests were added.

    The other arguments are those of `missing`.
    """
    added = missing(ledger.recorded_requests(visitor, session), logged, bodies, exact=exact)
    for visit_id, requests in added.items():
        ledger.add_requests(visit_id, requests)
    return sum(map(len, added.values()))


def missing(
    visits: Iterable[tuple[Visit, tuple[Request, ...]]],
    logged: Iterable[Logged],
    bodies: Iterable[Body] = (),
    *,
    exact: bool,
) -> dict[str, list[Request]]:
    """Requests that the log names and no visit has, by the id of the visit that they belong to.

    Args:
        visits: All visits of the session, with what each recorded.
        logged: What the browser's log names.
        bodies: Bodies that were seen on their way out, of requests that nobody recorded.
        exact: Compare how often an address was asked for. Where a browser was started again, visits may have been
            cut off with their records, and only addresses that no record has count as missing.
    """
    recorded: Counter[tuple[str, str]] = Counter()
    spans: list[_Span] = []
    for visit, requests in visits:
        recorded.update((r.method, _key(r.url)) for r in requests)
        spans.append(_span(visit))
    spans.sort(key=lambda span: span.started)
    known = frozenset(recorded)
    carried = {(body.method, _key(body.url)): body for body in bodies}
    found: dict[str, list[Request]] = {}
    count = 0
    for one in logged:
        key = (one.method, _key(one.url))
        if recorded[key] > 0:
            recorded[key] -= 1
            continue
        if (not exact and key in known) or not spans:
            continue
        span = _nearest(spans, one)
        count += 1
        found.setdefault(span.visit, []).append(_request(one, count, span, carried.pop(key, None)))
    return found


def _key(url: str) -> str:
    return url.partition("#")[0][:MAX_URL]


def _span(visit: Visit) -> _Span:
    return _Span(_seconds(visit.started), _seconds(visit.finished), visit.id, origin_of(visit.page))


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() if text else 0.0


def _nearest(spans: list[_Span], one: Logged) -> _Span:
    """The visit under way, of the asking origin if there is one; else the one that ended last."""
    end = bisect_right(spans, one.at, key=lambda span: span.started)
    near = spans[max(0, end - NEAR) : end] or spans[:1]

    def distance(span: _Span) -> tuple[bool, float]:
        return bool(one.initiator) and span.origin != one.initiator, max(0.0, one.at - span.finished)

    return min(reversed(near), key=distance)


def _request(one: Logged, number: int, span: _Span, body: Body | None) -> Request:
    return Request(
        id=f"log#{number}",
        url=one.url[:MAX_URL],
        method=one.method,
        resource="other",
        initiator=one.initiator,
        body=body.text if body is not None else None,
        body_missing=body.cut if body is not None else one.method not in ("GET", "HEAD", "OPTIONS"),
        started=round(max(0.0, one.at - span.started), 3),
        log_only=True,
    )
