import os
import shlex
import stat
import sys
from pathlib import Path

import pytest

from compliance.browser import bundled
from compliance.browser import resolve as module
from compliance.browser.resolve import CHANNELS, kind_of, resolve
from compliance.errors import BrowserNotFound, SettingsError
from compliance.settings import Settings, load_settings


def executable(path: Path, content: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def playwright_build(name: str, *, complete: bool = True) -> Path:
    """A made-up build where the installed Playwright would keep the real one."""
    place = Path(bundled.executable(name).looked.split(", ")[0])
    if complete:
        executable(place / "INSTALLATION_COMPLETE")
    leaf = {"chromium-headless-shell": "chrome-headless-shell-linux64/chrome-headless-shell"}
    return executable(place / leaf.get(name, "chrome-linux64/chrome"))


@pytest.fixture(autouse=True)
def bare_machine(tmp_path, monkeypatch):
    """A machine without any browser; returns the one folder on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith(("COMPLIANCE_", "PLAYWRIGHT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "builds"))
    monkeypatch.setattr(module, "CHANNELS", {name: {} for name in CHANNELS})
    monkeypatch.chdir(tmp_path)
    return folder


def test_playwrights_headless_shell_comes_before_all_installed_ones(bare_machine):
    shell = playwright_build("chromium-headless-shell")
    playwright_build("chromium")
    executable(bare_machine / "google-chrome")
    found = resolve(Settings())
    assert (found.path, found.kind, found.source) == (
        shell,
        "headless-shell",
        "Playwright's own chromium-headless-shell",
    )


def test_installed_browsers_are_taken_in_order(bare_machine):
    names = ["chromium", "google-chrome", "chromium-headless-shell"]
    expected = ["chromium", "chrome", "headless-shell"]
    for name, kind in zip(names, expected, strict=True):
        path = executable(bare_machine / name)
        found = resolve(Settings())
        assert (found.path, found.kind) == (path, kind)


def test_a_download_that_was_cut_off_is_not_used():
    playwright_build("chromium-headless-shell", complete=False)
    with pytest.raises(BrowserNotFound):
        resolve(Settings())


def test_a_headed_run_needs_a_browser_with_a_window(bare_machine):
    playwright_build("chromium-headless-shell")
    executable(bare_machine / "chromium-headless-shell")
    with pytest.raises(BrowserNotFound):
        resolve(Settings(headed=True))
    full = playwright_build("chromium")
    assert resolve(Settings(headed=True)).path == full
    with pytest.raises(BrowserNotFound, match="no window"):
        resolve(Settings(headed=True, browser=bare_machine / "chromium-headless-shell"))


def test_nothing_found_lists_every_place_and_how_to_mend_it(bare_machine, tmp_path):
    with pytest.raises(BrowserNotFound) as caught:
        resolve(Settings())
    text = str(caught.value)
    for part in ("chromium-headless-shell on PATH", "google-chrome on PATH", str(tmp_path / "builds"), "doctor --fix"):
        assert part in text
    assert f"{shlex.quote(sys.executable)} -m playwright install --only-shell chromium" in text
    assert "COMPLIANCE_BROWSER=" in text


def test_ubuntus_placeholder_is_passed_over(bare_machine, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SNAP", tmp_path / "snap")
    executable(bare_machine / "chromium-browser", "#!/bin/sh\necho 'run: snap install chromium'\nexit 1\n")
    with pytest.raises(BrowserNotFound) as caught:
        resolve(Settings())
    assert any("placeholder" in place for place in caught.value.tried)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: None, "does not exist"),
        (lambda p: p.mkdir(), "is a folder"),
        (lambda p: p.write_text("x"), "is not executable"),
    ],
)
def test_a_wrong_path_is_an_error_and_never_a_search_elsewhere(bare_machine, tmp_path, monkeypatch, make, says):
    executable(bare_machine / "google-chrome")
    wanted = tmp_path / "my browser"
    make(wanted)
    monkeypatch.setenv("COMPLIANCE_BROWSER", str(wanted))
    with pytest.raises(BrowserNotFound, match=says) as caught:
        resolve(load_settings())
    assert "(set by COMPLIANCE_BROWSER)" in caught.value.message
    assert caught.value.exit_code == 4


def test_a_path_or_a_bare_name_is_taken_as_asked(bare_machine, tmp_path):
    mine = executable(tmp_path / "a b" / "chrome")
    playwright_build("chromium-headless-shell")
    assert resolve(Settings(browser=mine)).path == mine
    named = executable(bare_machine / "chromium")
    found = resolve(Settings(browser=Path("chromium")))
    assert (found.path, found.kind) == (named, "chromium")


def test_a_firefox_cannot_be_used(tmp_path):
    with pytest.raises(BrowserNotFound, match="not a Chromium"):
        resolve(Settings(browser=executable(tmp_path / "firefox")))


def test_a_channel_is_looked_for_in_its_own_place_only(bare_machine, tmp_path, monkeypatch):
    executable(bare_machine / "google-chrome")
    place = tmp_path / "opt" / "chrome"
    monkeypatch.setattr(module, "CHANNELS", {"chrome": {sys.platform: (str(place),)}})
    with pytest.raises(BrowserNotFound, match="channel chrome") as caught:
        resolve(Settings(channel="chrome"))
    assert caught.value.tried == (str(place),)
    executable(place)
    assert resolve(Settings(channel="chrome")).path == place
    with pytest.raises(SettingsError, match="unknown browser channel 'netscape'"):
        resolve(Settings(channel="netscape"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("headless_shell", "headless-shell"),
        ("chrome-headless-shell", "headless-shell"),
        ("Google Chrome for Testing", "chrome"),
        ("microsoft-edge", "chrome"),
        ("chromium-browser", "chromium"),
        ("brave", "chromium"),
    ],
)
def test_kinds_follow_from_names(name, kind):
    assert kind_of(Path("/somewhere") / name) == kind
