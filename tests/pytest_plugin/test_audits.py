"""One crawl per spec and session, whatever becomes of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from audit.prepared import SPEC, project

from compliance.audit import Options
from compliance.errors import BrowserLost
from compliance.model.lists import ListInfo
from compliance.model.observation import Environment, Site
from compliance.pytest_plugin import audits
from compliance.pytest_plugin.audits import AuditFailed, Audits
from compliance.pytest_plugin.options import shared_folder
from compliance.settings import Settings
from compliance.store.lists import ListFolder
from compliance.store.rundir import RunDirectory
from compliance.testing import NOW

PLUGIN = ("-p", "no:playwright", "-p", "compliance.pytest_plugin")


class Died(BaseException):
    """The process is gone: nothing behind this is carried out."""


@pytest.fixture
def spec(pytester: pytest.Pytester) -> Path:
    return project(pytester.path)


@pytest.fixture
def process(pytester: pytest.Pytester, spec: Path) -> Iterator[Callable[[], Audits]]:
    """What each process of one session has."""
    config = pytester.parseconfig(*PLUGIN)
    settings = Settings(run_root=pytester.path / "reports", data=pytester.path / "data")
    yield lambda: Audits(config, settings, frozenset({spec}))
    shutil.rmtree(shared_folder(config))


@pytest.fixture
def crawls(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The runs that were crawled; each observes nothing but that it was there."""
    made: list[Path] = []

    def crawl(loaded: Any, settings: Any, run: RunDirectory, **_: Any) -> None:
        made.append(run.path)
        run.note("options", Options(), Options)
        run.note("site", Site("https://shop.test/"), Site)
        run.note("environment", Environment("test", started=NOW.isoformat()), Environment)

    monkeypatch.setattr(audits, "crawl", crawl)
    return made


def test_two_processes_crawl_once(process: Callable[[], Audits], crawls: list[Path], spec: Path) -> None:
    with process() as one, process() as other:
        assert one.of(spec).run.path == other.of(spec).run.path == crawls[0]
        assert one.of(spec) is one.of(spec)
        assert other.observations("specs/shop.yaml").site.url == "https://shop.test/"
    assert len(crawls) == 1


def test_a_list_that_is_missing_stops_the_audit_before_the_crawl(
    process: Callable[[], Audits], crawls: list[Path], spec: Path
) -> None:
    spec.write_text(SPEC.replace("third-party-requests: {}", "known-trackers: {lists: [mine]}"))
    with process() as one, process() as other:
        for mine in (one, other):
            with pytest.raises(AuditFailed, match="judges by the list mine, which is not installed"):
                mine.of(spec)
    assert crawls == []


def test_a_list_whose_copy_was_changed_fails_the_audit(
    process: Callable[[], Audits], crawls: list[Path], spec: Path, pytester: pytest.Pytester
) -> None:
    ListFolder(pytester.path / "data" / "lists").put(
        ListInfo("mine", "", "", "/x", "", "2026-11-01", "", 1, "installed"), b"odd.test\n"
    )
    spec.write_text(SPEC.replace("third-party-requests: {}", "known-trackers: {lists: [mine]}"))
    with process() as one:
        one.of(spec)
    next((crawls[0] / "inputs" / "lists").glob("*.list")).write_text("even.test\n")
    with process() as other, pytest.raises(AuditFailed, match="changed since"):
        other.of(spec)


def test_a_failed_crawl_is_not_tried_again(
    process: Callable[[], Audits], spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def crawl(*_: Any, **__: Any) -> None:
        tried.append(1)
        raise BrowserLost("the browser died 6 times", hint="look at its log")

    monkeypatch.setattr(audits, "crawl", crawl)
    with process() as one, process() as other:
        for mine in (one, other):
            with pytest.raises(AuditFailed, match="the browser died 6 times\n  look at its log"):
                mine.of(spec)
            with pytest.raises(AuditFailed) as again:
                mine.of(spec)
            assert str(again.value).endswith("the browser died 6 times (as above)")
    assert tried == [1]


def test_a_process_that_died_is_not_waited_for(
    process: Callable[[], Audits], spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crawl(*_: Any, **__: Any) -> None:
        raise Died

    monkeypatch.setattr(audits, "crawl", crawl)
    with process() as one, pytest.raises(Died):
        one.of(spec)
    with process() as other, pytest.raises(AuditFailed, match=r"ended before it was done(.|\n)*compliance resume"):
        other.of(spec)


def test_an_interrupted_crawl_can_be_judged(
    process: Callable[[], Audits], spec: Path, crawls: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    observe = audits.crawl

    def crawl(*given: Any, **more: Any) -> None:
        observe(*given, **more)
        raise KeyboardInterrupt

    monkeypatch.setattr(audits, "crawl", crawl)
    with process() as one, pytest.raises(KeyboardInterrupt):
        one.of(spec)
    with process() as other:
        assert other.of(spec).run.path == crawls[0]


def test_which_spec_is_meant(pytester: pytest.Pytester, spec: Path) -> None:
    config = pytester.parseconfig(*PLUGIN)
    assert Audits(config, Settings(), frozenset({spec})).only_spec() == spec
    with pytest.raises(pytest.fail.Exception, match="needs a spec"):
        Audits(config, Settings(), frozenset()).only_spec()
    with pytest.raises(pytest.fail.Exception, match=r'observations_of\("specs/a.yaml"\)'):
        Audits(config, Settings(), frozenset({Path("specs/b.yaml"), Path("specs/a.yaml")})).only_spec()
