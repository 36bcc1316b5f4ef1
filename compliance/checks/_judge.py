"""Judging: run a check, then ask every gate that stands between "no finding" and `passed`.

The gates: a real page was seen, the instrument got the control pages right, nothing was in
doubt, coverage, capture, sessions, and the policy still says what is quoted. A gate that fails
names itself in the verdict's reason. The asymmetry follows the outcome mapping of the W3C's ACT
Rules Format: a failed rule proves the requirement broken, a rule that found nothing proves it
only in the scope that was examined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from compliance.checks._check import (
    Check,
    Context,
    Doubt,
    Examined,
    Note,
    P,
    Pin,
    PinState,
    Result,
)
from compliance.knowledge.controls import CONTROLLED
from compliance.knowledge.trials import TRIED
from compliance.model.observation import Coverage, MissedControl, Observations
from compliance.model.verdict import CheckVerdict, Finding, Outcome, Reason
from compliance.model.visit import APART, AS_NEEDED, NO_PAGE, SEEN, Aspect, NotRecorded, Session, Visit, VisitOutcome

#: Pages that must have been seen whole before "not found" means anything.
COVERAGE_REQUIRED = 0.95


def answered(visit: Visit) -> bool:
    """Was this address answered in a way that leaves nothing unseen: a whole page, or clearly no page."""
    if visit.outcome in SEEN or visit.outcome in NO_PAGE:
        return True
    return visit.outcome is VisitOutcome.HTTP_ERROR and visit.status in (404, 410)


@dataclass(slots=True)
class _Tally:
    """What one pass over the visits collected."""

    findings: list[Finding] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    examined: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    unseen: str = ""
    """The first address that gave no page, and what was there instead."""
    sessions_seen: Counter[Session] = field(default_factory=Counter)
    sessions_answered: Counter[Session] = field(default_factory=Counter)
    sessions_planned: Counter[Session] = field(default_factory=Counter)

    def add(self, result: Result) -> None:
        match result:
            case Finding():
                self.findings.append(result)
            case Doubt():
                self.doubts.append(result)
            case Note(message):
                self.notes[message] = None
            case Examined(count):
                self.examined += count

    def look(self, visit: Visit) -> None:
        """Count a visit, whatever the check makes of it."""
        self.sessions_planned[visit.session] += 1
        self.sessions_seen[visit.session] += visit.outcome in SEEN
        self.sessions_answered[visit.session] += answered(visit)
        if visit.session is not Session.FIRST or visit.outcome in SEEN:
            return
        self.unseen = self.unseen or f"{visit.url}: {visit.error or visit.outcome.value}"
        if not answered(visit):
            self.outcomes[visit.outcome.value] = self.outcomes.get(visit.outcome.value, 0) + 1

    @property
    def pages_seen(self) -> int:
        """Pages that the first visitor saw whole."""
        return self.sessions_seen[Session.FIRST]

    @property
    def pages_planned(self) -> int:
        """Addresses that the first visitor went to."""
        return self.sessions_planned[Session.FIRST]

    def answered_share(self, session: Session) -> float:
        """Share of a session's addresses that left nothing unseen."""
        return self.sessions_answered[session] / self.sessions_planned[session]


def judge(
    check: Check[P], parameters: P, observations: Observations, context: Context, *, pin: Pin | None = None
) -> CheckVerdict:
    """Run one check over the observations of one visitor and derive its verdict.

    Args:
        check: The check.
        parameters: Its validated parameters.
        observations: All that was observed.
        context: Site, policy, quotes, visitor.
        pin: State of the promise's quotes in the live policy; ignored by checks that are not `pinned`.

    Returns:
        The verdict; never raises for what a site did. A fault inside the check is outcome `error`.
    """
    pin = pin or Pin()
    tally = _Tally()
    wanted = check.reads if check.scope == "visit" else frozenset[Aspect]()
    try:
        for visit in _visits(check, observations, context.visitor, wanted):
            tally.look(visit)
            if check.scope == "visit":
                _run_on_visit(check, parameters, visit, context, tally)
        if check.scope == "site":
            try:
                for result in check.run(observations, parameters, context):
                    tally.add(result)
            except NotRecorded as missing:
                tally.add(Doubt(Reason.INSTRUMENT, f"{missing} was not recorded"))
    except Exception as error:
        return _verdict(
            check,
            parameters,
            context,
            tally,
            Outcome.ERROR,
            Reason.TOOL_ERROR,
            f"The check itself failed ({type(error).__name__}: {error}); this says nothing about the site.",
        )
    outcome, reason, explanation, limits = _derive(check, parameters, tally, observations, context, pin)
    return _verdict(check, parameters, context, tally, outcome, reason, explanation, limits)


