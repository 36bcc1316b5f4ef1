"""The pytest plugin: promises of a spec are tests. Hooks only; what they need is imported when a spec is met.

A project that has the package installed pays next to nothing for it in runs without specs.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from compliance.pytest_plugin.fixtures import (
    compliance_audits,
    compliance_settings,
    observations,
    observations_of,
)

__all__ = ["compliance_audits", "compliance_settings", "observations", "observations_of"]

MARKS = (
    "check(id): the check that judges a promise; select with -m 'check(id=\"cookie-lifetime\")'",
    "severity(level): low, medium, high or critical; select with -m 'severity(level=\"high\")'",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options and the ini setting."""
    group = parser.getgroup("compliance", "privacy policies as tests (policy-compliance)")
    add = group.addoption
    add("--site", dest="compliance_site", metavar="URL", help="Observe this address in place of the spec's.")
    add(
        "--resolve", dest="compliance_resolve", metavar="HOST:ADDR", action="append", default=[],
        help="Where a host is found, as curl's --resolve: shop.test:127.0.0.1:8443; may be given several times.",
    )  # fmt: skip
    add(
        "--ignore-tls", dest="compliance_ignore_tls", metavar="HOST", action="append", default=[],
        help="Do not verify this host's certificate (*.suffix works); every report says so.",
    )  # fmt: skip
    add(
        "--repeat", dest="compliance_repeat", metavar="N", type=int, default=1,
        help="Observe each site so many times, each time as if for the first; they are judged together (default: 1).",
    )  # fmt: skip
    add("--run-dir", dest="compliance_run_dir", metavar="FOLDER", help="Where runs are kept (default: reports).")
    add(
        "--observations", dest="compliance_observations", metavar="fresh|reuse|PATH", default="fresh",
        help="fresh: observe the site now. reuse: judge the newest whole run of the same spec, if there is one. "
        "PATH: judge this run directory; no browser.",
    )  # fmt: skip
    parser.addini(
        "compliance_specs", type="args", default=["specs/*.yaml"],
        help="Which YAML files below the root are specs; one named on the command line always is.",
    )  # fmt: skip


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Marks; paths made absolute before workers get them; the one who writes results."""
    for mark in MARKS:
        config.addinivalue_line("markers", mark)
    from compliance.pytest_plugin.options import protect_reports, settle  # noqa: PLC0415 - needs the marks first

    if not hasattr(config, "workerinput"):
        settle(config)
        protect_reports(config)
        from compliance.pytest_plugin.results import RESULTS, Results  # noqa: PLC0415

        config.stash[RESULTS] = Results(config)
        config.pluginmanager.register(config.stash[RESULTS], "compliance-results")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A YAML file that is a spec by its place, or because somebody named it."""
    if file_path.suffix not in (".yaml", ".yml"):
        return None
    from compliance.pytest_plugin.options import is_spec  # noqa: PLC0415

    if not parent.session.isinitpath(file_path) and not is_spec(file_path, parent.config):
        return None
    from compliance.pytest_plugin.collect import SpecFile  # noqa: PLC0415

    return SpecFile.from_parent(parent, path=file_path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A promise's verdict goes with its report, as plain data: reports cross processes."""
    report = yield
    attach = getattr(item, "attach_verdict", None)
    if attach is not None:
        attach(report)
    return report


def pytest_report_teststatus(report: pytest.CollectReport | pytest.TestReport) -> Any:
    """Inconclusive, waived and advisory promises are counted under their own names."""
    judged = getattr(report, "compliance_verdict", None)
    if judged is None or report.when != "call":
        return None
    letter, markup = {
        "inconclusive": ("?", {"yellow": True}),
        "advisory": ("?", {"yellow": True}),
        "waived": ("w", {"yellow": True}),
    }.get(judged["category"], ("", {}))
    return (judged["category"], letter, (judged["category"].upper(), markup)) if letter else None
