"""Techniques are told by their thresholds; drawings, scenes and calls that look like them are not."""

import pytest

from compliance.knowledge.fingerprints import Technique, address, reader, readers, together
from compliance.testing import api_call

T = Technique
AUDIO = [
    api_call(f"audio.{name}")
    for name in (
        "OfflineAudioContext",
        "createOscillator",
        "createDynamicsCompressor",
        "startRendering",
        "getChannelData",
    )
]
RTC = [api_call(f"webrtc.{name}") for name in ("createDataChannel", "createOffer", "onicecandidate")]
NUMBERS = [str(n) for n in range(10)]


def image(size="240x60", letters=19, styles=2, saves=0, api="canvas.toDataURL"):
    return api_call(api, f"{size} letters={letters} styles={styles} saves={saves} digest=00")


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        ([image()], T.CANVAS),
        ([image("1x1")], None),
        ([image("240x15")], None),
        ([image("16x16")], T.CANVAS),
        ([image(letters=9, styles=1)], None),
        ([image(letters=10, styles=1)], T.CANVAS),
        ([image(letters=1, styles=2)], T.CANVAS),
        ([image(letters=0, styles=2)], None),
        ([image(saves=2)], None),
        ([image(api="canvas.convertToBlob")], T.CANVAS),
        ([image(api="canvas.getImageData")], T.CANVAS),
        ([image("0x0", api="canvas.transferToImageBitmap")], None),
        ([image("1x1"), image()], T.CANVAS),
        (AUDIO, T.AUDIO),
        (AUDIO[:-1], None),
        (AUDIO[1:], None),
        ([AUDIO[0], *AUDIO[2:]], None),
        ([api_call(f"audio.{n}") for n in ("AudioContext", "createAnalyser", "getFloatFrequencyData")], None),
        (RTC, T.WEBRTC),
        ([*RTC[:2], api_call("listener", "icecandidate")], T.WEBRTC),
        (RTC[:2], None),
        ([*RTC, api_call("webrtc.addTrack")], None),
        ([api_call("canvas.font", distinct=50), api_call("canvas.measureText", most=50)], T.FONTS),
        ([api_call("canvas.font", distinct=49), api_call("canvas.measureText", most=50)], None),
        ([api_call("canvas.font", distinct=50), api_call("canvas.measureText", most=49, distinct=50)], None),
        ([api_call("fonts.measure", distinct=20)], T.FONTS),
        ([api_call("fonts.measure", distinct=19)], None),
        ([api_call("fonts.check", distinct=20)], T.FONTS),
        ([api_call("webgl.getParameter", *NUMBERS), api_call("webgl.readPixels")], T.WEBGL),
        ([api_call("webgl.getParameter", *NUMBERS[1:]), api_call("webgl.readPixels")], None),
        ([api_call("webgl.getParameter", *NUMBERS)], None),
        ([api_call("webgl.getParameter", "37446"), api_call("webgl.getSupportedExtensions")], T.WEBGL),
        ([api_call("webgl.getParameter", "37446"), api_call("webgl.getSupportedExtensions"),
          api_call("webgl.draw", "hidden")], T.WEBGL),
        ([api_call("webgl.getParameter", "37446"), api_call("webgl.getSupportedExtensions"),
          api_call("webgl.draw", "hidden", "visible")], None),
        ([api_call("battery.getBattery"), api_call("battery.level")], T.BATTERY),
        ([api_call("battery.getBattery")], None),
        ([api_call("ua.getHighEntropyValues", "model,platform,bitness")], T.CLIENT_HINTS),
        ([api_call("ua.getHighEntropyValues", "model,platform")], None),
    ],
)  # fmt: skip
def test_a_technique_is_told_by_its_thresholds(calls, found):
    assert reader("s", calls).techniques == ({found} if found else set())


TRAITS = ["navigator.plugins", "screen.width", "time.resolvedOptions", "navigator.deviceMemory", "navigator.languages"]


def test_two_techniques_identify_and_one_with_many_traits():
    traits = [api_call(name) for name in TRAITS]
    assert reader("s", [image(), *AUDIO]).identifies
    assert not reader("s", [image(styles=1)]).identifies
    assert not reader("s", traits).identifies, "without a technique they are statistics"
    assert reader("s", [image(styles=1), *traits[:4]]).identifies, "the image is the fifth group"
    assert not reader("s", [image(styles=1), *traits[:3]]).identifies
    assert reader("s", [image(saves=1), *AUDIO, *traits[:3]]).identifies, "a call of save does not hide the image"
    assert len(reader("s", [api_call("screen.width"), api_call("screen.height")]).groups) == 1


