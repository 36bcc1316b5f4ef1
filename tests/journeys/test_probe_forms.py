# ruff: noqa: E501
"""Every way in which a form can demand something, and proof that nothing but page loads reached a server."""

import asyncio
from dataclasses import replace

import pytest

from compliance.demo import DemoSite
from compliance.journeys import probe_forms as module
from compliance.model.trials import ProbeResult

from .benches import FIRST, Server
from .pages import PAGES

#: Dozens of pages are tried in one fixture.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("journeys")]

SENT, NATIVE, SCRIPT = ProbeResult.SUBMITTED, ProbeResult.BLOCKED_NATIVE, ProbeResult.BLOCKED_SCRIPT
#: Requests that loading the pages makes; nothing else may arrive.
LOADS = set(PAGES) | {"/favicon.ico"}
#: Page → what it does when the e-mail address alone is blank.
DEMANDS = {
    "/attribute": NATIVE, "/everything": NATIVE, "/script": SCRIPT, "/aria": SCRIPT, "/text": SCRIPT, "/toast": SCRIPT,
    "/alert": SCRIPT, "/disabled": SCRIPT, "/framed": NATIVE, "/foreign-frame": NATIVE, "/shadow": NATIVE,
    "/fetch": SCRIPT, "/xhr": SCRIPT, "/beacon": SCRIPT, "/scripted": SCRIPT, "/jsonp": SCRIPT, "/cross-origin": SCRIPT,
    "/blank": NATIVE, "/noopener": NATIVE, "/analytics": NATIVE, "/recorder": NATIVE, "/covered": NATIVE, "/late": NATIVE,
    "/formless": SCRIPT,
}  # fmt: skip
FREE = ("/novalidate", "/optional", "/honeypot", "/get")


def url(path):
    return f"http://{FIRST}{path}"


@pytest.fixture(scope="module")
def tried(bench):
    """All pages probed in one run; the probes by page path, and the server's log."""
    paths = [*DEMANDS, *FREE, "/radio", "/consent", "/mask", "/prefilled", "/limits", "/leaky", "/captcha", "/broken"]
    with Server(PAGES) as server:
        probes = bench.run([url(p) for p in paths], server.resolve, server.log, what="forms", at_once=4)
        return {probe.page.removeprefix(f"http://{FIRST}"): probe for probe in probes}, list(server.log)


def cases(tried, path):
    probe = tried[0][path]
    assert not probe.error
    return {case.case: case for case in probe.cases}


@pytest.mark.parametrize(("path", "result"), DEMANDS.items())
def test_form_that_demands_the_address(tried, path, result):
    found = cases(tried, path)
    email = "without:mail" if path == "/formless" else "without:email"
    assert found["full"].result is SENT, found["full"]
    assert found["blank"].result is result, found["blank"]
    assert found[email].result is result, found[email]
    assert found["minimal"].result is result
    others = [c for name, c in found.items() if name.startswith("without:") and name != email]
    assert all(c.result is (NATIVE if path == "/everything" else SENT) for c in others), others


@pytest.mark.parametrize("path", FREE)
def test_form_that_demands_nothing_is_sent_blank(tried, path):
    found = cases(tried, path)
    assert {name: case.result for name, case in found.items()} == {"full": SENT, "blank": SENT}
    assert set(found["blank"].blank) >= {"email", "message"}


def test_nothing_but_page_loads_reached_the_server(tried):
    strange = [(m, h, p) for m, h, p, _, _ in tried[1] if m != "GET" or p.partition("?")[0] not in LOADS]
    assert strange == []
    assert [entry for entry in tried[1] if entry[3]] == []


def test_no_bait_reached_the_server(tried):
    """Neither in addresses nor in headers: what is typed carries these strings."""
    for _, _, path, _, headers in tried[1]:
        said = (path + headers).lower()
        assert "example.org" not in said
        assert "example%2eorg" not in said
        assert "marker" not in said
        assert "20255501" not in said
        assert "typed=" not in said
        assert "draft=" not in said
        assert "upgrade: websocket" not in said


def test_page_that_sends_what_is_typed_everywhere_is_tried_all_the_same(tried):
    assert cases(tried, "/leaky")["without:email"].result is NATIVE
    assert any("/lazy.js" in path for _, _, path, _, _ in tried[1]), (
        "what it fetches before the first key is let through"
    )


def test_submissions_are_told_from_analytics_and_recorders(tried):
    for path in ("/analytics", "/recorder"):
        assert cases(tried, path)["full"].request == f"POST http://{FIRST}/send"


@pytest.mark.parametrize(
    ("path", "request_line"),
    [
        ("/get", f"GET http://{FIRST}/search-people"),
        ("/fetch", f"POST http://{FIRST}/api/contact"),
        ("/xhr", f"POST http://{FIRST}/api/contact"),
        ("/beacon", f"POST http://{FIRST}/api/contact"),
        ("/scripted", f"POST http://{FIRST}/send"),
        ("/jsonp", f"GET http://{FIRST}/jsonp.js"),
        ("/cross-origin", "POST http://forms.test/submissions"),
        ("/blank", f"POST http://{FIRST}/send"),
        ("/foreign-frame", "POST http://forms.test/send"),
    ],
)
def test_request_is_recorded_without_what_was_typed(tried, path, request_line):
    assert cases(tried, path)["full"].request == request_line


