"""The verdicts of a pytest session as `compliance run` prints them, before pytest's own short summary."""

from __future__ import annotations

from typing import TextIO

import pytest


class VerdictTable:
    """A plugin for pytest's controlling process."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @pytest.hookimpl(tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """Print every run's verdicts and where its report is."""
        # Not above: pytest rewrites the asserts of its plugins, and warns of those that were imported before it began.
        from rich.console import Console

        from compliance.pytest_plugin.options import shown
        from compliance.pytest_plugin.results import RESULTS
        from compliance.report.console import print_verdicts

        # Tracebacks are off because the table tells of promises; everything else that went wrong is told here.
        if config.option.tbstyle == "no":
            broken = terminalreporter.stats.get("error", []) + terminalreporter.stats.get("failed", [])
            for report in broken:
                if not hasattr(report, "compliance_verdict"):
                    self._stream.write(f"\n{report.longreprtext}\n")
        results = config.stash[RESULTS]
        results.told_elsewhere = True
        for written in results.written:
            if written.run is not None:
                self._stream.write("\n")
                report = str(shown(written.report)) if written.report else ""
                print_verdicts(written.run, Console(file=self._stream), report=report)
