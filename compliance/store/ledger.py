"""The ledger: frontier, visits and probes of one run in SQLite (WAL).

A finished visit is one transaction: its row, its aspects, and the addresses it
found. A kill at any moment loses at most the pages in flight, and `reopen` puts
those back in the queue. A claim can be finished only by its owner and attempt, so a
late worker cannot overwrite what another has done.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from compliance.errors import StoreError
from compliance.model.activity import Request
from compliance.model.observation import Skipped
from compliance.model.urls import url_key
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome
from compliance.store import recorded
from compliance.store.codec import clean

FORMAT = "1"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that was found and may be visited."""

    url: str
    depth: int
    referrer: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One address taken from the frontier by one worker."""

    id: int
    visitor: str
    session: Session
    url: str
    key: str
    depth: int
    referrer: str
    attempt: int
    owner: str


class Ledger:
    """One run's ledger. All calls are synchronous and short (well under a millisecond but for `visits`)."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        try:
            if read_only:
                self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
            else:
                # Opened by the front end, written by the crawl's own thread while the front end waits for it.
                self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = NORMAL")
                self._db.executescript((files("compliance.store") / "schema.sql").read_text("utf-8"))
                self._db.execute("INSERT OR IGNORE INTO meta VALUES ('format', ?)", (FORMAT,))
            stored = self.meta("format")
        except sqlite3.Error as error:
            raise StoreError(f"{path}: not a ledger, or not readable ({error})") from error
        if stored != FORMAT:
            raise StoreError(f"{path}: ledger format {stored}; this version reads format {FORMAT}")

    def close(self) -> None:
        """Close the file; everything finished is on disk already."""
        self._db.close()

    def fold(self) -> None:
        """Bring everything written so far into the one file."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # ---- meta

    def meta(self, key: str) -> str | None:
        """A value noted for the run, or None."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def note(self, key: str, value: str) -> None:
        """Note a value for the run."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, clean(value)))

    # ---- frontier

    def enqueue(self, visitor: str, session: Session, candidates: Iterable[Candidate]) -> int:
        """Queue addresses not known yet; returns how many were new."""
        before = self._db.total_changes
        self._db.executemany(
            "INSERT OR IGNORE INTO frontier (visitor, session, key, url, depth, referrer) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (visitor, session.value, clean(url_key(c.url)), clean(c.url), c.depth, clean(c.referrer))
                for c in candidates
            ],
        )
        return self._db.total_changes - before

    def skip(self, visitor: str, session: Session, skips: Iterable[Skipped]) -> None:
        """Note addresses that are found and not to be visited, with the reason."""
        self._db.executemany(
            "INSERT OR IGNORE INTO frontier (visitor, session, key, url, depth, referrer, state, reason, detail)"
            " VALUES (?, ?, ?, ?, 0, ?, 'skipped', ?, ?)",
            [
                (
                    visitor,
                    session.value,
                    clean(url_key(s.url)),
                    clean(s.url),
                    clean(s.found_on),
                    s.reason,
                    clean(s.detail),
                )
                for s in skips
            ],
        )

    def claim(self, visitor: str, session: Session, owner: str) -> Claim | None:
        """Take the next address, breadth first; None when none is ready now."""
        row = self._db.execute(
            "UPDATE frontier SET state = 'claimed', owner = ?, attempt = attempt + 1 WHERE id ="
            " (SELECT id FROM frontier WHERE visitor = ? AND session = ? AND state = 'queued' AND ready_at <= ?"
            "  ORDER BY depth, id LIMIT 1) RETURNING id, url, key, depth, referrer, attempt",
            (owner, visitor, session.value, time.time()),
        ).fetchone()
        if row is None:
            return None
        id_, url, key, depth, referrer, attempt = row
        return Claim(id_, visitor, session, url, key, depth, referrer, attempt, owner)

    def adopt(self, claim: Claim, url: str) -> bool:
        """May this claim go on to `url`, to which it was redirected?

        False when another claim has that page or had it: it must not be visited twice.
        Otherwise the page is marked as taken care of by this claim.
        """
        key = clean(url_key(url))
        if key == claim.key:
            return True
        row = self._db.execute(
            "SELECT state, owner FROM frontier WHERE visitor = ? AND session = ? AND key = ?",
            (claim.visitor, claim.session.value, key),
        ).fetchone()
        mine = f"{claim.owner}/{claim.id}"
        if row is None or row[0] == "queued":
            self._db.execute(
                "INSERT INTO frontier (visitor, session, key, url, depth, referrer, state, owner)"
                " VALUES (?, ?, ?, ?, ?, ?, 'claimed', ?)"
                " ON CONFLICT (visitor, session, key) DO UPDATE SET state = 'claimed', owner = excluded.owner",
                (claim.visitor, claim.session.value, key, clean(url), claim.depth, clean(claim.url), mine),
            )
            return True
        return bool(row[0] == "claimed" and row[1] == mine)

    def finish(self, claim: Claim, visit: Visit, found: Iterable[Candidate], skips: Iterable[Skipped]) -> bool:
        """Store a visit with its aspects and what it found, in one transaction.

        Returns False, and stores nothing, when the claim is not this owner's any more.
        """
        with self._transaction():
            if not self._release(claim, "done", visit.id):
                return False
            recorded.insert(self._db, claim.key, visit, final=True)
            self.enqueue(claim.visitor, claim.session, found)
            self.skip(claim.visitor, claim.session, skips)
        return True

    def retry(self, claim: Claim, visit: Visit, delay: float) -> bool:
        """Store a failed attempt and put the address back, to be taken again after `delay` seconds."""
        with self._transaction():
            if not self._release(claim, "queued", ""):
                return False
            self._db.execute("UPDATE frontier SET ready_at = ? WHERE id = ?", (time.time() + delay, claim.id))
            recorded.insert(self._db, claim.key, visit, final=False)
        return True

    def _release(self, claim: Claim, state: str, visit: str) -> bool:
        done = self._db.execute(
            "UPDATE frontier SET state = ?, visit = ? WHERE id = ? AND state = 'claimed' AND owner = ? AND attempt = ?",
            (state, visit, claim.id, claim.owner, claim.attempt),
        ).rowcount
        # Pages that this claim adopted on the way share its fate.
        self._db.execute(
            "UPDATE frontier SET state = ?, visit = ?, owner = '' WHERE visitor = ? AND session = ?"
            " AND state = 'claimed' AND owner = ?",
            (state, visit, claim.visitor, claim.session.value, f"{claim.owner}/{claim.id}"),
        )
        return done == 1

    def waiting(self, visitor: str, session: Session) -> tuple[int, int, float | None]:
        """Addresses queued, claimed, and when the next queued one is ready (epoch seconds)."""
        row = self._db.execute(
            "SELECT count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state = 'claimed'),"
            " min(ready_at) FILTER (WHERE state = 'queued') FROM frontier WHERE visitor = ? AND session = ?"
            " AND state IN ('queued', 'claimed')",
            (visitor, session.value),
        ).fetchone()
        return row[0], row[1], row[2]

    def reopen(self) -> int:
        """Put claims of a run that died back in the queue; returns how many."""
        return self._db.execute(
            "UPDATE frontier SET state = 'queued', owner = '', ready_at = 0 WHERE state = 'claimed'"
        ).rowcount

    def states(self, visitor: str, session: Session = Session.FIRST) -> Mapping[str, int]:
        """State → number of addresses."""
        rows = self._db.execute(
            "SELECT state, count(*) FROM frontier WHERE visitor = ? AND session = ? GROUP BY state",
            (visitor, session.value),
        )
        return dict(rows.fetchall())

    def outcomes(self, visitor: str, session: Session = Session.FIRST) -> Mapping[str, int]:
        """Outcome → number of visits (attempts that were tried again not counted)."""
        rows = self._db.execute(
            "SELECT outcome, count(*) FROM visits WHERE visitor = ? AND session = ? AND final GROUP BY outcome",
            (visitor, session.value),
        )
        return dict(rows.fetchall())

    def skipped(self, visitor: str, session: Session = Session.FIRST) -> Iterator[Skipped]:
        """Addresses found and not visited, in the order found."""
        rows = self._db.execute(
            "SELECT url, reason, detail, referrer FROM frontier WHERE visitor = ? AND session = ?"
            " AND state = 'skipped' ORDER BY id",
            (visitor, session.value),
        )
        for url, reason, detail, referrer in rows:
            yield Skipped(url, reason, detail, referrer)

    # ---- visits

    def visits(
        self,
        *,
        visitor: str | None = None,
        session: Session | None = None,
        aspects: frozenset[Aspect] = frozenset(),
        url: str | None = None,
    ) -> Iterator[Visit]:
        """Final visits in the order made, with the aspects asked for; one is in memory at a time."""
        return recorded.visits(self._db, visitor=visitor, session=session, aspects=aspects, url=url)

    def recorded_requests(self, visitor: str, session: Session) -> Iterator[tuple[Visit, tuple[Request, ...]]]:
        """Every visit of a session, attempts that were tried again included, with its requests."""
        return recorded.requests(self._db, visitor, session)

    def add_requests(self, visit: str, requests: Iterable[Request]) -> None:
        """Add requests to those that a visit has."""
        with self._transaction():
            recorded.add_requests(self._db, visit, requests)

    def add_error(self, visitor: str, session: Session, aspect: Aspect, why: str) -> None:
        """Say of a session's last visit that an aspect is not whole, so that nothing passes on the session."""
        with self._transaction():
            recorded.add_error(self._db, visitor, session, aspect, why)

    def count_visits(self, visitor: str, session: Session, outcome: VisitOutcome | None = None) -> int:
        """Final visits, of one outcome when given."""
        outcomes = self.outcomes(visitor, session)
        return sum(outcomes.values()) if outcome is None else outcomes.get(outcome.value, 0)

    # ---- probes

    def add_probe(self, visitor: str, kind: str, key: str, record: bytes) -> None:
        """Keep what a journey recorded; the newest of one key wins."""
        self._db.execute(
            "INSERT OR REPLACE INTO probes (visitor, kind, key, record) VALUES (?, ?, ?, ?)",
            (visitor, kind, clean(key), record.decode()),
        )

    def probes(self, visitor: str, kind: str) -> list[str]:
        """Records of one kind, in the order made."""
        rows = self._db.execute(
            "SELECT record FROM probes WHERE visitor = ? AND kind = ? ORDER BY position", (visitor, kind)
        )
        return [row[0] for row in rows]

    # ---- helpers

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)

    def json(self, key: str) -> Any:
        """A noted value that is JSON, or None."""
        text = self.meta(key)
        return None if text is None else json.loads(text)


class _Transaction:
    """`BEGIN IMMEDIATE` … `COMMIT`, or `ROLLBACK` when anything is raised."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("ROLLBACK" if kind else "COMMIT")
