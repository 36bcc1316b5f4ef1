import sys

import pytest

from compliance.browser import machine
from compliance.browser.machine import Version, browser_version


def script(path, body):
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_a_browser_that_starts_says_its_version(tmp_path):
    found = browser_version(script(tmp_path / "a chrome", "echo noise; echo 'Chromium 156.0.8078.79 '"))
    assert (found.text, found.problem, found.major) == ("Chromium 156.0.8078.79", "", 156)


def test_a_browser_without_its_libraries_says_what_is_missing(tmp_path):
    found = browser_version(script(tmp_path / "chrome", "echo 'cannot open libnss3.so' >&2; exit 127"))
    assert found == Version(problem="cannot open libnss3.so")
    assert found.major is None


def test_a_browser_that_fails_silently_or_hangs_or_is_no_program_has_a_problem_too(tmp_path):
    assert browser_version(script(tmp_path / "quiet", "exit 3")).problem == "exit status 3"
    assert "timed out" in browser_version(script(tmp_path / "slow", "exec sleep 30"), timeout=0.2).problem
    (tmp_path / "text").write_text("")
    assert "Permission denied" in browser_version(tmp_path / "text").problem


def test_root_has_no_sandbox(monkeypatch):
    monkeypatch.setattr(machine, "is_root", lambda: True)
    assert "root" in machine.sandbox_problem()


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's switches")
@pytest.mark.parametrize(
    ("switch", "value", "usable"),
    [
        ("kernel/unprivileged_userns_clone", "0", False),
        ("kernel/unprivileged_userns_clone", "1", True),
        ("user/max_user_namespaces", "0", False),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", False),
        ("kernel/apparmor_restrict_unprivileged_userns", "0", True),
    ],
)
def test_the_kernels_switches_decide_for_others(monkeypatch, tmp_path, switch, value, usable):
    monkeypatch.setattr(machine, "is_root", lambda: False)
    monkeypatch.setattr(machine, "PROC", tmp_path)
    (tmp_path / switch).parent.mkdir(parents=True)
    (tmp_path / switch).write_text(f"{value}\n")
    assert (machine.sandbox_problem() == "") is usable


@pytest.mark.skipif(sys.platform != "linux", reason="other systems come with fonts")
def test_fonts_are_found_in_any_of_the_usual_folders(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "FONT_FOLDERS", (str(tmp_path / "none"), str(tmp_path)))
    (tmp_path / "truetype").mkdir()
    assert not machine.has_fonts()
    (tmp_path / "truetype" / "Serif.TTF").touch()
    assert machine.has_fonts()


@pytest.mark.parametrize(("status", "expected"), [(0, True), (1, False)])
def test_sudo_counts_only_without_a_password(monkeypatch, tmp_path, status, expected):
    monkeypatch.setattr(machine, "is_root", lambda: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.root_prefix() is None
    sudo = script(tmp_path / "sudo", f'[ "$*" = "-n true" ] || exit 9; exit {status}')
    assert machine.root_prefix() == ([str(sudo), "-n"] if expected else None)


def test_root_needs_no_prefix(monkeypatch):
    monkeypatch.setattr(machine, "is_root", lambda: True)
    assert machine.root_prefix() == []


@pytest.mark.parametrize(("text", "expected"), [("ID=debian\n", False), ("ID=pop\nID_LIKE='ubuntu debian'\n", True)])
def test_ubuntus_family_is_known(monkeypatch, tmp_path, text, expected):
    (tmp_path / "os-release").write_text(text)
    monkeypatch.setattr(machine, "OS_RELEASE", tmp_path / "os-release")
    assert machine.is_ubuntu() is expected
