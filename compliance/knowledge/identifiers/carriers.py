"""Cookies with their history: every value they had, for whom, for how long, written by whom.

One pass over the visits, a few dictionary operations per cookie and visit. A cookie in the jar counts
whether or not anybody saw it being set, and an attempt counts whether or not the browser allowed it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from compliance.knowledge.identifiers.items import Samples
from compliance.knowledge.identifiers.tokens import NAME_END, name_noise, normal_name
from compliance.model.activity import Cookie, SetCookie
from compliance.model.urls import site_of
from compliance.model.visit import SEEN, Aspect, Session, Visit

#: Different values kept for one cookie in one session; the last ones are kept.
MAX_VALUES = 50
#: The independent visitors, in the order A, B, C.
VISITORS = (Session.FIRST, Session.SECOND, Session.THIRD)
#: Refusals that follow from the cookie's own faults: no browser of any visitor would store it.
_FAULTY = frozenset(
    {
        *("InvalidDomain", "InvalidPrefix", "SyntaxError", "DisallowedCharacter", "NoCookieContent"),
        *("NameValuePairExceedsMaxSize", "OverwriteSecure", "SecureOnly", "UnknownError"),
    }
)
#: Seconds to which an effective lifetime is known.
_MEASURE = 300.0


@dataclass(slots=True)
class Trace:
    """One cookie in one session."""

    kept: dict[str, int] = field(default_factory=dict)
    """Value → visits at which it was granted or in the jar, the last one last."""
    refused: dict[str, int] = field(default_factory=dict)
    began: float = math.inf
    """When it was first seen."""
    visits: dict[str, None] = field(default_factory=dict)
    """Ids of visits with an attempt; of the first visit with the cookie in its jar when it was there before."""
    pages: dict[str, None] = field(default_factory=dict)
    """Pages on which it was seen to be set."""
    found: float = math.inf
    """When it was first found without having been seen to be set."""
    expires: float = -math.inf
    """Latest expiry asked for."""
    deleted: bool = False
    """The last that was seen of it is its deletion."""


@dataclass(slots=True)
class Carrier:
    """One cookie or stored entry over all sessions; several names are one when they differ in an identifier only."""

    name: str
    domain: str
    path: str
    """Of other storage, the origin."""
    partition: str = ""
    kind: str = "cookie"
    """`cookie`, the kind of a `StorageItem`, or `answer`: what the browser's cache keeps of one address."""
    sessions: dict[Session, Trace] = field(default_factory=dict)
    requested: float | None = None
    """Longest lifetime asked for; None when all attempts were for the session, or there was none."""
    effective: float | None = None
    """Longest lifetime left in the jar after a page, so a lower bound; None for the session."""
    attempts: int = 0
    writers: dict[str, None] = field(default_factory=dict)
    """Registrable domains of scripts that wrote it."""
    header_writers: dict[str, None] = field(default_factory=dict)
    refusals: dict[str, None] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    """Pages on which the first visitor got it → visit id."""
    capped: bool = False
    page: str = ""
    """The first page on which anybody got it."""

    @property
    def lifetime(self) -> float | None:
        """What was asked for, else what the jar says; None for a session cookie."""
        if self.requested is not None or self.effective is None:
            return self.requested
        # What is left is measured some seconds after the cookie was set: a day must not turn into less.
        return round(self.effective / _MEASURE) * _MEASURE if math.isfinite(self.effective) else self.effective

    @property
    def stored(self) -> bool:
        """Was it ever kept by the browser."""
        return any(trace.kept for trace in self.sessions.values())

    @property
    def renewed(self) -> bool:
        """Did the return of the visitor bring the same value with a later expiry."""
        first, again = self.sessions.get(Session.FIRST), self.sessions.get(Session.FIRST_AGAIN)
        if first is None or again is None or not set(first.kept) & set(again.kept):
            return False
        return math.isfinite(first.expires) and again.expires > first.expires + 1

    @property
    def deleted(self) -> bool:
        """Was it taken back before the first visitor's session ended."""
        first = self.sessions.get(Session.FIRST)
        return first is not None and first.deleted

    def samples(self) -> Samples:
        """Its values, for `assess`."""
        stored = self.stored
        empty = Trace()
        traces = [self.sessions.get(s, empty) for s in (*VISITORS, Session.FIRST_AGAIN)]
        first, second, third, again = ((t.kept if stored else t.refused) for t in traces)
        a, b, c = (t.began for t in traces[:3])
        return Samples(
            first=first,
            second=second,
            third=third,
            again=again,
            order=(a, b, c),
            persistent=self.lifetime is not None,
            refused=not stored,
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """A page that was seen, and whose cookies were not all recorded."""

    page: str
    why: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """All cookies of some visits, and what was looked at to find them."""

    carriers: list[Carrier]
    gaps: list[Gap]
    pages: dict[Session, set[str]]
    """Pages that were seen in each session."""
    began: dict[Session, dict[str, float]] = field(default_factory=dict)
    """When each page was first opened in each session, whatever came of it."""

    @property
    def complete(self) -> bool:
        """Were there three visitors."""
        return all(session in self.pages for session in VISITORS)


_Key = tuple[str, str, str, str]
_Written = set[tuple[_Key, str]]


def gather(visits: Iterable[Visit], now: float, *, merged: bool = True) -> Gathered:
    """All cookies of these visits, and the pages whose cookies are not known whole.

    Args:
        visits: Visits of one visitor in all sessions, in the order made.
        now: Stands in for the time of a visit that has none.
        merged: Take cookies as one whose names differ in an identifier only.
    """
    found: dict[_Key, Carrier] = {}
    gaps: list[Gap] = []
    pages: dict[Session, set[str]] = defaultdict(set)
    opened: dict[Session, dict[str, float]] = defaultdict(dict)
    for visit in visits:
        if visit.outcome in SEEN:
            pages[visit.session].add(visit.page)
            missing = visit.set_cookies is None or visit.jar is None
            why = visit.errors.get(Aspect.COOKIES.value) or ("cookies were not recorded" if missing else "")
            if why:
                gaps.append(Gap(visit.page, why))
        began = moment(visit.started, now)
        ended = moment(visit.finished, began)
        opened[visit.session].setdefault(visit.page, began)
        written: _Written = set()
        for attempt in visit.set_cookies or ():
            _attempt(found, visit, attempt, began, written)
        for cookie in visit.jar or ():
            _in_jar(found, visit, cookie, began, ended, written)
    return Gathered(merge(found.values()) if merged else list(found.values()), gaps, dict(pages), dict(opened))


def moment(text: str, default: float) -> float:
    """Seconds since the epoch of a time as observations have it."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:  # an empty or foreign time is no reason to drop what was seen then
        return default


def _carrier(found: dict[_Key, Carrier], key: _Key, visit: Visit, began: float) -> tuple[Carrier, Trace]:
    carrier = found.get(key)
    if carrier is None:
        carrier = found[key] = Carrier(*key, page=visit.page)
    trace = carrier.sessions.get(visit.session)
    if trace is None:
        trace = carrier.sessions[visit.session] = Trace(began=began)
    return carrier, trace


def _attempt(found: dict[_Key, Carrier], visit: Visit, attempt: SetCookie, began: float, written: _Written) -> None:
    """Take in an attempt."""
    if _FAULTY.intersection(attempt.blocked):
        return
    lifetime = attempt.lifetime
    if lifetime is None and attempt.expires is not None:
        lifetime = attempt.expires - began
    if lifetime is not None and math.isnan(lifetime):
        lifetime = None
    partition = visit.site if attempt.partitioned else ""
    key = (attempt.name, attempt.domain.lstrip(".").lower(), attempt.path, partition)
    if lifetime is not None and not lifetime > 0:
        if key in found and visit.session in found[key].sessions and not attempt.blocked:
            found[key].sessions[visit.session].deleted = True
        return
    carrier, trace = _carrier(found, key, visit, began)
    carrier.attempts += 1
    if lifetime is not None:
        carrier.requested = max(lifetime, carrier.requested or 0.0)
        expires = attempt.expires if attempt.expires is not None else began + lifetime
        trace.expires = max(trace.expires, expires)
    writers = carrier.writers if attempt.set_by == "script" else carrier.header_writers
    writers[site_of(attempt.setter)] = None
    for reason in attempt.blocked:
        carrier.refusals[reason] = None
    trace.deleted = trace.deleted and bool(attempt.blocked)
    trace.visits[visit.id] = None
    trace.pages[visit.page] = None
    if visit.session is Session.FIRST:
        carrier.pages.setdefault(visit.page, visit.id)
    once = (key, attempt.value)
    count(carrier, trace.refused if attempt.blocked else trace.kept, attempt.value, int(once not in written))
    written.add(once)


def _in_jar(
    found: dict[_Key, Carrier], visit: Visit, cookie: Cookie, began: float, ended: float, written: _Written
) -> None:
    partition = (site_of(cookie.partition) or cookie.partition) if cookie.partition else ""
    key = (cookie.name, cookie.domain.lstrip(".").lower(), cookie.path, partition)
    carrier, trace = _carrier(found, key, visit, began)
    trace.deleted = False
    # What this visit wrote is counted already; a value that only stayed in the jar was seen once more.
    count(carrier, trace.kept, cookie.value, int((key, cookie.value) not in written))
    if cookie.expires is not None and cookie.expires > ended:
        carrier.effective = max(cookie.expires - ended, carrier.effective or 0.0)
    if not trace.visits:
        trace.visits[visit.id] = None
        trace.found = ended
    if visit.session is Session.FIRST and not carrier.pages:
        carrier.pages[visit.page] = visit.id


def count(carrier: Carrier, values: dict[str, int], value: str, times: int) -> None:
    """Count a value and make it the last one."""
    values[value] = values.pop(value, 0) + times
    if len(values) > MAX_VALUES:
        del values[next(iter(values))]
        carrier.capped = True


def merge(found: Iterable[Carrier]) -> list[Carrier]:
    """Put together carriers of one kind whose names differ in an identifier only: `visit_8f3ac21b` is `visit_#`."""
    alone: list[Carrier] = []
    families: dict[_Key, list[Carrier]] = defaultdict(list)
    for carrier in found:
        plain = normal_name(carrier.name)
        shared = sum(session in carrier.sessions for session in VISITORS) > 1
        if plain == carrier.name or shared:
            alone.append(carrier)
        else:
            families[plain, carrier.domain, carrier.path, carrier.partition].append(carrier)
    for (plain, *_), family in families.items():
        visitors = {session for c in family for session in c.sessions if session in VISITORS}
        if len(visitors) < 2:
            alone += family
        else:
            alone.append(_one_of(plain, family))
    return alone


def _one_of(plain: str, family: list[Carrier]) -> Carrier:
    whole = Carrier(plain, family[0].domain, family[0].path, family[0].partition, family[0].kind, page=family[0].page)
    for member in family:
        noise = name_noise(member.name)
        whole.attempts += member.attempts
        whole.capped = whole.capped or member.capped
        for bag, more in (
            (whole.writers, member.writers),
            (whole.header_writers, member.header_writers),
            (whole.refusals, member.refusals),
        ):
            bag.update(more)
        whole.pages = {**whole.pages, **member.pages}
        whole.requested = _longer(whole.requested, member.requested)
        whole.effective = _longer(whole.effective, member.effective)
        for session, trace in member.sessions.items():
            mine = whole.sessions.setdefault(session, Trace(deleted=True))
            for values, theirs in ((mine.kept, trace.kept), (mine.refused, trace.refused)):
                for value, times in theirs.items():
                    count(whole, values, f"{noise}{NAME_END}{value}", times)
            mine.began = min(mine.began, trace.began)
            mine.visits.update(trace.visits)
            mine.pages.update(trace.pages)
            mine.found = min(mine.found, trace.found)
            mine.expires = max(mine.expires, trace.expires)
            mine.deleted = mine.deleted and trace.deleted
    return whole


def _longer(one: float | None, other: float | None) -> float | None:
    return max((v for v in (one, other) if v is not None), default=None)
