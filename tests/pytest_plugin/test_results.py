"""The one who writes: what happens when it cannot."""

from __future__ import annotations

import pytest
from audit.prepared import clean, project, record

from compliance.pytest_plugin.results import RESULTS
from compliance.store.rundir import RunDirectory

PLUGIN = ("-p", "no:playwright", "-p", "compliance.pytest_plugin", "-W", "error")
# pytest 9.1 says so of sessions within a session; the module is the one that this session uses.
PLUGIN += ("-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning")


def test_a_report_that_cannot_be_written_is_no_success(pytester: pytest.Pytester) -> None:
    run = record(project(pytester.path), pytester.path / "reports", [clean()])
    with RunDirectory.open(run, write=True):
        result = pytester.runpytest_inprocess(*PLUGIN, "--observations", run)
    result.assert_outcomes(passed=2, skipped=3)
    result.stdout.fnmatch_lines(["reports/*: no report was written: *in use by process*"])
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR


def test_sessions_without_specs_leave_nothing(pytester: pytest.Pytester) -> None:
    class Look:
        def pytest_unconfigure(self, config: pytest.Config) -> None:
            assert config.stash[RESULTS].written == []

    pytester.makepyfile("def test_it(): pass")
    pytester.runpytest_inprocess(*PLUGIN, plugins=[Look()]).assert_outcomes(passed=1)
    assert not (pytester.path / "reports").exists()