def _visits(check: Check[P], observations: Observations, visitor: str, aspects: frozenset[Aspect]) -> Iterator[Visit]:
    """The visits that are this check's: those of sessions that stand apart are only whose check declares them."""
    yield from observations.visits(visitor=visitor, aspects=aspects)
    for session in sorted(check.sessions & APART):
        yield from observations.visits(visitor=visitor, session=session, aspects=aspects)


def _run_on_visit(check: Check[P], parameters: P, visit: Visit, context: Context, tally: _Tally) -> None:
    try:
        for result in check.run(visit, parameters, context):
            tally.add(result)
    except NotRecorded as missing:
        # A page that was not seen is counted by the coverage gate; a seen page without its record is a hole.
        if visit.outcome in SEEN:
            tally.add(Doubt(Reason.INSTRUMENT, f"{missing} was not recorded", visit.page))
    if visit.outcome in SEEN:
        for aspect in sorted(check.reads):
            if aspect.value in visit.errors:
                tally.add(Doubt(Reason.INSTRUMENT, f"{aspect.value}: {visit.errors[aspect.value]}", visit.page))


def _derive(
    check: Check[P], parameters: P, tally: _Tally, observations: Observations, context: Context, pin: Pin
) -> tuple[Outcome, Reason, str, tuple[str, ...]]:
    """Outcome, reason, explanation, limits."""
    coverage = observations.coverage(context.visitor)
    limits = _limits(check, coverage)
    seen = tally.pages_seen
    scope = f"{seen} page{'s' * (seen != 1)} examined"
    if check.counts:
        scope = f"{tally.examined} {check.counts} on {seen} page{'s' * (seen != 1)} examined"
    if coverage.budget_reached:
        scope += f", of {coverage.found} found"
    if check.pinned and pin.state in (PinState.CHANGED, PinState.REMOVED):
        return (
            Outcome.INCONCLUSIVE,
            Reason.STALE_SPEC,
            (
                f"The live policy no longer says what the spec quotes ({pin.detail}); whatever was observed, "
                "it cannot be held against a sentence that is gone."
            ),
            limits,
        )
    wrong = _wrong(check, parameters, observations, context.visitor)
    phantom = next((m for m in wrong if m.phantom), None)
    if tally.findings and phantom is not None:
        return (
            Outcome.INCONCLUSIVE,
            Reason.INSTRUMENT,
            f"{_told([phantom])} What was found may not have happened.",
            limits,
        )
    if tally.findings:
        causes = len({f.cause for f in tally.findings})
        where = len({f.url for f in tally.findings})
        return (
            Outcome.FAILED,
            Reason.OBSERVED,
            (f"{causes} deviation{'s' * (causes != 1)} on {where} page{'s' * (where != 1)}; {scope}."),
            limits,
        )
    if seen and wrong:
        return Outcome.INCONCLUSIVE, Reason.INSTRUMENT, f"{_told(wrong)} {scope[0].upper()}{scope[1:]}.", limits
    gate = _failed_gate(check, tally, coverage, pin) if seen else _nothing_seen(tally, observations, context.visitor)
    if gate:
        return Outcome.INCONCLUSIVE, gate[0], f"{gate[1]} {scope[0].upper()}{scope[1:]}.", limits
    if check.counts and not tally.examined:
        return (
            Outcome.INAPPLICABLE,
            Reason.NOTHING_TO_EXAMINE,
            (f"No {check.counts} on {seen} page{'s' * (seen != 1)}."),
            limits,
        )
    reason = Reason.OBSERVED if context.claim in ("capability", "disclosure") else Reason.NOT_OBSERVED
    return Outcome.PASSED, reason, f"No deviation; {scope}.", limits


def _wrong(check: Check[P], parameters: P, observations: Observations, visitor: str) -> list[MissedControl]:
    """What the instrument got wrong about the control pages, of the aspects that this check reads."""
    reads = check.reads | parameters.also_reads()
    shown = observations.controls(visitor)
    unproved = [
        MissedControl(aspect, "all", "before and after", "nothing of it was recorded on the control pages")
        for aspect in sorted(reads & (CONTROLLED | TRIED) - shown.aspects)
    ]
    return [miss for miss in shown.missed if miss.aspect in reads] or unproved


