"""Trying forms, links and pages of ours as those of a site are tried: the trials prove themselves in every run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from compliance.browser.launch import Driver, LaunchOptions
from compliance.crawl.controls.server import ControlServer
from compliance.errors import BrowserError
from compliance.journeys.probe_forms import probe_forms
from compliance.journeys.probe_links import probe_links
from compliance.journeys.probe_recording import probe_recording
from compliance.knowledge.controls import BUSY, OTHER
from compliance.knowledge.trials import TRIED_FORMS, TRIED_LINKS, proved
from compliance.model.content import Link
from compliance.model.controls import TrialControl
from compliance.model.recording import RecordingProbe
from compliance.model.spec import VisitorSpec
from compliance.model.trials import FormProbe, LinkProbe
from compliance.model.urls import host_of
from compliance.model.visit import Aspect

#: A busy machine may need another try.
TRIES = 2
Browser = tuple[Driver, LaunchOptions, int, Path, VisitorSpec]


async def try_controls(browser: Browser, aspect: Aspect) -> TrialControl:
    """Try what is known, as the site is tried.

    Args:
        browser: How the trials start their browser; the profile is the control's own.
        aspect: Which trials.
    """
    seen = TrialControl(aspect.value)
    for _ in range(TRIES):
        with ControlServer() as server:
            try:
                seen = await _try(browser, TrialControl(aspect.value), server)
            except BrowserError as error:
                seen = TrialControl(aspect.value, error=error.message)
            seen = replace(seen, arrived=tuple(sorted(server.did)))
        if not proved([seen]).missed:
            break
    return seen


async def _try(browser: Browser, control: TrialControl, server: ControlServer) -> TrialControl:
    here, asked = server.origin(BUSY), urlencode({"other": server.origin(OTHER)})
    page = f"{here}/trials.html?{asked}"
    if control.aspect == Aspect.FORM_PROBES:
        forms: list[FormProbe] = []
        targets = [(page, replace(form, action=here + form.action)) for form in TRIED_FORMS]
        await probe_forms(*browser, targets, first_party=_ours, store=forms.append, keep=_nothing, stopped=_never)
        return replace(control, forms=tuple(forms))
    if control.aspect == Aspect.LINK_PROBES:
        links: list[LinkProbe] = []
        clicks = [(page, Link(server.origin(OTHER) + path, text)) for path, text in TRIED_LINKS]
        await probe_links(*browser, clicks, first_party=_ours, store=links.append, keep=_nothing, stopped=_never)
        return replace(control, links=tuple(links))
    recording: list[RecordingProbe] = []
    pages = [f"{here}/recorder.html?{asked}", server.clean]
    await probe_recording(*browser, pages, decide=lambda _: "", delay=0, store=recording.append, stopped=_never)
    return replace(control, recording=tuple(recording))


def _nothing(_: bytes) -> str:
    return ""


def _never() -> bool:
    return False


def _ours(url: str) -> bool:
    return host_of(url) == BUSY
