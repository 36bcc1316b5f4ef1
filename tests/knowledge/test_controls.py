"""A record that lacks what the control pages did lets nothing pass, whichever channel it is."""

from dataclasses import replace

import pytest

from compliance.checks import judge, registry
from compliance.knowledge.controls import CONTROLLED, CONTROLS, admitted, results
from compliance.model.controls import AFTER, BEFORE
from compliance.model.observation import Controls
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Aspect, Session
from compliance.testing import FIELDS, context, observe, visit
from tests.controls import flawless


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
def test_a_channel_that_is_blind_lets_nothing_pass(uneventful, control, when):
    blind = [r if r.when != when else replace(r, busy=without(r.busy, control, when)) for r in flawless()]
    shown = results(blind)
    assert (control.aspect, control.what, when) in {(m.aspect, m.what, m.when) for m in shown.missed}
    for check, verdict in uneventful.values():
        if control.aspect in check.reads:
            made = verdict(shown)
            assert (made.outcome, made.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT), made.explanation
            assert control.what in made.explanation or "more" in made.explanation


def test_the_checks_that_are_held_back_pass_otherwise(uneventful):
    passing = {
        name for name, (_, verdict) in uneventful.items() if verdict(results(flawless())).outcome is Outcome.PASSED
    }
    assert {"third-party-requests", "no-identifying-storage", "no-fingerprinting"} <= passing


@pytest.mark.parametrize("aspect", sorted(CONTROLLED))
def test_an_aspect_that_is_not_recorded_lets_nothing_pass(aspect):
    for name in FIELDS[aspect]:
        for side in ("busy", "clean"):
            gone = [replace(r, **{side: replace(getattr(r, side), **{name: None})}) for r in flawless()]
            assert aspect in {m.aspect for m in results(gone).missed}


def test_what_never_happened_is_no_finding():
    """The page that does nothing is said to have asked another site: what is found elsewhere counts for nothing."""
    stray = flawless()[0].busy.requests[0]
    haunted = [replace(r, clean=replace(r.clean, requests=(*r.clean.requests, stray))) for r in flawless()]
    shown = results(haunted)
    assert {m.phantom for m in shown.missed} == {True}
    check = registry()["third-party-requests"]
    seen = observe(visit(requests=[stray]), instrument=shown)
    made = judge(check, check.parameters(), seen, context())
    assert (made.outcome, made.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
    assert made.findings
    sound = judge(check, check.parameters(), replace(seen, instrument=results(flawless())), context())
    assert sound.outcome is Outcome.FAILED


def test_a_miss_does_not_excuse_what_was_found():
    blind = [replace(r, busy=replace(r.busy, requests=())) for r in flawless()]
    check = registry()["third-party-requests"]
    seen = observe(visit(requests=[flawless()[0].busy.requests[0]]), instrument=results(blind))
    assert judge(check, check.parameters(), seen, context()).outcome is Outcome.FAILED


def test_a_visitor_who_forgets_or_never_forgets_is_told():
    """What must last over the closing of the browser, and what must not."""
    before, after = flawless()
    lost = replace(after.clean, jar=tuple(c for c in after.clean.jar if not c.name.startswith("header-")))
    assert "is gone" in results([before, replace(after, clean=lost)]).missed[0].why
    old = next(c for c in before.busy.jar if c.name == "session-before")
    kept = replace(after.clean, jar=(*after.clean.jar, old))
    assert "is still there" in results([before, replace(after, clean=kept)]).missed[0].why
    emptied = replace(after.busy, storage=tuple(i for i in after.busy.storage if "before" not in i.key + i.value))
    assert {m.what for m in results([before, replace(after, busy=emptied)]).missed} == {
        "localStorage", "IndexedDB", "the private file system",
    }  # fmt: skip
    tab = next(i for i in before.busy.storage if i.kind == "session")
    full = replace(after.busy, storage=(*after.busy.storage, tab))
    assert [m.what for m in results([before, replace(after, busy=full)]).missed] == ["sessionStorage"]


def test_no_visit_no_verdict():
    runs = flawless()
    assert {m.aspect for m in results(()).missed} == CONTROLLED
    assert {m.when for m in results(runs[:1]).missed} == {AFTER}
    broken = replace(runs[1], busy=None, clean=None, error="the browser went away")
    assert {m.why for m in results([runs[0], broken]).missed} == {"the browser went away"}


def test_literals_are_flawless():
    shown = results(flawless())
    assert (shown.missed, shown.aspects) == ((), CONTROLLED)
    assert shown.tried == 2 * len(CONTROLS)


def test_an_aspect_that_no_control_recorded_is_not_proved(uneventful):
    """As when a spec came to need more than the run recorded."""
    partly = [replace(r, aspects=(Aspect.LINKS.value,)) for r in flawless()]
    shown = results(partly)
    assert shown.missed == ()
    for check, verdict in uneventful.values():
        made = verdict(shown)
        held = bool(check.reads & CONTROLLED - {Aspect.LINKS})
        assert (made.reason is Reason.INSTRUMENT) == held, (check.id, made.explanation)


def test_a_visitor_without_controls_is_not_proved():
    check = registry()["third-party-requests"]
    for shown in (results(()), Controls(tried=0)):
        made = judge(check, check.parameters(), observe(visit(), instrument=shown), context())
        assert (made.outcome, made.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_only_what_a_visit_says_itself_is_worth_another_try():
    before, _ = flawless()
    said = replace(before, busy=replace(before.busy, errors={"requests": "cut"}, requests=()))
    for run, again in (
        (before, False),
        (said, True),
        (replace(before, error="no browser"), True),
        (replace(before, did=before.did[1:]), True),
        (replace(before, busy=replace(before.busy, requests=())), False),
        (replace(before, clean=replace(before.clean, links=before.busy.links)), False),
    ):
        assert admitted(run) is again
