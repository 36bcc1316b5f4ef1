"""One run directory: who may write it, where things lie in it, and reading it back as observations.

```
reports/<run-id>/
  report.html  run.json          views, made from the ledger
  ledger.sqlite  blobs/          what was observed
  inputs/spec.yaml  inputs/policy/  inputs/lists/   what it was judged against, as it was then
  manifest.json                  SHA-256 of every file
  repeats/2/  repeats/3/         further repetitions, each a run directory of its own
```

The first repetition is the directory itself.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from compliance.errors import StoreError
from compliance.knowledge.controls import results
from compliance.knowledge.trials import proved
from compliance.model.controls import ControlRun, TrialControl
from compliance.model.observation import Controls, Coverage, Environment, NameLookup, Site, Skipped
from compliance.model.policy import PolicyVersion
from compliance.model.recording import RecordingProbe
from compliance.model.trials import FormProbe, LinkProbe
from compliance.model.visit import SEEN, Aspect, Session, Visit
from compliance.store.blobs import Blobs
from compliance.store.codec import decode, encode
from compliance.store.ledger import Ledger
from compliance.store.lists import ListFolder

LEDGER = "ledger.sqlite"
REPORT = "report.html"
RUN_JSON = "run.json"
MANIFEST = "manifest.json"
REPEATS = "repeats"
#: Kinds under which the ledger keeps the control visits, and what of ours was tried.
CONTROLS_KEPT, TRIAL_CONTROLS_KEPT = "controls", "trial-controls"


def new_run_id(site: str, now: datetime | None = None) -> str:
    """`2026-11-22T130144Z-shop.test-3f9c`: sorts by time, says the site, collides with none."""
    now = now or datetime.now(UTC)
    name = re.sub(r"[^a-z0-9.-]+", "-", site.lower()).strip("-")[:60] or "site"
    return f"{now:%Y-%m-%dT%H%M%SZ}-{name}-{secrets.token_hex(2)}"


class RunDirectory:
    """A run directory, open for writing by one process (`flock`) or for reading by many."""

    def __init__(self, path: Path, *, write: bool) -> None:
        self.path = path
        nested = path.parent.name == REPEATS
        self.id = f"{path.parent.parent.name}/{REPEATS}/{path.name}" if nested else path.name
        self._lock: int | None = None
        if write:
            self._take()
        elif not (path / LEDGER).is_file():
            raise StoreError(f"{path}: not a run directory (no {LEDGER})", hint="list the runs with: ls reports/")
        try:
            self.ledger = Ledger(path / LEDGER, read_only=not write)
        except StoreError:
            self._release()
            raise
        self.blobs = Blobs(path / "blobs")

    @classmethod
    def create(cls, root: Path, site: str) -> RunDirectory:
        """A new run directory below `root`.

        Raises:
            StoreError: The folder cannot be made or written.
        """
        path = root / new_run_id(site)
        try:
            path.mkdir(parents=True, mode=0o700)
        except OSError as error:
            raise StoreError(
                f"{path}: cannot be created ({error.strerror})", hint="choose another --run-dir"
            ) from error
        return cls(path, write=True)

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> RunDirectory:
        """An existing run directory."""
        if not path.is_dir():
            raise StoreError(f"{path}: no such run directory", hint="list the runs with: ls reports/")
        if write and not (path / LEDGER).is_file():
            raise StoreError(f"{path}: not a run directory (no {LEDGER})")
        return cls(path, write=write)

    def _take(self) -> None:
        handle = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise StoreError(f"{self.path}: in use by process {holder}", hint="wait for it, or use another") from error
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        self._lock = handle

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def close(self) -> None:
        """Close the ledger and let others write."""
        self.ledger.close()
        self._release()

    def __enter__(self) -> RunDirectory:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- inputs

    @property
    def spec_path(self) -> Path:
        """The spec as it was when the run began."""
        return self.path / "inputs" / "spec.yaml"

    @property
    def policy_path(self) -> Path:
        """The policy version as it was when the run began."""
        return self.path / "inputs" / "policy"

    def keep_inputs(self, spec: Path, policy: Path) -> None:
        """Copy the spec and the policy version, so that the run can be judged without them later."""
        self.spec_path.parent.mkdir(exist_ok=True)
        shutil.copyfile(spec, self.spec_path)
        shutil.copytree(policy, self.policy_path, dirs_exist_ok=True)
        self.ledger.note("spec", str(spec))

    @property
    def lists(self) -> ListFolder:
        """The lists that judge it, as they were when the run began; repetitions share those of the first."""
        root = self.path.parent.parent if self.path.parent.name == REPEATS else self.path
        return ListFolder(root / "inputs" / "lists")

    # ---- repetitions

    def repetition(self, number: int) -> RunDirectory | None:
        """Repetition `number` (2, 3, …) for reading; None when it was not begun."""
        path = self._repeat(number)
        return RunDirectory(path, write=False) if (path / LEDGER).is_file() else None

    def begin_repetition(self, number: int) -> RunDirectory:
        """Repetition `number` (2, 3, …) for writing, made if it is not there: same inputs, nothing else in common.

        Raises:
            StoreError: It cannot be made or written.
        """
        path = self._repeat(number)
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(f"{path}: cannot be created ({error.strerror})") from error
        made = RunDirectory(path, write=True)
        if made.ledger.meta("spec_digest") is None:
            made.keep_inputs(self.spec_path, self.policy_path)
            made.ledger.note("spec", self.ledger.meta("spec") or "")
            made.ledger.note("started", datetime.now(UTC).isoformat(timespec="milliseconds"))
            made.ledger.note("spec_digest", self.ledger.meta("spec_digest") or "")
        return made

    @property
    def begun(self) -> int:
        """Number of the last repetition that was begun; 1 where there is only this one."""
        return max((int(p.name) for p in self.path.glob(f"{REPEATS}/*") if p.name.isdecimal()), default=1)

    def _repeat(self, number: int) -> Path:
        if number < 2:
            raise ValueError("the first repetition is the run directory itself")
        return self.path / REPEATS / str(number)

    def blob(self, digest: str) -> bytes | None:
        """A picture or body of this run or of a repetition of it; None for what neither has."""
        stores = (self.blobs, *(Blobs(p / "blobs") for p in sorted(self.path.glob(f"{REPEATS}/*"))))
        return next((data for data in (store.get(digest) for store in stores) if data is not None), None)

    @property
    def whole(self) -> bool:
        """Did its observation come to its end, with nothing left for `resume`."""
        meta = self.ledger.meta
        return bool(meta("finished")) and not meta("interrupted") and not meta("failed")

    # ---- facts of the run

    def note(self, key: str, value: object, kind: Any) -> None:
        """Keep a typed fact of the run (site, environment, options)."""
        self.ledger.note(key, encode(value, kind).decode())

    def fact(self, key: str, kind: Any) -> Any:
        """A fact kept by `note`.

        Raises:
            StoreError: The run holds none of that name.
        """
        text = self.ledger.meta(key)
        if text is None:
            raise StoreError(f"{self.path}: the run holds no {key}; it was never started or is damaged")
        return decode(text, kind)

    def lookups(self) -> tuple[NameLookup, ...] | None:
        """What DNS said about the site's hosts; None when nobody asked."""
        text = self.ledger.meta("lookups")
        return None if text is None else decode(text, tuple[NameLookup, ...])

    def controls(self, visitor: str) -> Controls:
        """How the instrument did on the control pages, as far as they were visited."""
        pages = results(decode(record, ControlRun) for record in self.ledger.probes(visitor, CONTROLS_KEPT))
        trials = proved(decode(record, TrialControl) for record in self.ledger.probes(visitor, TRIAL_CONTROLS_KEPT))
        return Controls(pages.tried + trials.tried, (*pages.missed, *trials.missed), pages.aspects | trials.aspects)

    def write(self, name: str, data: str | bytes) -> Path:
        """Write a view whole or not at all: a full disk never leaves an empty report over a good one."""
        path = self.path / name
        temporary = path.with_name(f".{name}.tmp")
        with temporary.open("wb") as handle:
            handle.write(data.encode("utf-8", "backslashreplace") if isinstance(data, str) else data)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
        return path

    def seal(self) -> str:
        """Write the manifest (SHA-256 of every file but itself); returns the manifest's own digest.

        The ledger is folded into one file first, so that its digest is of what it holds.
        """
        self.ledger.fold()
        listed = {}
        for file in sorted(self.path.rglob("*")):
            name = file.relative_to(self.path).as_posix()
            hidden = any(part.startswith(".") for part in name.split("/")) or name.endswith(("-wal", "-shm"))
            view = name == MANIFEST or (file.name in (REPORT, RUN_JSON) and not name.startswith("inputs/"))
            if file.is_file() and not hidden and not view:
                listed[name] = hashlib.sha256(file.read_bytes()).hexdigest()
        text = json.dumps({"format": 1, "files": listed}, indent=1, sort_keys=True)
        self.write(MANIFEST, text)
        return hashlib.sha256(text.encode()).hexdigest()


