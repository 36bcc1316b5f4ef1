"""What must be tried to be seen, after the crawl: forms and external links under seal, and pages for recorders.

Nothing that is tried under seal reaches the site; see `compliance.journeys`. The trials have browser profiles of
their own, so that they leave no trace in the visitors' sessions.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Coroutine, Iterator
from pathlib import Path

from compliance.audit.proving import try_controls
from compliance.browser.launch import Driver, LaunchOptions, driver, launch_options
from compliance.browser.passage import THROUGH
from compliance.crawl.events import Emit, Notice, ProbesStarted
from compliance.crawl.plan import CrawlPlan
from compliance.crawl.reconcile import missing
from compliance.crawl.scope import Scope
from compliance.errors import first_of
from compliance.journeys.plan import form_targets
from compliance.journeys.probe_forms import not_tried, probe_forms
from compliance.journeys.probe_links import probe_links
from compliance.journeys.probe_recording import probe_recording
from compliance.journeys.recorded_pages import recording_targets
from compliance.knowledge.pressing import link_targets
from compliance.knowledge.trials import proved
from compliance.model.controls import TrialControl
from compliance.model.recording import RecordingProbe
from compliance.model.spec import VisitorSpec
from compliance.model.trials import FormProbe, LinkProbe
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome
from compliance.settings import Settings
from compliance.store.codec import encode
from compliance.store.rundir import TRIAL_CONTROLS_KEPT, RunDirectory

#: What this module records.
TRIED = frozenset({Aspect.FORM_PROBES, Aspect.LINK_PROBES, Aspect.RECORDING_PROBES})


async def try_out(plan: CrawlPlan, settings: Settings, run: RunDirectory, emit: Emit, *, stop: asyncio.Event) -> None:
    """Try what the plan asks for and has not been tried in this run.

    Raises:
        BrowserError: The browser cannot be started.
    """
    if not plan.aspects & TRIED or stop.is_set():
        return
    options, major = launch_options(settings, plan.resolve, plan.ignore_tls)
    profile = run.path / ".trials"
    async with driver() as playwright:
        for visitor in plan.visitors:
            trials = _Trials(playwright, options, major, profile, visitor, plan, run, emit, stop)
            try:
                # Beside the others: nearly all of its time it waits for what pages send late.
                async with asyncio.TaskGroup() as group:
                    if Aspect.RECORDING_PROBES in plan.aspects:
                        group.create_task(trials.recording())
                    group.create_task(trials.sealed())
            except BaseExceptionGroup as failed:
                raise first_of(failed) from None
    await asyncio.to_thread(shutil.rmtree, profile, ignore_errors=True)


class _Trials:
    """The trials of one visitor."""

    def __init__(
        self,
        playwright: Driver,
        options: LaunchOptions,
        major: int,
        profile: Path,
        visitor: VisitorSpec,
        plan: CrawlPlan,
        run: RunDirectory,
        emit: Emit,
        stop: asyncio.Event,
    ) -> None:
        self._browser = (playwright, options, major, profile, visitor)
        self._visitor, self._plan, self._run, self._emit, self._stop = visitor.name, plan, run, emit, stop

    def _visits(self, aspect: Aspect) -> Iterator[Visit]:
        return self._run.ledger.visits(visitor=self._visitor, session=Session.FIRST, aspects=frozenset({aspect}))

    def _begun(self, aspect: Aspect) -> bool:
        """Were these trials made already, by the run that this one goes on with."""
        return self._run.ledger.meta(f"probed:{aspect.value}:{self._visitor}") is not None

    def _done(self, aspect: Aspect) -> None:
        if not self._stop.is_set():
            self._run.ledger.note(f"probed:{aspect.value}:{self._visitor}", "tried")

    async def _beside(self, aspect: Aspect, needed: bool, trying: Coroutine[object, object, None]) -> None:
        """Try what the site has, and beside it what is known."""
        async with asyncio.TaskGroup() as group:
            group.create_task(trying)
            group.create_task(self._control(aspect, needed))

    async def _control(self, aspect: Aspect, needed: bool) -> None:
        playwright, options, major, profile, visitor = self._browser
        profile = profile.with_name(f"{profile.name}-control-{aspect.value}")
        seen = TrialControl(aspect.value, needed=False)
        if needed:
            seen = await try_controls((playwright, options, major, profile, visitor), aspect)
            await asyncio.to_thread(shutil.rmtree, profile, ignore_errors=True)
        self._run.ledger.add_probe(self._visitor, TRIAL_CONTROLS_KEPT, aspect.value, encode(seen, TrialControl))
        for miss in proved([seen]).missed:
            self._emit(Notice(f"a trial failed its control: {miss.what}: {miss.why}"))

    async def sealed(self) -> None:
        """What is tried under seal, one after the other."""
        if Aspect.FORM_PROBES in self._plan.aspects:
            await self.forms()
        if Aspect.LINK_PROBES in self._plan.aspects:
            await self.links()

    async def recording(self) -> None:
        """Try a few pages for session recording."""
        if self._begun(Aspect.RECORDING_PROBES):
            return
        playwright, options, major, profile, visitor = self._browser
        visits = self._run.ledger.visits(
            visitor=self._visitor, session=Session.FIRST, aspects=frozenset({Aspect.REQUESTS, Aspect.FORMS})
        )
        pages = recording_targets(visits)
        self._emit(ProbesStarted(self._visitor, Aspect.RECORDING_PROBES.value, len(pages)))
        profile = profile.with_name(f"{profile.name}-recording")
        scope = Scope(self._plan)

        def store(probe: RecordingProbe) -> None:
            self._run.ledger.add_probe(
                self._visitor, Aspect.RECORDING_PROBES.value, probe.page, encode(probe, RecordingProbe)
            )

        try:
            await self._beside(Aspect.RECORDING_PROBES, bool(pages), probe_recording(
                playwright, options, major, profile, visitor, pages,
                decide=lambda url: may_open(url, scope), delay=self._plan.delay,
                missing=lambda *seen: missing(*seen, exact=True), store=store, stopped=self._stop.is_set,
            ))  # fmt: skip
        finally:
            await asyncio.to_thread(shutil.rmtree, profile, ignore_errors=True)
        self._done(Aspect.RECORDING_PROBES)

    async def forms(self) -> None:
        """Try each form that asks for something personal."""
        if self._begun(Aspect.FORM_PROBES):
            return
        targets = form_targets(self._visits(Aspect.FORMS))
        self._emit(ProbesStarted(self._visitor, Aspect.FORM_PROBES.value, len(targets.tried)))

        def store(probe: FormProbe) -> None:
            self._run.ledger.add_probe(
                self._visitor, Aspect.FORM_PROBES.value, f"{probe.page} {probe.form.key}", encode(probe, FormProbe)
            )

        await self._beside(Aspect.FORM_PROBES, bool(targets.tried), probe_forms(
            *self._browser, targets.tried, first_party=self._plan.site.is_first_party, store=store,
            keep=self._run.blobs.put, stopped=self._stop.is_set,
        ))  # fmt: skip
        for page, form, why in targets.left_out:
            store(not_tried(page, form, why))
        self._done(Aspect.FORM_PROBES)

    async def links(self) -> None:
        """Click one external link per destination."""
        if self._begun(Aspect.LINK_PROBES):
            return
        targets = link_targets(self._visits(Aspect.LINKS), self._plan.site)
        self._emit(ProbesStarted(self._visitor, Aspect.LINK_PROBES.value, len(targets)))

        def store(probe: LinkProbe) -> None:
            self._run.ledger.add_probe(
                self._visitor, Aspect.LINK_PROBES.value, f"{probe.page} {probe.href}", encode(probe, LinkProbe)
            )

        await self._beside(Aspect.LINK_PROBES, bool(targets), probe_links(
            *self._browser, targets, first_party=self._plan.site.is_first_party, store=store,
            keep=self._run.blobs.put, stopped=self._stop.is_set,
        ))  # fmt: skip
        self._done(Aspect.LINK_PROBES)


def may_open(url: str, scope: Scope) -> str:
    """How a page under trial may go on to an address (`Decide`)."""
    if scope.on_site(url):
        refused = scope.refuse(url)
        return f"{refused.reason}: wanted to go on to {url[:200]}: {refused.detail}" if refused else ""
    if scope.passable(url):
        return THROUGH
    return f"{VisitOutcome.BLOCKED_SCOPE}: wanted to go on to {url[:200]}"
