"""From a spec to a filled run directory: the half of an audit that needs a browser."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from compliance.audit.lists import require
from compliance.crawl.events import Emit, Event, RepetitionStarted
from compliance.crawl.plan import DWELL, CrawlPlan, make_plan
from compliance.errors import ComplianceError, SettingsError
from compliance.model.urls import host_of
from compliance.settings import Settings
from compliance.specfile.loader import LoadedSpec, load_spec
from compliance.store.lists import ListFolder
from compliance.store.rundir import RunDirectory


@dataclass(frozen=True, slots=True)
class Options:
    """How a run was asked for: enough to go on with it later."""

    site: str | None = None
    """Address that replaces the spec's."""
    resolve: tuple[str, ...] = ()
    ignore_tls: tuple[str, ...] = ()
    dwell: float = DWELL
    dns: str | None = None
    """The DNS server that the site's names are looked up at; the machine's own when None."""
    repeat: int = 1
    """How often the whole observation is made."""


class Stop:
    """Asks a crawl to end soon. `set` may be called from any thread, and from a signal handler."""

    def __init__(self) -> None:
        self._asked = False
        self._wake: Callable[[], object] | None = None

    @property
    def asked(self) -> bool:
        """Has anybody asked."""
        return self._asked

    def set(self) -> None:
        """Ask."""
        self._asked = True
        if self._wake is not None:
            self._wake()

    @contextmanager
    def wired(self, wake: Callable[[], object]) -> Iterator[None]:
        """Call `wake` when somebody asks, at once when somebody has."""
        self._wake = wake
        if self._asked:
            wake()
        try:
            yield
        finally:
            self._wake = None


def silent(event: Event) -> None:
    """Tell nobody."""


