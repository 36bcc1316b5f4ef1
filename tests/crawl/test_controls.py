"""What the control pages do is in the record, and an instrument that is blind lets nothing pass."""

import asyncio
from dataclasses import fields, replace

import pytest

from compliance.browser.launch import BrowserSession, driver, launch_options
from compliance.browser.netlog import NetLog
from compliance.browser.recorders.bodies import Bodies
from compliance.browser.recorders.calls import CallRecorder
from compliance.browser.recorders.network import NetworkRecorder
from compliance.browser.state import VisitState
from compliance.browser.world import World
from compliance.checks import judge, registry
from compliance.crawl import crawler as crawler_module
from compliance.crawl.controls import visit as visit_module
from compliance.crawl.controls.server import ControlServer
from compliance.crawl.controls.visit import Controlled, prove, visit_controls
from compliance.knowledge.controls import CONTROLLED, CONTROLS, results
from compliance.model.controls import AFTER, BEFORE, ControlRun
from compliance.model.observation import Aspect, Session
from compliance.model.spec import VisitorSpec
from compliance.model.verdict import Outcome, Reason
from compliance.settings import Settings
from compliance.store.codec import decode, encode
from compliance.store.rundir import RunDirectory
from compliance.testing import FIELDS, context, observe, visit
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


def without(seen, control, when):
    """The visit with the record of this behaviour taken out."""
    for name in FIELDS[control.aspect]:
        if isinstance(getattr(seen, name), str):
            return replace(seen, **{name: ""})
        for item in getattr(seen, name):
            seen = replace(seen, **{name: tuple(one for one in getattr(seen, name) if one != item)})
            if not control.seen(seen, when):
                return seen
    raise AssertionError(f"{control.name} is seen in an empty record")


@pytest.fixture(scope="module")
def uneventful():
    """Checks that need no parameters, and their verdict on pages that do nothing, by what the controls show."""
    quiet = [visit(session=session, text="Nothing.") for session in Session]
    found = {}
    for check in registry().values():
        needed = [f for f in check.parameters.model_fields.values() if f.is_required()]
        if needed or not check.reads & CONTROLLED:
            continue

        def verdict(shown, check=check):
            seen = observe(*quiet, instrument=shown, names=(), forms_tried=(), links_tried=())
            return judge(check, check.parameters(), seen, context())

        if verdict(results(())).outcome is Outcome.INCONCLUSIVE:
            found[check.id] = (check, verdict)
    return found


@pytest.mark.parametrize("when", [BEFORE, AFTER])
@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: f"{c.aspect}-{c.name}-{c.what.replace(' ', '_')}")
def test_a_channel_that_is_blind_lets_nothing_pass(runs, uneventful, control, when):
    blind = [r if r.when != when else replace(r, busy=without(r.busy, control, when)) for r in runs]
    shown = results(blind)
    assert (control.aspect, control.what, when) in {(m.aspect, m.what, m.when) for m in shown.missed}
    for check, verdict in uneventful.values():
        if control.aspect in check.reads:
            made = verdict(shown)
            assert (made.outcome, made.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT), made.explanation
            assert control.what in made.explanation or "more" in made.explanation


def test_the_checks_that_are_held_back_pass_otherwise(runs, uneventful):
    passing = {name for name, (_, verdict) in uneventful.items() if verdict(results(runs)).outcome is Outcome.PASSED}
    assert {"third-party-requests", "no-identifying-storage", "no-fingerprinting", "cookie-lifetime"} <= passing


@pytest.mark.parametrize("aspect", sorted(CONTROLLED))
def test_an_aspect_that_is_not_recorded_lets_nothing_pass(runs, aspect):
    for name in FIELDS[aspect]:
        for side in ("busy", "clean"):
            gone = [replace(r, **{side: replace(getattr(r, side), **{name: None})}) for r in runs]
            assert aspect in {m.aspect for m in results(gone).missed}


def test_what_never_happened_is_no_finding(runs):
    """The page that does nothing is said to have asked another site: what is found elsewhere counts for nothing."""
    stray = runs[0].busy.requests[0]
    haunted = [replace(r, clean=replace(r.clean, requests=(*r.clean.requests, stray))) for r in runs]
    shown = results(haunted)
    assert {m.phantom for m in shown.missed} == {True}
    check = registry()["third-party-requests"]
    seen = observe(visit(requests=[stray]), instrument=shown)
    made = judge(check, check.parameters(), seen, context())
    assert (made.outcome, made.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
    assert made.findings
    sound = judge(check, check.parameters(), replace(seen, instrument=results(runs)), context())
    assert sound.outcome is Outcome.FAILED


def test_a_miss_does_not_excuse_what_was_found(runs):
    blind = [replace(r, busy=replace(r.busy, requests=())) for r in runs]
    check = registry()["third-party-requests"]
    seen = observe(visit(requests=[runs[0].busy.requests[0]]), instrument=results(blind))
    assert judge(check, check.parameters(), seen, context()).outcome is Outcome.FAILED


def test_a_visitor_who_forgets_or_never_forgets_is_told(runs):
    """What must last over the closing of the browser, and what must not."""
    before, after = runs
    lost = replace(after.clean, jar=tuple(c for c in after.clean.jar if not c.name.startswith("header-")))
    assert "is gone" in results([before, replace(after, clean=lost)]).missed[0].why
    old = next(c for c in before.busy.jar if c.name == "session-before")
    kept = replace(after.clean, jar=(*after.clean.jar, old))
    assert "is still there" in results([before, replace(after, clean=kept)]).missed[0].why
    emptied = replace(after.busy, storage=tuple(i for i in after.busy.storage if "before" not in i.key + i.value))
    assert {m.what for m in results([before, replace(after, busy=emptied)]).missed} == {"localStorage", "IndexedDB"}
    tab = next(i for i in before.busy.storage if i.kind == "session")
    full = replace(after.busy, storage=(*after.busy.storage, tab))
    assert [m.what for m in results([before, replace(after, busy=full)]).missed] == ["sessionStorage"]


def test_no_visit_no_verdict(runs):
    assert {m.aspect for m in results(()).missed} == CONTROLLED
    assert {m.when for m in results(runs[:1]).missed} == {AFTER}
    broken = replace(runs[1], busy=None, clean=None, error="the browser went away")
    assert {m.why for m in results([runs[0], broken]).missed} == {"the browser went away"}


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
    "writes of scripts are not told": (VisitState, "_called", lambda *_: None, Aspect.COOKIES),
    "calls are not told": (CallRecorder, "calls", lambda _: (), Aspect.API_CALLS),
    "workers are not told": (CallRecorder, "attached", lambda *_: None, Aspect.API_CALLS),
    "the console is not heard": (VisitState, "_say", lambda *_: None, Aspect.CONSOLE),
}


@pytest.mark.parametrize("name", SABOTAGE)
def test_an_instrument_that_is_broken_is_found_out(tmp_path, monkeypatch, name):
    where, what, instead, aspect = SABOTAGE[name]
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

        monkeypatch.setattr(visit_module, "visit_controls", visit_once)
        tries.clear()
        with RunDirectory.create(tmp_path, "shop") as run:
            asyncio.run(prove(None, None, VisitorSpec(), tmp_path, BEFORE, run))
        assert len(tries) == times


def test_the_crawl_uses_what_is_tested_here():
    assert crawler_module.prove is prove