TO_NOBODY = [api_call("webrtc.RTCPeerConnection", "no servers"), *RTC]
CARD = [
    api_call("webgl.getParameter", *NUMBERS, "37445"),
    api_call("webgl.getSupportedExtensions", "hidden"),
]


@pytest.mark.parametrize(
    ("calls", "certain"),
    [
        ([image()], T.CANVAS),
        ([image(styles=1)], None),
        ([image(letters=9)], None),
        ([image(saves=1)], None),
        ([image(), image(letters=9)], T.CANVAS),
        ([image(api="canvas.convertToBlob")], T.CANVAS),
        ([api_call("canvas.toDataURL", "240x60 letters=19 styles=2 saves=0 visible digest=00")], None),
        (AUDIO, T.AUDIO),
        ([*AUDIO, api_call("audio.AudioContext")], None),
        ([api_call("canvas.font", distinct=50), api_call("canvas.measureText", most=50)], T.FONTS),
        ([api_call("fonts.measure", distinct=50)], T.FONTS),
        ([api_call("fonts.measure", distinct=49)], None),
        (TO_NOBODY, T.WEBRTC),
        (RTC, None),
        ([*TO_NOBODY, api_call("webrtc.RTCPeerConnection", "configured")], None),
        ([*TO_NOBODY, api_call("webrtc.setRemoteDescription")], None),
        (CARD, T.WEBGL),
        ([*CARD, api_call("webgl.draw", "hidden")], None),
        ([*CARD, api_call("webgl.getSupportedExtensions", "visible")], None),
        ([api_call("webgl.getParameter", *NUMBERS[1:], "37445"), CARD[1]], None),
        ([api_call("webgl.getParameter", *NUMBERS), CARD[1]], None),
        ([api_call("traits", *[f"trait {n}" for n in range(20)])], T.ENUMERATION),
        ([api_call("traits", *[f"trait {n}" for n in range(19)])], None),
    ],
)
def test_a_technique_is_certain_in_the_form_that_has_no_other_use(calls, certain):
    found = reader("s", calls)
    assert found.certain == ({certain} if certain else frozenset())
    assert found.certain <= found.techniques
    assert found.identifies is bool(certain)


def test_an_image_that_the_page_shows_is_not_certain():
    [one] = readers([image(), api_call("canvas.shown", "digest=00", script="")])
    assert (one.techniques, one.certain) == ({T.CANVAS}, frozenset())
    [one] = readers([image(), api_call("canvas.shown", "digest=01", "blob", script="")])
    assert one.certain, "another image"
    [one] = readers([image(api="canvas.toBlob"), api_call("canvas.shown", "blob", script="")])
    assert not one.certain


def test_calls_of_a_script_are_gathered_over_frames_and_workers():
    calls = [image(), *[api_call(c.api, frame="about:blank", worker=True) for c in AUDIO]]
    [one] = readers(calls)
    assert one.techniques == {T.CANVAS, T.AUDIO}
    apart = readers([api_call("canvas.toDataURL", image().samples[0], script="https://a.test/1.js"), *AUDIO])
    assert [(r.host, len(r.techniques)) for r in apart] == [("a.test", 1), ("shop.test", 1)]


def test_techniques_that_were_dealt_out_to_scripts_of_one_host_are_put_together():
    parts = [api_call(c.api, script="https://shop.test/b.js") for c in (*AUDIO, api_call("audio.AudioContext"))]
    [joint] = together(readers([image(styles=1), *parts]))
    assert (joint.host, joint.techniques) == ("shop.test", {T.CANVAS, T.AUDIO})
    assert together(readers([image(), *AUDIO])) == [], "one script alone identifies already"
    assert together(readers([image()])) == []


def test_blobs_and_data_are_one_script_each():
    assert (
        address("blob:https://shop.test/5f3e-11")
        == address("blob:https://shop.test/77aa-22")
        == "blob:https://shop.test"
    )
    assert address("data:text/javascript,1") == "data:"
    assert address("https://shop.test/a.js?v=1") == "https://shop.test/a.js?v=1"
    assert readers([api_call("screen.width", script="blob:https://shop.test/5f3e")])[0].host == "shop.test"


def test_a_canvas_drawn_in_one_frame_and_read_with_the_functions_of_another():
    written = api_call("canvas.fillText", "Sphinx of black quartz")
    read = api_call("canvas.toDataURL", "240x60 letters=0 styles=0 saves=0", frame="about:blank")
    assert reader("s", [written, read]).techniques == {T.CANVAS}
    assert reader("s", [written, api_call("canvas.save"), read]).techniques == set()
    assert reader("s", [written, api_call(read.api, *read.samples)]).techniques == set(), (
        "in one frame it would be told"
    )
