import subprocess
import sys
from pathlib import Path

import pytest

from compliance.browser import bundled


def playwright_says(*arguments):
    shown = subprocess.run(
        [sys.executable, "-m", "playwright", "install", "--dry-run", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.split(":", 1)[1].strip() for line in shown.stdout.splitlines() if "Install location" in line]


@pytest.mark.parametrize(
    "variables",
    [
        {"PLAYWRIGHT_BROWSERS_PATH": None, "XDG_CACHE_HOME": None, "HOME": "/somewhere/home"},
        {"PLAYWRIGHT_BROWSERS_PATH": None, "XDG_CACHE_HOME": "/a/cache"},
        {"PLAYWRIGHT_BROWSERS_PATH": "/builds of mine"},
        {"PLAYWRIGHT_BROWSERS_PATH": "relative"},
        {"PLAYWRIGHT_BROWSERS_PATH": "0"},
    ],
)
def test_we_look_where_playwright_itself_installs(monkeypatch, variables):
    for name, value in variables.items():
        monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
    places = playwright_says("chromium")
    for name in bundled.NAMES:
        looked = bundled.executable(name)
        assert looked.looked.split(", ")[0] in places


@pytest.mark.parametrize(
    ("name", "leaf"),
    [
        ("chromium-headless-shell", "chrome-linux/headless_shell"),
        ("chromium-headless-shell", "chrome-headless-shell-win64/chrome-headless-shell.exe"),
        ("chromium", "chrome-linux64/chrome"),
        ("chromium", "chrome-mac/Chromium.app/Contents/MacOS/Chromium"),
    ],
)
def test_the_folder_inside_may_have_any_name(tmp_path, monkeypatch, name, leaf):
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    build = Path(bundled.executable(name).looked.split(", ")[0])
    (build / leaf).parent.mkdir(parents=True)
    (build / leaf).write_text("x")
    (build / leaf).chmod(0o755)
    (build / "INSTALLATION_COMPLETE").touch()
    assert bundled.executable(name).path == build / leaf


def test_without_playwright_there_is_no_build(monkeypatch):
    monkeypatch.setattr(bundled, "find_spec", lambda name: None)
    assert bundled.executable("chromium") == bundled.Place(None, "the playwright package is not installed")


def test_a_cache_folder_that_cannot_be_written_is_avoided_and_what_lies_beside_the_driver_is_found(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "not" / "yet"))
    assert bundled.writable_registry() == {}
    monkeypatch.setattr(bundled.os, "access", lambda path, mode: path != tmp_path)
    assert bundled.writable_registry() == {"PLAYWRIGHT_BROWSERS_PATH": "0"}
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "0")
    beside = bundled.executable("chromium").looked
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert bundled.executable("chromium").looked.split(", ")[-1] == beside
