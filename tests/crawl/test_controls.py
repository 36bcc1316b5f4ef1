"""What the control pages do is in the record, and an instrument that is blind lets nothing pass."""

import asyncio
from dataclasses import fields, replace

import pytest

from compliance.browser import state as state_module
from compliance.browser.launch import BrowserSession, driver, launch_options
from compliance.browser.netlog import NetLog
from compliance.browser.recorders.bodies import Bodies
from compliance.browser.recorders.calls import CallRecorder
from compliance.browser.recorders.network import NetworkRecorder
from compliance.browser.state import VisitState
from compliance.browser.world import World
from compliance.crawl import crawler as crawler_module
from compliance.crawl.controls import visit as visit_module
from compliance.crawl.controls.server import ControlServer
from compliance.crawl.controls.visit import Controlled, prove, visit_controls
from compliance.knowledge.controls import CONTROLLED, results
from compliance.model.controls import AFTER, BEFORE, ControlRun
from compliance.model.spec import VisitorSpec
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Aspect
from compliance.settings import Settings
from compliance.store.codec import decode, encode
from compliance.store.rundir import RunDirectory
from tests.sites import LocalSite

from .test_crawler import Crawl, plan_of

pytestmark = pytest.mark.browser


def visited(profile, *times, aspects=CONTROLLED):
    """The control pages, visited that often with one profile."""
    options, major = launch_options(Settings())

    async def work():
        async with driver() as playwright:
            how = Controlled(playwright, options, major, aspects)
            with ControlServer() as server:
                return [await visit_controls(how, server, VisitorSpec(), profile, when) for when in times]

    return asyncio.run(work())


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return visited(tmp_path_factory.mktemp("controls") / "profile", BEFORE, AFTER)


def test_this_instrument_sees_everything(runs):
    shown = results(runs)
    assert shown.missed == ()
    assert shown.tried > 90
    assert runs[0].cannot == runs[1].cannot == ()


def test_what_was_seen_can_be_judged_again(runs):
    kept = [decode(encode(run, ControlRun), ControlRun) for run in runs]
    assert results(kept) == results(runs)


def blind_network(self, source, method, params, on=NetworkRecorder.on):
    if method != "Network.requestWillBeSent":
        on(self, source, method, params)


async def nothing(*_, **__):
    return ()


SABOTAGE = {
    "no request is told": (NetworkRecorder, "on", blind_network, Aspect.REQUESTS),
    "no body is read on its way out": (Bodies, "take", lambda *_: None, Aspect.REQUESTS),
    "the log is not understood": (NetLog, "_constants", lambda *_: None, Aspect.REQUESTS),
    "attempts to set cookies are not told": (NetworkRecorder, "set_cookies", lambda _: (), Aspect.COOKIES),
    "the jar looks empty": (BrowserSession, "cookies", nothing, Aspect.COOKIES),
    "writes of scripts are not told": (state_module, "script_write", lambda *_: None, Aspect.COOKIES),
    "calls are not told": (CallRecorder, "calls", lambda _: (), Aspect.API_CALLS),
    "workers are not told": (CallRecorder, "attached", lambda *_: None, Aspect.API_CALLS),
    "the console is not heard": (VisitState, "_say", lambda *_: None, Aspect.CONSOLE),
}
#: In every test run; each takes two seconds.
QUICK = ("no body is read on its way out", "the jar looks empty", "workers are not told")


@pytest.mark.parametrize("name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in SABOTAGE])
def test_an_instrument_that_is_broken_is_found_out(tmp_path, monkeypatch, name):
    where, what, instead, aspect = SABOTAGE[name]
    monkeypatch.setattr(visit_module, "TRIES", 1)
    monkeypatch.setattr(where, what, instead)
    (run,) = visited(tmp_path / "profile", BEFORE)
    assert aspect in {m.aspect for m in results([run]).missed if m.when == BEFORE}


def test_a_page_that_is_read_by_halves_is_found_out(tmp_path, monkeypatch):
    """Each part of the harvest, missing from what the page's own world told."""
    original = World.harvest

    async def halved(self, *args, **kwargs):
        return [emptied(one) for one in await original(self, *args, **kwargs)]

    def emptied(seen):
        return replace(seen, **{f.name: () for f in fields(seen) if isinstance(getattr(seen, f.name), tuple)})

    monkeypatch.setattr(World, "harvest", halved)
    (run,) = visited(tmp_path / "profile", BEFORE)
    missed = {m.aspect for m in results([run]).missed if m.when == BEFORE}
    assert {Aspect.LINKS, Aspect.FORMS, Aspect.STORAGE} <= missed


def test_a_crawl_visits_them_before_and_after(tmp_path):
    with LocalSite() as site:
        site.add("/", "<p>alone")
        made = Crawl(tmp_path, plan_of(site.url)).go()
    with made.run:
        verdict = made.verdict()
        assert verdict.outcome is Outcome.PASSED, verdict.explanation
        assert [r.split('"')[3] for r in made.run.ledger.probes("visitor", "controls")] == [BEFORE, AFTER]
        assert made.observed.controls("visitor").tried > 30


def test_controls_that_cannot_be_visited_keep_a_site_from_passing(tmp_path, monkeypatch):
    monkeypatch.setattr(ControlServer, "clean", "http://127.0.0.1:9/")
    monkeypatch.setattr(visit_module, "TRIES", 1)
    with LocalSite() as site:
        site.add("/", "<p>alone")
        made = Crawl(tmp_path, plan_of(site.url)).go()
    with made.run:
        verdict = made.verdict()
        assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
        assert "127.0.0.1:9" in verdict.explanation


def test_a_visit_that_did_not_come_off_is_repeated_and_a_miss_is_not(tmp_path, monkeypatch, runs):
    tries = []
    gap = replace(runs[0].busy, errors={"api_calls": "1 documents ran unheard"})
    blind = replace(runs[0].busy, requests=())
    for busy, times in ((gap, 2), (blind, 1), (runs[0].busy, 1)):
        answers = iter([replace(runs[0], busy=busy), runs[0]])

        async def visit_once(*_, answers=answers):
            tries.append(True)
            return next(answers)

        monkeypatch.setattr(visit_module, "_visit_both", visit_once)
        tries.clear()
        with RunDirectory.create(tmp_path, "shop") as run:
            asyncio.run(prove(None, None, VisitorSpec(), tmp_path, BEFORE, run))
        assert len(tries) == times


def test_the_crawl_uses_what_is_tested_here():
    assert crawler_module.prove is prove
