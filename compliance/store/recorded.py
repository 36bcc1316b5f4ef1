"""Visits as rows: the record of a visit, and each of its aspects in a row of its own.

A check that reads links must not pay for decoding the requests. `Ledger` owns the
connection and the transactions; these functions read and write within them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from compliance.model.activity import ApiCall, ConsoleMessage, Cookie, Request, SetCookie, StorageItem
from compliance.model.content import Form, Link
from compliance.model.urls import url_key
from compliance.model.visit import APART, Aspect, Session, Visit
from compliance.store.codec import clean, decode, encode


@dataclass(frozen=True, slots=True)
class _Cookies:
    set_cookies: tuple[SetCookie, ...]
    jar: tuple[Cookie, ...]


#: Aspect → type of its body and the field of a visit that holds it.
_BODIES: dict[Aspect, tuple[Any, str]] = {
    Aspect.REQUESTS: (tuple[Request, ...], "requests"),
    Aspect.STORAGE: (tuple[StorageItem, ...], "storage"),
    Aspect.LINKS: (tuple[Link, ...], "links"),
    Aspect.FORMS: (tuple[Form, ...], "forms"),
    Aspect.TEXT: (str, "text"),
    Aspect.CONSOLE: (tuple[ConsoleMessage, ...], "console"),
    Aspect.API_CALLS: (tuple[ApiCall, ...], "api_calls"),
}
_HIDDEN: dict[str, Any] = dict.fromkeys([name for _, name in _BODIES.values()] + ["set_cookies", "jar"])


def insert(db: sqlite3.Connection, key: str, visit: Visit, *, final: bool) -> None:
    """A visit with what it recorded; `final` unless it is tried again."""
    db.execute(
        "INSERT INTO visits (id, visitor, session, key, final_key, outcome, final, record)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            visit.id, visit.visitor, visit.session.value, key, clean(url_key(visit.page)), visit.outcome.value,
            final, encode(replace(visit, **_HIDDEN), Visit).decode(),
        ),
    )  # fmt: skip
    bodies: list[tuple[str, str, str]] = []
    for aspect, (kind, name) in _BODIES.items():
        value = getattr(visit, name)
        if value is not None:
            bodies.append((visit.id, aspect.value, encode(value, kind).decode()))
    if visit.set_cookies is not None and visit.jar is not None:
        body = encode(_Cookies(visit.set_cookies, visit.jar), _Cookies).decode()
        bodies.append((visit.id, Aspect.COOKIES.value, body))
    db.executemany("INSERT INTO aspects VALUES (?, ?, ?)", bodies)


def visits(
    db: sqlite3.Connection,
    *,
    visitor: str | None = None,
    session: Session | None = None,
    aspects: frozenset[Aspect] = frozenset(),
    url: str | None = None,
) -> Iterator[Visit]:
    """Final visits in the order made, with the aspects asked for; one is in memory at a time.

    Without `session`, those of all sessions but the ones that stand apart.
    """
    where, values = ["final"], []
    if visitor is not None:
        where.append("visitor = ?")
        values.append(visitor)
    if session is not None:
        where.append("session = ?")
        values.append(session.value)
    else:
        where.append(f"session NOT IN ({', '.join('?' * len(APART))})")
        values += sorted(APART)
    if url is not None:
        where.append("(key = ? OR final_key = ?)")
        values += [clean(url_key(url))] * 2
    rows = db.execute(
        f"SELECT id, record FROM visits WHERE {' AND '.join(where)} ORDER BY position",  # noqa: S608 - no input
        values,
    )
    for id_, record in rows:
        yield _with_aspects(db, id_, decode(record, Visit), aspects)


def requests(db: sqlite3.Connection, visitor: str, session: Session) -> Iterator[tuple[Visit, tuple[Request, ...]]]:
    """Every visit of a session, attempts that were tried again included, with its requests."""
    rows = db.execute(
        "SELECT v.record, a.body FROM visits v JOIN aspects a ON a.visit = v.id AND a.aspect = ?"
        " WHERE v.visitor = ? AND v.session = ? ORDER BY v.position",
        (Aspect.REQUESTS.value, visitor, session.value),
    )
    for record, body in rows:
        yield decode(record, Visit), decode(body, _BODIES[Aspect.REQUESTS][0])


def add_error(db: sqlite3.Connection, visitor: str, session: Session, aspect: Aspect, why: str) -> None:
    """Say of a session's last visit that an aspect is not whole, so that nothing passes on the session."""
    row = db.execute(
        "SELECT id, record FROM visits WHERE visitor = ? AND session = ? AND final ORDER BY position DESC LIMIT 1",
        (visitor, session.value),
    ).fetchone()
    if row is not None:
        visit = decode(row[1], Visit)
        record = encode(replace(visit, errors={**visit.errors, aspect.value: why}), Visit).decode()
        db.execute("UPDATE visits SET record = ? WHERE id = ?", (record, row[0]))


def add_requests(db: sqlite3.Connection, visit: str, requests: Iterable[Request]) -> None:
    """Add requests to those that a visit has."""
    kind = _BODIES[Aspect.REQUESTS][0]
    where = (visit, Aspect.REQUESTS.value)
    row = db.execute("SELECT body FROM aspects WHERE visit = ? AND aspect = ?", where).fetchone()
    whole = (*decode(row[0], kind), *requests)
    db.execute("UPDATE aspects SET body = ? WHERE visit = ? AND aspect = ?", (encode(whole, kind).decode(), *where))


def _with_aspects(db: sqlite3.Connection, id_: str, visit: Visit, aspects: frozenset[Aspect]) -> Visit:
    found: dict[str, Any] = {}
    for aspect in aspects:
        row = db.execute("SELECT body FROM aspects WHERE visit = ? AND aspect = ?", (id_, aspect.value)).fetchone()
        if row is None:
            continue
        if aspect is Aspect.COOKIES:
            cookies = decode(row[0], _Cookies)
            found |= {"set_cookies": cookies.set_cookies, "jar": cookies.jar}
        else:
            kind, name = _BODIES[aspect]
            found[name] = decode(row[0], kind)
    return replace(visit, **found) if found else visit
