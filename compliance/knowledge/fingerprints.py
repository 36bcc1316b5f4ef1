"""Which scripts read a browser in the way that lets it be known again without anything stored.

A technique is a pattern of calls that has hardly another use; the thresholds are those of the papers that
measured them. Calls are gathered by script, over all frames and workers of a page.

Sources: Englehardt, Narayanan, Online Tracking, CCS 2016 (canvas, fonts on a canvas, WebRTC, audio, battery);
Acar et al., The Web Never Forgets, CCS 2014 (canvas); Iqbal et al., Fingerprinting the Fingerprinters,
IEEE S&P 2021 (audio, how traits are combined); Olejnik et al., The Leaking Battery, 2015. The numbers for
WebGL, fonts of elements, client hints, enumeration and the combination are this project's own.

Some techniques have a form for which no other use is known: an image of two-coloured text of many letters that is
read and never shown; a sound that is rendered and cannot be played. Such a one is certain by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from compliance.model.activity import ApiCall
from compliance.model.urls import host_of

#: Pixels of each side from which an image tells anything.
MIN_SIDE = 16
MIN_LETTERS, MIN_COLOURS = 10, 2
#: Fonts set on a canvas, and measurements of one text (CCS 2016).
CANVAS_FONTS = 50
#: Font families of elements whose size is read.
ELEMENT_FONTS = 20
WEBGL_PARAMETERS = 10
#: Names of the graphics card: UNMASKED_VENDOR_WEBGL and UNMASKED_RENDERER_WEBGL.
UNMASKED = frozenset({"37445", "37446"})
CLIENT_HINTS = 3
#: Of the 33 properties of `navigator` and `screen` that are counted. Scripts that measure visits read three to nine.
MANY_TRAITS = 20
#: Fonts of elements from which no menu of fonts explains it.
MANY_FONTS = 50
#: Groups of traits that one script reads, from which a single technique is enough.
MANY_GROUPS = 5

_IMAGE = re.compile(r"(\d+)x(\d+) letters=(\d+) styles=(\d+) saves=(\d+)")
_READS = ("canvas.toDataURL", "canvas.toBlob", "canvas.convertToBlob", "canvas.getImageData")
_WRITES = ("canvas.fillText", "canvas.strokeText")


class Technique(StrEnum):
    """A way to know a browser again."""

    CANVAS = "an image of text drawn on a canvas"
    FONTS = "which fonts are installed"
    WEBRTC = "network addresses through WebRTC"
    AUDIO = "how sound is computed"
    WEBGL = "the graphics card through WebGL"
    BATTERY = "the state of the battery"
    CLIENT_HINTS = "detailed client hints"
    ENUMERATION = "property after property of the browser and the screen"


#: Group of traits → beginnings of the APIs that read it.
_GROUPS: dict[str, tuple[str, ...]] = {
    "plugins": ("navigator.plugins", "navigator.mimeTypes"),
    "screen": ("screen.",),
    "time zone": ("time.",),
    "hardware": ("navigator.hardwareConcurrency", "navigator.deviceMemory"),
    "languages": ("navigator.languages",),
    "touch": ("navigator.maxTouchPoints",),
    "media devices": ("media.",),
    "voices": ("speech.",),
    "permissions": ("permissions.",),
    "storage": ("storage.",),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """One script and what it reads of the browser."""

    script: str
    """Its address, `blob:` or `data:` with nothing that changes from page to page; empty when not known."""
    techniques: frozenset[Technique]
    groups: frozenset[str]
    """Groups of traits, techniques included."""
    calls: tuple[ApiCall, ...]
    certain: frozenset[Technique] = frozenset()
    """Techniques in a form for which no other use is known."""

    @property
    def identifies(self) -> bool:
        """A certain technique, two, or one and many other traits: what is read is meant to be one browser's."""
        many = len(self.techniques) >= 2 or (bool(self.techniques) and len(self.groups) >= MANY_GROUPS)
        return many or bool(self.certain)

    @property
    def host(self) -> str:
        """The host that it comes from; that of the page for what the page made itself."""
        return host_of(self.script.removeprefix("blob:")) if self.script else ""


def readers(calls: Iterable[ApiCall]) -> list[Reader]:
    """The scripts of one page that read anything, sorted by address."""
    by_script: dict[str, list[ApiCall]] = defaultdict(list)
    shown: set[str] = set()
    for call in calls:
        if call.api == "canvas.shown":  # told at the end of a page, by nobody in particular
            shown.update(call.samples)
        else:
            by_script[address(call.script)].append(call)
    return [reader(script, found, frozenset(shown)) for script, found in sorted(by_script.items())]


