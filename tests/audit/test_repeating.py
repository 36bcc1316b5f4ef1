"""Repetitions of a run: made one after the other, kept apart, judged alone and together."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from audit.prepared import HOME, clean, observe, project, record, tracked
from compliance.audit import Options, Stop, crawl, exit_code, judge_run, load_run, options_of, start_run
from compliance.crawl.events import Event, RepetitionStarted
from compliance.errors import BrowserLost, SettingsError, StoreError
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Visit, VisitOutcome
from compliance.settings import Settings
from compliance.specfile.loader import load_spec
from compliance.store.rundir import RunDirectory
from compliance.testing import NOW, visit


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return project(tmp_path)


def recorded(spec: Path, *repetitions: list[Visit], planned: int = 0) -> Path:
    """A run directory with these repetitions, of so many that were planned."""
    loaded = load_spec(spec)
    path = record(spec, spec.parents[1] / "reports", repetitions[0], repeat=planned or len(repetitions))
    with RunDirectory.open(path, write=True) as run:
        for number, visits in enumerate(repetitions[1:], 2):
            with run.begin_repetition(number) as repetition:
                repetition.note("options", Options(), Options)
                observe(repetition, loaded, visits)
        run.seal()
    return path


# ---- judged


def test_a_deviation_in_one_repetition_breaks_what_needs_no_likeness(spec: Path) -> None:
    run = judge_run(recorded(spec, [clean()], [tracked()], [clean()]), now=NOW)
    line = run.verdicts[0].checks[0]
    assert (line.outcome, exit_code(run)) == (Outcome.FAILED, 1)
    assert "seen in 1 of 3 repetitions" in line.explanation
    assert line.findings[0].seen_in == (2,)
    assert {e.repetition for e in line.findings[0].evidence} == {2}
    assert [r.outcome.value for r in line.repetitions] == ["passed", "failed", "passed"]
    assert run.verdicts[1].outcome is Outcome.PASSED
    assert [(r.number, r.folder, r.ended, r.coverage["visitor"].seen) for r in run.repetitions] == [
        (1, "", "", 1), (2, "repeats/2", "", 1), (3, "repeats/3", "", 1),
    ]  # fmt: skip
    # What nobody observes is said once.
    assert run.verdicts[2].checks[0].repetitions == ()


def test_one_repetition_is_a_run_as_ever(spec: Path) -> None:
    run = judge_run(recorded(spec, [tracked()]), now=NOW)
    assert run.repetitions == ()
    assert run.verdicts[0].checks[0].findings[0].seen_in == ()
    assert run.verdicts[0].checks[0].repetitions == ()


def test_a_repetition_that_is_missing_lets_nothing_pass(spec: Path) -> None:
    path = recorded(spec, [clean()], planned=2)
    run = judge_run(path, now=NOW)
    assert (run.verdicts[0].outcome, run.verdicts[0].checks[0].reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    assert run.notices[0].startswith("Repetition 2 of 2 was not made. Go on with: compliance resume ")
    assert run.notices[0].endswith(path.name)
    assert exit_code(run) == 3


def test_a_repetition_that_was_begun_and_saw_nothing_lets_nothing_pass(spec: Path) -> None:
    path = recorded(spec, [clean()], planned=2)
    with RunDirectory.open(path, write=True) as run:
        run.begin_repetition(2).close()
    judged = judge_run(path, now=NOW)
    assert judged.verdicts[0].outcome is Outcome.INCONCLUSIVE
    assert "The crawl of repetition 2 never came to its end" in judged.notices[0]


def test_an_interrupted_repetition_is_named(spec: Path) -> None:
    path = recorded(spec, [clean()], planned=2)
    with RunDirectory.open(path, write=True) as run, run.begin_repetition(2) as second:
        observe(second, load_spec(spec), [clean()], left=[HOME], interrupted="stopped by the user")
    judged = judge_run(path, now=NOW)
    assert "The crawl of repetition 2 was interrupted (stopped by the user)" in judged.notices[0]
    assert judged.verdicts[0].outcome is Outcome.INCONCLUSIVE


def test_a_repetition_that_reached_nothing_is_named(spec: Path) -> None:
    gone = visit(HOME, outcome=VisitOutcome.NET_ERROR, error="net::ERR_FAILED", final_url="", status=None)
    run = judge_run(recorded(spec, [clean()], [gone]), now=NOW)
    assert f"No page of {HOME} could be examined in repetition 2: {HOME}: net::ERR_FAILED." in run.notices
    assert run.verdicts[0].outcome is Outcome.INCONCLUSIVE
    assert exit_code(run) == 3
    assert exit_code(judge_run(recorded(spec, [gone], [gone]), now=NOW)) == 4


def test_repetitions_of_different_specs_are_not_mixed(spec: Path) -> None:
    path = recorded(spec, [clean()], [clean()])
    with RunDirectory.open(path, write=True) as run, run.begin_repetition(2) as second:
        second.ledger.note("spec_digest", "another")
    with pytest.raises(StoreError, match="another spec"):
        judge_run(path, now=NOW)


def test_different_browsers_are_said(spec: Path) -> None:
    from dataclasses import replace

    from compliance.model.observation import Environment

    path = recorded(spec, [clean()], [clean()])
    with RunDirectory.open(path, write=True) as run, run.begin_repetition(2) as second:
        changed = replace(second.fact("environment", Environment), browser="Chromium 2")
        second.note("environment", changed, Environment)
    assert any("different browsers: Chromium 1, Chromium 2." in n for n in judge_run(path, now=NOW).notices)


def test_each_repetition_can_be_judged_alone(spec: Path) -> None:
    path = recorded(spec, [clean()], [tracked()])
    alone = judge_run(path / "repeats" / "2", now=NOW)
    assert alone.verdicts[0].outcome is Outcome.FAILED
    assert alone.id == f"{path.name}/repeats/2"
    assert alone.repetitions == ()


# ---- made


class Site:
    """Stands in for browser and site: each observation of it takes the next of these turns."""

    def __init__(self, spec: Path, *turns: Callable[[RunDirectory, Stop], None]) -> None:
        self.loaded, self.turns, self.stop = load_spec(spec), list(turns), Stop()
        self.seen_in: list[str] = []

    async def observe(self, plan: Any, settings: Any, run: RunDirectory, emit: Any, *, stop: asyncio.Event) -> None:
        self.seen_in.append(run.path.name)
        self.turns.pop(0)(run, self.stop)
        await asyncio.sleep(0.01)  # whoever asked for an end is heard


async def nothing(*_: Any, **__: Any) -> None:
    """Nothing is tried, no name is looked up."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, spec: Path) -> Iterator[Callable[..., Site]]:
    def make(*turns: Callable[[RunDirectory, Stop], None]) -> Site:
        made = Site(spec, *turns)
        monkeypatch.setattr("compliance.crawl.crawler.observe", made.observe)
        monkeypatch.setattr("compliance.audit.trying.try_out", nothing)
        monkeypatch.setattr("compliance.crawl.names.look_up_names", nothing)
        return made

    return make