def _told(wrong: list[MissedControl]) -> str:
    first = wrong[0]
    what = f"{first.aspect}" if first.what == "all" else f"{first.what} ({first.aspect})"
    more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return f"The instrument failed its control {first.when} the crawl: {what}: {first.why}{more}."


def _nothing_seen(tally: _Tally, observations: Observations, visitor: str) -> tuple[Reason, str]:
    """Why not one page could be examined."""
    skip = next(iter(observations.skipped(visitor)), None)
    why = (
        tally.unseen
        or (skip and f"{skip.url}: {skip.detail or skip.reason}")
        or observations.coverage(visitor).interrupted
        or "no address was in scope"
    )
    blocked = VisitOutcome.BLOCKED_BY_SITE.value in tally.outcomes
    return Reason.BLOCKED if blocked else Reason.COVERAGE, f"No page could be examined ({why})."


def _failed_gate(check: Check[P], tally: _Tally, coverage: Coverage, pin: Pin) -> tuple[Reason, str] | None:
    """The first gate that stands between "nothing found" and `passed`, and why; None when all hold."""
    if tally.doubts:
        doubt = tally.doubts[0]
        more = f" and {len(tally.doubts) - 1} more" if len(tally.doubts) > 1 else ""
        return doubt.reason, f"{doubt.message}{f' at {doubt.url}' if doubt.url else ''}{more}."
    # What nobody dared to open because no robots.txt answered was lost like a page that gave no answer.
    lost = coverage.skipped.get(VisitOutcome.LOST.value, 0)
    share = tally.sessions_answered[Session.FIRST] / (tally.pages_planned + lost)
    if share < COVERAGE_REQUIRED:
        unseen = Counter(tally.outcomes) + Counter({VisitOutcome.LOST.value: lost})
        listed = ", ".join(f"{n} {o}" for o, n in sorted(unseen.items()))
        reason = Reason.BLOCKED if unseen[VisitOutcome.BLOCKED_BY_SITE.value] * 2 > unseen.total() else Reason.COVERAGE
        return reason, f"Only {_percent(share)} of the visited addresses could be examined ({listed})."
    if coverage.interrupted:
        return Reason.COVERAGE, f"The crawl ended early: {coverage.interrupted}."
    if not coverage.complete and not coverage.budget_reached:
        return Reason.COVERAGE, "The crawl did not finish."
    missing = sorted(s.value for s in check.sessions - AS_NEEDED if not tally.sessions_seen[s])
    if missing:
        return Reason.COVERAGE, f"Sessions not observed: {', '.join(missing)}."
    for session in sorted(s for s in check.sessions if s not in AS_NEEDED or tally.sessions_planned[s]):
        share = tally.answered_share(session)
        if share < COVERAGE_REQUIRED:
            return Reason.COVERAGE, f"Only {_percent(share)} of the addresses of session {session} could be examined."
    if check.pinned and pin.state is PinState.UNSEEN:
        return Reason.STALE_SPEC, f"Whether the live policy still says so was not seen ({pin.detail})."
    return None


def _percent(share: float) -> str:
    """Rounded down: 94.9 % must not read as the 95 % that were required."""
    return f"{int(share * 1000) / 10:g} %"


def _limits(check: Check[P], coverage: Coverage) -> tuple[str, ...]:
    limits = []
    if coverage.budget_reached and not coverage.complete:
        limits.append(
            f"The page budget of {coverage.budget} was reached: {coverage.found} addresses were known, breadth first "
            "from the start pages; the rest was not looked at."
        )
    for reason, count in sorted(coverage.skipped.items()):
        limits.append(f"{count} address{'es' * (count != 1)} not visited: {reason}.")
    return tuple(limits)


def _verdict(
    check: Check[P],
    parameters: P,
    context: Context,
    tally: _Tally,
    outcome: Outcome,
    reason: Reason,
    explanation: str,
    limits: tuple[str, ...] = (),
) -> CheckVerdict:
    return CheckVerdict(
        check=check.id,
        outcome=outcome,
        reason=reason,
        explanation=explanation,
        findings=tuple(tally.findings),
        notes=tuple(tally.notes),
        doubts=tuple(Finding(d.message, d.url, f"doubt:{d.reason.value}:{d.message}") for d in tally.doubts),
        pages_examined=tally.pages_seen,
        pages_planned=tally.pages_planned,
        examined=tally.examined,
        examined_what=check.counts,
        visitor=context.visitor,
        parameters=parameters.model_dump(mode="json"),
        limits=limits,
    )
