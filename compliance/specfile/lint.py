"""Is a spec complete: does every quote stand in the policy, and is every sentence of it accounted for?"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from compliance.errors import SpecError, SpecErrors
from compliance.model.run import SentenceAccount
from compliance.specfile.collector import Collector, quoted
from compliance.specfile.loader import LoadedSpec, load_spec
from compliance.specfile.quotes import QuoteFinder
from compliance.specfile.rules import quotes


@dataclass(frozen=True, slots=True)
class Counts:
    """A spec in numbers."""

    promises: int = 0
    tested: int = 0
    """Promises with at least one check."""
    checks: int = 0
    """Uses of checks."""
    visitors: int = 0
    sentences: int = 0
    promised: int = 0
    """Sentences that a promise quotes."""
    not_promised: int = 0
    """Sentences that are listed as no promise, and that no promise quotes."""
    unaccounted: int = 0


@dataclass(frozen=True, slots=True)
class LintReport:
    """What lint found in one spec."""

    path: Path
    errors: tuple[SpecError, ...]
    warnings: tuple[SpecError, ...] = ()
    accounts: tuple[SentenceAccount, ...] = ()
    counts: Counts = Counts()

    @property
    def ok(self) -> bool:
        """Nothing stands against using the spec."""
        return not self.errors


def lint(
    path: Path, *, policy_dir: Path | None = None, today: date | None = None, installed: Collection[str] | None = None
) -> LintReport:
    """Look at a spec without a browser.

    Args:
        path: The YAML file.
        policy_dir: Folder of the stored policy version, in place of the spec's `policy.path`.
        today: The day that decides what has expired.
        installed: Names of the lists that this machine has; when None, nobody asks for them.

    Returns:
        Errors, warnings and the account of every sentence.

    Raises:
        ComplianceError: An installed package brings a check that cannot be used.
    """
    try:
        loaded = load_spec(path, policy_dir=policy_dir, today=today)
    except SpecErrors as error:
        return LintReport(path, error.errors)
    warnings = Collector(list(loaded.warnings))
    _unused_visitors(loaded, warnings)
    _quotes(loaded, warnings)
    _contradictions(loaded, warnings)
    if installed is not None:
        _lists(loaded, installed, warnings)
    errors = tuple(_unaccounted(loaded, account) for account in loaded.accounts if not _told(account))
    ordered = sorted(warnings.errors, key=lambda e: (e.location.line, e.location.column))
    return LintReport(path, errors, tuple(ordered), loaded.accounts, _counts(loaded))


def _told(account: SentenceAccount) -> bool:
    return bool(account.promises or account.not_promised)


def _unaccounted(loaded: LoadedSpec, account: SentenceAccount) -> SpecError:
    kind = "heading" if account.heading else "sentence"
    where = f" in {quoted(account.section)}" if account.section and not account.heading else ""
    hint = (
        "quote it in a promise, or say why it is none:\n"
        "  not_promised:\n"
        f"    - quote: {json.dumps(account.text, ensure_ascii=False)}\n"
        f"      because: {'A heading.' if account.heading else '…'}"
    )
    message = f"{kind} {account.number}{where} is not accounted for: {quoted(account.text, 300)}"
    place = loaded.locate("not_promised" if loaded.spec.not_promised else "promises")
    return SpecError(message, place, hint=hint.replace("\n", "\n  "))


def _unused_visitors(loaded: LoadedSpec, warnings: Collector) -> None:
    promises = loaded.spec.promises
    if any(not promise.visitors for promise in promises):
        return
    used = {name for promise in promises for name in promise.visitors}
    for index, visitor in enumerate(loaded.spec.visitors):
        if visitor.name not in used:
            hint = "name it in a promise's `visitors:`, or delete it"
            place = loaded.locate("visitors", index)
            warnings.add(f"no promise uses the visitor {quoted(visitor.name)}", place, hint=hint)


def _quotes(loaded: LoadedSpec, warnings: Collector) -> None:
    """A quote that stands in several places, and one that is given twice."""
    finder = QuoteFinder(loaded.policy)
    for quote, path in quotes(loaded.source):
        if (places := finder.places(quote)) > 1:
            hint = "all are meant" if finder.is_whole(quote) else "the first is meant; quote more words to say which"
            warnings.add(f"the policy says this in {places} places", loaded.source.value(*path), hint=hint)


def _contradictions(loaded: LoadedSpec, warnings: Collector) -> None:
    """A sentence both quoted by a promise and listed as no promise."""
    finder = QuoteFinder(loaded.policy)
    promised = {account.number: account.promises for account in loaded.accounts if account.promises}
    for index, entry in enumerate(loaded.spec.not_promised):
        for sentence in finder.touched(entry.quote):
            if sentence.number in promised:
                names = ", ".join(promised[sentence.number])
                message = f"sentence {sentence.number} is listed as no promise, and {names} quotes it"
                warnings.add(message, loaded.source.value("not_promised", index, "quote"), hint="keep one of the two")


def _lists(loaded: LoadedSpec, installed: Collection[str], warnings: Collector) -> None:
    """A list that a check judges by and that this machine does not have."""
    numbers = {promise.id: index for index, promise in enumerate(loaded.spec.promises)}
    for (promise, check), parameters in loaded.parameters.items():
        for name in sorted(parameters.names_lists()):
            if name not in installed:
                place = loaded.locate("promises", numbers[promise], "checks", check, "lists")
                hint = f"before a run: compliance lists update --from FILE-OR-URL --name {name}"
                warnings.add(f"the list {quoted(name)} is not installed here", place, hint=hint)


def _counts(loaded: LoadedSpec) -> Counts:
    told = loaded.accounts
    return Counts(
        promises=len(loaded.spec.promises),
        tested=sum(bool(promise.checks) for promise in loaded.spec.promises),
        checks=len(loaded.parameters),
        visitors=len(loaded.spec.visitors),
        sentences=len(told),
        promised=sum(bool(a.promises) for a in told),
        not_promised=sum(bool(a.not_promised and not a.promises) for a in told),
        unaccounted=sum(not _told(a) for a in told),
    )
