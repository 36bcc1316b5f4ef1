"""All repetitions of a run, open for reading, and what they say together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType

from compliance.audit.judging import Judge, Kind, Line, judge_unseen
from compliance.audit.lists import kept
from compliance.audit.observing import options_of
from compliance.checks import combine, registry
from compliance.errors import StoreError
from compliance.model.run import Repetition
from compliance.model.verdict import CheckVerdict
from compliance.specfile.loader import LoadedSpec
from compliance.store.rundir import REPEATS, RecordedObservations, RunDirectory


@dataclass(frozen=True, slots=True)
class Recording:
    """One repetition as far as it was made."""

    number: int
    run: RunDirectory | None
    """None when it was not begun."""
    judge: Judge | None
    """None when nothing was observed in it."""

    @property
    def ended(self) -> str:
        """Why it is not whole; empty when it is."""
        if self.run is None:
            return "was not made"
        meta = self.run.ledger.meta
        if meta("failed"):
            return f"ended with an error: {meta('failed')}"
        if meta("interrupted"):
            return f"was interrupted ({meta('interrupted')})"
        return "" if meta("finished") else "never came to its end"


class Panel:
    """The judges of all repetitions of a run. A context manager, which closes what it has opened."""

    def __init__(self, run: RunDirectory, loaded: LoadedSpec) -> None:
        """Open every repetition that was planned.

        Args:
            run: The run directory; it stays its owner's to close.
            loaded: The spec by which all of them are judged.

        Raises:
            StoreError: Nothing was observed in the first repetition, or another is of another spec.
        """
        self._opened = ExitStack()
        try:
            self.first = judge_with(run, loaded)
            # Nobody makes a repetition unseen by asking for fewer afterwards.
            count = max(options_of(run).repeat if run.ledger.meta("options") else 1, run.begun)
            others = (self._open(run, loaded, number) for number in range(2, count + 1))
            self.recordings = (Recording(1, run, self.first), *others)
        except BaseException:
            self._opened.close()
            raise
        self.loaded = loaded

    def _open(self, run: RunDirectory, loaded: LoadedSpec, number: int) -> Recording:
        own = run.repetition(number)
        if own is None:
            return Recording(number, None, None)
        self._opened.enter_context(own)
        if own.ledger.meta("environment") is None or own.ledger.meta("site") is None:
            return Recording(number, own, None)
        if own.ledger.meta("spec_digest") != run.ledger.meta("spec_digest"):
            raise StoreError(f"{own.path}: it was made for another spec than {run.path}")
        return Recording(number, own, judge_with(own, loaded))

    def __enter__(self) -> Panel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the repetitions, but not the run directory that they lie in."""
        self._opened.close()

    def verdict(self, line: Line, today: date) -> CheckVerdict:
        """The verdict of all repetitions on one line; `today` decides what has expired."""
        if line.kind is not Kind.CHECK:
            return judge_unseen(line, today)
        told = [r.judge.verdict(line, today) if r.judge else None for r in self.recordings]
        return combine(registry()[line.check], told)

    @property
    def repeated(self) -> bool:
        """Was more than one repetition asked for."""
        return len(self.recordings) > 1

    def repetitions(self) -> Iterator[Repetition]:
        """What a report says of each; nothing when there is but one."""
        for recording in self.recordings if self.repeated else ():
            run, judge = recording.run, recording.judge
            visitors = [visitor.name for visitor in self.loaded.spec.visitors] if judge else []
            environment = judge.observations.environment if judge else None
            yield Repetition(
                number=recording.number,
                folder=f"{REPEATS}/{recording.number}" if recording.number > 1 else "",
                started=(run and run.ledger.meta("started")) or "",
                finished=(run and run.ledger.meta("finished")) or "",
                browser=environment.browser if environment else "",
                coverage={name: judge.observations.coverage(name) for name in visitors} if judge else {},
                ended=recording.ended,
            )


def judge_with(run: RunDirectory, loaded: LoadedSpec) -> Judge:
    """A judge of what one repetition observed, by `loaded`."""
    observations = RecordedObservations(run, loaded.policy)
    started = observations.environment.started or run.ledger.meta("started") or ""
    observed = datetime.fromisoformat(started) if started else datetime.now(UTC)
    observed = observed if observed.tzinfo else observed.replace(tzinfo=UTC)
    return Judge(loaded, observations, observed, kept(run, loaded))
