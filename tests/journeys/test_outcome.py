"""Which request sends the form, and what a try without one means."""

import pytest

from compliance.journeys.bait import Bait
from compliance.journeys.outcome import Ground, Shown, judge, submission
from compliance.journeys.seal import Asked, answer
from compliance.model.content import Field, Form
from compliance.model.trials import ProbeResult

FORM = Form("https://shop.test/send", "post", (Field("email", "email", "E-mail"), Field("note", "textarea", "Note")))
PAGE = "https://shop.test/contact"


def asked(method="POST", url="https://shop.test/api", kind="fetch", body="", **how):
    return Asked(method, url, kind, body, how.pop("headers", ()), "s", "f", 1.0)


def ground(form=FORM, learned=None):
    return Ground(form, PAGE, lambda url: "shop.test" in url, Bait(), learned, 0.1)


@pytest.mark.parametrize(
    "one",
    [
        asked(url="https://shop.test/send", kind="document"),
        asked("GET", "https://shop.test/send?email=&note=", "document"),
        asked(body='{"email": "", "note": ""}'),
        asked(url="https://forms.test/v1", body="email=&note="),
        asked(url="https://shop.test/send", body="?"),
        asked("GET", "https://lists.test/subscribe?email=&note=&c=cb", "script"),
    ],
)
def test_submissions(one):
    assert submission([asked(url="https://stats.test/g", kind="ping"), one], [], ground()) is one


@pytest.mark.parametrize(
    "one",
    [
        asked(url="https://stats.test/collect", kind="ping", body="en=form_submit"),
        asked(url="https://stats.test/collect", body='{"event": "click"}'),
        asked("GET", "https://shop.test/token"),
        asked("GET", "https://shop.test/other", "document"),
        asked(url="https://shop.test/log", body='{"event": "click"}'),
    ],
)
def test_what_is_no_submission(one):
    assert submission([one], [], ground()) is None


def test_recorder_that_sends_what_is_typed_all_the_time_is_no_submission():
    recorder = asked(url="https://recorder.test/k", body='{"email": "x", "note": "y"}')
    assert submission([recorder], [recorder], ground()) is None


def test_learned_endpoint_decides():
    learned = asked(url="https://shop.test/graphql?q=1", body='{"email": "a"}')
    again = asked(url="https://shop.test/graphql?q=2", body="{}")
    assert submission([again], [], ground(learned=learned)) is again
    assert submission([again], [again], ground(learned=learned)) is None


def result(shown, *, form=FORM, learned=None, full=False, caught=()):
    return judge(None, caught, shown, ground(form, learned), full=full, waited=1.5)


def test_results_without_a_request():
    native = Shown(clicks=1, hits=1, native=True, missing=("email",), refused=(("email", "Fill out"),))
    assert result(native)[0] is ProbeResult.BLOCKED_NATIVE
    assert result(Shown(clicks=1, hits=1, marked=("email",)))[0] is ProbeResult.BLOCKED_SCRIPT
    assert result(Shown(clicks=0, disabled_before=True, disabled=True))[0] is ProbeResult.BLOCKED_SCRIPT
    assert result(Shown(clicks=1, hits=1))[0] is ProbeResult.UNKNOWN
    assert result(Shown(clicks=1, hits=1), learned=asked())[0] is ProbeResult.BLOCKED_SCRIPT
    assert result(Shown(clicks=1), learned=asked())[0] is ProbeResult.UNKNOWN
    assert result(Shown(clicks=1, hits=1, gone=True), learned=asked())[0] is ProbeResult.UNKNOWN
    lacking = asked("GET", "https://shop.test/chunk.js", "script")
    assert result(Shown(clicks=1, hits=1), learned=asked(), caught=[lacking])[0] is ProbeResult.UNKNOWN
    challenge = asked("GET", "https://www.google.com/recaptcha/api2/reload", "xhr")
    assert result(Shown(clicks=1, hits=1), caught=[challenge], full=True)[0] is ProbeResult.BLOCKED_CAPTCHA


def test_signals_are_short_and_never_empty():
    _, signals = result(Shown(clicks=1, hits=1, said=("x" * 900,)))
    assert all(0 < len(one) <= 300 for one in signals)
    assert result(Shown(clicks=1, hits=1))[1] == ("nothing happened",)


def test_answers_fit_what_was_asked_for():
    def code(one):
        return answer(one)["responseCode"]

    assert code(asked(kind="document")) == 200
    assert code(asked(kind="ping")) == 204
    assert code(asked("OPTIONS")) == 204
    names = {h["name"] for h in answer(asked(headers=(("Origin", "https://shop.test"),)))["responseHeaders"]}
    assert "Access-Control-Allow-Origin" in names
