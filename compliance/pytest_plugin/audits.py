"""One audit per spec and session, in whichever process asks first; the others read what it left."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import pytest
from filelock import FileLock

from compliance.audit import Line, Panel, crawl, options_of, start_run
from compliance.errors import ComplianceError, ListError, StoreError
from compliance.model.verdict import CheckVerdict
from compliance.pytest_plugin.options import shared_folder, shown
from compliance.report.progress import Progress
from compliance.settings import Settings
from compliance.specfile.loader import LoadedSpec, load_spec
from compliance.store.rundir import RecordedObservations, RunDirectory


class AuditFailed(ComplianceError):
    """The site could not be observed in this session; the message is the cause's."""


@dataclass(slots=True)
class Audit:
    """One spec with what was observed for it."""

    loaded: LoadedSpec
    run: RunDirectory
    panel: Panel
    """Judges by all repetitions."""


class Audits:
    """All audits of a session, as one process sees them."""

    def __init__(self, config: pytest.Config, settings: Settings, specs: frozenset[Path]) -> None:
        self._config, self._settings, self._specs = config, settings, specs
        self._audits: dict[Path, Audit] = {}
        self._failures: dict[Path, str] = {}

    def __enter__(self) -> Audits:
        return self

    def __exit__(self, *_: object) -> None:
        for audit in self._audits.values():
            audit.panel.close()
            audit.run.close()

    def only_spec(self) -> Path:
        """The one spec of this session; the test fails with a hint when there is none, or several."""
        if len(self._specs) == 1:
            return next(iter(self._specs))
        if not self._specs:
            pytest.fail(
                "the fixture `observations` needs a spec: name one on the command line, or set compliance_specs",
                pytrace=False,
            )
        names = ", ".join(sorted(str(shown(p)) for p in self._specs))
        pytest.fail(
            f"the fixture `observations` does not know which spec is meant ({names}); "
            f'take `observations_of` and call observations_of("{shown(min(self._specs))}")',
            pytrace=False,
        )

    def observations(self, spec: str | Path) -> RecordedObservations:
        """What was observed for `spec` (relative paths from the root of the project); of several times, the first."""
        found = self.of(self._config.rootpath / spec).panel.first.observations
        assert isinstance(found, RecordedObservations)
        return found

    def verdict(self, spec: Path, line: Line) -> tuple[CheckVerdict, Path]:
        """The verdict on one line, and the run directory it was judged by."""
        audit = self.of(spec)
        return audit.panel.verdict(line, date.today()), audit.run.path

    def of(self, spec: Path) -> Audit:
        """The audit of the spec at an absolute path, crawling its site if no process of this session has.

        Raises:
            AuditFailed: It could not be observed; asked again, the short form of the same.
            SpecErrors: The spec is not valid.
        """
        if spec in self._failures:
            raise AuditFailed(f"{self._failures[spec].partition(chr(10))[0]} (as above)")
        if spec not in self._audits:
            try:
                self._audits[spec] = self._open(spec)
            except AuditFailed as error:
                self._failures[spec] = error.message
                raise
        return self._audits[spec]

    def _open(self, spec: Path) -> Audit:
        loaded = load_spec(shown(spec))
        record = self._record(spec, loaded)
        if record["error"]:
            raise AuditFailed(record["error"])
        run = RunDirectory.open(Path(record["run"]))
        try:
            return Audit(loaded, run, Panel(run, loaded))
        except (StoreError, ListError) as error:
            run.close()
            raise AuditFailed(str(error)) from error

    def _record(self, spec: Path, loaded: LoadedSpec) -> dict[str, Any]:
        """Which run holds the observations; made by the first process that gets the lock, read by all others."""
        name = hashlib.sha256(str(spec).encode()).hexdigest()[:16]
        folder = shared_folder(self._config)
        file = folder / f"{name}.json"
        with FileLock(folder / f"{name}.lock"):
            if file.exists():
                record: dict[str, Any] = json.loads(file.read_text("utf-8"))
                if record["crawling"]:
                    record |= {"crawling": False, "error": _died(record["run"])}
            else:
                record = self._observe(spec, loaded, file)
            file.write_text(json.dumps(record), "utf-8")
        return record

    def _observe(self, spec: Path, loaded: LoadedSpec, file: Path) -> dict[str, Any]:
        record = {"spec": str(spec), "run": "", "error": "", "crawling": False, "digest": loaded.digest}
        wanted = self._config.option.compliance_observations
        if wanted == "reuse":
            wanted = self._newest(loaded)
        if wanted not in ("", "fresh"):
            return record | {"run": str(wanted)}
        site, repeat = self._config.option.compliance_site, self._config.option.compliance_repeat
        try:
            with start_run(loaded, self._settings, site=site) as run, _outside_capture(self._config) as stream:
                record["run"] = str(run.path)
                file.write_text(json.dumps(record | {"crawling": True}), "utf-8")
                stream.write("\n")  # pytest has begun a line
                progress = Progress(stream, live=False if hasattr(self._config, "workerinput") else None)
                try:
                    crawl(loaded, self._settings, run, site=site, repeat=repeat, emit=progress)
                finally:
                    progress.close()
        except ComplianceError as error:
            return record | {"error": f"{shown(spec)}: the site could not be observed: {error}"}
        except KeyboardInterrupt:
            file.write_text(json.dumps(record), "utf-8")
            raise
        return record

    def _newest(self, loaded: LoadedSpec) -> str:
        """The newest whole run of the same spec at the same site, repeated as often as asked; empty for none."""
        wanted = self._config.option
        root = self._settings.run_root
        for path in sorted(root.iterdir(), reverse=True) if root.is_dir() else ():
            try:
                with RunDirectory.open(path) as run:
                    if run.ledger.meta("spec_digest") != loaded.digest or not run.whole:
                        continue
                    asked = options_of(run)
                    enough = asked.repeat >= wanted.compliance_repeat
                    if asked.site == wanted.compliance_site and enough and _all_whole(run, asked.repeat):
                        return str(path)
            except StoreError:
                continue  # another kind of folder, or a damaged run: not one to judge by
        return ""


def _all_whole(run: RunDirectory, repeat: int) -> bool:
    """Did every further repetition of `run` come to its end."""
    for number in range(2, repeat + 1):
        repetition = run.repetition(number)
        if repetition is None:
            return False
        with repetition:
            if not repetition.whole:
                return False
    return True


def _died(run: str) -> str:
    return (
        f"the process that observed the site ended before it was done; what it saw is in {run}\n"
        f"  Go on with: compliance resume {run}"
    )


@contextmanager
def _outside_capture(config: pytest.Config) -> Iterator[TextIO]:
    """The real standard error, also while pytest captures it."""
    manager = config.pluginmanager.getplugin("capturemanager")
    if manager is None:
        yield sys.stderr
        return
    with manager.global_and_fixture_disabled():
        yield sys.stderr
