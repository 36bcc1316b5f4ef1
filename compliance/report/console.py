"""Verdicts on the terminal: one line a promise, and beneath it what a reader needs to look further."""

from __future__ import annotations

import re
from collections import Counter

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from compliance.model.run import Run
from compliance.model.verdict import CheckVerdict, Finding, Outcome, Verdict
from compliance.report.redact import address, text
from compliance.report.summing_up import deciding, mark_of, told
from compliance.report.words import MARKS, READING_ORDER, Mark, counted, headline, repetitions

_STYLES = {
    Outcome.ERROR: "bold red",
    Outcome.FAILED: "bold red",
    Outcome.INCONCLUSIVE: "bold yellow",
    Outcome.PASSED: "bold green",
    Outcome.UNTESTED: "bold",
    Outcome.INAPPLICABLE: "bold",
}
_ASCII = str.maketrans({"✓": "+", "✗": "x", "–": "-", "…": "...", "“": '"', "”": '"', "’": "'", "×": "x"})
#: What a build server would obey when it stands in a log (GitHub trims the line first).
_COMMAND = re.compile(r"^(\s*)(::)|()(##)(?=\[)")
#: Characters of a message that the terminal shows; the report has the rest.
_MESSAGE = 300
_URL = 200


def print_verdicts(run: Run, console: Console, *, report: str = "") -> None:
    """Print the verdict on every promise of `run`, the totals, and where the report is.

    Args:
        run: The run.
        console: Where to; any width, with or without colour or Unicode.
        report: Path of the HTML report, when one was written.
    """
    verdicts = {v.promise: v for v in run.verdicts}
    ids = [*(p.id for p in run.promises), *(i for i in verdicts if i not in {p.id for p in run.promises})]
    column = min(max((cell_len(text(i, 64)) for i in ids), default=0), 40)
    for promise in ids:
        verdict = verdicts.get(promise)
        mark = mark_of(verdict)
        waived = verdict is not None and verdict.disposition.kind == "waived"
        line = Text(f"{mark.symbol} ", _STYLES[mark.outcome])
        line.append(_padded(text(promise, 64), column), "bold")
        line.append(f"  {mark.word}{', waived' if waived else ''}", _STYLES[mark.outcome])
        _line(console, line)
        _wrapped(console, told(verdict), 2)
        if verdict:
            _details(console, verdict)
    _totals(run, [mark_of(verdicts.get(i)) for i in ids], console)
    if report:
        _line(console, Text(f"Report: {text(report)}"))


def _details(console: Console, verdict: Verdict) -> None:
    decided = deciding(verdict)
    for check in verdict.checks:
        if check.outcome not in (Outcome.FAILED, Outcome.ERROR, Outcome.INCONCLUSIVE):
            continue
        mark = MARKS[check.outcome]
        line = Text(f"    {mark.symbol} {text(check.check, 80)}", _STYLES[mark.outcome])
        line.append(_numbers(check))
        _line(console, line)
        if check.findings or check.unconfirmed:
            _finding(console, (*check.findings, *check.unconfirmed)[0])
        elif check is not decided:
            # What could not be told is part of the explanation.
            _wrapped(console, check.explanation, 6)


def _numbers(check: CheckVerdict) -> str:
    if check.findings:
        causes, pages = len({f.cause for f in check.findings}), len({f.url for f in check.findings})
        return f": {counted(len(check.findings), 'finding')}, {counted(causes, 'cause')}, {counted(pages, 'page')}" + (
            "; the first:" if len(check.findings) > 1 else ""
        )
    if check.unconfirmed:
        return f": {counted(len({f.cause for f in check.unconfirmed}), 'deviation')} seen in too few repetitions"
    return f": {counted(len(check.doubts), 'doubt')}" if check.doubts else ""


def _finding(console: Console, finding: Finding) -> None:
    _wrapped(console, finding.message, 6)
    if finding.seen_in:
        _line(console, Text(f"      seen in {repetitions(finding.seen_in)}", "dim"))
    if finding.url:
        # Never wrapped: a broken address cannot be clicked or copied.
        _line(console, Text(f"      {_shortened(address(finding.url).text, _URL)}", "dim"))


def _totals(run: Run, marks: list[Mark], console: Console) -> None:
    counts = Counter(mark.outcome for mark in marks)
    _line(console, Text())
    _line(console, Text(headline(mark.outcome for mark in marks), "bold"))
    line = Text()
    for outcome in READING_ORDER:
        if counts[outcome]:
            line.append("   " if line else "")
            line.append(f"{MARKS[outcome].symbol} {counts[outcome]} {MARKS[outcome].word}", _STYLES[outcome])
    if line:
        _line(console, line)
    for visitor, coverage in sorted(run.coverage.items()):
        whose = f" by visitor {text(visitor, 64)}" if len(run.coverage) > 1 else ""
        whole = "" if coverage.complete else "; not everything was looked at"
        first = " in the first repetition" if run.repetitions else ""
        found = f"{counted(coverage.seen, 'page')} of {coverage.found:,} found seen whole{whose}{first}{whole}."
        _wrapped(console, found, 0)
    for notice in run.notices:
        _wrapped(console, f"Notice: {text(notice, _MESSAGE)}", 0)


def _wrapped(console: Console, words: str, indent: int) -> None:
    shown = _encodable(console, Text(text(words, _MESSAGE)))
    for line in shown.wrap(console, max(20, console.width - indent)):
        _line(console, Text(" " * indent) + line)


def _line(console: Console, line: Text) -> None:
    """The one way out: no markup, no guessing at colours, no wrapping of its own, only encodable characters."""
    line = _encodable(console, line)
    line.rstrip()
    if _COMMAND.search(line.plain):
        line = Text(_COMMAND.sub(_disarmed, line.plain), line.style)
    console.print(line, soft_wrap=True, highlight=False, markup=False, emoji=False)


def _disarmed(match: re.Match[str]) -> str:
    return f"{match[1] or ''}\\{match[2] or match[4]}"


def _encodable(console: Console, line: Text) -> Text:
    try:
        line.plain.encode(console.encoding)
    except UnicodeEncodeError:
        plain = line.plain.translate(_ASCII)
        return Text(plain.encode(console.encoding, "backslashreplace").decode(console.encoding), line.style)
    return line


def _padded(words: str, width: int) -> str:
    return set_cell_size(words, width) if cell_len(words) < width else words


def _shortened(words: str, width: int) -> str:
    """`words` within `width` cells, cut in the middle: both ends of an address tell something."""
    if cell_len(words) <= width:
        return words
    head = set_cell_size(words, (width - 1) * 2 // 3)
    tail = words[-((width - 1) - cell_len(head)) :]
    while cell_len(tail) > width - 1 - cell_len(head):
        tail = tail[1:]
    return f"{head}…{tail}"


def progress_line(done: int, found: int, url: str, width: int) -> str:
    """`12 of 48  https://shop.test/…`, at most `width` cells: for one line that is written over."""
    counts = f"{done:,} of {found:,}"
    left = width - cell_len(counts) - 2
    return (
        f"{counts}  {_shortened(address(url).text, left)}"
        if left >= 8
        else set_cell_size(counts, max(0, width)).rstrip()
    )
