"""Checks: pure functions from observations to findings, one file each."""

from compliance.checks._check import (
    Check,
    Context,
    Doubt,
    Examined,
    Note,
    Parameters,
    Pin,
    PinState,
    Result,
    check,
)
from compliance.checks._judge import judge
from compliance.checks._registry import BUILTIN, registry
from compliance.checks._repeat import combine

__all__ = [
    "BUILTIN",
    "Check",
    "Context",
    "Doubt",
    "Examined",
    "Note",
    "Parameters",
    "Pin",
    "PinState",
    "Result",
    "check",
    "combine",
    "judge",
    "registry",
]
