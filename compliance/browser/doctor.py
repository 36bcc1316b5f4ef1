"""Is this machine fit for an audit? Facts as rows; the command line prints them.

Nothing is changed here and no browser is kept open. Whether third-party cookies can be seen needs a started browser,
so that row is added by the caller: `facts(settings).with_probe(await probe(…))`.
"""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from compliance.browser import bundled, machine
from compliance.browser.probe import ProbeResult
from compliance.browser.resolve import ResolvedBrowser, fix_hint, resolve
from compliance.errors import ComplianceError
from compliance.settings import Settings

State = Literal["ok", "warn", "fail"]

TOOLS = ("playwright", "pytest", "pytest-playwright", "pydantic", "tldextract", "PyYAML", "websockets", "google-re2")
SKEW = 4
"""Major versions between a browser and the one its Playwright was made for; three apart drove without trouble."""
LEAST_DISK = 512 * 2**20
LOW_DISK = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Row:
    """One fact; `fix` says what to do where it is not `ok`."""

    name: str
    value: str
    state: State = "ok"
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Doctor:
    """All facts, in the order they are shown."""

    rows: tuple[Row, ...]
    browser: ResolvedBrowser | None = None
    """What an audit would use; None where there is none."""

    @property
    def state(self) -> State:
        """The worst of the rows."""
        states = {row.state for row in self.rows}
        return "fail" if "fail" in states else "warn" if "warn" in states else "ok"

    def with_probe(self, result: ProbeResult | ComplianceError) -> Doctor:
        """With what the started browser answered, or why it could not be started."""
        return replace(self, rows=(*self.rows, _probe_row(result)))


def facts(settings: Settings) -> Doctor:
    """Everything that can be said without keeping a browser open."""
    browser_rows, browser = _browser_rows(settings)
    rows = (
        Row("policy-compliance", _installed("policy-compliance") or "not installed, run from its source"),
        *_foreign_package(),
        Row("Python", f"{platform.python_version()} ({sys.executable})"),
        Row("system", _system()),
        *(_tool(name) for name in TOOLS),
        *browser_rows,
        _sandbox(),
        _fonts(),
        *_run_root(settings.run_root),
    )
    return Doctor(rows, browser)


def _browser_rows(settings: Settings) -> tuple[list[Row], ResolvedBrowser | None]:
    try:
        found = resolve(settings)
    except ComplianceError as error:
        return [Row("browser", error.message, "fail", error.hint)], None
    row = Row("browser", f"{found.path} ({found.kind}; {found.source})")
    return [row, _local_version(found.path, settings)], found


def _local_version(path: Path, settings: Settings) -> Row:
    found = machine.browser_version(path)
    if found.problem:
        fix = f"it does not start; {fix_hint(settings.headed)}"
        if "shared librar" in found.problem:
            fix = f"install the libraries it needs: `{sys.executable} -m playwright install-deps chromium`"
        return Row("browser version", found.problem, "fail", fix)
    return _version_row(found)


def _version_row(found: machine.Version) -> Row:
    expected = bundled.browser_major()
    far = found.major is not None and expected is not None and abs(found.major - expected) > SKEW
    made_for = f" (this Playwright was made for {expected})" if expected else ""
    fix = "update the older of the two: the browser, or `pip install --upgrade playwright`" if far else ""
    return Row("browser version", found.text + made_for, "warn" if far else "ok", fix)


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _tool(name: str) -> Row:
    found = _installed(name)
    return Row(name, found) if found else Row(name, "missing", "fail", f"`{sys.executable} -m pip install {name}`")


def _foreign_package() -> list[Row]:
    other = "auditree-framework"  # it installs an import package and a command of our name
    if not _installed(other):
        return []
    fix = f"use a virtual environment of its own: `{sys.executable} -m pip uninstall {other}` in this one"
    return [Row("name clash", f"{other} also installs a package called compliance", "fail", fix)]


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.platform()
    return f"{name}, {platform.machine()}"


def _sandbox() -> Row:
    problem = machine.sandbox_problem()
    fix = "run as a user other than root" if machine.is_root() else "allow user namespaces to the browser"
    if not problem:
        return Row("sandbox", "usable")
    return Row("sandbox", problem, "warn", f"{fix}; audits run without it, and the report says so")


def _fonts() -> Row:
    if machine.has_fonts():
        return Row("fonts", "found")
    return Row("fonts", "none: text in screenshots will be empty boxes", "warn", "`apt-get install fonts-dejavu-core`")


def _run_root(folder: Path) -> list[Row]:
    """Whether runs can be written, asked of the folder itself or of the one it would be made in."""
    there = folder.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    fix = "name another folder in COMPLIANCE_REPORTS or `[tool.compliance] run-root`"
    try:
        with tempfile.TemporaryFile(dir=there):
            free = shutil.disk_usage(there).free
    except OSError as error:
        return [Row("reports", f"{folder.absolute()} cannot be written: {error.strerror}", "fail", fix)]
    state: State = "fail" if free < LEAST_DISK else "warn" if free < LOW_DISK else "ok"
    room = f"{free / 2**30:.1f} GB"
    return [
        Row("reports", f"{folder.absolute()} can be written"),
        Row("free disk", room, state, "" if state == "ok" else f"make room, or {fix}"),
    ]


def _probe_row(result: ProbeResult | ComplianceError) -> Row:
    name = "third-party cookies"
    if isinstance(result, ComplianceError):
        return Row(name, f"not asked: {result.message}", "fail", result.hint)
    if result.third_party_cookies == "visible":
        return Row(name, f"visible: {result.detail}")
    consequence = "promises about cookies are judged on what sites try to set, or stay inconclusive"
    return Row(name, f"{result.third_party_cookies}: {result.detail}", "warn", f"{consequence}; {fix_hint()}")
