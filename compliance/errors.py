"""Errors a user can meet, each saying where, what, and what to do next.

```
ComplianceError
├── SpecErrors(errors)             all errors of one spec at once
│   └── SpecError(location, hint)  one of them
├── PolicyError                    a stored policy version is missing or damaged
├── SettingsError                  an option or environment variable is wrong
├── BrowserError
│   ├── BrowserNotFound(tried)     every place tried, and the command that fixes it
│   └── BrowserLost                the browser died and could not be brought back
├── SiteUnreachable                the site gave no page at all
├── JourneyError(step)             a scripted interaction could not start
├── StoreError                     a run directory is missing, damaged or in use
└── ListError                      a list is not installed, damaged, or not understood
PromiseBroken(AssertionError)      outcomes, raised for pytest only
Inconclusive(Exception)
```

What a page does wrong is data on a `Visit`, never one of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.model.location import SourceLocation


class ComplianceError(Exception):
    """Root of every error this package raises on purpose.

    `exit_code` is what a command line verb exits with when it meets the error.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class SpecError(ComplianceError):
    """One thing wrong in a spec, at `location` (path, line, column)."""

    def __init__(self, message: str, location: SourceLocation, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.location = location

    def __str__(self) -> str:
        text = f"{self.location}: {self.message}"
        return f"{text}\n  {self.hint}" if self.hint else text


class SpecErrors(ComplianceError):
    """Everything wrong in one spec, in order of position."""

    def __init__(self, errors: Sequence[SpecError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda e: (e.location.line, e.location.column)))
        super().__init__("\n".join(str(error) for error in self.errors))


class PolicyError(ComplianceError):
    """A stored policy version is missing, unreadable or does not match its digest."""


class SettingsError(ComplianceError):
    """An option, an environment variable or a key of `[tool.compliance]` is wrong."""


class BrowserError(ComplianceError):
    """The browser could not be started or was lost."""

    exit_code = 4


class BrowserNotFound(BrowserError):
    """No browser; `tried` lists every place that was looked at."""

    def __init__(self, message: str, tried: Sequence[str], *, hint: str = "") -> None:
        self.tried = tuple(tried)
        super().__init__(message + "".join(f"\n  tried: {place}" for place in tried), hint=hint)


class BrowserLost(BrowserError):
    """The browser died and could not be brought back."""


class SiteUnreachable(ComplianceError):
    """No page of the site could be opened; the message says why."""

    exit_code = 4


class JourneyError(ComplianceError):
    """A scripted interaction could not be carried out; `step` names where it stood."""

    def __init__(self, message: str, step: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.step = step


class StoreError(ComplianceError):
    """A run directory is missing, damaged, or in use by another process."""


class ListError(ComplianceError):
    """A list that verdicts should rest on is not installed, damaged, or not understood."""


class PromiseBroken(AssertionError):
    """A promise is broken; raised in a pytest item so that the test fails."""


class Inconclusive(Exception):
    """Nobody could tell; raised in a pytest item so that silence is never a pass."""


def first_of(error: BaseException) -> BaseException:
    """The first error in a group of groups, as tasks that ran side by side raise them; any other error is its own."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
