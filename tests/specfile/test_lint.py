"""Lint: every sentence accounted for, and what is odd."""

from datetime import date
from pathlib import Path

from compliance.specfile import Counts, LintReport, lint

from .conftest import GOOD

TODAY = date(2026, 11, 22)


def look(path: Path) -> LintReport:
    return lint(path, today=TODAY)


def warned(path: Path) -> list[str]:
    report = look(path)
    assert report.ok, report.errors
    assert all(w.hint for w in report.warnings)
    return [f"{w.location.line}:{w.location.column} {w.message}" for w in report.warnings]


def test_a_good_spec(write) -> None:
    report = look(write(GOOD))
    assert report.ok
    assert report.warnings == ()
    assert report.counts == Counts(
        promises=2, tested=2, checks=3, visitors=1, sentences=6, promised=3, not_promised=3, unaccounted=0
    )
    assert len(report.accounts) == 6


def test_a_bad_spec_has_errors_and_no_accounts(write) -> None:
    report = look(write(GOOD.replace("site:", "sight:")))
    assert not report.ok
    assert report.accounts == ()
    assert [e.message for e in report.errors] == ["unknown key 'sight'"]


def test_an_unaccounted_sentence(write) -> None:
    path = write(GOOD.partition("  - quote: Contact")[0])
    report = look(path)
    assert [e.message for e in report.errors] == [
        "heading 5 is not accounted for: 'Contact'",
        "sentence 6 in 'Contact' is not accounted for: 'Write to us at privacy@shop.test, where somebody reads every "
        "contact request.'",
    ]
    assert {str(e.location) for e in report.errors} == {f"{path}:24:1"}
    assert report.counts.unaccounted == 2
    assert len(report.accounts) == 6


def test_the_hint_can_be_pasted(write) -> None:
    short = GOOD.partition("not_promised:")[0]
    hints = [error.hint for error in look(write(short)).errors]
    assert len(hints) == 3
    entries = "\n".join("\n".join(hint.splitlines()[2:]) for hint in hints)
    assert look(write(f"{short}not_promised:\n{entries}\n")).ok


def test_a_short_heading_is_not_the_word_in_a_sentence(write) -> None:
    # "contact" also stands in sentence 6.
    accounts = look(write(GOOD)).accounts
    assert [a.number for a in accounts if a.not_promised == "A heading."] == [1, 5]


def test_unused_visitor(write) -> None:
    text = GOOD.replace("promises:\n", "visitors: [{name: desk}, {name: phone}]\npromises:\n", 1)
    assert warned(write(text)) == []
    text = text.replace("    category:", "    visitors: [desk]\n    category:")
    assert warned(write(text)) == ["8:26 no promise uses the visitor 'phone'"]


def test_a_quote_that_stands_twice(write) -> None:
    text = GOOD.replace(
        "- We keep your e-mail address for 30 days.", "- We keep your e-mail address for 30 days.\n      - your"
    )
    assert warned(write(text)) == ["18:9 the policy says this in 3 places"]


def test_a_sentence_promised_and_not(write) -> None:
    text = GOOD + "  - quote: We do not sell\n    because: Marketing.\n"
    assert warned(write(text)) == ["31:12 sentence 2 is listed as no promise, and no-sale quotes it"]


def test_expired_waiver(write) -> None:
    waiver = "    waiver: {reason: Old shop., owner: Me, expires: 2026-01-01}\n"
    text = GOOD.replace("not_promised:", f"{waiver}not_promised:")
    assert warned(write(text)) == ["24:53 the waiver expired on 2026-01-01"]
