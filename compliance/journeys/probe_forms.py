"""Trying forms: what does the page itself demand before it sends one? Nothing is sent.

Each case is a fresh load of the page under seal (`seal`): filled in completely, untouched, with one
personal field blank, with all of them blank. What the server would say is not asked. From the first key
on nothing leaves at all, not even a request for a picture: its cookies or its timing could tell.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright

from compliance.browser.cdp import CommandFailed, Unresponsive
from compliance.browser.launch import LaunchOptions
from compliance.errors import BrowserLost
from compliance.journeys.fill import Found, clear, field_name, fill, fillable, find
from compliance.journeys.outcome import Ground, Shown, judge, request_of, submission
from compliance.journeys.plan import acts
from compliance.journeys.seal import Asked, nothing_passes
from compliance.journeys.stage import CannotTry, Stage
from compliance.knowledge.fields import is_personal
from compliance.model.content import Field, Form
from compliance.model.spec import VisitorSpec
from compliance.model.trials import FormCase, FormProbe, ProbeResult

FORM_DEADLINE = 60.0
#: Seconds to wait for a submission or for a sign of refusal.
PATIENCE = 1.5
#: After a sign of refusal: a request that comes all the same comes within this time.
GRACE = 0.25
POLL = 0.03
#: Seconds that requests of the loading page may take to go out.
DRAIN = 2.0
MAX_SINGLE = 10
BLOCKED = frozenset({ProbeResult.BLOCKED_NATIVE, ProbeResult.BLOCKED_SCRIPT, ProbeResult.BLOCKED_CAPTCHA})
_TEXTUAL = frozenset({"text", "email", "tel", "url", "search", "number", "password"})

Keep = Callable[[bytes], str]


async def probe_forms(
    playwright: Playwright,
    options: LaunchOptions,
    major: int,
    profile: Path,
    visitor: VisitorSpec,
    targets: Sequence[tuple[str, Form]],
    *,
    first_party: Callable[[str], bool],
    store: Callable[[FormProbe], None],
    keep: Keep,
    stopped: Callable[[], bool],
) -> None:
    """Try each form and store what it did.

    Args:
        playwright: Running.
        options: How to start the browser.
        major: Its major version.
        profile: Folder of its own; emptied first.
        visitor: Who tries.
        targets: Page address and form (`plan.form_targets`).
        first_party: Does an address belong to the site's owner.
        store: Called once per form.
        keep: Stores a screenshot, returns its digest.
        stopped: Asked between forms.

    Raises:
        BrowserLost: No browser can be started at all.
    """
    stage: Stage | None = None
    try:
        for page, form in targets:
            if stopped():
                return
            if why := acts(form):
                store(not_tried(page, form, why))
                continue
            if stage is None or not stage.browser.alive:
                stage = await Stage.start(playwright, options, major, profile, visitor)
            probe, usable = await _one_form(stage, page, form, first_party, keep)
            store(probe)
            if not usable:
                await stage.close()
                stage = None
    finally:
        if stage is not None:
            await stage.close()


def not_tried(page: str, form: Form, why: str) -> FormProbe:
    """The record of a form that was left alone."""
    return FormProbe(_id(page, form), page, form, (), f"not tried: {why}")


def _id(page: str, form: Form) -> str:
    return f"form-{hashlib.sha256(f'{page} {form.key}'.encode()).hexdigest()[:12]}"


async def _one_form(
    stage: Stage, page: str, form: Form, first_party: Callable[[str], bool], keep: Keep
) -> tuple[FormProbe, bool]:
    """The probe of one form, and whether the browser can be used further."""
    trial = _Trial(stage, Ground(form, page, first_party, stage.bait), keep, [])
    error, usable = "", True
    try:
        async with asyncio.timeout(FORM_DEADLINE):
            await trial.run()
    except CannotTry as cannot:
        error = str(cannot)
    except TimeoutError:
        error, usable = f"not finished in {FORM_DEADLINE:g} s", False
    except Unresponsive as hung:
        error, usable = f"the page stopped answering ({hung})", False
    except (BrowserLost, PlaywrightError) as lost:
        error, usable = f"the browser was lost: {str(lost).splitlines()[0][:200]}", False
    except CommandFailed as failed:
        error, usable = f"the page changed while it was tried ({failed})", False
    return FormProbe(_id(page, form), page, form, tuple(trial.cases), error), usable


@dataclass(slots=True)
class _Trial:
    """The cases of one form."""

    stage: Stage
    ground: Ground
    keep: Keep
    cases: list[FormCase]

    async def run(self) -> None:
        """The control first: a form that does not go when full says nothing when blank."""
        form = self.ground.form
        full = await self._case("full", lambda _: True)
        blank = await self._case("blank", None)
        if full.result is not ProbeResult.SUBMITTED or blank.result is ProbeResult.SUBMITTED:
            return
        personal = list(dict.fromkeys(field_name(f) for f in form.fields if is_personal(f)))
        for name in [name for name in personal if name not in full.blank][:MAX_SINGLE]:
            await self._case(f"without:{name}", lambda one, name=name: field_name(one) != name)  # type: ignore[misc]
        await self._case("minimal", lambda one: field_name(one) not in personal)

    async def _case(self, name: str, wanted: Callable[[Field], bool] | None) -> FormCase:
        """Load, fill, press, watch, leave."""
        stage, ground = self.stage, self.ground
        try:
            await stage.open(ground.page, self._while_loading)
            found = await self._find()
            stage.seal.rule = self._files_only
            if wanted is not None:
                await self._turn_to(found)
            stage.seal.rule = nothing_passes
            await stage.seal.drained(DRAIN)
            notes: list[str] = []
            if wanted is None:
                found.left = list(dict.fromkeys(field_name(one) for one in ground.form.fields))
            else:
                await fill(stage, found, wanted)
                blanks = {field_name(f) for f in ground.form.fields if not wanted(f)}
                kept = [one for one in sorted(blanks) if not await clear(stage, found, one)]
                notes += [f"“{one}” was left as the site filled it in" for one in kept]
            case = await self._press(name, found, notes)
        finally:
            await stage.leave()
        self.cases.append(case)
        return case

    async def _find(self) -> Found:
        """The form; one that a script puts up late is waited for."""
        until = time.monotonic() + 3.0
        while True:
            try:
                return await find(self.stage, self.ground.form)
            except CannotTry:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.1)

    async def _turn_to(self, found: Found) -> None:
        """Put the cursor into the form and wait for the files that the page fetches only now."""
        for index, (one, control) in enumerate(zip(found.form.fields, found.controls, strict=True)):
            if fillable(one, control) and await self.stage.evaluate(found.world, f"watch.select({index})"):
                break
        await asyncio.sleep(2 * POLL)
        await self.stage.settle()

    async def _press(self, name: str, found: Found, notes: list[str]) -> FormCase:
        stage, ground = self.stage, self.ground
        before = [*stage.seal.passed, *stage.seal.caught]
        await stage.read(found.world, "watch.arm()")
        start = len(stage.seal.caught)
        full = name == "full"
        sent, shown, began = None, Shown(), time.monotonic()
        for press in (self._mouse, self._button_key, self._enter):
            if shown.anything or shown.disabled_before or (shown.hits and not full):
                break  # it had an effect, or reached the button that worked when the form was full
            began = time.monotonic()
            if await press(found):
                sent, shown = await self._watch(found, start, before, began, full=full)
            if sent is not None:
                break
        if sent is not None and full:
            self.ground = ground = replace(ground, learned=sent, took=max(0.0, sent.at - began))
        asked = stage.seal.caught[start:]
        result, signals = judge(sent, asked, shown, ground, full=full, waited=time.monotonic() - began)
        picture = await stage.screenshot() if result in BLOCKED else b""
        return FormCase(
            case=name,
            blank=tuple(found.left),
            result=result,
            signals=(*notes, *signals),
            request=request_of(sent, stage.bait) if sent else "",
            screenshot=self.keep(picture) if picture else "",
        )

    async def _mouse(self, found: Found) -> bool:
        """Click the button, unless something lies over it."""
        reachable = "!!watch.submit() && watch.reachable()"
        if not await self.stage.evaluate(found.world, reachable):
            return False
        return await self.stage.click(found.world, "watch.submit()")

    async def _button_key(self, found: Found) -> bool:
        """Press Enter on the button: a banner that lies over it does not keep keys away."""
        if not await self.stage.evaluate(found.world, "!!watch.submit() && watch.hits === 0 && watch.focusSubmit()"):
            return False
        await self.stage.page.keyboard.press("Enter")
        return True

    async def _enter(self, found: Found) -> bool:
        """Press Enter in the first text field."""
        for index, (one, control) in enumerate(zip(found.form.fields, found.controls, strict=True)):
            if control.type not in _TEXTUAL or not fillable(one, control):
                continue
            if await self.stage.evaluate(found.world, f"watch.select({index})"):
                await self.stage.page.keyboard.press("Enter")
                return True
        return False

    async def _watch(
        self, found: Found, start: int, before: Sequence[Asked], began: float, *, full: bool
    ) -> tuple[Asked | None, Shown]:
        """Wait for the submission, or for signs that there will be none."""
        stage, ground = self.stage, self.ground
        patience = max(PATIENCE, 2 * ground.took + 0.5)
        refused_at: float | None = None
        shown = Shown()
        while True:
            sent = submission(stage.seal.caught[start:], before, ground)
            shown = await self._shown(found, shown)
            now = time.monotonic()
            if sent is not None or now - began > patience:
                return sent, shown
            settled = shown.native and shown.refused and not shown.submits
            stuck = shown.disabled_before and shown.disabled
            if settled or stuck or (shown.errors and not full):
                refused_at = refused_at or now
                if now - refused_at > max(GRACE, 1.5 * ground.took) or (settled and now - refused_at > 2 * POLL):
                    return sent, shown
            await asyncio.sleep(POLL)

    async def _shown(self, found: Found, last: Shown) -> Shown:
        try:
            return Shown.of(await self.stage.read(found.world, "watch.state()"), self.stage.dialogs)
        except CommandFailed:
            return replace(last, gone=True, dialogs=tuple(self.stage.dialogs))

    # ---- what may leave

    async def _while_loading(self, asked: Asked) -> bool:
        """Nothing has been typed into this page yet; what an earlier one was told must not leave either."""
        return not self.stage.bait.found(asked.text)

    async def _files_only(self, asked: Asked) -> bool:
        """What a page fetches when somebody turns to its form, before anything is typed."""
        return asked.plain_get and asked.kind in ("script", "stylesheet") and not self.stage.bait.found(asked.text)
