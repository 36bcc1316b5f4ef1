"""`python -m benchmarks accuracy`: audit the pages of the table, two at once, and print how often the checks are right.

Options:
    --quick         the small run that every commit makes
    --offline       ask npm for nothing; rows with packages that are not in the cache are not run
    --only TEXT     rows whose name contains TEXT (may be repeated)
    --json FILE     where the numbers go (default: benchmarks/results/accuracy.json, for whole runs)
    --keep FOLDER   keep the run directories there

Ends with status 1 when there is a mistake that the table does not know.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.accuracy.audit import Result, audited
from benchmarks.accuracy.report import as_json, told
from benchmarks.accuracy.score import score
from benchmarks.accuracy.table import HERE, Page, Table, load
from compliance.checks import registry

AT_ONCE = 2
RESULTS = HERE.parent / "results" / "accuracy.json"


def main(arguments: list[str]) -> int:
    """Run, print, write; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks accuracy", description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--offline", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args(arguments)
    table = load()
    rows = [row for row in table.pages if row.quick or not given.quick]
    rows = [row for row in rows if not given.only or any(text in row.page for text in given.only)]
    checks, skipped = available(table)
    target = given.json or (None if given.quick or given.only else RESULTS)
    results: dict[str, Result] = {}
    # Processes, because an audit keeps one core busy; spawned, because a fork of threads can hang.
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        fetch = not given.offline
        asked = [{c: p for c, p in checks.items() if c in table.asked(row, quick=given.quick)} for row in rows]
        jobs = [
            pool.submit(audited, row, mine, fetch=fetch, keep=given.keep) for row, mine in zip(rows, asked, strict=True)
        ]
        for row, job in zip(rows, jobs, strict=True):
            results[row.page] = job.result()
            print(f"\r\x1b[K{len(results)}/{len(rows)} {row.page}", end="", flush=True)
            if target:  # an hour's work must not be lost with its last page
                write(target, rows[: len(results)], results, checks, skipped)
    print("\r\x1b[K", end="")
    scores = score(rows, results, checks)
    print(told(scores, skipped, len(rows)))
    if again := sorted(page for page, result in results.items() if result.again):
        print(f"Audited twice, because the instrument did not see everything at first: {', '.join(again)}")
    return int(any(mistake.serious for mistake in scores.mistakes))


def write(
    target: Path, rows: list[Page], results: dict[str, Result], checks: dict[str, dict[str, object]], skipped: list[str]
) -> None:
    """Write the numbers of the pages audited so far."""
    target.parent.mkdir(exist_ok=True)
    seconds = {page: result.seconds for page, result in results.items()}
    numbers = as_json(score(rows, results, checks), skipped, seconds)
    target.write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")


def available(table: Table) -> tuple[dict[str, dict[str, object]], list[str]]:
    """The table's checks that this version has, with their parameters; and the names of the others."""
    known = registry()
    return (
        {check: parameters for check, parameters in table.checks.items() if check in known},
        [check for check in table.checks if check not in known],
    )
