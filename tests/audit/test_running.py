"""A run directory judged: everything that a report says comes from it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.prepared import ABOUT, HOME, SPEC, clean, project, record, tracked
from compliance.audit import exit_code, judge_run, judge_with, line_key, lines, load_run
from compliance.errors import StoreError
from compliance.model.run import Run
from compliance.model.verdict import Disposition, Outcome
from compliance.model.visit import VisitOutcome
from compliance.report.run_json import dump
from compliance.store.rundir import RunDirectory
from compliance.testing import NOW, visit


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return project(tmp_path)


def judged(spec: Path, *visits: object, **fields: object) -> Run:
    return judge_run(record(spec, spec.parents[1] / "reports", visits, **fields), now=NOW)  # type: ignore[arg-type]


def test_everything_comes_from_the_run_directory(spec: Path, tmp_path: Path) -> None:
    path = record(spec, tmp_path / "reports", [tracked(), clean()])
    moved = tmp_path / "archive" / path.name
    moved.parent.mkdir()
    shutil.move(path, moved)
    spec.unlink()
    shutil.rmtree(tmp_path / "policies")
    run = judge_run(moved, now=NOW)
    assert [(v.promise, v.outcome.value) for v in run.verdicts] == [
        ("nobody-else", "failed"),
        ("only-friends", "passed"),
        ("deletion", "untested"),
        ("backups", "untested"),
    ]
    assert (run.totals.failed, run.totals.passed, run.totals.untested, run.totals.attested) == (1, 1, 2, 1)
    assert (run.totals.sentences, run.totals.sentences_accounted) == (5, 5)
    assert [s.outcome for s in run.sentences] == [Outcome.FAILED, None, Outcome.UNTESTED, Outcome.UNTESTED, None]
    assert run.sentences[0].promises == ("nobody-else", "only-friends")
    assert str(run.verdicts[0].location) == f"{spec}:8:5"
    assert run.coverage["visitor"].seen == 2
    assert run.policy.title == "Privacy"
    assert run.manifest_digest
    assert run.notices == ()


def test_only_the_moment_of_judging_differs(spec: Path, tmp_path: Path) -> None:
    path = record(spec, tmp_path / "reports", [tracked(), clean()])
    first, later = judge_run(path, now=NOW), judge_run(path, now=NOW + timedelta(hours=5))
    assert dump(first).replace(first.judged, later.judged) == dump(later)


def test_verdicts_that_are_known_are_not_judged_again(spec: Path, tmp_path: Path) -> None:
    path = record(spec, tmp_path / "reports", [tracked()])
    with RunDirectory.open(path) as directory:
        loaded = load_run(directory, NOW)
        judge = judge_with(directory, loaded)
        known = {line_key(line): judge.verdict(line, NOW.date()) for line in lines(loaded)[:2]}
    assert dump(judge_run(path, now=NOW, known=known)) == dump(judge_run(path, now=NOW))
    from dataclasses import replace

    first = next(iter(known))
    known[first] = replace(known[first], explanation="as given")
    assert judge_run(path, now=NOW, known=known).verdicts[0].checks[0].explanation == "as given"


def test_lifetimes_count_from_the_observation(spec: Path, tmp_path: Path) -> None:
    with RunDirectory.open(record(spec, tmp_path / "reports", [clean()])) as directory:
        assert judge_with(directory, load_run(directory, datetime.now(UTC))).observed == NOW


def test_an_attestation_expires_by_the_day_of_judging(spec: Path, tmp_path: Path) -> None:
    path = record(spec, tmp_path / "reports", [clean()])
    run = judge_run(path, now=NOW + timedelta(days=400))
    assert run.totals.attested == 0
    assert any("the attestation expired on 2027-11-01" in notice for notice in run.notices)
    assert f"{spec}:" in run.notices[0]


@pytest.mark.parametrize(
    ("fields", "notice"),
    [
        ({"left": [HOME], "interrupted": "stopped by the user"}, "was interrupted (stopped by the user)"),
        ({"third_party_cookies": "blocked"}, "refuses third-party cookies"),
        ({"site": "https://staging.test/"}, "Observed at https://staging.test/, in place of https://shop.test/"),
    ],
)
def test_notices(spec: Path, fields: dict[str, object], notice: str) -> None:
    assert notice in " ".join(judged(spec, clean(), **fields).notices)


def test_an_interrupted_crawl_is_never_a_pass(spec: Path) -> None:
    run = judged(spec, clean(), left=[HOME], interrupted="stopped by the user")
    assert run.verdicts[1].outcome is Outcome.INCONCLUSIVE
    assert exit_code(run) == 3


def test_a_site_that_cannot_be_reached(spec: Path) -> None:
    gone = visit(HOME, outcome=VisitOutcome.NET_ERROR, error="net::ERR_NAME_NOT_RESOLVED", final_url="", status=None)
    run = judged(spec, gone)
    assert run.verdicts[0].outcome is Outcome.INCONCLUSIVE
    assert f"No page of {HOME} could be examined: {HOME}: net::ERR_NAME_NOT_RESOLVED." in run.notices
    assert exit_code(run) == 4


def test_exit_codes(spec: Path) -> None:
    from dataclasses import replace

    broken, kept = judged(spec, tracked()), judged(spec, clean())
    assert (exit_code(broken), exit_code(kept)) == (1, 0)
    waived = tuple(replace(v, disposition=Disposition("waived")) for v in broken.verdicts)
    assert exit_code(replace(broken, verdicts=waived)) == 0
    fault = tuple(replace(v, outcome=Outcome.ERROR) for v in kept.verdicts)
    assert exit_code(replace(kept, verdicts=fault)) == 4


def test_a_waiver_reaches_the_run(tmp_path: Path) -> None:
    given = 'waiver: {reason: goes in March, owner: Web team, expires: "2027-03-31", findings: ["party:tracker.test"]}'
    run = judged(project(tmp_path, SPEC.replace("severity: high", given)), tracked(), clean(ABOUT))
    assert run.verdicts[0].disposition.kind == "waived"
    assert run.totals.waived == 1
    assert exit_code(run) == 0


def test_not_a_run(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such run directory"):
        judge_run(tmp_path / "nowhere", now=NOW)
