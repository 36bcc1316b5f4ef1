"""A run directory has one writer, reads back as observations, and is sealed by its manifest."""

import hashlib
import json

import pytest

from compliance.errors import StoreError
from compliance.model.observation import Environment, Site, Skipped
from compliance.model.recording import RecordingProbe
from compliance.model.trials import FormProbe
from compliance.model.visit import Session, VisitOutcome
from compliance.store.codec import encode
from compliance.store.ledger import Candidate
from compliance.store.rundir import RecordedObservations, RunDirectory, new_run_id
from compliance.testing import form, site, visit

A, B = "https://shop.test/a", "https://shop.test/b"


@pytest.fixture
def run(tmp_path):
    made = RunDirectory.create(tmp_path, "shop.test")
    made.note("site", site(), Site)
    made.note("environment", Environment(tool="test"), Environment)
    made.ledger.note("budget", "10")
    yield made
    made.close()


def test_run_ids_are_names_of_folders_whatever_the_site_is_called():
    assert "/" not in new_run_id("../../etc/passwd")
    assert new_run_id("").split("-")[3].startswith("site")


def test_a_second_writer_is_refused_and_told_who_has_it(run):
    with pytest.raises(StoreError, match=r"in use by process \d+"):
        RunDirectory.open(run.path, write=True)


def test_readers_come_in_while_it_is_written(run):
    with RunDirectory.open(run.path) as reader:
        assert reader.fact("site", Site) == site()


def test_a_folder_that_is_no_run_is_named(tmp_path):
    with pytest.raises(StoreError, match="no such run directory"):
        RunDirectory.open(tmp_path / "nothing")
    with pytest.raises(StoreError, match="not a run directory"):
        RunDirectory.open(tmp_path)


def _finish(run, url, **fields):
    run.ledger.enqueue("visitor", Session.FIRST, [Candidate(url, 0)])
    run.ledger.finish(run.ledger.claim("visitor", Session.FIRST, "w"), visit(url, **fields), [], [])


def test_coverage_is_counted_from_the_ledger(run):
    _finish(run, A)
    _finish(run, B, outcome=VisitOutcome.TIMEOUT)
    run.ledger.enqueue("visitor", Session.FIRST, [Candidate("https://shop.test/c", 1)])
    run.ledger.skip("visitor", Session.FIRST, [Skipped("https://shop.test/d", "blocked_robots")])
    coverage = RecordedObservations(run, None).coverage("visitor")
    assert (coverage.found, coverage.visited, coverage.seen, coverage.planned) == (4, 2, 1, 3)
    assert not coverage.complete
    assert not coverage.budget_reached
    assert coverage.skipped == {"blocked_robots": 1}
    assert coverage.outcomes == {"ok": 1, "timeout": 1}


def test_a_spent_budget_is_said(run):
    run.ledger.note("budget", "1")
    _finish(run, A)
    run.ledger.enqueue("visitor", Session.FIRST, [Candidate(B, 1)])
    coverage = RecordedObservations(run, None).coverage("visitor")
    assert coverage.budget_reached
    assert coverage.planned == 1


def test_probes_that_nobody_asked_for_are_none_and_not_empty(run):
    observations = RecordedObservations(run, None)
    assert observations.form_probes("visitor") is None
    run.ledger.note("probed:form_probes:visitor", "0")
    assert observations.form_probes("visitor") == ()
    probe = FormProbe("p1", A, form(), ())
    run.ledger.add_probe("visitor", "form_probes", "k", encode(probe, FormProbe))
    assert observations.form_probes("visitor") == (probe,)
    assert observations.recording_probes("visitor") is None
    run.ledger.note("probed:recording_probes:visitor", "tried")
    assert observations.recording_probes("visitor") == ()
    tried = RecordingProbe("p2", A, ("inline:1",), track=((1, 2),), click=(3, 4), sockets={"7": 8})
    run.ledger.add_probe("visitor", "recording_probes", "k", encode(tried, RecordingProbe))
    assert observations.recording_probes("visitor") == (tried,)


def test_a_run_that_never_started_says_so(tmp_path):
    with RunDirectory.create(tmp_path, "x") as run, pytest.raises(StoreError, match="holds no site"):
        RecordedObservations(run, None)


def test_the_manifest_names_every_file_with_its_digest(run):
    blob = run.blobs.put(b"picture")
    _finish(run, A)
    digest = run.seal()
    text = (run.path / "manifest.json").read_bytes()
    assert digest == hashlib.sha256(text).hexdigest()
    files = json.loads(text)["files"]
    assert files[f"blobs/{blob[:2]}/{blob}"] == blob
    assert files["ledger.sqlite"] == hashlib.sha256((run.path / "ledger.sqlite").read_bytes()).hexdigest()
    assert not any(name.startswith(".") for name in files)


def test_a_view_is_written_whole_or_not_at_all(run, monkeypatch):
    run.write("report.html", "old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("compliance.store.rundir.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        run.write("report.html", "new")
    assert (run.path / "report.html").read_text() == "old"


def test_profiles_of_a_run_that_can_go_on_are_no_evidence(run):
    (run.path / ".profiles" / "v").mkdir(parents=True)
    (run.path / ".profiles" / "v" / "Cookies").write_text("x")
    run.seal()
    assert not [n for n in json.loads((run.path / "manifest.json").read_text())["files"] if "profiles" in n]
