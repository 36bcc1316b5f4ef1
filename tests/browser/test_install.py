"""Installation on made-up machines: the commands are real processes, the tools on PATH are scripts of the test."""

import os
import sys
import threading
from pathlib import Path

import pytest

from compliance.browser import bundled, install, machine
from compliance.browser import resolve as resolving
from compliance.browser.install import ensure_browser, main, watch
from compliance.errors import BrowserNotFound
from compliance.settings import Settings

STARTS = "echo Chromium 156.0.1.2"
LACKS_LIBRARIES = "echo 'libnss3.so: cannot open' >&2; exit 127"


def script(path, body):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{body}\n")
    path.chmod(0o755)
    return path


def makes(path, body):
    """Shell lines that write the browser `path`."""
    return f"mkdir -p '{path.parent}'; printf '#!/bin/sh\\n%s\\n' \"{body}\" > '{path}'; chmod +x '{path}'"


class Machine:
    """A machine without a browser; its tools note how they were called."""

    def __init__(self, folder, monkeypatch):
        self.bin, self.log, self.lines = folder / "bin", folder / "log", []
        self.bin.mkdir()
        self.log.touch()
        for name in ("env", "timeout"):
            (self.bin / name).symlink_to(f"/usr/bin/{name}")
        monkeypatch.setenv("PATH", str(self.bin))
        monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(folder / "builds"))
        monkeypatch.setattr(resolving, "CHANNELS", {name: {} for name in resolving.CHANNELS})
        monkeypatch.setattr(install, "PLAYWRIGHT", (str(folder / "playwright"),))
        monkeypatch.setattr(machine, "is_root", lambda: True)
        monkeypatch.setattr(machine, "is_ubuntu", lambda: False)
        monkeypatch.setattr(machine, "has_fonts", lambda: True)
        self.folder = folder
        self.build = Path(bundled.executable("chromium-headless-shell").looked.split(", ")[0])
        self.shell = self.build / "chrome-linux" / "headless_shell"
        self.playwright("echo 'Error: getaddrinfo ENOTFOUND cdn.test'; echo more; exit 1")

    def playwright(self, body):
        script(self.folder / "playwright", f'echo "playwright $*" >> {self.log}\n{body}')

    def apt(self, body):
        script(self.bin / "apt-get", f'echo "apt $*" >> {self.log}\n{body}')

    def ensure(self, **settings):
        return ensure_browser(Settings(**settings), self.lines.append)

    @property
    def called(self):
        return self.log.read_text().splitlines()


@pytest.fixture
def bare(tmp_path, monkeypatch):
    return Machine(tmp_path, monkeypatch)


def test_nothing_is_installed_where_a_browser_starts(bare):
    there = script(bare.bin / "google-chrome", STARTS)
    assert bare.ensure().path == there
    assert bare.called == []
    assert bare.lines == [], "no noise before every audit"


def test_playwrights_headless_shell_is_the_first_choice(bare):
    bare.playwright(f"{makes(bare.shell, STARTS)}; touch '{bare.build}/INSTALLATION_COMPLETE'")
    bare.apt("exit 1")
    assert bare.ensure().path == bare.shell
    assert bare.called == ["playwright install --only-shell chromium"]
    assert bare.lines[-1] == f"browser: {bare.shell} (Playwright's own chromium-headless-shell)"


def test_a_machine_that_cannot_download_gets_the_package(bare):
    bare.apt(
        f'case "$*" in *install*chromium-headless-shell) {makes(bare.bin / "chromium-headless-shell", STARTS)};; esac'
    )
    assert bare.ensure().path == bare.bin / "chromium-headless-shell"
    assert "the download failed: Error: getaddrinfo ENOTFOUND cdn.test" in bare.lines
    assert [line.split()[-1] for line in bare.called] == ["chromium", "-q", "chromium-headless-shell"]
    assert all("--no-install-recommends" in line for line in bare.called if " install -q " in line)


def test_where_the_small_package_is_missing_the_full_one_is_taken(bare):
    bare.apt(
        f'case "$*" in *install*-shell) echo "E: Unable to locate package" >&2; exit 100;;'
        f" *install*chromium) {makes(bare.bin / 'chromium', STARTS)};; esac"
    )
    assert bare.ensure().path == bare.bin / "chromium"
    assert "that failed: E: Unable to locate package" in bare.lines


def test_a_build_without_its_libraries_gets_them(bare):
    script(bare.shell, LACKS_LIBRARIES)
    (bare.build / "INSTALLATION_COMPLETE").touch()
    bare.apt("exit 1")
    bare.playwright(f'[ "$1" = install-deps ] && {makes(bare.shell, STARTS)}')
    assert bare.ensure().path == bare.shell
    assert bare.called == ["playwright install-deps chromium"]


