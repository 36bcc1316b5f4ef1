"""The controlling process gathers verdicts from all workers, and alone writes `run.json` and the report."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from compliance.pytest_plugin.options import SHARED, made_folder, shared_folder, shown


@dataclass(frozen=True, slots=True)
class Written:
    """One run of this session."""

    path: Path
    run: Any
    """A `compliance.model.run.Run`; None when it could not be judged."""
    report: Path | None
    problem: str = ""
    """Why there is no report although there should be."""
    note: str = ""
    """Why there is none, where there should be none."""


@dataclass(frozen=True, slots=True)
class _Crash:
    path: str
    lineno: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Told:
    """The story of a verdict as pytest's `longrepr`; `reprcrash` is what its summary and JUnit quote."""

    story: str
    reprcrash: _Crash

    def __str__(self) -> str:
        return self.story

    def toterminal(self, out: Any) -> None:
        """Write it, as pytest asks of a `longrepr`."""
        out.line(self.story)


class Results:
    """A plugin of its own, registered where there is one process, or in xdist's controller."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._known: dict[str, dict[tuple[str, str, str], Any]] = {}
        self.written: list[Written] = []
        self.told_elsewhere = False
        """Somebody else prints the verdicts and where the reports are."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell an xdist worker where all of them meet."""
        node.workerinput[SHARED] = str(shared_folder(self._config))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the verdict that came with a report."""
        judged = getattr(report, "compliance_verdict", None)
        if judged is None:
            return
        from compliance.model.verdict import CheckVerdict  # noqa: PLC0415
        from compliance.store.codec import decode  # noqa: PLC0415

        verdict = decode(json.dumps(judged["verdict"]), CheckVerdict)
        promise, check, visitor = judged["line"]
        self._known.setdefault(judged["spec"], {})[promise, check, visitor] = verdict
        if report.failed and isinstance(report.longrepr, str):
            # Only here: execnet, which carried the report, knows plain strings only.
            path, line, _ = report.location
            report.longrepr = _Told(report.longrepr, _Crash(path, (line or 0) + 1, judged["brief"]))  # type: ignore[assignment]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the views of every run of this session, also of one that was interrupted."""
        folder = made_folder(session.config)
        for file in sorted(folder.glob("*.json")) if folder else ():
            record = json.loads(file.read_text("utf-8"))
            if record["run"]:
                self.written.append(self._write(record))
        if any(w.problem for w in self.written) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR

    def _write(self, record: dict[str, str]) -> Written:
        from compliance.audit import judge_run  # noqa: PLC0415
        from compliance.errors import ComplianceError  # noqa: PLC0415
        from compliance.report.files import write_views  # noqa: PLC0415
        from compliance.store.rundir import RunDirectory  # noqa: PLC0415

        path = Path(record["run"])
        try:
            with RunDirectory.open(path) as directory:
                digest = directory.ledger.meta("spec_digest")
                observed = directory.ledger.meta("environment") is not None
            if not observed:
                return Written(path, None, None)
            if digest != record["digest"]:
                told = "judged by a spec that this run was not made for; its own report stays as it is"
                return Written(path, None, None, note=told)
            run = judge_run(path, now=datetime.now(UTC), known=self._known.get(record["spec"]))
            return Written(path, run, write_views(path, run).report)
        except (ComplianceError, OSError) as error:
            return Written(path, None, None, f"no report was written: {error}")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """What pytest itself does not show of its new categories, and where the reports are."""
        out = terminalreporter
        unclear = out.stats.get("inconclusive", [])
        if unclear and self._config.option.tbstyle != "no":
            out.section("INCONCLUSIVE", sep="=", yellow=True)
            for report in unclear:
                out.line(str(report.longrepr))
                out.line("")
        for category in ("inconclusive", "advisory", "waived"):
            for report in out.stats.get(category, []):
                said = report.compliance_verdict["brief"] if category != "waived" else report.longrepr[2]
                out.line(f"{category.upper()} {report.nodeid} - {said.removeprefix('Skipped: ')}", yellow=True)
        for written in self.written:
            if written.report is not None:
                if self.told_elsewhere:
                    continue
                out.line(f"report: {shown(written.report)}")
            elif written.problem or written.note:
                out.line(f"{shown(written.path)}: {written.problem or written.note}", red=bool(written.problem))

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Remove the folder in which the processes met."""
        folder = made_folder(config)
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


RESULTS = pytest.StashKey[Results]()