def test_signals_say_what_was_seen(tried):
    def signals(path, case="without:email"):
        return "\n".join(cases(tried, path)[case].signals)

    assert "the browser refused “email”: Please fill out this field." in signals("/attribute")
    assert "marked invalid: email" in signals("/aria")
    assert "new text: “Please tell us your address.”" in signals("/text")
    assert "new text: “Address, please.”" in signals("/toast")
    assert "dialog: “We need your address.”" in signals("/alert")
    assert "submit button disabled" in signals("/disabled", "blank")
    assert "filled in completely, it was sent after" in signals("/script")
    assert all(len(s) <= 300 for probe in tried[0].values() for case in probe.cases for s in case.signals)


def test_blocked_cases_have_a_picture(tried, bench):
    blocked = cases(tried, "/attribute")["blank"]
    assert bench.blobs[blocked.screenshot].startswith(b"\xff\xd8")
    assert cases(tried, "/attribute")["full"].screenshot == ""


def test_demanded_choice_and_demanded_consent(tried):
    radio = cases(tried, "/radio")
    assert radio["without:salutation"].result is NATIVE
    assert radio["without:email"].result is SENT
    consent = cases(tried, "/consent")
    assert consent["blank"].result is NATIVE
    assert {c.result for name, c in consent.items() if name not in ("full", "blank")} == {SENT}
    assert "consent" not in consent["minimal"].blank


def test_honeypot_stays_empty(tried):
    assert "website" in cases(tried, "/honeypot")["full"].blank


def test_masks_get_real_keys(tried):
    assert cases(tried, "/mask")["full"].result is SENT


def test_what_the_site_filled_in_counts_as_the_sites(tried):
    found = cases(tried, "/prefilled")
    assert found["blank"].result is SENT


def test_values_fit_limits(tried):
    assert cases(tried, "/limits")["full"].result is SENT


def test_form_that_does_not_go_when_full_ends_there(tried):
    for path, result in (("/captcha", ProbeResult.BLOCKED_CAPTCHA), ("/broken", ProbeResult.UNKNOWN)):
        found = cases(tried, path)
        assert list(found) == ["full", "blank"]
        assert found["full"].result is result, found["full"]


def test_hanging_page_costs_its_own_time_and_destructive_buttons_are_not_pressed(bench, monkeypatch):
    monkeypatch.setattr(module, "FORM_DEADLINE", 20.0)
    with Server(PAGES) as server:
        probes = bench.run([url(p) for p in ("/hang", "/attribute")], server.resolve, server.log, what="forms")
        hung, fine = probes
        assert hung.error
        assert not fine.error
        assert len(fine.cases) >= 5
        danger = replace(fine.form, submit_text="Delete account")
        refused = bench.run(
            [url("/attribute")], server.resolve, server.log, what="forms", targets=[(url("/attribute"), danger)]
        )
        assert [(p.error, p.cases) for p in refused] == [("not tried: its button says “delete account”", ())]
        assert server.log == []


def test_page_that_is_gone_and_form_that_is_gone(bench):
    with Server(PAGES) as server:
        (fine,) = bench.run([url("/attribute")], server.resolve, server.log, what="forms")
        gone = [(url("/nowhere"), fine.form), (url("/lazy.js"), fine.form), (url("/attribute"), fine.form)]
        found = bench.run([url("/attribute")], server.resolve, server.log, what="forms", targets=gone)
    assert [p.error for p in found] == [
        "the page did not open: HTTP 404", "the form was not found on the page again", "",
    ]  # fmt: skip


def test_stopped_before_the_first_form(bench):
    with Server(PAGES) as server:
        assert bench.run([url("/attribute")], server.resolve, server.log, what="forms", stopped=lambda: True) == []
        assert server.log == []


def test_browser_that_dies_is_started_again(bench, monkeypatch):
    killed = []
    whole = module._Trial._case

    async def dies(trial, name, wanted):
        if name == "blank" and not killed:
            killed.append(trial.ground.page)
            trial.stage.browser._kill()
            await asyncio.sleep(0.3)
        return await whole(trial, name, wanted)

    monkeypatch.setattr(module._Trial, "_case", dies)
    with Server(PAGES) as server:
        probes = bench.run([url("/attribute"), url("/optional")], server.resolve, server.log, what="forms")
    assert [bool(p.error) for p in probes] == [True, False]
    assert "browser" in probes[0].error


@pytest.mark.parametrize(
    ("variant", "name", "result"),
    [
        ("script-refuses", "email", SCRIPT), ("disabled-submit", "email", SCRIPT), ("iframe-form", "email", NATIVE),
        ("shadow-dom", "email", NATIVE), ("required-attribute", "email", NATIVE),
    ],
)  # fmt: skip
def test_demo_variants(bench, variant, name, result):
    with DemoSite(f"form-fields-optional/{variant}") as site:
        probes = bench.run(
            ["https://www.spaceo.test/contact"], site.resolve, [], what="forms", ignore_tls=site.ignore_tls
        )
        contact = next(p for p in probes if any(f.name == "phone" for f in p.form.fields))
        found = {case.case: case.result for case in contact.cases}
        assert found["full"] is SENT, contact
        assert found[f"without:{name}"] is result
        assert [r for r in site.log if r.method != "GET" or b"example.org" in r.body or "example.org" in r.path] == []
