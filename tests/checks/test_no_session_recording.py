"""Session recording: who is sent what of a trial, and what that means."""

import base64
import gzip
import json
import os
import random

import pytest

from compliance.checks import judge
from compliance.checks.identity.no_session_recording import NoSessionRecording, no_session_recording
from compliance.model.recording import RecordingProbe, Typed
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import VisitOutcome
from compliance.testing import api_call, context, observe, request, site, visit

HOME = "https://shop.test/"
APP = "https://shop.test/app.js"
THEIRS = "https://replay.vendor.test/events"
OURS = "https://shop.test/collect"
_random = random.Random(3)
TRACK = tuple((_random.randrange(64, 1216), _random.randrange(40, 760)) for _ in range(24))
OWN = Typed("", "own", "ztjbbdtxvbqd")
MAIL = Typed("email", "email", "cpdkrctfsxqh@example.org")
SEARCH = Typed("q", "search", "kftvfqdnjbhc")
MOVES = json.dumps([{"x": x, "y": y} for x, y in TRACK])
WATCHERS = tuple(api_call(f"watch.{what}") for what in ("document", "move", "click", "keys"))


def sent(url=THEIRS, body=None, at=4.0, **fields):
    """An upload, after the page was touched unless said otherwise."""
    given = {"method": "POST", "resource": "fetch", "body": body, "started": at, "id": f"r{at}"}
    return request(url, **(given | fields))


def probe(*requests, **fields):
    given = {
        "id": "recording-1", "page": HOME, "scripts": (APP,), "marker": "gnvkrwmhzmsn", "label": "hggkkvcfsmdr",
        "typed": (OWN, MAIL, SEARCH), "track": TRACK, "touched": 2.0, "left": 7.0, "requests": requests,
    }  # fmt: skip
    return RecordingProbe(**(given | fields))


def verdict(*requests, reading="strict", processors=None, visits=None, probes=None, **fields):
    tried = (probe(*requests, **fields),) if probes is None else probes
    seen = visits or [visit(scripts=(APP,))]
    return judge(
        no_session_recording,
        NoSessionRecording(reading=reading),
        observe(*seen, recordings_tried=tried),
        context(site=site(processors=processors or {})),
    )


def causes(found):
    return {finding.cause for finding in found.findings}


def both(*requests, **fields):
    return [verdict(*requests, reading=reading, **fields).outcome for reading in ("strict", "reasonable")]


def test_what_is_too_long_to_be_searched_is_no_pass(monkeypatch):
    monkeypatch.setattr("compliance.knowledge.traces.MAX_WORDS", 1000)
    assert verdict(sent(THEIRS, json.dumps(["word"] * 900))).outcome is Outcome.PASSED
    filled = json.dumps(["word"] * 1001)
    for url in (THEIRS, OURS):
        for found in (verdict(sent(url, filled), reading=reading) for reading in ("strict", "reasonable")):
            assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.OPAQUE_PAYLOAD)
    assert verdict(sent(THEIRS, MOVES + filled)).outcome is Outcome.FAILED


def test_a_page_that_sends_nothing_passes():
    found = verdict()
    assert (found.outcome, found.examined) == (Outcome.PASSED, 1)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (json.dumps({"value": OWN.value}), "typed-values vendor.test"),
        (base64.b64encode(MAIL.value.encode()).decode(), "typed-values vendor.test"),
        (json.dumps([{"key": c} for c in OWN.value]), "typed-values vendor.test"),
        (json.dumps([{"code": ord(c)} for c in MAIL.value.partition("@")[0].upper()]), "typed-values vendor.test"),
        (json.dumps({"added": "gnvkrwmhzmsn"}), "page-content vendor.test"),
        (gzip.compress(b'<div class="hggkkvcfsmdr"></div>', mtime=0).decode("latin-1"), "page-content vendor.test"),
        (MOVES, "movements vendor.test"),
        (base64.b64encode(gzip.compress(MOVES.encode(), mtime=0)).decode(), "movements vendor.test"),
    ],
)
def test_what_another_owner_is_sent_is_a_finding_in_both_readings(body, cause):
    for reading in ("strict", "reasonable"):
        found = verdict(sent(body=body), reading=reading)
        assert (found.outcome, causes(found)) == (Outcome.FAILED, {cause})
        assert found.findings[0].evidence


def test_a_value_in_an_address_or_a_header_is_found():
    assert causes(verdict(sent(f"{THEIRS}?v={OWN.value}"))) == {"typed-values vendor.test"}
    assert causes(verdict(sent(headers=(("x-value", OWN.value),)))) == {"typed-values vendor.test"}


