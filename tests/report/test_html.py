"""The report: complete, harmless, bounded; read by a parser, then opened in a browser."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from selectolax.lexbor import LexborHTMLParser

from compliance.model.lists import ListInfo, UsedList
from compliance.model.observation import Controls, MissedControl
from compliance.model.run import PolicyInfo
from compliance.model.verdict import Outcome
from compliance.model.visit import Aspect
from compliance.report.html import render

from . import runs

CHROMIUM = shutil.which("chromium-headless-shell")
STATES = sorted(runs.STATES)


@pytest.fixture(scope="module")
def reports() -> dict[str, str]:
    return {name: render(make(), runs.shots) for name, make in runs.STATES.items()}


def parsed(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(html)


def words(node) -> str:
    return " ".join(node.text(separator=" ").replace("\xa0", " ").split())


def body(html: str) -> str:
    """What the page says, without style and script."""
    tree = parsed(html)
    tree.strip_tags(["style", "script"])
    return words(tree.body)


# What it says


def test_first_screen_answers(reports):
    tree = parsed(reports["mixed"])
    assert words(tree.css_first("h1")) == "The Shop"
    assert words(tree.css_first("h2")) == "1 of 6 promises is broken."
    assert [words(li) for li in tree.css("#tally li")] == [
        "✗ broken 1",
        "? could not tell 1",
        "– not tested 3 (1 attested)",
        "– nothing to examine 1",
    ]
    verdicts = words(tree.css_first("#verdicts"))
    assert "42 pages of 48 found were seen whole by 1 visitor" in verdicts
    assert "server-logs not testable from outside" in verdicts
    assert "_vid tells visitors apart: each got its own value, and it outlives the session. 7 pages" in verdicts
    header = words(tree.css_first("header"))
    for part in ("22 February 2017", "22 November 2026, 13:01 to 13:09 UTC", "HeadlessChrome/156", "compliance 0.1.0"):
        assert part in header
    assert "third-party cookies: visible" in header


def test_order_of_the_sections(reports):
    tree = parsed(reports["mixed"])
    assert [s.id for s in tree.css("main > section")] == [
        "verdicts", "policy", "promises", "coverage", "environment", "notices",
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["mixed", "kept", "broken"])
def test_every_sentence_is_there_and_marked(reports, state):
    tree = parsed(reports[state])
    document = tree.css_first(".document")
    run = runs.STATES[state]()
    for sentence in run.sentences:
        assert sentence.text in words(document)
    for mark in document.css("a.mark"):
        assert tree.css_first(mark.attributes["href"]).tag == "article"
    said = [words(m) for m in document.css("a.mark")]
    assert len(said) == sum(len(s.promises) for s in run.sentences)
    if state == "broken":
        assert all(m.startswith("✗ broken") for m in said)


def test_sentences_that_promise_nothing_say_why_and_an_unaccounted_one_is_shown(reports):
    tree = parsed(reports["mixed"])
    for reference in tree.css(".document sup a"):
        note = tree.css_first(reference.attributes["href"])
        assert words(note).split(" ↑")[0] in ("A title.", "An intention.")
    assert words(tree.css_first(".unaccounted")) == "We may occasionally send you information about our company."
    assert "11 sentences, 10 accounted for" in words(tree.css_first("#policy"))
    assert "every one accounted for" in words(parsed(reports["kept"]).css_first("#policy"))


def test_a_promise_says_everything(reports):
    tree = parsed(reports["mixed"])
    promise = words(tree.css_first("#promise-stay-anonymous"))
    for part in (
        "stay-anonymous ✗ broken", "We do not use cookies to trace", "Prohibition", "first party collection use",
        "high severity", "dpv:Tracking", "specs/shop.yaml:12:5", "Read as: No value in a cookie",
        "no-identifying-cookies", "2 deviations on 8 pages; 42 pages examined.", "it was seen (observed)",
        "42 of 42 planned", "threshold_bits: 27", 'allow: ["_csrf"]',
        "compliance run specs/shop.yaml --site https://shop.test/ -k",
        "7 findings on 7 pages; cause cookie:_vid , identity", "https://shop.test/products/1", "visit v1",
        "a81f…(26 characters, sha256 3f9c2a1b)", "2 more findings of this cause", "_session was seen too",
    ):  # fmt: skip
        assert part in promise, part
    assert "What happens to log files" in words(tree.css_first("#promise-server-logs"))
    unclear = words(tree.css_first("#promise-no-obligation"))
    assert "Waived until 31 December 2026 by Web team: The form is replaced in December." in unclear
    assert "What could not be told" in unclear
    assert "3 forms" in unclear
    contact = words(tree.css_first("#promise-contact"))
    assert "By Head of operations, A. Example On 1 March 2026 Until 1 March 2027 Level A1, document seen" in contact
    assert "What this verdict does not cover" in contact


def test_coverage_environment_and_footer(reports):
    tree = parsed(reports["mixed"])
    coverage = words(tree.css_first("#coverage"))
    assert "48 addresses found, 45 to be visited, 45 visited, 42 seen whole." in coverage
    assert "http error 2 ok 42 timeout 1" in coverage
    assert "blocked destructive 1 blocked robots 2" in coverage
    assert tree.css_first("svg.bar").attributes["aria-label"] == (
        "Coverage of visitor visitor: 42 seen whole, 3 visited, not seen whole, 3 skipped"
    )
    environment = words(tree.css_first("#environment"))
    assert "none: every certificate was verified" in environment
    assert "Requests of shared workers are counted and not read." in environment
    assert "9e9e9e9e" in words(tree.css_first("footer"))
    assert "page budget" not in coverage
    assert "The budget of 500 pages was reached" in words(parsed(reports["fault"]).css_first("#coverage"))
    assert "for visitor phone" in words(parsed(reports["fault"]).css_first("#promise-contact"))


def test_lists_that_judged_are_told_with_version_age_and_digest():
    easy = ListInfo("easyprivacy", "", "CC0", "https://lists.test/easy.txt", "2026", "2026-04-28", "ab" * 32, 51234,
                    "installed", set_aside=812)  # fmt: skip
    own = ListInfo("own", "", "", "<b>/tmp/own", "", "2026-11-24", "", 1, "installed", dated_by="received")
    used = (UsedList(easy, 208, ("known-trackers",)), UsedList(own, -2, ("known-trackers",)))
    page = parsed(render(replace(runs.mixed(), lists=used)))
    first, second = [" ".join(item.text().split()) for item in page.css("ul.lists > li")]
    assert first == (
        "easyprivacy 2026, for known-trackers. As of 28 April 2026, 208 days before the observations: old. 51,234 "
        f"entries, 812 more not understood; licence CC0. Installed by the user from https://lists.test/easy.txt; "
        f"SHA-256 {'ab' * 32}"
    )
    assert (
        "own, for known-trackers. As of 24 November 2026 (the day it was taken; it states none), 2 days after" in second
    )
    assert "1 entry; licence not stated. Installed by the user from <b>/tmp/own" in second
    assert not parsed(render(runs.mixed())).css("ul.lists")


def test_a_repeated_run_says_who_saw_what(reports):
    tree, said = parsed(reports["repeated"]), body(reports["repeated"])
    broken, unsteady = words(tree.css_first("#promise-stay-anonymous")), words(tree.css_first("#promise-contact"))
    assert "Each alone ✗ broken in repetitions 2 and 3" in broken
    assert "✓ kept in repetition 1" in broken
    assert "7 findings on 7 pages; seen in repetitions 2 and 3" in broken
    assert "Seen in too few repetitions Seldom seen. 1 finding on 1 page; seen in repetition 2" in broken
    assert "visit v1 of repetition 2" in broken
    assert "could not tell" in unsteady
    assert "seen in repetition 2 of 3 and not in repetitions 1 and 3 of 3; 2 must see it" in unsteady
    assert "The site was observed 3 times" in said
    assert "was interrupted (a full disk)" in said
    links = [a.attributes["href"] for a in tree.css("#repetitions a")]
    assert links == ["ledger.sqlite", "repeats/2/ledger.sqlite", "repeats/3/ledger.sqlite"]
    assert "--repeat 3" in said
    assert 'id="repetitions"' not in reports["mixed"]


def test_an_empty_run_says_so(reports):
    said = body(reports["empty"])
    for part in ("No promise was judged.", "No page could be examined", "holds no text of a policy", "not sealed"):
        assert part in said


def test_two_thousand_findings(reports):
    html = reports["many"]
    assert len(html.encode()) <= 2_000_000
    tree = parsed(html)
    assert len(tree.css("#promise-stay-anonymous .findings > li")) == 4 * 200
    rest = [words(p) for p in tree.css(".rest")]
    assert rest == ["300 further findings of this cause are not shown here; run.json holds all 500 findings."] * 4


def test_two_thousand_causes_stay_bounded():
    html = render(runs.many(causes=2000))
    assert len(html.encode()) <= 2_000_000
    assert "1,800 further causes are not shown here; run.json holds all 2,000 findings." in body(html)


def test_pictures_are_embedded_once(reports):
    tree = parsed(reports["broken"])
    images = tree.css("img")
    assert len(images) == 1
    assert images[0].attributes["src"].startswith("data:image/png;base64,")
    links = [a for a in tree.css("a") if words(a) == "shown above"]
    assert len(links) == 5
    assert all(tree.css_first(a.attributes["href"]).tag == "figure" for a in links)
    assert not parsed(render(runs.all_broken())).css("img")


def test_colour_is_never_alone(reports):
    for sign in parsed(reports["mixed"]).css(".sign"):
        assert re.match(r"^[✗?–✓!] [a-z]", words(sign))


def test_same_run_same_report():
    assert render(runs.mixed(), runs.shots) == render(runs.mixed(), runs.shots)


def test_without_source_or_date():
    assert "untitled" in render(replace(runs.mixed(), policy=PolicyInfo()))


# What it does not do


@pytest.mark.parametrize("state", STATES)
def test_markup_is_sound(reports, state):
    html = reports[state]
    tree = parsed(html)
    ids = [n.id for n in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    for link in tree.css("a[href^='#']"):
        assert link.attributes["href"][1:] in ids
    levels = [int(n.tag[1]) for n in tree.css("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    html.encode("utf-8")


@pytest.mark.parametrize("state", STATES)
def test_nothing_active_and_nothing_from_elsewhere(reports, state):
    tree = parsed(reports[state])
    assert len(tree.css("script")) == 1
    assert len(tree.css("style")) == 1
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on"), name
            assert name != "style"
            if name == "src":
                assert value.startswith("data:image/"), value
            if name == "href" and re.fullmatch(r"(repeats/\d+/)?ledger\.sqlite", value):
                continue  # a recording, beside the report
            if name == "href" and not value.startswith("#"):
                assert re.match(r"https?://", value) or (node.tag == "link" and value == "data:,"), value
                assert node.tag == "link" or "noreferrer" in node.attributes["rel"]
    assert not tree.css("iframe, object, embed, form, base, video, audio, source")


def test_policy_of_content_names_what_is_there(reports):
    html = reports["hostile"]
    tree = parsed(html)
    policy = tree.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"]
    assert policy.startswith("default-src 'none'; img-src data:; ")
    for tag in ("style", "script"):
        source = re.search(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert source
        digest = base64.b64encode(hashlib.sha256(source[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_hostile_text_is_shown_as_text(reports):
    said = body(reports["hostile"])
    for part in (
        "<script>window.__pwned=1</script>", "\\u202egnp.exe\\u2066\\u200b\\ufeff", "nul\\x00 bell\\x07",
        "half \\ud800 pair", "{{ 7*7 }}{% raw %}", "=HYPERLINK(1)", "1,000,000 characters in all",
    ):  # fmt: skip
        assert part in said, part
    assert "hunter2" not in said
    assert "abcdefgh" not in said
    plain = reports["hostile"].replace("\n", "").replace("\xa0", "")
    assert plain.isprintable(), "no control, no direction mark, no zero-width character anywhere"
    assert len(reports["hostile"].encode()) <= 2_000_000


def test_templates_quote_every_attribute():
    folder = files("compliance.report") / "templates"
    for template in folder.iterdir():
        source = template.read_text("utf-8")
        assert not re.search(r"=\s*\{[{%]", re.sub(r"\{%.*?%\}", "", source)), template.name
        assert "|safe" not in re.sub(r"\s", "", source)
        assert source.count("embedded(") <= 1


# In a browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "these tests need chromium-headless-shell on the PATH"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def folder(reports, tmp_path_factory):
    made = tmp_path_factory.mktemp("reports")
    for name, html in reports.items():
        (made / f"{name}.html").write_text(html, "utf-8")
    return made


def opened(chromium, folder, state, **options) -> tuple[Page, list[str], list[str]]:
    page = chromium.new_context(**options).new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((folder / f"{state}.html").as_uri())
    return page, [u for u in asked if not u.startswith(("file:", "data:"))], said


@pytest.mark.browser
def test_the_instrument_sees_what_it_looks_for(chromium, tmp_path):
    policy = "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\">"
    evil = (
        "<script>window.__pwned=1; fetch('http://127.0.0.1:9/').catch(() => 0)</script><img src=http://127.0.0.1:9/x>"
    )
    (tmp_path / "evil.html").write_text(f"{policy}{evil}<p style='width:900px'>wide")
    page, asked, said = opened(chromium, tmp_path, "evil", viewport={"width": 360, "height": 740})
    try:
        assert page.evaluate("window.__pwned") == 1
        assert "http://127.0.0.1:9/" in asked
        assert any("Content Security Policy" in line for line in said)
        assert page.evaluate("document.documentElement.scrollWidth") > 360
    finally:
        page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("state", STATES)
def test_harmless_and_readable_at_360_pixels(chromium, folder, state, scripts):
    page, asked, said = opened(
        chromium, folder, state, java_script_enabled=scripts, viewport={"width": 360, "height": 740}
    )
    try:
        assert page.evaluate("window.__pwned") is None
        assert asked == []
        assert said == [], "no violation of its own policy, no error"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.evaluate("getComputedStyle(document.body).maxWidth") == "720px", "the style applies"
    finally:
        page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_accessible(chromium, folder, state, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page, _, _ = opened(chromium, folder, state, color_scheme=scheme, viewport={"width": 1000, "height": 900})
    try:
        page.evaluate("document.querySelector('details')?.setAttribute('open', '')")
        results = Axe().run(page, options={"resultTypes": ["violations"]})
        assert results.violations_count == 0, results.generate_report()[:3000]
    finally:
        page.context.close()


@pytest.mark.browser
def test_filter_and_lists(chromium, folder):
    page, _, _ = opened(chromium, folder, "mixed")
    try:
        shown = ".promise:not([hidden])"
        page.get_by_role("button", name="broken").click()
        assert page.locator(shown).evaluate_all("all => all.map(p => p.id)") == ["promise-stay-anonymous"]
        assert page.get_by_role("status").inner_text().strip() == "1 of 6 promises shown."
        page.locator(".document a.mark", has_text="unsubscribe").click()
        expect(page.locator(".promise[hidden]")).to_have_count(0)
        page.get_by_role("button", name="broken").click()
        page.get_by_role("button", name="Show all").click()
        assert page.locator(shown).count() == 6
        page.get_by_role("button", name="Open all lists").click()
        assert page.locator("details[open]").count() == page.locator("details").count() > 0
    finally:
        page.context.close()


@pytest.mark.browser
def test_print_shows_everything_and_hides_the_controls(chromium, folder):
    page, _, _ = opened(chromium, folder, "mixed", java_script_enabled=False)
    try:
        page.emulate_media(media="print")
        assert page.locator(".skip, .tools, .back").evaluate_all(
            "all => all.every(n => getComputedStyle(n).display === 'none')"
        )
        closed = page.locator("details .findings").first
        assert closed.evaluate("n => n.getBoundingClientRect().height") > 0, "closed lists are printed too"
        assert page.pdf().startswith(b"%PDF-")
    finally:
        page.context.close()


def test_outcomes_have_a_style():
    style = (files("compliance.report") / "assets" / "report.css").read_text("utf-8")
    for outcome in Outcome:
        assert f".sign.{outcome.value}" in style


def test_what_the_instrument_missed_is_told():
    miss = MissedControl(Aspect.API_CALLS, "the <b>screen</b>", "after", "was done and is not in the record")
    shown = {"phone": Controls(50, (miss,) * 22), "visitor": Controls(100)}
    page = parsed(render(replace(runs.mixed(), controls=shown)))
    told = words(page.css_first("#environment"))
    assert "Visitor “visitor”: all 100 controls in the record, nothing invented." in told
    assert re.search(r"Visitor “phone”: 22 controls failed ?, 50 tried\.", told)
    assert "api calls, after the crawl: the <b>screen</b>: was done and is not in the record." in told
    assert "and 2 more" in told
    assert page.css_first("#controls") is not None
    assert "#controls" not in render(runs.mixed())
