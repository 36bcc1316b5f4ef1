"""Specs become collectors, and what they promise becomes tests. Nothing here opens a browser or a socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from compliance.audit import Kind, Line, judge_unseen, lines
from compliance.audit.disposing import dispose
from compliance.errors import ComplianceError, Inconclusive, PromiseBroken
from compliance.model.urls import host_of
from compliance.model.verdict import CheckVerdict, Outcome
from compliance.pytest_plugin.audits import Audits
from compliance.pytest_plugin.options import shown
from compliance.pytest_plugin.telling import brief, story
from compliance.specfile.loader import LoadedSpec, load_spec
from compliance.store.codec import encode


def _observed(request: pytest.FixtureRequest, compliance_audits: Audits) -> None:
    request.node.judge(compliance_audits)


def _unseen(request: pytest.FixtureRequest) -> None:
    request.node.judge(None)


class SpecFile(pytest.File):
    """One spec."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item per line of the spec, in the order of the file: the same in every worker."""
        try:
            loaded = load_spec(shown(self.path))
        except ComplianceError as error:
            raise self.CollectError(str(error)) from error
        several = len(loaded.spec.visitors) > 1
        for line in lines(loaded):
            suffix = f"-{line.visitor}" if several and line.visitor else ""
            prefix = "awaited-" if line.kind is Kind.AWAITED else ""
            name = f"{line.promise.id}[{prefix}{line.check}{suffix}]"
            yield PromiseItem.make(self, name, line, loaded)


class PromiseItem(pytest.Function):
    """One line of a spec. A `Function`, because only those have fixtures, by public means."""

    line: Line
    loaded: LoadedSpec
    _judged: tuple[CheckVerdict, Path | None] | None = None

    @classmethod
    def make(cls, parent: SpecFile, name: str, line: Line, loaded: LoadedSpec) -> PromiseItem:
        """An item named as `promise[check]`."""
        runner = _observed if line.kind is Kind.CHECK else _unseen
        item: PromiseItem = cls.from_parent(parent, name=name, callobj=runner)
        item.line, item.loaded = line, loaded
        # pytest 9.2 compares ids by their parts and reads `a[b]` from its cache as name and parameters, while a
        # name given here is one part: without this, --lf never finds a promise.
        structured = getattr(item, "_id", None)
        if structured is not None:
            item._id = type(structured).parse(str(structured))  # type: ignore[attr-defined, unused-ignore]
        if line.kind is Kind.CHECK:
            item.add_marker(pytest.mark.check(id=line.check))
        item.add_marker(pytest.mark.severity(level=line.promise.severity))
        if parent.config.pluginmanager.hasplugin("xdist"):
            item.add_marker(pytest.mark.xdist_group(host_of(loaded.spec.site.url)))
        return item

    def reportinfo(self) -> tuple[Path, int, str]:
        """The promise's line in the spec."""
        return self.path, self.loaded.promise_location(self.line.promise.id).line - 1, self.name

    def judge(self, audits: Audits | None) -> None:
        """Get the verdict and tell pytest what it means.

        Raises:
            PromiseBroken: The promise is broken.
            Inconclusive: Nobody could tell.
            ComplianceError: The check itself failed, or the site could not be observed.
            pytest.skip.Exception: It was not tested, there was nothing to examine, or it is waived.
        """
        line, today = self.line, date.today()
        if audits is None:
            verdict, run = judge_unseen(line, today), None
        else:
            verdict, run = audits.verdict(self.path, line)
        self._judged = verdict, run
        self.user_properties += [
            ("promise", line.promise.id),
            ("check", verdict.check),
            ("outcome", verdict.outcome.value),
            ("reason", verdict.reason.value),
            ("pages_examined", verdict.pages_examined),
        ]
        category = self._category(verdict, today)
        if category == "passed":
            return
        if verdict.outcome is Outcome.ERROR:
            raise ComplianceError(brief(verdict))
        if category == "failed":
            raise PromiseBroken(brief(verdict))
        if category == "inconclusive":
            raise Inconclusive(brief(verdict))
        disposition = dispose(line.promise, [verdict], today)
        if category == "waived":
            waived = f"waived until {disposition.until} by {disposition.owner} ({disposition.why})"
            pytest.skip(f"{waived}: {brief(verdict)}")
        pytest.skip(f"{category}: {brief(verdict)}")

    def _category(self, verdict: CheckVerdict, today: date) -> str:
        """What the summary counts it under."""
        disposition = dispose(self.line.promise, [verdict], today)
        if disposition.kind != "enforced":
            return disposition.kind
        match verdict.outcome:
            case Outcome.PASSED | Outcome.FAILED | Outcome.INCONCLUSIVE:
                return verdict.outcome.value
            case Outcome.ERROR:
                return "failed"
        return "not tested" if verdict.outcome is Outcome.UNTESTED else "nothing to examine"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **more: Any) -> Any:
        """What a reader of the policy needs; a traceback only for what nobody foresaw."""
        if isinstance(excinfo.value, PromiseBroken | Inconclusive | ComplianceError) and self._judged:
            verdict, run = self._judged
            place = self.loaded.promise_location(self.line.promise.id)
            return story(self.line.promise, verdict, place, run)
        if isinstance(excinfo.value, ComplianceError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **more)

    def attach_verdict(self, report: pytest.TestReport) -> None:
        """Put the verdict on the report as plain data, and a skip at the promise's line."""
        if report.when != "call" or self._judged is None:
            return
        verdict, run = self._judged
        path, line, _ = self.reportinfo()
        report.compliance_verdict = {  # type: ignore[attr-defined]
            "spec": str(path),
            "run": str(run or ""),
            "line": [self.line.promise.id, self.line.check, self.line.visitor],
            "category": self._category(verdict, date.today()),
            "brief": brief(verdict),
            "verdict": json.loads(encode(verdict, CheckVerdict)),
        }
        if report.skipped and isinstance(report.longrepr, tuple):
            report.longrepr = (str(path), line + 1, report.longrepr[2])
