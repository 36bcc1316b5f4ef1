"""From a run directory to a `Run`: every promise judged, every sentence accounted for. Needs no browser."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from compliance.audit.disposing import dispose, waiver_notice
from compliance.audit.judging import Judge, Line, lines
from compliance.audit.lists import old_notices, used
from compliance.audit.observing import load_run, options_of
from compliance.audit.repeating import Panel
from compliance.model.location import SourceLocation
from compliance.model.run import PolicyInfo, PromiseInfo, Run, SentenceAccount, Totals
from compliance.model.spec import Promise
from compliance.model.verdict import CheckVerdict, Outcome, Reason, Verdict, worst
from compliance.specfile.loader import LoadedSpec
from compliance.store.rundir import MANIFEST, RunDirectory

#: Verdicts that are known already, by `line_key`.
Known = Mapping[tuple[str, str, str], CheckVerdict]


def line_key(line: Line) -> tuple[str, str, str]:
    """Promise, check and visitor: what names a line within one spec."""
    return line.promise.id, line.check, line.visitor


def judge_run(path: Path, *, now: datetime, known: Known | None = None) -> Run:
    """Judge what a run observed by the spec and the policy that lie in its directory.

    Args:
        path: The run directory.
        now: When it is judged: decides what has expired, and nothing else.
        known: Verdicts made already of this run; the other lines are judged here.

    Raises:
        StoreError: It is no run directory, or nothing was observed in it.
        SpecErrors: The spec in it is not valid.
    """
    with RunDirectory.open(path) as run, ExitStack() as opened:
        loaded = load_run(run, now)
        panel = opened.enter_context(Panel(run, loaded))
        by_promise: dict[str, list[CheckVerdict]] = {p.id: [] for p in loaded.spec.promises}
        for line in lines(loaded):
            verdict = (known or {}).get(line_key(line)) or panel.verdict(line, now.date())
            by_promise[line.promise.id].append(verdict)
        return _assemble(run, loaded, panel, by_promise, now)


def exit_code(run: Run) -> int:
    """0 nothing broken, 1 a promise is broken, 3 could not tell, 4 the audit could not run.

    What a waiver or `on_inconclusive: warn` excuses does not count.
    """
    enforced = {v.outcome for v in run.verdicts if v.disposition.kind == "enforced"}
    if Outcome.FAILED in enforced:
        return 1
    coverages = (run.coverage, *(r.coverage for r in run.repetitions))
    if Outcome.ERROR in enforced or not any(c.seen for coverage in coverages for c in coverage.values()):
        return 4
    return 3 if Outcome.INCONCLUSIVE in enforced else 0


def _assemble(
    run: RunDirectory, loaded: LoadedSpec, panel: Panel, checks: Mapping[str, Sequence[CheckVerdict]], now: datetime
) -> Run:
    observations, spec, today = panel.first.observations, loaded.spec, now.date()
    shown = run.ledger.meta("spec") or str(loaded.path)
    verdicts = tuple(_verdict(loaded, shown, promise, checks[promise.id], today) for promise in spec.promises)
    sentences = _accounts(loaded.accounts, {v.promise: v.outcome for v in verdicts})
    coverage = {visitor.name: observations.coverage(visitor.name) for visitor in spec.visitors}
    lists = used(run, loaded, panel.first.observed)
    manifest, repetitions = run.path / MANIFEST, tuple(panel.repetitions())
    ended = [r.finished for r in repetitions if r.finished] or [run.ledger.meta("finished") or ""]
    return Run(
        id=run.id,
        spec=shown,
        spec_digest=loaded.digest,
        site=observations.site,
        policy=PolicyInfo(
            title=loaded.policy.title,
            source=loaded.policy.source,
            captured=loaded.policy.captured.isoformat(),
            digest=loaded.policy.digest,
            live_url=observations.site.policy_url,
            note=loaded.policy.note,
        ),
        environment=observations.environment,
        coverage=coverage,
        controls={name: observations.controls(name) for name in coverage},
        promises=tuple(_info(promise) for promise in spec.promises),
        verdicts=verdicts,
        sentences=sentences,
        totals=_totals(verdicts, sentences),
        started=run.ledger.meta("started") or observations.environment.started,
        finished=max(ended) or observations.environment.finished,
        judged=now.astimezone(UTC).isoformat(timespec="milliseconds"),
        notices=tuple(dict.fromkeys(_notices(run, loaded, checks, shown, panel, today))),
        manifest_digest=hashlib.sha256(manifest.read_bytes()).hexdigest() if manifest.is_file() else "",
        repetitions=repetitions,
        lists=lists,
    )


def _verdict(loaded: LoadedSpec, shown: str, promise: Promise, checks: Sequence[CheckVerdict], today: date) -> Verdict:
    place = loaded.promise_location(promise.id)
    return Verdict(
        promise=promise.id,
        outcome=worst(c.outcome for c in checks),
        checks=tuple(checks),
        disposition=dispose(promise, checks, today),
        location=SourceLocation(shown, place.line, place.column),
    )


def _info(promise: Promise) -> PromiseInfo:
    return PromiseInfo(
        id=promise.id,
        quotes=tuple(promise.quote),
        category=promise.category,
        claim=promise.claim,
        severity=promise.severity,
        reading=promise.reading,
        not_testable=promise.not_testable or "",
        attestation=promise.attestation.model_dump(mode="json") if promise.attestation else None,
        dpv=tuple(promise.dpv),
    )


def _accounts(accounts: Sequence[SentenceAccount], outcomes: Mapping[str, Outcome]) -> tuple[SentenceAccount, ...]:
    return tuple(
        replace(account, outcome=worst(outcomes[p] for p in account.promises)) if account.promises else account
        for account in accounts
    )


def _totals(verdicts: Sequence[Verdict], sentences: Sequence[SentenceAccount]) -> Totals:
    outcomes = [v.outcome for v in verdicts]
    return Totals(
        **{outcome.value: outcomes.count(outcome) for outcome in Outcome},
        attested=sum(
            v.outcome is Outcome.UNTESTED and any(c.reason is Reason.ATTESTED for c in v.checks) for v in verdicts
        ),
        waived=sum(v.disposition.kind == "waived" for v in verdicts),
        sentences=len(sentences),
        sentences_accounted=sum(bool(s.promises or s.not_promised) for s in sentences),
    )


def _notices(
    run: RunDirectory,
    loaded: LoadedSpec,
    checks: Mapping[str, Sequence[CheckVerdict]],
    shown: str,
    panel: Panel,
    today: date,
) -> Iterator[str]:
    """What a reader must know about the whole run, the gravest first."""
    go_on = f"Go on with: compliance resume {os.path.relpath(run.path)}"
    for recording in panel.recordings:
        which = f" of repetition {recording.number}" if panel.repeated else ""
        if recording.run is None:
            yield f"Repetition {recording.number} of {len(panel.recordings)} was not made. {go_on}"
        elif recording.ended:
            yield f"The crawl{which} {recording.ended}. Only what was observed before is judged. {go_on}"
        judge = recording.judge
        seen = judge and [judge.observations.coverage(visitor.name).seen for visitor in loaded.spec.visitors]
        if judge and not any(seen or ()):
            where = f" in repetition {recording.number}" if panel.repeated else ""
            yield f"No page of {judge.observations.site.url} could be examined{where}: {_first_error(judge)}."
    judge = panel.first
    browsers = {r.judge.observations.environment.browser for r in panel.recordings if r.judge}
    if len(browsers) > 1:
        yield f"The repetitions were observed with different browsers: {', '.join(sorted(browsers))}."
    declared, start = loaded.spec.site.url, options_of(run).site
    if start:
        yield f"Observed at {start}, in place of {declared}, which the spec names."
    if judge.observations.environment.third_party_cookies == "blocked":
        yield (
            "This browser refuses third-party cookies. Attempts to set them were recorded; what they would have "
            "done afterwards could not be seen."
        )
    for warning in loaded.warnings:
        yield f"{shown}:{warning.location.line}:{warning.location.column}: {warning.message}"
    yield from old_notices(used(run, loaded, judge.observed))
    for promise in loaded.spec.promises:
        notice = waiver_notice(promise, checks[promise.id], today)
        if notice:
            yield notice


def _first_error(judge: Judge) -> str:
    """Why the first visit did not show a page."""
    for visit in judge.observations.visits():
        return f"{visit.url}: {visit.error or visit.outcome.value}"
    return "no address was visited"
