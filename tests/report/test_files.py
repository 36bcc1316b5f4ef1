"""Views on disk, beside what was observed."""

from __future__ import annotations

from pathlib import Path

import pytest
from audit.prepared import clean, project, record, tracked

from compliance.audit import judge_run
from compliance.errors import StoreError
from compliance.report.files import write_report, write_views
from compliance.report.run_json import load
from compliance.store.rundir import RunDirectory
from compliance.testing import NOW


def test_views_leave_the_evidence_as_it_is(tmp_path: Path) -> None:
    path = record(project(tmp_path), tmp_path / "reports", [tracked(), clean()])
    before = {f: f.read_bytes() for f in path.rglob("*") if f.is_file() and not f.name.startswith(".")}
    run = judge_run(path, now=NOW)
    views = write_views(path, run)
    assert load(views.run_json.read_text("utf-8")) == run
    assert "nobody-else" in views.report.read_text("utf-8")
    assert {f: f.read_bytes() for f in before} == before
    views.report.unlink()
    assert write_report(path, run) == views.report
    assert views.report.is_file()


def test_pictures_of_every_repetition_are_found(tmp_path: Path) -> None:
    path = record(project(tmp_path), tmp_path / "reports", [clean()], repeat=2)
    with RunDirectory.open(path, write=True) as run, run.begin_repetition(2) as second:
        own, its = run.blobs.put(b"one"), second.blobs.put(b"two")
        assert (run.blob(own), run.blob(its), run.blob("0" * 64), run.blob("../x")) == (b"one", b"two", None, None)
        assert second.blob(own) is None


def test_not_while_somebody_writes(tmp_path: Path) -> None:
    path = record(project(tmp_path), tmp_path / "reports", [clean()])
    run = judge_run(path, now=NOW)
    with RunDirectory.open(path, write=True), pytest.raises(StoreError, match="in use by process"):
        write_views(path, run)
