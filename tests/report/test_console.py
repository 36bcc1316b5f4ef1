"""Verdicts on the terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from compliance.model.observation import Coverage
from compliance.model.verdict import Finding, Outcome, Reason
from compliance.report.console import print_verdicts, progress_line

from . import runs
from .golden import same_as_stored


def printed(run, width=80, encoding="utf-8", **options):
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="")
    print_verdicts(run, Console(file=file, width=width, **options), report="reports/r/report.html")
    file.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("state", ["mixed", "kept", "broken", "unclear", "repeated", "empty", "fault", "many"])
def test_snapshot_at_80_columns(state):
    shown = printed(runs.STATES[state]())
    same_as_stored(f"console-{state}.txt", shown)
    assert all(cell_len(line) <= 80 for line in shown.splitlines())
    assert not re.search(r"[ \t]$", shown, re.MULTILINE)


def test_piped_output_has_no_escape_codes_and_a_terminal_gets_colour():
    assert "\x1b" not in printed(runs.mixed())
    coloured = printed(runs.mixed(), force_terminal=True, color_system="standard")
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == printed(runs.mixed())


def test_ascii_terminals_get_ascii():
    shown = printed(runs.mixed(), encoding="ascii")
    assert "x stay-anonymous  broken" in shown
    assert "+ 1 kept" in printed(runs.run(runs.verdict("contact", runs.KEPT)), encoding="ascii")


def test_hostile_site_text_is_harmless():
    shown = printed(runs.hostile())
    allowed = all(c == "\n" or c.isprintable() for c in shown)
    assert allowed
    assert "\\x1b]8;;" in shown
    assert not re.search(r"^\s*::|##\[", shown, re.MULTILINE), "a build server would obey"
    assert max(map(len, shown.splitlines())) < 1000


def test_markup_of_rich_is_text():
    check = replace(runs.BROKEN, findings=(Finding("[bold]x[/nope] :smile:", "https://a.test/[red]", "c"),))
    shown = printed(runs.run(runs.verdict("contact", check)))
    assert "[bold]x[/nope] :smile:" in shown
    assert "https://a.test/[red]" in shown


def test_build_server_commands_are_disarmed():
    run = replace(runs.run(), notices=("x" * 70 + " ::error::forged", "##[add-mask]a"))
    shown = printed(run)
    assert "\n\\::error::forged" in shown
    assert "#\\#[add-mask]" in shown or "\\##[add-mask]" in shown


def test_addresses_are_never_wrapped():
    url = "https://shop.test/" + "a" * 100
    check = replace(runs.BROKEN, findings=(Finding("m", url, "c"),))
    assert f"      {url}\n" in printed(runs.run(runs.verdict("contact", check)), width=60)


def test_every_failing_check_says_why():
    other = runs.checked("other-check", Outcome.INCONCLUSIVE, Reason.COVERAGE, "Only 50% could be examined.")
    shown = printed(runs.run(runs.verdict("contact", runs.BROKEN, other, runs.KEPT)))
    assert "? other-check\n      Only 50% could be examined.\n" in shown
    assert shown.count("no-identifying-cookies") == 1, "what is kept needs no line of its own"


def test_partial_coverage_is_said():
    run = replace(runs.run(), coverage={"visitor": Coverage(100, 100, 50, 40)})
    assert "40 pages of 100 found seen whole; not everything was looked at." in printed(run)


@pytest.mark.parametrize("width", [0, 5, 12, 40, 80])
@pytest.mark.parametrize(
    "url", ["https://shop.test/" + "x" * 300 + "/end", "https://世界.test/" + "世" * 50, "\x1b[2J"]
)
def test_progress_line_fits(width, url):
    line = progress_line(12, 1480, url, width)
    assert cell_len(line) <= width
    assert line.isprintable()


def test_progress_line_shows_both_ends():
    line = progress_line(12, 1480, "https://shop.test/" + "x" * 300 + "/end", 60)
    assert line.startswith("12 of 1,480  https://shop.test/")
    assert line.endswith("x/end")
    assert progress_line(1, 2, "https://a.test/", 80) == "1 of 2  https://a.test/"
