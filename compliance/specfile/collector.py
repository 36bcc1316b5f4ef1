"""Gathers everything that is wrong with one spec."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from compliance.errors import SpecError, SpecErrors
from compliance.model.location import SourceLocation
from compliance.specfile.limits import MAX_ERRORS


@dataclass(slots=True)
class Collector:
    """Errors so far. Beyond `MAX_ERRORS` they are counted only: nobody reads the ten-thousandth."""

    errors: list[SpecError] = field(default_factory=list)
    more: int = 0

    def add(self, message: str, location: SourceLocation, *, hint: str | Callable[[], str] = "") -> None:
        """Keep one error; a hint that costs something to find is given as a function."""
        if len(self.errors) >= MAX_ERRORS:
            self.more += 1
        else:
            self.errors.append(SpecError(message, location, hint=hint() if callable(hint) else hint))

    def append(self, error: SpecError) -> None:
        """Keep one error that is made already."""
        self.add(error.message, error.location, hint=error.hint)

    def raise_any(self) -> None:
        """Raise what was gathered.

        Raises:
            SpecErrors: There was at least one error.
        """
        if not self.errors:
            return
        if self.more:
            last = max((e.location for e in self.errors), key=lambda place: (place.line, place.column))
            hint = "correct those above and look again"
            self.errors.append(SpecError(f"and {self.more} more errors", last, hint=hint))
        raise SpecErrors(self.errors)


def quoted(text: str, limit: int = 60) -> str:
    """A text for a message: in quotes, on one line, harmless to a terminal, and not too long."""
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
    return f"'{safe}'"


def closest(word: str, known: Iterable[str]) -> list[str]:
    """The known word that somebody may have meant; none when nothing is near."""
    return get_close_matches(word[:100].lower(), list(known), n=1, cutoff=0.6)


def did_you_mean(word: str, known: Iterable[str], *, what: str = "known") -> str:
    """The hint for a word that is not one of `known`."""
    names = list(known)
    near = closest(word, names)
    if near:
        return f"did you mean {near[0]}?"
    return f"{what}: {', '.join(names)}" if names else ""
