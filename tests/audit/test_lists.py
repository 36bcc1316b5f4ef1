"""Lists of a run: there before the crawl, the same ever after, and told with their age."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.prepared import SPEC, project, record
from compliance.audit import judge_run, load_run, start_run
from compliance.audit.lists import kept
from compliance.audit.taking import take
from compliance.errors import ListError
from compliance.model.verdict import Outcome
from compliance.report.run_json import dump, load
from compliance.settings import Settings
from compliance.specfile.loader import load_spec
from compliance.store.lists import ListFolder
from compliance.store.rundir import RunDirectory
from compliance.testing import NOW, request, visit

WITH_LIST = SPEC.replace(
    "third-party-requests: {}", "known-trackers: {lists: [mine]}\n      third-party-requests: {allow: [odd.test]}"
)
RULES = "! Title: Mine\n! Version: 3\n! Last modified: {}\n! License: CC0\n||odd.test^$third-party\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ListFolder:
    """The user's lists, empty."""
    monkeypatch.setenv("COMPLIANCE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))
    return ListFolder(Settings().lists)


def install(folder: ListFolder, text: str, name: str = "mine") -> None:
    file = folder.path.parent / "given.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    take(str(file), name, folder, NOW.date())


def odd() -> object:
    return visit(requests=[request("https://shop.test/", resource="document"), request("https://odd.test/p.gif")])


def outcome(path: Path) -> Outcome:
    run = judge_run(path, now=NOW)
    return next(c.outcome for v in run.verdicts for c in v.checks if c.check == "known-trackers")


def test_a_list_that_is_not_installed_stops_the_run_before_it_begins(tmp_path: Path, folder: ListFolder) -> None:
    loaded = load_spec(project(tmp_path, WITH_LIST))
    with pytest.raises(ListError, match="known-trackers of nobody-else judges by the list mine, which is not") as told:
        start_run(loaded, Settings(run_root=tmp_path / "reports"))
    assert told.value.hint == "install it: compliance lists update --from FILE-OR-URL --name mine"
    assert not (tmp_path / "reports").exists()
    install(folder, RULES.format("2026-11-01"))
    next(folder.path.glob("*.list")).write_text("||changed.test^")
    with pytest.raises(ListError, match="changed since it was installed"):
        start_run(loaded, Settings(run_root=tmp_path / "reports"))
    assert not (tmp_path / "reports").exists()


def test_a_run_is_judged_by_the_list_that_it_began_with(tmp_path: Path, folder: ListFolder) -> None:
    install(folder, RULES.format("2026-11-01"))
    path = record(project(tmp_path, WITH_LIST), tmp_path / "reports", [odd()])  # type: ignore[list-item]
    assert outcome(path) is Outcome.FAILED
    install(folder, "! Title: Mine\n||other.test^\n")
    assert outcome(path) is Outcome.FAILED
    folder.remove("mine")
    assert outcome(path) is Outcome.FAILED
    assert {"inputs/lists/mine.json"} < {
        name for name in (path / "manifest.json").read_text().split('"') if name.startswith("inputs/lists/")
    }


def test_a_copy_that_was_changed_judges_nothing(tmp_path: Path, folder: ListFolder) -> None:
    install(folder, RULES.format("2026-11-01"))
    path = record(project(tmp_path, WITH_LIST), tmp_path / "reports", [odd()])  # type: ignore[list-item]
    copy = next((path / "inputs" / "lists").glob("*.list"))
    copy.write_text(copy.read_text().replace("odd", "even"))
    with pytest.raises(ListError, match="changed since"):
        judge_run(path, now=NOW)


def test_a_run_made_without_the_list_cannot_be_judged_by_it(tmp_path: Path, folder: ListFolder) -> None:
    path = record(project(tmp_path), tmp_path / "reports", [odd()])  # type: ignore[list-item]
    loaded = load_spec(project(tmp_path, WITH_LIST, "other"))
    with RunDirectory.open(path) as run:
        assert load_run(run, NOW).path == run.spec_path
        with pytest.raises(ListError, match="made without the list mine"):
            kept(run, loaded)


def test_the_run_tells_every_list_with_its_age(tmp_path: Path, folder: ListFolder) -> None:
    install(folder, RULES.format("2026-11-01"))
    path = record(project(tmp_path, WITH_LIST), tmp_path / "reports", [odd()])  # type: ignore[list-item]
    run = judge_run(path, now=datetime(2028, 1, 1, tzinfo=UTC))
    assert [(u.info.name, u.info.version, u.age, u.checks) for u in run.lists] == [
        ("third-party-web", "0.30.0", 69, ("known-trackers",)),
        ("mine", "3", 21, ("known-trackers",)),
    ]
    assert run.lists[1].info.licence == "CC0"
    assert load(dump(run)) == run
    assert not any("days old" in notice for notice in run.notices)


def test_an_old_list_is_a_notice(tmp_path: Path, folder: ListFolder) -> None:
    install(folder, RULES.format("2026-05-01"))
    path = record(project(tmp_path, WITH_LIST), tmp_path / "reports", [odd()])  # type: ignore[list-item]
    told = [notice for notice in judge_run(path, now=NOW).notices if "days old" in notice]
    assert len(told) == 1
    assert "The list mine was 205 days old" in told[0]
    assert "compliance lists update --from" in told[0]


def test_a_run_without_such_checks_rests_on_no_list(tmp_path: Path) -> None:
    path = record(project(tmp_path), tmp_path / "reports", [odd()])  # type: ignore[list-item]
    assert judge_run(path, now=NOW).lists == ()


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"||a.test^", "third-party-web", "ships with this program"),
        (b"||a.test^", "No Name", "no name for a list"),
        (b"||a.test^\n\xff", "mine", "line 2 is not UTF-8"),
        (b"<html>", "mine", "a page"),
        (b"", "mine", "empty"),
    ],
)
def test_what_cannot_be_installed(tmp_path: Path, folder: ListFolder, content: bytes, name: str, why: str) -> None:
    install(folder, RULES.format("2026-11-01"))
    (tmp_path / "x.txt").write_bytes(content)
    with pytest.raises(ListError, match=why) as told:
        take(str(tmp_path / "x.txt"), name, folder, NOW.date())
    assert told.value.hint
    assert folder.names() == ("mine",)
    assert "odd.test" in folder.text("mine")


def test_files_that_cannot_be_read(tmp_path: Path, folder: ListFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ListError, match="cannot be read"):
        take(str(tmp_path / "none.txt"), "", folder, NOW.date())
    (tmp_path / "large.txt").write_text("||a.test^\n")
    monkeypatch.setattr("compliance.audit.taking.MAX_BYTES", 5)
    with pytest.raises(ListError, match="larger than"):
        take(str(tmp_path / "large.txt"), "", folder, NOW.date())


def test_what_is_known_of_an_installed_list(tmp_path: Path, folder: ListFolder) -> None:
    file = tmp_path / "Our_Hosts.v2.txt"
    file.write_text("# mine\n0.0.0.0 a.test\nnonsense here\n")
    taken = take(str(file), "", folder, NOW.date())
    info = folder.info("our-hosts")
    assert info == taken.info
    assert (info.form, info.entries, info.set_aside, info.source) == ("hosts", 1, 1, str(file))
    assert (info.date, info.dated_by, info.licence, taken.before) == ("2026-11-22", "received", "", None)
    again = take(str(file), "", folder, NOW.date())
    assert again.before == info