def moment() -> str:
    """Now, as records have it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def start_run(
    loaded: LoadedSpec, settings: Settings, root: Path | None = None, *, site: str | None = None
) -> RunDirectory:
    """A new run directory that holds the spec, the policy version and the lists as they are now.

    Args:
        loaded: The spec.
        settings: Where lists are, and run directories are made when `root` is not given.
        root: Folder for the run directory.
        site: Address that replaces the spec's; the directory is named after its host.

    Raises:
        ListError: The spec names a list that is not installed, or is damaged.
        StoreError: The directory cannot be made or written.
    """
    installed = ListFolder(settings.lists)
    wanted = require(loaded, installed)
    run = RunDirectory.create(root or settings.run_root, host_of(site or loaded.spec.site.url))
    run.keep_inputs(loaded.path, Path(loaded.policy.path))
    installed.copy_to(run.lists, wanted)
    run.ledger.note("spec_digest", loaded.digest)
    run.ledger.note("started", moment())
    return run


def load_run(run: RunDirectory, now: datetime) -> LoadedSpec:
    """The spec of a run, as it was when the run began.

    Raises:
        SpecErrors: It is not valid for this version of the package, or was changed in the run directory.
    """
    return load_spec(run.spec_path, policy_dir=run.policy_path, today=now.date())


def options_of(run: RunDirectory) -> Options:
    """How the crawl of a run was asked for.

    Raises:
        StoreError: The run was made, but its crawl was never started.
    """
    found: Options = run.fact("options", Options)
    return found


def crawl(
    loaded: LoadedSpec,
    settings: Settings,
    run: RunDirectory,
    *,
    site: str | None = None,
    emit: Emit = silent,
    dwell: float = DWELL,
    repeat: int = 1,
    stop: Stop | None = None,
) -> None:
    """Observe the site, or go on observing it; the run directory holds what was seen when this returns.

    Repetitions are made one after the other, each as if there were no other: with new visitors, and a run directory
    of its own inside `run`. Those that came to their end are not made again.

    It works in a thread with an event loop of its own, because `asyncio.run` fails in a thread where the
    synchronous Playwright of a test suite has started. Ctrl-C ends it in good order and is raised again
    afterwards; a second one does not wait.

    Args:
        loaded: The spec.
        settings: Browser, resolver overrides, certificates.
        run: Open for writing.
        site: Address that replaces the spec's.
        emit: Is told of every visit; called in the other thread.
        dwell: Seconds that a page with unknown scripts is watched after it has loaded.
        repeat: How often the whole observation is made.
        stop: Ends the crawl early when set.

    Raises:
        BrowserError: No browser, or it was lost for good.
        SettingsError: A setting is wrong.
    """
    if repeat < 1:
        raise SettingsError(f"--repeat {repeat}: a run is made once at least")
    plan, stop = make_plan(loaded, settings, site=site, dwell=dwell), stop or Stop()
    asked = Options(site, settings.resolve, settings.ignore_tls, dwell, settings.dns)
    run.note("options", replace(asked, repeat=repeat), Options)
    try:
        for number in range(1, repeat + 1):
            if number > 1 and stop.asked:
                break
            with _repetition(run, number) as directory:
                if repeat > 1:
                    if directory.whole:
                        continue
                    emit(RepetitionStarted(number, repeat))
                if number > 1:
                    directory.note("options", asked, Options)
                _observe(plan, settings, directory, emit, stop)
    finally:
        if repeat > 1:
            run.seal()


def _repetition(run: RunDirectory, number: int) -> AbstractContextManager[RunDirectory]:
    """Where repetition `number` is kept: the first is the run directory itself, which stays open."""
    return nullcontext(run) if number == 1 else run.begin_repetition(number)


def _observe(plan: CrawlPlan, settings: Settings, run: RunDirectory, emit: Emit, stop: Stop) -> None:
    """One repetition, from where it stands to its end."""
    from compliance.audit.trying import try_out  # noqa: PLC0415 - brings Playwright, which judging does without
    from compliance.crawl.crawler import observe  # noqa: PLC0415
    from compliance.crawl.names import look_up_names  # noqa: PLC0415

    run.ledger.note("failed", "")
    try:

        async def look(asked: asyncio.Event) -> None:
            await observe(plan, settings, run, emit, stop=asked)
            # Until it is: whoever leaves at once, or is killed, leaves a run that can go on.
            run.ledger.note("interrupted", "the run did not finish")
            await try_out(plan, settings, run, emit, stop=asked)
            if not asked.is_set():
                await look_up_names(plan, settings, run)
            run.ledger.note("interrupted", "stopped by the user" if asked.is_set() else "")

        in_own_loop(look, stop)
    except ComplianceError as error:
        run.ledger.note("failed", error.message)
        raise
    finally:
        run.ledger.note("finished", moment())
        run.seal()


def in_own_loop(work: Callable[[asyncio.Event], Coroutine[object, object, None]], stop: Stop) -> None:
    """Run `work` to its end in a thread with its own event loop; what it raises is raised here.

    Args:
        work: Makes the coroutine; it is given the event that says "end soon".
        stop: Sets that event.
    """
    failures: list[BaseException] = []
    done = threading.Event()

    async def body() -> None:
        asked, loop = asyncio.Event(), asyncio.get_running_loop()
        with stop.wired(lambda: loop.call_soon_threadsafe(asked.set)):
            await work(asked)

    def main() -> None:
        try:
            asyncio.run(body())
        except BaseException as error:
            failures.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=main, name="compliance crawl", daemon=True)
    try:
        thread.start()
        _wait(done)
    except KeyboardInterrupt:
        if not stop.asked and thread.ident is not None:
            stop.set()
            _wait(done)
        raise
    if failures:
        raise failures[0]


def _wait(done: threading.Event) -> None:
    # Not `Thread.join`: interrupted by Ctrl-C, Python 3.11's takes the thread for ended. In slices, because a wait
    # without end keeps signals from being handled on some systems.
    while not done.wait(0.5):
        pass