def together(found: Iterable[Reader]) -> list[Reader]:
    """Readers that identify only if what all scripts of their host read is put together, one for each host."""
    hosts: dict[str, list[Reader]] = defaultdict(list)
    for one in found:
        if one.techniques:
            hosts[one.host].append(one)
    joint = []
    for host, several in sorted(hosts.items()):
        techniques = frozenset(t for one in several for t in one.techniques)
        if len(several) > 1 and len(techniques) >= 2 and not any(one.identifies for one in several):
            groups = frozenset(g for one in several for g in one.groups)
            joint.append(Reader(f"https://{host}/", techniques, groups, tuple(c for one in several for c in one.calls)))
    return joint


def address(script: str) -> str:
    """A script's address, less what is new each time: the number of a blob, the text of a data: address."""
    if script.startswith("blob:"):
        return script.rpartition("/")[0] or "blob:"
    return "data:" if script.startswith("data:") else script


def reader(script: str, calls: Sequence[ApiCall], shown: frozenset[str] = frozenset()) -> Reader:
    """What the calls of one script amount to.

    Args:
        script: Its address.
        calls: All of its calls.
        shown: Images that stood in the page in the end: `digest=…`, or `blob` for some image out of a Blob.
    """
    apis: dict[str, list[ApiCall]] = defaultdict(list)
    for call in calls:
        apis[call.api].append(call)
    rules = {
        Technique.CANVAS: _canvas(apis),
        Technique.FONTS: _fonts(apis),
        Technique.WEBRTC: _webrtc(apis),
        Technique.AUDIO: _audio(apis),
        Technique.WEBGL: _webgl(apis),
        Technique.BATTERY: "battery.getBattery" in apis and len([a for a in apis if a.startswith("battery.")]) > 1,
        Technique.CLIENT_HINTS: any(
            len(s.split(",")) >= CLIENT_HINTS for s in _samples(apis, "ua.getHighEntropyValues")
        ),
        Technique.ENUMERATION: len(_samples(apis, "traits")) >= MANY_TRAITS,
    }
    sure = {
        Technique.CANVAS: _unseen_text(apis, shown),
        Technique.FONTS: rules[Technique.FONTS]
        and not (_distinct(apis, "canvas.font") < CANVAS_FONTS and _distinct(apis, "fonts.measure") < MANY_FONTS),
        Technique.WEBRTC: rules[Technique.WEBRTC] and _to_nobody(apis),
        Technique.AUDIO: rules[Technique.AUDIO] and _cannot_be_heard(apis),
        Technique.WEBGL: rules[Technique.WEBGL] and _card_in_detail(apis),
        Technique.ENUMERATION: rules[Technique.ENUMERATION],
    }
    groups = {name for name, begins in _GROUPS.items() if any(api.startswith(begins) for api in apis)}
    # As traits among others they count without the rest of the pattern, too.
    if any(_large(image) and int(image[3]) for image in _images(apis)):
        groups.add("canvas")
    if "audio.getChannelData" in apis or "audio.getFloatFrequencyData" in apis:
        groups.add("audio")
    if "webgl.getParameter" in apis and not _draws(apis):
        groups.add("webgl")
    if rules[Technique.FONTS]:
        groups.add("fonts")
    met = frozenset(t for t, met in rules.items() if met)
    return Reader(script, met, frozenset(groups), tuple(calls), frozenset(t for t, yes in sure.items() if yes))


def _samples(apis: dict[str, list[ApiCall]], api: str) -> set[str]:
    return {sample for call in apis.get(api, ()) for sample in call.samples}


def _images(apis: dict[str, list[ApiCall]], reads: Iterable[str] = _READS) -> list[re.Match[str]]:
    """Images that were read.

    One drawn in this frame and read with another frame's functions is told without its text there; what was
    written in other frames is then held to be on it.
    """
    found = []
    for call in (c for api in reads for c in apis.get(api, ())):
        for sample in call.samples:
            told = sample
            if "letters=0 " in sample:
                texts = (c for api in _WRITES for c in apis.get(api, ()) if c.frame != call.frame)
                letters = len({letter for text in texts for written in text.samples for letter in written})
                saves = sum(c.count for c in apis.get("canvas.save", ()) if c.frame != call.frame)
                told = sample.replace("letters=0 ", f"letters={letters} ").replace("saves=0", f"saves={saves}")
            if match := _IMAGE.match(told):
                found.append(match)
    return found


def _large(image: re.Match[str]) -> bool:
    """The size counts when it is read: a canvas may be made with one pixel and enlarged later."""
    return int(image[1]) >= MIN_SIDE and int(image[2]) >= MIN_SIDE


