"""A verdict in words."""

from __future__ import annotations

from pathlib import Path

from compliance.model.location import SourceLocation
from compliance.model.spec import Promise
from compliance.model.verdict import CheckVerdict, Evidence, Finding, Outcome, Reason
from compliance.pytest_plugin.telling import brief, story

PLACE = SourceLocation("specs/shop.yaml", 8, 5)
PROMISE = Promise.model_validate({"id": "p", "quote": ["We do."], "category": "data-security"})


def verdict(*findings: Finding, **fields: object) -> CheckVerdict:
    given: dict[str, object] = {"explanation": "2 deviations.", "visitor": "visitor"}
    return CheckVerdict("a-check", Outcome.FAILED, Reason.OBSERVED, findings=findings, **(given | fields))  # type: ignore[arg-type]


def test_the_whole_story() -> None:
    evidence = (Evidence("v1", "requests", "r1", "https://pixel.test/p.gif"),)
    findings = [Finding("a pixel", f"https://shop.test/{n}", "pixel", evidence) for n in range(5)]
    findings.append(Finding("a font", "https://shop.test/0", "font"))
    assert story(PROMISE, verdict(*findings), PLACE, Path("reports/r").absolute()).splitlines() == [
        "specs/shop.yaml:8:5: p [a-check] broken",
        "  “We do.”",
        "",
        "  2 deviations.",
        "  ✗ a pixel",
        "      https://shop.test/0",
        "      https://shop.test/1",
        "      https://shop.test/2",
        "      and 2 more",
        "      https://pixel.test/p.gif",
        "  ✗ a font",
        "      https://shop.test/0",
        "",
        "  again: compliance run specs/shop.yaml -k 'p and a-check'",
        "  evidence: reports/r",
    ]


def test_many_causes_are_counted() -> None:
    told = story(PROMISE, verdict(*(Finding(f"m{n}", "", f"c{n}") for n in range(8))), PLACE, None)
    assert "  ✗ m4\n  and 3 more of other kinds\n" in told
    assert "evidence" not in told


def test_repetitions_are_named() -> None:
    seldom = Finding("a font", "https://shop.test/", "font", seen_in=(2,))
    told = story(PROMISE, verdict(Finding("a pixel", "", "pixel", seen_in=(1, 3)), unconfirmed=(seldom,)), PLACE, None)
    assert "  ✗ a pixel\n      seen in repetitions 1 and 3\n" in told
    assert "  ≈ a font\n      seen in repetition 2\n      https://shop.test/\n" in told


def test_another_visitor_is_named() -> None:
    assert "broken for visitor german" in story(PROMISE, verdict(visitor="german"), PLACE, None)


def test_what_a_site_wrote_cannot_steer_the_terminal() -> None:
    hostile = Finding("clear \x1b[2J screen", "https://shop.test/?token=abcdefghijklmnop", "c")
    told = story(PROMISE, verdict(hostile, explanation="bell \x07"), PLACE, None)
    assert "\x1b" not in told
    assert "\x07" not in told
    assert "abcdefghijklmnop" not in told


def test_brief_is_one_line() -> None:
    assert brief(verdict(explanation="two\nlines")) == "two lines"
