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
    "judge",
    "registry",
]