def _canvas(apis: dict[str, list[ApiCall]]) -> bool:
    """Text of many letters or of two colours, read as an image; save and restore are the mark of real drawings."""
    return any(_is_text(image) for image in _images(apis))


def _is_text(image: re.Match[str]) -> bool:
    letters, colours, saves = int(image[3]), int(image[4]), int(image[5])
    return _large(image) and letters > 0 and (letters >= MIN_LETTERS or colours >= MIN_COLOURS) and saves == 0


def _unseen_text(apis: dict[str, list[ApiCall]], shown: frozenset[str]) -> bool:
    """Text of many letters and of two colours, read from a canvas that nobody sees, and not used as a picture."""
    kept_blob = "blob" in shown
    for api in _READS:
        for image in _images(apis, (api,)):
            both = int(image[3]) >= MIN_LETTERS and int(image[4]) >= MIN_COLOURS
            tail = image.string[image.end() :].split()
            used = "visible" in tail or bool(shown.intersection(tail)) or (api != "canvas.toDataURL" and kept_blob)
            if _is_text(image) and both and not used:
                return True
    return False


def _distinct(apis: dict[str, list[ApiCall]], api: str) -> int:
    return max((call.distinct for call in apis.get(api, ())), default=0)


def _fonts(apis: dict[str, list[ApiCall]]) -> bool:
    measured = max((call.most for call in apis.get("canvas.measureText", ())), default=0)
    return (
        (_distinct(apis, "canvas.font") >= CANVAS_FONTS and measured >= CANVAS_FONTS)
        or _distinct(apis, "fonts.measure") >= ELEMENT_FONTS
        or _distinct(apis, "fonts.check") >= ELEMENT_FONTS
    )


def _webrtc(apis: dict[str, list[ApiCall]]) -> bool:
    """A data channel whose candidates are looked at, and no call: nothing is transmitted."""
    looked = {"webrtc.onicecandidate", "webrtc.localDescription"} & apis.keys() or "icecandidate" in _samples(
        apis, "listener"
    )
    media = {"webrtc.addTrack", "webrtc.addTransceiver"} & apis.keys()
    return {"webrtc.createDataChannel", "webrtc.createOffer"} <= apis.keys() and bool(looked) and not media


def _to_nobody(apis: dict[str, list[ApiCall]]) -> bool:
    """No server helps to find anybody, and nobody answers."""
    answered = {"webrtc.setRemoteDescription", "webrtc.addIceCandidate"} & apis.keys()
    return _samples(apis, "webrtc.RTCPeerConnection") == {"no servers"} and not answered


def _cannot_be_heard(apis: dict[str, list[ApiCall]]) -> bool:
    """Rendered through a compressor and read, by a script that makes nothing that could play it."""
    made = {"audio.OfflineAudioContext", "audio.startRendering", "audio.createDynamicsCompressor"} <= apis.keys()
    return made and "audio.AudioContext" not in apis


def _audio(apis: dict[str, list[ApiCall]]) -> bool:
    rendered = "audio.AudioContext" in apis or {"audio.OfflineAudioContext", "audio.startRendering"} <= apis.keys()
    shaped = {"audio.createDynamicsCompressor", "audio.createAnalyser"} & apis.keys()
    read = {"audio.getChannelData", "audio.getFloatFrequencyData"} & apis.keys()
    return rendered and "audio.createOscillator" in apis and bool(shaped) and bool(read)


def _draws(apis: dict[str, list[ApiCall]]) -> bool:
    return "visible" in _samples(apis, "webgl.draw")


def _webgl(apis: dict[str, list[ApiCall]]) -> bool:
    """Properties of the card are asked for, and nothing is drawn that a visitor could see."""
    asked = _samples(apis, "webgl.getParameter")
    much = len(asked) >= WEBGL_PARAMETERS or bool(asked & UNMASKED)
    more = {"webgl.getSupportedExtensions", "webgl.getShaderPrecisionFormat", "webgl.readPixels"} & apis.keys()
    return much and bool(more) and not _draws(apis)


def _card_in_detail(apis: dict[str, list[ApiCall]]) -> bool:
    """Names, many limits and the extensions of the card, from a context that nobody sees: no scene needs all three."""
    asked = _samples(apis, "webgl.getParameter")
    unseen = _samples(apis, "webgl.getSupportedExtensions") == {"hidden"}
    return bool(asked & UNMASKED) and len(asked - UNMASKED) >= WEBGL_PARAMETERS and unseen and "webgl.draw" not in apis