def test_a_path_sent_point_by_point_is_found():
    assert causes(verdict(*(sent(f"{THEIRS}?x={x}&y={y}", at=3 + n / 9) for n, (x, y) in enumerate(TRACK)))) == {
        "movements vendor.test"
    }


def test_a_page_that_was_sent_before_it_was_touched_is_content():
    page = "<body>" + "<p>*</p>" * 30 + "</body>"
    assert causes(verdict(sent(body=page, at=0.5))) == {"page-content vendor.test"}


def test_the_evidence_shows_nothing_that_was_typed():
    found = verdict(sent(f"{THEIRS}?v={OWN.value}", body=OWN.value))
    assert OWN.value not in str(found.findings)


def test_frames_of_a_socket_count_from_the_touch_on():
    frames = f'"hello"\n{MOVES}'
    socket = sent("wss://vendor.test/live", frames, at=0.4, resource="websocket", method="GET", id="7")
    assert causes(verdict(socket, sockets={"7": 8})) == {"movements vendor.test"}


def test_a_processor_is_a_matter_of_the_reading():
    named = {"vendor.test": "replays sessions for us"}
    assert verdict(sent(body=MOVES), processors=named).outcome is Outcome.FAILED
    found = verdict(sent(body=MOVES), processors=named, reading="reasonable")
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


def test_where_an_answer_leads_is_not_what_its_sender_was_told():
    assert both(sent(redirected_to=f"https://shop.test/?v={OWN.value}")) == [Outcome.PASSED, Outcome.PASSED]


def test_what_a_worker_sends_is_found_whichever_page_it_was_recorded_with():
    quiet = probe(id="recording-2", typed=(), marker="sqnpkstmxbdn", label="fvnvxbgspjtj", track=())
    carrier = probe(sent(body=OWN.value, at=0.5), typed=(MAIL,), track=(), marker="xxxxxxxxxxxx", label="yyyyyyyyyyyy")
    assert causes(verdict(probes=(probe(), quiet, carrier))) == {"typed-values vendor.test"}
    carrier = probe(sent(body=MOVES, at=0.5), typed=(MAIL,), track=())
    assert causes(verdict(probes=(probe(), carrier))) == {"movements vendor.test"}


# ---- the site's own servers


def test_the_site_that_replays_sessions_itself():
    assert causes(verdict(sent(OURS, MOVES))) == {"movements own server"}
    assert causes(verdict(sent(OURS, "gnvkrwmhzmsn"))) == {"page-content own server"}
    assert verdict(sent(OURS, MOVES), reading="reasonable").outcome is Outcome.PASSED


def test_the_site_that_listens_to_every_key():
    assert both(sent(OURS, OWN.value)) == [Outcome.FAILED, Outcome.FAILED]


@pytest.mark.parametrize("one", [SEARCH, MAIL])
def test_suggestions_validation_and_saving_are_noted(one):
    found = verdict(sent(f"https://shop.test/suggest?q={one.value}", method="GET"), watchers=WATCHERS)
    assert found.outcome is Outcome.PASSED
    assert any("while it is typed" in note for note in found.notes)


def test_a_search_box_of_somebody_else():
    found = verdict(sent(f"https://search.vendor.test/?q={SEARCH.value}"))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert (
        verdict(sent(f"https://search.vendor.test/?q={SEARCH.value}"), reading="reasonable").outcome is Outcome.PASSED
    )


# ---- what cannot be read


def noise(size):
    return os.urandom(size).decode("latin-1")


def test_what_nobody_can_read_and_follows_what_is_done():
    found = verdict(*(sent(body=noise(400), at=2 + n) for n in range(4)))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.OPAQUE_PAYLOAD)
    assert verdict(sent(OURS, noise(900))).reason is Reason.OPAQUE_PAYLOAD
    assert verdict(sent(body=noise(900)), reading="reasonable").outcome is Outcome.PASSED


def test_a_token_or_what_was_sent_all_along_is_no_recording():
    assert verdict(sent(body="token=" + base64.b64encode(os.urandom(240)).decode())).outcome is Outcome.PASSED
    steady = [sent(body=noise(600), at=0.5 + n / 2) for n in range(13)]
    assert verdict(*steady).outcome is Outcome.PASSED


def test_uploads_that_follow_what_is_done_where_scripts_listen():
    uploads = [sent(body=f'{{"n":{n}}}', at=2.5 + n) for n in range(4)]
    found = verdict(*uploads, watchers=WATCHERS)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.OPAQUE_PAYLOAD)
    assert "app.js listens to" in found.explanation
    assert verdict(*uploads, watchers=WATCHERS, reading="reasonable").outcome is Outcome.PASSED
    assert verdict(*uploads).outcome is Outcome.PASSED, "nobody listens"
    assert verdict(*uploads[:3], watchers=WATCHERS).outcome is Outcome.PASSED, "three are few"
    assert verdict(*uploads, watchers=(api_call("watch.scroll"),)).outcome is Outcome.PASSED, "not to what recorders do"
    beats = [sent(body="{}", at=n / 2) for n in range(14)]
    assert verdict(*beats, watchers=WATCHERS).outcome is Outcome.PASSED, "as before"


