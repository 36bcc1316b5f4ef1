"""Scripts that know a browser again are found; one technique needs a person; nothing passes unheard."""

import pytest

from compliance.checks import Doubt, Note
from compliance.checks._judge import judge
from compliance.checks.identity.no_fingerprinting import NoFingerprinting, no_fingerprinting
from compliance.model.verdict import Finding, Outcome, Reason
from compliance.testing import HOME, api_call, context, observe, visit

IMAGE = "240x60 letters=19 styles=2 saves=0"
VENDOR = "https://cdn.vendor.test/fp.js?v=1"


def canvas(image=f"{IMAGE} visible", **more):
    return api_call("canvas.toDataURL", image, **more)


def card(**more):
    return [
        api_call("webgl.getParameter", "37446", **more),
        api_call("webgl.getSupportedExtensions", **more),
    ]


def results(*calls, **parameters):
    return list(no_fingerprinting.run(visit(api_calls=calls), NoFingerprinting(**parameters), context()))


def verdict(page, **parameters):
    return judge(no_fingerprinting, NoFingerprinting(**parameters), observe(page), context())


@pytest.mark.parametrize("reading", ["strict", "reasonable"])
def test_two_techniques_are_a_finding_in_both_readings(reading):
    [found] = results(canvas(script=VENDOR), *card(script=VENDOR), reading=reading)
    assert isinstance(found, Finding)
    assert found.cause == "fingerprinting:https://cdn.vendor.test/fp.js"
    assert "https://cdn.vendor.test/fp.js reads an image of text drawn on a canvas; the graphics card" in found.message
    assert found.evidence[0].excerpt == f"1 × canvas.toDataURL {IMAGE} visible"
    assert {e.aspect for e in found.evidence} == {"api_calls"}


def test_what_allow_names_is_noted_in_the_reasonable_reading_only():
    calls = (canvas(script=VENDOR), *card(script=VENDOR))
    [note] = results(*calls, reading="reasonable", allow={"vendor.test": "keeps machines out"})
    assert isinstance(note, Note)
    assert "keeps machines out" in note.message
    [found] = results(*calls, allow={"vendor.test": "keeps machines out"})
    assert isinstance(found, Finding)
    [found] = results(*calls, reading="reasonable", allow={"other.test": "x"})
    assert isinstance(found, Finding)


def test_one_technique_needs_a_person_or_is_noted():
    [doubt] = results(canvas())
    assert isinstance(doubt, Doubt)
    assert doubt.reason is Reason.NEEDS_HUMAN
    [note] = results(canvas(), reading="reasonable")
    assert isinstance(note, Note)


@pytest.mark.parametrize("reading", ["strict", "reasonable"])
def test_one_technique_without_another_use_is_a_finding_in_both_readings(reading):
    [found] = results(canvas(IMAGE), reading=reading)
    assert isinstance(found, Finding)
    [doubt] = results(canvas(f"{IMAGE} digest=1f"), api_call("canvas.shown", "digest=1f", script=""))
    assert isinstance(doubt, Doubt), "the image is shown in the page"


@pytest.mark.parametrize("reading", ["strict", "reasonable"])
def test_techniques_dealt_out_to_scripts_of_one_host_are_a_doubt(reading):
    found = results(canvas(), *card(script=f"{HOME}other.js"), reading=reading)
    assert [r for r in found if isinstance(r, Doubt) and "scripts of shop.test together" in r.message]
    assert not [r for r in found if isinstance(r, Finding)]


def test_traits_without_a_technique_are_noted():
    apis = [
        "navigator.plugins",
        "screen.width",
        "time.resolvedOptions",
        "navigator.deviceMemory",
        "navigator.languages",
    ]
    [note] = results(*map(api_call, apis))
    assert isinstance(note, Note)
    assert results(*map(api_call, apis[:4])) == []


@pytest.mark.parametrize(
    ("script", "more", "named", "cause"),
    [
        (HOME, {}, "A script inside the page reads", "inline"),
        ("", {}, "A script without an address reads", "inline"),
        ("blob:https://shop.test/1-2", {"worker": True}, "blob:https://shop.test in a worker", "blob:https://shop.test"),
        (VENDOR, {"chain": ("https://tags.test/t.js?id=1",)}, "fp.js, called by https://tags.test/t.js,",
         "https://cdn.vendor.test/fp.js"),
        ("https://cdn.vendor.test/3f9c2a1b77/fp.8d21c0aa41.js", {}, "reads", "https://cdn.vendor.test/#/fp.#.js"),
    ],
)  # fmt: skip
def test_the_script_is_named(script, more, named, cause):
    [found] = results(canvas(script=script, **more), *card(script=script, **more))
    assert named in found.message
    assert found.cause == f"fingerprinting:{cause}"


def test_it_passes_only_where_everything_was_heard():
    assert verdict(visit(api_calls=[])).outcome is Outcome.PASSED
    unheard = verdict(visit(api_calls=[], errors={"api_calls": "1 workers ran unheard (blob:x)"}))
    assert (unheard.outcome, unheard.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
    assert verdict(visit(api_calls=None)).reason is Reason.INSTRUMENT
    found = visit(api_calls=[canvas(), *card()], errors={"api_calls": "1 workers ran unheard"})
    assert verdict(found).outcome is Outcome.FAILED
