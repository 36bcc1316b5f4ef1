"""Labels against verdicts: counts by check, and every mistake. No browser, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from benchmarks.accuracy.audit import Result
from benchmarks.accuracy.table import Label, Page

_GOOD = frozenset({"passed", "inapplicable"})


@dataclass(slots=True)
class Score:
    """The counts of one check."""

    found: int = 0
    """Broken, and failed."""
    wrong: int = 0
    """Kept, and failed."""
    missed: int = 0
    """Broken, and passed."""
    open_broken: int = 0
    """Broken, and inconclusive or an error: not found, and not called good."""
    open_kept: int = 0
    """Kept, and inconclusive or an error."""
    right: int = 0
    """Kept, and passed."""

    @property
    def precision(self) -> float | None:
        """Share of the findings that are right; None without a finding."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else None

    @property
    def recall(self) -> float | None:
        """Share of the broken pages that were found; what was left open counts as not found."""
        broken = self.found + self.missed + self.open_broken
        return self.found / broken if broken else None

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Mistake:
    """One verdict that is not what the label says."""

    page: str
    check: str
    expected: Label
    got: str
    because: str
    known: str
    """The reason the table gives for it; empty when it is not known."""

    @property
    def serious(self) -> bool:
        """Is it a wrong word, or a broken page not found: what a commit must not bring."""
        return not self.known and (self.expected is Label.BROKEN or self.got == "failed")


@dataclass(slots=True)
class Scores:
    """Everything that is reported."""

    by_check: dict[str, Score] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    not_run: dict[str, str] = field(default_factory=dict)
    """Page → why."""

    @property
    def total(self) -> Score:
        """Over all checks."""
        return sum(self.by_check.values(), Score())


def score(pages: Iterable[Page], results: Mapping[str, Result], checks: Iterable[str]) -> Scores:
    """Hold results against labels.

    Args:
        pages: Rows of the table.
        results: Page → what came of it.
        checks: Those that were run.
    """
    told = Scores({check: Score() for check in sorted(checks)})
    for page in pages:
        result = results[page.page]
        if result.not_run:
            told.not_run[page.page] = result.not_run
            continue
        for check, counts in told.by_check.items():
            label, seen = page.label(check), result.seen.get(check)
            if label is Label.UNJUDGED or seen is None:  # nobody can say, or it was not asked in a small run
                continue
            right = seen.outcome == "failed" if label is Label.BROKEN else seen.outcome in _GOOD
            _count(counts, label, seen.outcome)
            if not right:
                known = page.limits.get(check, "")
                told.mistakes.append(Mistake(page.page, check, label, seen.outcome, seen.because, known))
    return told


def _count(counts: Score, label: Label, outcome: str) -> None:
    if label is Label.BROKEN:
        counts.found += outcome == "failed"
        counts.missed += outcome in _GOOD
        counts.open_broken += outcome not in _GOOD | {"failed"}
    else:
        counts.wrong += outcome == "failed"
        counts.right += outcome in _GOOD
        counts.open_kept += outcome not in _GOOD | {"failed"}