def sees(*visits: Visit) -> Callable[[RunDirectory, Stop], None]:
    return lambda run, _: observe(run, load_run(run, NOW), visits)


def sees_and_is_stopped(*visits: Visit) -> Callable[[RunDirectory, Stop], None]:
    def turn(run: RunDirectory, stop: Stop) -> None:
        observe(run, load_run(run, NOW), visits, left=[HOME])
        stop.set()

    return turn


def dies(run: RunDirectory, stop: Stop) -> None:
    raise BrowserLost("the browser died 6 times")


def made(site: Site, run: RunDirectory, repeat: int) -> list[Event]:
    events: list[Event] = []
    site.stop = Stop()
    crawl(site.loaded, Settings(), run, repeat=repeat, emit=events.append, stop=site.stop)
    return events


def test_repetitions_are_made_one_after_the_other_and_sealed(site: Callable[..., Site], tmp_path: Path) -> None:
    shop = site(sees(clean()), sees(tracked()), sees(clean()))
    with start_run(shop.loaded, Settings(), tmp_path / "reports") as run:
        events = made(shop, run, 3)
        path = run.path
        assert options_of(run).repeat == 3
    assert shop.seen_in == [path.name, "2", "3"]
    assert [e for e in events if isinstance(e, RepetitionStarted)] == [RepetitionStarted(n, 3) for n in (1, 2, 3)]
    files = json.loads((path / "manifest.json").read_text())["files"]
    kept = {"ledger.sqlite", "repeats/2/ledger.sqlite", "repeats/2/inputs/spec.yaml", "repeats/3/manifest.json"}
    assert kept <= set(files)
    assert judge_run(path, now=NOW).verdicts[0].outcome is Outcome.FAILED
    with RunDirectory.open(path) as run, run.begin_repetition(2) as second:
        assert options_of(second).repeat == 1


