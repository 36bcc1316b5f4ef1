"""The scores as text of 80 columns, and as JSON."""

from __future__ import annotations

import textwrap
from typing import Any

from benchmarks.accuracy.score import Mistake, Score, Scores

WIDTH = 80
_HEAD = f"{'check':24} {'TP':>4} {'FP':>4} {'FN':>4} {'open':>5} {'open':>5} {'TN':>4} {'precision':>10} {'recall':>7}"
_UNDER = f"{'':24} {'':>4} {'':>4} {'':>4} {'brok.':>5} {'kept':>5} {'':>4} {'':>10} {'':>7}"


def told(scores: Scores, skipped: list[str], pages: int) -> str:
    """The table, then every mistake, then what was not run."""
    lines = [_HEAD, _UNDER, "-" * WIDTH]
    lines += [_line(check, counts) for check, counts in scores.by_check.items()]
    lines += ["-" * WIDTH, _line("all", scores.total), ""]
    lines += _wrapped(
        f"{pages} pages. TP broken and found, FP kept and called broken, FN broken and passed, open: inconclusive. "
        "Recall counts what was left open as not found."
    )
    for title, serious in (("Mistakes", True), ("Known mistakes, and kept pages left open", False)):
        chosen = [m for m in scores.mistakes if m.serious is serious]
        lines += ["", f"{title}: {len(chosen)}"]
        for mistake in chosen:
            lines += _mistake(mistake)
    if scores.not_run:
        lines += ["", f"Not run, and counted nowhere: {len(scores.not_run)}"]
        for page, why in scores.not_run.items():
            lines += _wrapped(f"{page}: {why}", "  ")
    if skipped:
        lines += ["", *_wrapped(f"Checks that do not exist in this version: {', '.join(skipped)}")]
    return "\n".join(lines)


def as_json(scores: Scores, skipped: list[str], seconds: dict[str, float]) -> dict[str, Any]:
    """The same for programs."""
    return {
        "checks": {check: _numbers(counts) for check, counts in scores.by_check.items()},
        "all": _numbers(scores.total),
        "mistakes": [
            {
                "page": m.page,
                "check": m.check,
                "expected": m.expected.value,
                "got": m.got,
                "because": m.because,
                "known": m.known,
            }
            for m in scores.mistakes
        ],
        "not_run": scores.not_run,
        "checks_not_available": skipped,
        "seconds": {page: round(took, 1) for page, took in seconds.items()},
    }


def _numbers(counts: Score) -> dict[str, Any]:
    numbers: dict[str, Any] = {name: getattr(counts, name) for name in counts.__slots__}
    return numbers | {"precision": counts.precision, "recall": counts.recall}


def _line(name: str, c: Score) -> str:
    return (
        f"{name:24} {c.found:4} {c.wrong:4} {c.missed:4} {c.open_broken:5} {c.open_kept:5} {c.right:4}"
        f" {_share(c.precision):>10} {_share(c.recall):>7}"
    )


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _mistake(mistake: Mistake) -> list[str]:
    lines = [f"  {mistake.page} · {mistake.check}: {mistake.expected.value}, got {mistake.got}"]
    lines += _wrapped(mistake.because[:300], "    ")
    return lines + (_wrapped(f"known: {mistake.known}", "    ") if mistake.known else [])


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