def test_when_nothing_helps_everything_tried_is_listed(bare):
    bare.apt("echo 'E: no network' >&2; exit 100")
    with pytest.raises(BrowserNotFound) as caught:
        bare.ensure()
    assert caught.value.tried == (
        "download by Playwright: Error: getaddrinfo ENOTFOUND cdn.test",
        "apt-get install chromium-headless-shell: E: no network",
        "apt-get install chromium: E: no network",
    )


def test_without_rights_no_package_is_tried(bare, monkeypatch):
    monkeypatch.setattr(machine, "is_root", lambda: False)
    bare.apt("exit 0")
    with pytest.raises(BrowserNotFound, match="no rights"):
        bare.ensure()
    assert not any(line.startswith("apt") for line in bare.called)


def test_sudo_without_a_password_is_used(bare, monkeypatch):
    monkeypatch.setattr(machine, "is_root", lambda: False)
    script(bare.bin / "sudo", f'echo "sudo $2" >> {bare.log}; shift; [ "$1" = true ] || PATH={bare.bin} exec "$@"')
    bare.apt(f'case "$*" in *install*-shell) {makes(bare.bin / "chromium-headless-shell", STARTS)};; esac')
    assert bare.ensure().path == bare.bin / "chromium-headless-shell"
    assert "sudo env" in bare.called


def test_on_ubuntu_the_placeholder_package_is_left_alone(bare, monkeypatch):
    monkeypatch.setattr(machine, "is_ubuntu", lambda: True)
    bare.apt("exit 0")
    with pytest.raises(BrowserNotFound):
        bare.ensure()
    assert bare.called == ["playwright install --only-shell chromium"]


def test_a_browser_asked_for_and_missing_is_not_installed_over(bare, tmp_path):
    with pytest.raises(BrowserNotFound, match="does not exist"):
        bare.ensure(browser=tmp_path / "nowhere")
    assert bare.called == []


def test_missing_fonts_are_installed_or_said(bare, monkeypatch):
    monkeypatch.setattr(machine, "has_fonts", lambda: False)
    script(bare.bin / "google-chrome", STARTS)
    bare.apt("exit 1")
    bare.ensure()
    assert any(line.endswith("fonts-dejavu-core") for line in bare.called)
    assert any("empty boxes" in line for line in bare.lines)


def test_a_download_that_never_begins_is_ended_with_its_children(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "FIRST_BYTE", 0.5)
    body = f"sleep 600 & echo $! > {tmp_path}/child; echo Downloading; wait"
    assert "cannot be reached" in watch([str(script(tmp_path / "p", body))], os.environ)
    child = int((tmp_path / "child").read_text())
    gone = threading.Event()
    while not gone.wait(0.01):  # reaped by whoever adopted it; pytest's own timeout bounds this
        stat = Path(f"/proc/{child}/stat")
        if not stat.exists() or stat.read_text().split()[2] == "Z":
            gone.set()


def test_retries_that_say_something_do_not_prolong_the_wait_for_the_first_byte(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "FIRST_BYTE", 0.5)
    body = "while :; do echo Error: retrying; sleep 0.1; done"
    assert "cannot be reached" in watch([str(script(tmp_path / "p", body))], os.environ)


def test_after_the_first_byte_only_standing_still_ends_a_download(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "FIRST_BYTE", 2.0)
    monkeypatch.setattr(install, "STALLED", 60.0)
    slow = script(tmp_path / "slow", "echo '|  0% of 100 MiB'; sleep 2.2; echo '|100% of 100 MiB'")
    assert watch([str(slow)], os.environ) == ""
    monkeypatch.setattr(install, "FIRST_BYTE", 60.0)
    monkeypatch.setattr(install, "STALLED", 0.3)
    stuck = script(tmp_path / "stuck", "echo '|  0% of 100 MiB'; sleep 600")
    assert watch([str(stuck)], os.environ) == "it stalled"


def test_a_failed_download_without_a_word_gives_its_status(tmp_path):
    assert watch([str(script(tmp_path / "p", "exit 7"))], os.environ) == "exit status 7"


@pytest.mark.skipif(sys.platform != "linux", reason="made for the machine's own tools")
def test_the_command_for_make_ends_with_status_4_and_one_clear_message(bare, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMPLIANCE_BROWSER", raising=False)
    assert main() == 4
    assert "no browser could be installed" in capfd.readouterr().err
    script(bare.bin / "google-chrome", STARTS)
    assert main() == 0