class RecordedObservations:
    """`Observations` read from a run directory."""

    def __init__(self, run: RunDirectory, policy: PolicyVersion | None) -> None:
        self._run = run
        self._ledger = run.ledger
        self.policy = policy
        self.site: Site = run.fact("site", Site)
        self.environment: Environment = run.fact("environment", Environment)
        self._controls: dict[str, Controls] = {}

    def coverage(self, visitor: str) -> Coverage:
        """Counted from the ledger."""
        states = self._ledger.states(visitor)
        outcomes = self._ledger.outcomes(visitor)
        skipped: dict[str, int] = {}
        for skip in self._ledger.skipped(visitor):
            skipped[skip.reason] = skipped.get(skip.reason, 0) + 1
        budget = int(self._ledger.meta("budget") or 0)
        visited = sum(outcomes.values())
        left = states.get("queued", 0) + states.get("claimed", 0)
        return Coverage(
            found=sum(states.values()),
            planned=min(visited + left, budget) if budget else visited + left,
            visited=visited,
            seen=sum(n for o, n in outcomes.items() if o in SEEN),
            budget=budget,
            budget_reached=bool(budget and visited >= budget and left),
            complete=left == 0,
            outcomes=outcomes,
            skipped=skipped,
            interrupted=self._ledger.meta("interrupted") or "",
        )

    def visits(
        self,
        *,
        visitor: str | None = None,
        session: Session | None = None,
        aspects: frozenset[Aspect] = frozenset(),
        url: str | None = None,
    ) -> Iterator[Visit]:
        """Read one by one from the ledger."""
        return self._ledger.visits(visitor=visitor, session=session, aspects=aspects, url=url)

    def skipped(self, visitor: str) -> Iterator[Skipped]:
        """Read from the frontier."""
        return self._ledger.skipped(visitor)

    def form_probes(self, visitor: str) -> tuple[FormProbe, ...] | None:
        """None when no check asked for them."""
        if self._ledger.meta(f"probed:{Aspect.FORM_PROBES.value}:{visitor}") is None:
            return None
        records = self._ledger.probes(visitor, Aspect.FORM_PROBES.value)
        return tuple(decode(r, FormProbe) for r in records)

    def link_probes(self, visitor: str) -> tuple[LinkProbe, ...] | None:
        """None when no check asked for them."""
        if self._ledger.meta(f"probed:{Aspect.LINK_PROBES.value}:{visitor}") is None:
            return None
        records = self._ledger.probes(visitor, Aspect.LINK_PROBES.value)
        return tuple(decode(r, LinkProbe) for r in records)

    def recording_probes(self, visitor: str) -> tuple[RecordingProbe, ...] | None:
        """None when no check asked for them."""
        if self._ledger.meta(f"probed:{Aspect.RECORDING_PROBES.value}:{visitor}") is None:
            return None
        records = self._ledger.probes(visitor, Aspect.RECORDING_PROBES.value)
        return tuple(decode(r, RecordingProbe) for r in records)

    def controls(self, visitor: str) -> Controls:
        """Read once, and compared with what the control pages did."""
        if visitor not in self._controls:
            self._controls[visitor] = self._run.controls(visitor)
        return self._controls[visitor]

    def lookups(self) -> tuple[NameLookup, ...] | None:
        """None when no check asked for them, or when the run ended before."""
        return self._run.lookups()
