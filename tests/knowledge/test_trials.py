"""What the trials must say of forms, links and pages that are known."""

from dataclasses import replace

import pytest

from compliance.checks import judge, registry
from compliance.knowledge.trials import KEPT, TRIED, TRIED_FORMS, TRIED_LINKS, proved
from compliance.model.controls import TrialControl
from compliance.model.observation import Controls
from compliance.model.recording import RecordingProbe, Typed
from compliance.model.trials import FormCase, FormProbe, LinkProbe, ProbeResult
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Aspect
from compliance.testing import api_call, context, cookie, observe, request, stored, visit

BUSY, CLEAN = "http://control.localhost:1/recorder.html", "http://clean.localhost:1/clean.html"


def forms(*blanks, **fields):
    probes = [
        FormProbe("f", "p", form, (FormCase("full", (), ProbeResult.SUBMITTED), FormCase("blank", (), blank)))
        for form, blank in zip(TRIED_FORMS, blanks, strict=True)
    ]
    return TrialControl(Aspect.FORM_PROBES.value, forms=tuple(probes), **fields)


PLAIN = TRIED_LINKS[2][0]
PRESSED = LinkProbe(
    "l", "p", PLAIN, "left", stood=PLAIN, by="mouse", went=(f"{PLAIN}?number={'7' * 36}",),
    cookies=(cookie(KEPT, "7" * 36),), storage=(stored(KEPT, "7" * 36),),
)  # fmt: skip


def links(*results, pressed=PRESSED, **fields):
    probes = [LinkProbe("l", "p", path, result) for (path, _), result in zip(TRIED_LINKS[:2], results, strict=True)]
    probes += [pressed] if pressed else []
    return TrialControl(Aspect.LINK_PROBES.value, links=tuple(probes), **fields)


RECORDED = RecordingProbe(
    "r", BUSY, (), marker="wordofpage", typed=(Typed("", "own", "wordtyped"),),
    requests=(request("http://other.localhost:1/c/recorded", method="POST", body='["wordofpage", "wordtyped"]'),),
    watchers=tuple(map(api_call, ("watch.move", "watch.keys", "watch.document"))),
)  # fmt: skip
CHANGED = "a link that is changed when it is pressed"
QUIET = RecordingProbe("q", CLEAN, (), marker="other", requests=(request(CLEAN),))


def recording(*probes):
    return TrialControl(Aspect.RECORDING_PROBES.value, recording=probes)


NATIVE, SCRIPT, FREE = ProbeResult.BLOCKED_NATIVE, ProbeResult.BLOCKED_SCRIPT, ProbeResult.SUBMITTED
FLAWLESS = (forms(NATIVE, SCRIPT, FREE), links("left", "dialog"), recording(RECORDED, QUIET))


def test_what_is_right():
    assert proved(FLAWLESS) == Controls(10, (), TRIED)


@pytest.mark.parametrize(
    ("control", "what"),
    [
        (forms(FREE, SCRIPT, FREE), "a form that the browser refuses while a field is blank"),
        (forms(NATIVE, FREE, FREE), "a form that a script refuses while a field is blank"),
        (forms(NATIVE, ProbeResult.UNKNOWN, FREE), "a form that a script refuses while a field is blank"),
        (forms(NATIVE, SCRIPT, NATIVE), "a form that may be sent blank"),
        (forms(NATIVE, SCRIPT, FREE, arrived=("trial-free",)), "the seal"),
        (replace(FLAWLESS[0], forms=FLAWLESS[0].forms[:2]), "a form that may be sent blank"),
        (replace(FLAWLESS[0], forms=(*FLAWLESS[0].forms[:2], replace(FLAWLESS[0].forms[2], error="x"))),
         "a form that may be sent blank"),
        (replace(FLAWLESS[0], forms=(*FLAWLESS[0].forms[:2], replace(FLAWLESS[0].forms[2], cases=()))),
         "a form that may be sent blank"),
        (links("nothing", "dialog"), "a link that leaves at once"),
        (links("left", "left"), "a link that says so before it leaves"),
        (links("left", "dialog", arrived=("trial-away",)), "the seal"),
        (replace(FLAWLESS[1], links=()), "a link that leaves at once"),
        (links("left", "dialog", pressed=None), CHANGED),
        (links("left", "dialog", pressed=replace(PRESSED, result="nothing")), CHANGED),
        (links("left", "dialog", pressed=replace(PRESSED, went=(PRESSED.href,))), CHANGED),
        (links("left", "dialog", pressed=replace(PRESSED, went=())), CHANGED),
        (links("left", "dialog", pressed=replace(PRESSED, stood="")), CHANGED),
        (links("left", "dialog", pressed=replace(PRESSED, cookies=None)), CHANGED),
        (links("left", "dialog", pressed=replace(PRESSED, storage=())), CHANGED),
        (links("left", "dialog", pressed=replace(PRESSED, by="keyboard")), CHANGED),
        (links("left", "dialog", arrived=("trial-pressed",)), "the seal"),
        (recording(QUIET), "a page that records its visitor"),
        (recording(replace(RECORDED, requests=()), QUIET), "a page that records its visitor"),
        (recording(replace(RECORDED, marker=""), QUIET), "a page that records its visitor"),
        (recording(replace(RECORDED, typed=()), QUIET), "a page that records its visitor"),
        (recording(replace(RECORDED, watchers=RECORDED.watchers[:2]), QUIET), "a page that records its visitor"),
        (recording(replace(RECORDED, gap="silent"), QUIET), "a page that records its visitor"),
        (recording(RECORDED), "a page that does nothing"),
        (recording(RECORDED, replace(QUIET, error="lost")), "a page that does nothing"),
        (recording(RECORDED, replace(QUIET, watchers=RECORDED.watchers)), "a page that does nothing"),
        (recording(RECORDED, replace(QUIET, requests=RECORDED.requests)), "a page that does nothing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(control, what):
    (missed, *_) = proved([control]).missed
    assert (missed.aspect, missed.what) == (control.aspect, what)
    assert missed.why


def test_a_browser_that_does_not_start_proves_nothing():
    shown = proved([TrialControl(Aspect.FORM_PROBES.value, error="no browser")])
    assert [(m.what, m.why) for m in shown.missed] == [("all", "no browser")]


def test_where_there_is_nothing_to_try_nothing_must_be_proved():
    shown = proved([TrialControl(aspect.value, needed=False) for aspect in TRIED])
    assert shown == Controls(0, (), TRIED)


@pytest.mark.parametrize(
    ("name", "parameters", "aspect"),
    [
        ("form-fields-optional", {}, Aspect.FORM_PROBES),
        ("contact-reachable", {"channels": ["form"]}, Aspect.FORM_PROBES),
        ("external-link-disclaimer", {"form": "interstitial"}, Aspect.LINK_PROBES),
        ("no-link-decoration", {}, Aspect.LINK_PROBES),
        ("no-session-recording", {}, Aspect.RECORDING_PROBES),
    ],
)
def test_checks_of_trials_rest_on_them(name, parameters, aspect):
    check = registry()[name]
    wrong = proved([TrialControl(aspect.value, error="no browser")])
    for shown in (Controls(1, (), frozenset(Aspect) - {aspect}), replace(wrong, aspects=frozenset(Aspect))):
        seen = observe(visit(), instrument=shown, forms_tried=(), links_tried=(), recordings_tried=())
        made = judge(check, check.parameters(**parameters), seen, context())
        assert (made.outcome, made.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
        assert aspect in made.explanation
