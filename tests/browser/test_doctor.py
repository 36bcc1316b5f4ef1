import sys
from pathlib import Path

import pytest

from compliance.browser import bundled, doctor, machine
from compliance.browser.doctor import Doctor, Row, facts
from compliance.browser.probe import ProbeResult
from compliance.errors import BrowserLost
from compliance.settings import Settings


@pytest.fixture
def chrome(tmp_path):
    return make_chrome(tmp_path, bundled.browser_major())


def make_chrome(folder, major):
    path = folder / "chrome"
    path.write_text(f"#!/bin/sh\necho Chromium {major}.0.1.2\n")
    path.chmod(0o755)
    return path


def row(report: Doctor, name: str) -> Row:
    return next(row for row in report.rows if row.name == name)


def test_a_fit_machine_names_browser_rule_and_version(chrome, tmp_path):
    report = facts(Settings(browser=chrome, run_root=tmp_path / "new" / "reports"))
    assert str(chrome) in row(report, "browser").value
    assert row(report, "browser version").value.startswith(f"Chromium {bundled.browser_major()}.")
    assert row(report, "reports").state == "ok"
    assert report.browser.path == chrome
    assert all(row(report, tool).state == "ok" for tool in doctor.TOOLS)
    assert not (tmp_path / "new").exists(), "a question must not leave folders behind"


def test_a_browser_that_is_missing_fails_with_the_way_out(tmp_path):
    report = facts(Settings(browser=tmp_path / "nowhere"))
    assert (row(report, "browser").state, report.state, report.browser) == ("fail", "fail", None)
    assert "doctor --fix" in row(report, "browser").fix


def test_a_browser_without_its_libraries_fails(tmp_path):
    broken = tmp_path / "chrome"
    broken.write_text("#!/bin/sh\necho 'error while loading shared libraries: libnss3.so' >&2; exit 127\n")
    broken.chmod(0o755)
    found = row(facts(Settings(browser=broken)), "browser version")
    assert found.state == "fail"
    assert "libnss3.so" in found.value
    assert "install-deps" in found.fix


def test_a_browser_far_from_what_playwright_was_made_for_is_a_warning(tmp_path):
    old = make_chrome(tmp_path, bundled.browser_major() - doctor.SKEW - 1)
    assert row(facts(Settings(browser=old)), "browser version").state == "warn"
    near = make_chrome(tmp_path, bundled.browser_major() - doctor.SKEW)
    assert row(facts(Settings(browser=near)), "browser version").state == "ok"


def test_a_reports_folder_that_cannot_be_written_fails(chrome, tmp_path):
    (tmp_path / "file").touch()
    found = row(facts(Settings(browser=chrome, run_root=tmp_path / "file")), "reports")
    assert found.state == "fail"
    assert "COMPLIANCE_REPORTS" in found.fix


@pytest.mark.parametrize(("free", "state"), [(2**20, "fail"), (2**30, "warn"), (2**34, "ok")])
def test_little_room_is_said_before_a_run(chrome, tmp_path, monkeypatch, free, state):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: type("Usage", (), {"free": free}))
    assert row(facts(Settings(browser=chrome, run_root=tmp_path)), "free disk").state == state


def test_missing_tools_and_clashing_names_fail(chrome, monkeypatch):
    real = doctor.version
    monkeypatch.setattr(doctor, "version", lambda name: "1.0" if name == "auditree-framework" else real(name))
    monkeypatch.setattr(doctor, "TOOLS", ("playwright", "no-such-tool"))
    report = facts(Settings(browser=chrome))
    assert (row(report, "playwright").state, row(report, "no-such-tool").state) == ("ok", "fail")
    assert "auditree-framework" in row(report, "name clash").value


def test_root_and_missing_fonts_are_warnings(chrome, monkeypatch):
    monkeypatch.setattr(machine, "is_root", lambda: True)
    monkeypatch.setattr(machine, "has_fonts", lambda: False)
    report = facts(Settings(browser=chrome))
    assert (row(report, "sandbox").state, row(report, "fonts").state) == ("warn", "warn")
    assert report.state == "warn"


@pytest.mark.parametrize(
    ("result", "state", "says"),
    [
        (ProbeResult("visible", "kept and sent back"), "ok", "visible"),
        (ProbeResult("blocked", "neither"), "warn", "blocked"),
        (ProbeResult("unknown", "never asked"), "warn", "unknown"),
        (BrowserLost("it died", hint="try again"), "fail", "it died"),
    ],
)
def test_the_probes_answer_becomes_the_last_row(result, state, says):
    report = Doctor((Row("a", "b"),)).with_probe(result)
    assert (report.rows[-1].name, report.rows[-1].state) == ("third-party cookies", state)
    assert says in report.rows[-1].value
    assert (report.rows[-1].fix == "") is (state == "ok")


def test_every_row_that_is_not_ok_says_what_to_do(tmp_path):
    report = facts(Settings(browser=Path(sys.executable), run_root=tmp_path))
    assert [row.name for row in report.rows if row.state != "ok" and not row.fix] == []