def test_views_of_a_repetition_are_no_evidence(site: Callable[..., Site], tmp_path: Path) -> None:
    path = recorded(project(tmp_path), [clean()], [clean()])
    (path / "repeats" / "2" / "run.json").write_text("{}")
    with RunDirectory.open(path, write=True) as run:
        run.seal()
    assert "repeats/2/run.json" not in json.loads((path / "manifest.json").read_text())["files"]


def test_who_stops_in_the_second_repetition_loses_nothing(site: Callable[..., Site], tmp_path: Path) -> None:
    shop = site(sees(clean()), sees_and_is_stopped(clean()))
    with start_run(shop.loaded, Settings(), tmp_path / "reports") as run:
        made(shop, run, 3)
        path = run.path
    assert shop.seen_in == [path.name, "2"]
    judged = judge_run(path, now=NOW)
    assert [r.ended for r in judged.repetitions] == ["", "was interrupted (stopped by the user)", "was not made"]
    assert judged.verdicts[0].outcome is Outcome.INCONCLUSIVE
    assert judged.verdicts[0].checks[0].repetitions[0].outcome is Outcome.PASSED

    def goes_on(run: RunDirectory, _: Stop) -> None:
        assert sum(1 for _ in run.ledger.visits()) == 1, "what was seen before is there"
        claim = run.ledger.claim("visitor", clean().session, "again")
        assert claim is not None
        run.ledger.finish(claim, clean(HOME), [], [])
        run.ledger.note("interrupted", "")

    shop.turns = [goes_on, sees(clean())]
    with RunDirectory.open(path, write=True) as run:
        made(shop, run, options_of(run).repeat)
    assert shop.seen_in == [path.name, "2", "2", "3"], "the first is not made again"
    assert [r.ended for r in judge_run(path, now=NOW).repetitions] == ["", "", ""]
    assert judge_run(path, now=NOW).verdicts[0].outcome is Outcome.PASSED


def test_a_browser_that_dies_ends_the_run_and_keeps_what_there_is(site: Callable[..., Site], tmp_path: Path) -> None:
    shop = site(sees(clean()), dies)
    with start_run(shop.loaded, Settings(), tmp_path / "reports") as run:
        with pytest.raises(BrowserLost):
            made(shop, run, 2)
        path = run.path
    assert (path / "repeats" / "2" / "manifest.json").is_file()
    assert judge_run(path, now=NOW).repetitions[1].ended == "ended with an error: the browser died 6 times"


def test_a_whole_run_is_repeated_further(site: Callable[..., Site], tmp_path: Path) -> None:
    shop = site(sees(tracked()), sees(clean()), sees(clean()))
    with start_run(shop.loaded, Settings(), tmp_path / "reports") as run:
        made(shop, run, 1)
        path = run.path
    with RunDirectory.open(path, write=True) as run:
        made(shop, run, 3)
    assert shop.seen_in == [path.name, "2", "3"]
    assert len(judge_run(path, now=NOW).repetitions) == 3


def test_what_was_left_at_once_is_not_whole(
    site: Callable[..., Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks_off(*_: Any, **__: Any) -> None:
        raise OSError("no space left")

    shop = site(sees(clean()), sees(clean()))
    monkeypatch.setattr("compliance.audit.trying.try_out", breaks_off)
    with start_run(shop.loaded, Settings(), tmp_path / "reports") as run:
        with pytest.raises(OSError, match="no space"):
            made(shop, run, 2)
        assert not run.whole
        monkeypatch.setattr("compliance.audit.trying.try_out", nothing)
        shop.turns = [lambda *_: None, sees(clean())]
        made(shop, run, 2)
        assert run.whole
        path = run.path
    assert shop.seen_in == [path.name, path.name, "2"]


def test_no_repetition_is_made_unseen(spec: Path) -> None:
    path = recorded(spec, [clean()], [tracked()], planned=1)
    assert judge_run(path, now=NOW).verdicts[0].outcome is Outcome.FAILED


def test_a_run_is_made_once_at_least(site: Callable[..., Site], tmp_path: Path) -> None:
    shop = site()
    with start_run(shop.loaded, Settings(), tmp_path / "reports") as run, pytest.raises(SettingsError, match="once"):
        made(shop, run, 0)