def test_what_a_page_sends_when_it_is_opened_once_more_does_not_follow_what_is_done():
    uploads = [sent(body=f'{{"n":{n}}}', at=9 + n / 10) for n in range(5)]
    assert verdict(*uploads, watchers=WATCHERS, again=8.0).outcome is Outcome.PASSED
    assert verdict(sent(body=noise(900), at=9.0), again=8.0).outcome is Outcome.PASSED
    assert verdict(sent(body=OWN.value, at=9.0), again=8.0).outcome is Outcome.FAILED, "it was kept meanwhile"


def test_frames_of_a_socket_are_uploads():
    socket = sent("wss://vendor.test/live", "1\n2\n3\n4\n5", resource="websocket")
    assert verdict(socket, watchers=WATCHERS).reason is Reason.OPAQUE_PAYLOAD


def test_a_channel_that_is_not_recorded():
    for reading in ("strict", "reasonable"):
        found = verdict(watchers=(api_call("channel.webrtc"),), reading=reading)
        assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.OPAQUE_PAYLOAD)


def test_a_body_that_was_not_kept():
    for reading in ("strict", "reasonable"):
        found = verdict(sent(body="{", body_missing=True), reading=reading)
        assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
    assert verdict(sent(f"{THEIRS}?v={'a b ' * 3000}"[:8192])).reason is Reason.INSTRUMENT
    assert verdict(sent(headers=(("x-more", "a " * 2048),))).reason is Reason.INSTRUMENT
    assert verdict(sent(body_missing=True, at=1.0)).outcome is Outcome.PASSED, "sent before anything was done"


# ---- what was not looked at


def test_no_trial_is_no_pass():
    found = judge(no_session_recording, NoSessionRecording(), observe(visit()), context())
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_a_page_that_could_not_be_tried():
    found = verdict(error="no answer in 20 s")
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    assert verdict(touched=0.0, left=0.0).reason is Reason.COVERAGE, "nothing was done on it"
    assert verdict(sent(body=MOVES), error="it went away").outcome is Outcome.FAILED, "what was seen was seen"
    never = verdict(sent(body=noise(900), at=0.1), error="no answer", touched=0.0, left=0.0)
    assert not any("can read" in doubt.message for doubt in never.doubts), "nothing follows what was never done"


def test_scripts_that_nobody_listened_to():
    found = verdict(gap="1 documents ran unheard")
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)


def test_a_script_that_did_not_arrive():
    lost = request("https://vendor.test/r.js", resource="script", status=None, error="net::ERR_NAME_NOT_RESOLVED")
    assert verdict(lost).reason is Reason.COVERAGE
    assert verdict(request("https://vendor.test/r.js", resource="script", status=404)).outcome is Outcome.PASSED


def test_a_script_that_ran_on_no_page_that_was_tried():
    fetched = request("https://vendor.test/r.js?v=1", resource="script")
    pages = [visit(scripts=(APP,)), visit(f"{HOME}b", scripts=(APP,), requests=[fetched])]
    found = verdict(visits=pages)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.COVERAGE)
    assert "https://vendor.test/r.js" in found.explanation
    assert verdict(visits=pages, reading="reasonable").outcome is Outcome.PASSED
    assert verdict(visits=pages, probes=(probe(), probe(scripts=(APP, "https://vendor.test/r.js")))).outcome is (
        Outcome.PASSED
    )


def test_a_site_without_pages_has_nothing_to_try():
    found = verdict(visits=[visit(outcome=VisitOutcome.OK_NON_HTML)], probes=())
    assert (found.outcome, found.reason) == (Outcome.INAPPLICABLE, Reason.NOTHING_TO_EXAMINE)


def test_who_listens_as_recorders_do_and_was_not_seen_to_send():
    everything = (api_call("watch.document", "childList attributes characterData"), *WATCHERS)
    found = verdict(watchers=everything)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.OPAQUE_PAYLOAD)
    assert verdict(watchers=everything, reading="reasonable").outcome is Outcome.PASSED
    assert not verdict(sent(body=MOVES), watchers=everything).doubts, "the recording was found"


def test_what_listens_is_noted():
    found = verdict(watchers=WATCHERS)
    assert found.outcome is Outcome.PASSED
    assert any("app.js listens to changes of the page, click, keys, move" in note for note in found.notes)
