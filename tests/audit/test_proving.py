"""The trials prove themselves on forms, links and pages of ours; a trial that is broken is found out."""

import asyncio

import pytest

from compliance.audit import proving
from compliance.audit.proving import try_controls
from compliance.browser.launch import driver, launch_options
from compliance.journeys import probe_forms
from compliance.journeys.seal import Seal
from compliance.knowledge.trials import TRIED, proved
from compliance.model.spec import VisitorSpec
from compliance.model.trials import ProbeResult
from compliance.model.visit import Aspect
from compliance.settings import Settings

pytestmark = pytest.mark.browser


def tried(folder, *aspects):
    options, major = launch_options(Settings())

    async def work():
        async with driver() as playwright:
            return await asyncio.gather(
                *(try_controls((playwright, options, major, folder / a, VisitorSpec()), a) for a in aspects)
            )

    return asyncio.run(work())


@pytest.mark.slow  # the honest site of the matrix does the same
def test_these_trials_are_right(tmp_path):
    shown = proved(tried(tmp_path, *TRIED))
    assert shown.missed == ()
    assert shown.tried == 10
    assert shown.aspects == TRIED


@pytest.mark.slow
def test_a_trial_that_judges_wrongly_is_found_out(tmp_path, monkeypatch):
    monkeypatch.setattr(proving, "TRIES", 1)
    monkeypatch.setattr(probe_forms, "judge", lambda *_, **__: (ProbeResult.SUBMITTED, []))
    shown = proved(tried(tmp_path, Aspect.FORM_PROBES))
    assert "a form that the browser refuses while a field is blank" in {m.what for m in shown.missed}


def test_a_seal_that_leaks_is_found_out(tmp_path, monkeypatch):
    async def passes(*_):
        return True

    monkeypatch.setattr(proving, "TRIES", 1)
    monkeypatch.setattr(probe_forms, "nothing_passes", passes)
    monkeypatch.setattr(Seal, "rule", property(lambda _: passes, lambda *_: None), raising=False)
    shown = proved(tried(tmp_path, Aspect.FORM_PROBES))
    assert "the seal" in {m.what for m in shown.missed}
