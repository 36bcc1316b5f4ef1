"""A verdict in words, for a terminal: what was promised, what was seen, where, and how to see it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from compliance.model.location import SourceLocation
from compliance.model.spec import Promise
from compliance.model.verdict import CheckVerdict, Finding
from compliance.pytest_plugin.options import shown
from compliance.report.redact import address, text
from compliance.report.words import MARKS, repetitions

#: Causes and addresses of one cause that are told; the report has all of them.
CAUSES = 5
ADDRESSES = 3
_LINE = 300


def brief(verdict: CheckVerdict) -> str:
    """One line."""
    return text(verdict.explanation, _LINE)


def story(promise: Promise, verdict: CheckVerdict, place: SourceLocation, run: Path | None) -> str:
    """Everything a reader needs who was not there."""
    who = f" for visitor {verdict.visitor}" if verdict.visitor not in ("", "visitor") else ""
    told = [
        f"{place}: {promise.id} [{verdict.check}] {MARKS[verdict.outcome].word}{who}",
        *(f"  “{text(quote, _LINE)}”" for quote in promise.quote),
        "",
        f"  {brief(verdict)}",
        *_causes(verdict.findings, "✗"),
        *_causes(verdict.unconfirmed, "≈"),
        *_causes(verdict.doubts, "?"),
    ]
    told += ["", f"  again: {_again(promise, verdict, place)}"]
    if run is not None:
        told.append(f"  evidence: {shown(run)}")
    return "\n".join(told)


def _causes(findings: Iterable[Finding], symbol: str) -> list[str]:
    causes: dict[str, list[Finding]] = {}
    for finding in findings:
        causes.setdefault(finding.cause, []).append(finding)
    told: list[str] = []
    for found in list(causes.values())[:CAUSES]:
        told.append(f"  {symbol} {text(found[0].message, _LINE)}")
        told += [f"      seen in {repetitions(found[0].seen_in)}"] if found[0].seen_in else []
        urls = list(dict.fromkeys(f.url for f in found if f.url))
        told += [f"      {address(url).text}" for url in urls[:ADDRESSES]]
        if len(urls) > ADDRESSES:
            told.append(f"      and {len(urls) - ADDRESSES} more")
        told += [f"      {text(e.excerpt, _LINE)}" for e in found[0].evidence[:1] if e.excerpt]
    if len(causes) > CAUSES:
        told.append(f"  and {len(causes) - CAUSES} more of other kinds")
    return told


def _again(promise: Promise, verdict: CheckVerdict, place: SourceLocation) -> str:
    chosen = f"{promise.id} and {verdict.check}"
    return shlex.join(["compliance", "run", place.path, "-k", chosen])
