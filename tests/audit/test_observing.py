"""Starting a run, and the thread in which it is observed."""

from __future__ import annotations

import _thread
import asyncio
import signal
import threading
from pathlib import Path

import pytest

from audit.prepared import clean, project, record
from compliance.audit import Stop, load_run, options_of, start_run
from compliance.audit.observing import in_own_loop
from compliance.errors import BrowserNotFound, StoreError
from compliance.settings import Settings
from compliance.specfile.loader import load_spec
from compliance.store.rundir import RunDirectory
from compliance.testing import NOW


def test_a_run_keeps_what_it_was_made_for(tmp_path: Path) -> None:
    loaded = load_spec(project(tmp_path))
    with start_run(loaded, Settings(run_root=tmp_path / "reports")) as run:
        assert run.path.parent == tmp_path / "reports"
        assert "-shop.test-" in run.id
        assert run.spec_path.read_text("utf-8") == loaded.text
        assert load_run(run, NOW).digest == loaded.digest
        assert run.ledger.meta("spec_digest") == loaded.digest
        with pytest.raises(StoreError, match="never started"):
            options_of(run)
    with start_run(loaded, Settings(), tmp_path / "other", site="https://staging.test/") as run:
        assert "-staging.test-" in run.id


def test_options_of_a_run(tmp_path: Path) -> None:
    path = record(project(tmp_path), tmp_path / "reports", [clean()], site="https://staging.test/")
    with RunDirectory.open(path) as run:
        assert options_of(run).site == "https://staging.test/"


def test_work_has_a_loop_of_its_own() -> None:
    names: list[str] = []

    async def work(asked: asyncio.Event) -> None:
        await asyncio.sleep(0)
        names.append(threading.current_thread().name)

    async def as_beside_playwright() -> None:
        in_own_loop(work, Stop())

    asyncio.run(as_beside_playwright())
    assert names == ["compliance crawl"]


def test_what_the_work_raises_is_raised_here() -> None:
    async def work(asked: asyncio.Event) -> None:
        raise BrowserNotFound("none", ["/nowhere"])

    with pytest.raises(BrowserNotFound, match="none"):
        in_own_loop(work, Stop())


def test_stop_from_another_thread() -> None:
    stop = Stop()

    async def work(asked: asyncio.Event) -> None:
        threading.Timer(0.01, stop.set).start()
        await asked.wait()

    in_own_loop(work, stop)
    assert stop.asked


def test_stop_before_the_start() -> None:
    stop = Stop()
    stop.set()

    async def work(asked: asyncio.Event) -> None:
        await asked.wait()

    in_own_loop(work, stop)


def test_ctrl_c_lets_the_work_end_and_is_raised_afterwards() -> None:
    ended: list[bool] = []

    async def work(asked: asyncio.Event) -> None:
        _thread.interrupt_main()
        await asked.wait()
        await asyncio.sleep(0.05)
        ended.append(True)

    # A test worker may ignore the signal; a program does not.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            in_own_loop(work, Stop())
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended == [True]
