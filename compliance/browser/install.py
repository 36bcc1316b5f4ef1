"""Get a browser onto this machine; only on request (`compliance doctor --fix`, `make`), never during a run.

In order: one that is there and starts; Playwright's headless shell, given up as soon as its host cannot be reached;
the libraries it lacks; the distribution's packages, as root or where `sudo` asks for no password.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from compliance.browser import bundled, machine
from compliance.browser.resolve import ResolvedBrowser, fix_hint, resolve
from compliance.errors import BrowserNotFound, ComplianceError
from compliance.settings import Settings, load_settings

Say = Callable[[str], None]

PLAYWRIGHT = (sys.executable, "-m", "playwright")
FIRST_BYTE = 15.0
"""Seconds until a download must have begun; a host that is cut off would be waited for many minutes."""
STALLED = 60.0
"""Seconds without a tenth more of the download."""
DOWNLOAD = 600.0
PACKAGES = 900
APT_OPTIONS = ("-o", "Acquire::http::Timeout=20", "-o", "Acquire::Retries=1", "-o", "DPkg::Lock::Timeout=120")


def ensure_browser(settings: Settings, say: Say) -> ResolvedBrowser:
    """The browser of these settings, installed first if there is none; `say` gets one line for each step.

    Raises:
        BrowserNotFound: Nothing helped; it lists what was tried. Or the browser asked for by name is not there,
            which no installation can mend.
        SettingsError: A setting that names the browser is wrong.
    """
    if settings.browser or settings.channel:
        return resolve(settings)
    attempts: list[str] = []
    found, broken = _look(settings)
    if found is not None:
        _ensure_fonts(say)
        return found
    if not broken:
        if problem := _download(say, settings.headed):
            attempts.append(f"download by Playwright: {problem}")
        found, broken = _look(settings)
    if broken:
        attempts.append(broken)
    if found is None:
        found = _install_packages(settings, bool(broken), say, attempts)
    if found is None:
        raise BrowserNotFound("no browser could be installed", attempts, hint=fix_hint(settings.headed))
    _ensure_fonts(say)
    say(f"browser: {found.path} ({found.source})")
    return found


def _look(settings: Settings) -> tuple[ResolvedBrowser | None, str]:
    """The resolved browser if it starts; else what keeps it from starting, empty when there is none at all."""
    try:
        found = resolve(settings)
    except BrowserNotFound:
        return None, ""
    if found.path is None:
        return found, ""
    version = machine.browser_version(found.path)
    if version.problem:
        return None, f"{found.path} ({found.source}) does not start: {version.problem}"
    return found, ""


def _download(say: Say, headed: bool) -> str:
    """Let Playwright fetch its build; the reason when it could not."""
    say("downloading Playwright's Chromium …")
    command = ["install", "chromium"] if headed else ["install", "--only-shell", "chromium"]
    problem = watch([*PLAYWRIGHT, *command], os.environ | bundled.writable_registry())
    if problem:
        say(f"the download failed: {problem}")
    return problem


def watch(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run a download and end it when nothing arrives; the reason when it failed, else empty."""
    process = subprocess.Popen(  # noqa: S603
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    reader = threading.Thread(target=_read_lines, args=(process, lines), daemon=True)
    reader.start()
    started = time.monotonic()
    limit, late, complaint = started + FIRST_BYTE, "nothing arrived: its host cannot be reached from here", ""
    over = False
    try:
        while (line := lines.get(timeout=max(0.0, min(limit, started + DOWNLOAD) - time.monotonic()))) is not None:
            if "% of" in line:  # Playwright's progress: a line at the first byte, then one for each tenth
                limit, late = time.monotonic() + STALLED, "it stalled"
            elif line.startswith("Error:") and not complaint:
                complaint = line.strip()
        over = True
    except queue.Empty:
        return late
    finally:
        if not over:  # late, or interrupted by a person
            _end(process)
        status = process.wait()
        reader.join()
    return (complaint or f"exit status {status}") if status else ""


def _read_lines(process: subprocess.Popen[str], lines: queue.SimpleQueue[str | None]) -> None:
    if process.stdout is not None:
        with process.stdout as output:
            for line in output:
                lines.put(line)
    lines.put(None)


def _end(process: subprocess.Popen[str]) -> None:
    """End the whole group: the download runs in a child of the child."""
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _install_packages(
    settings: Settings, lacks_libraries: bool, say: Say, attempts: list[str]
) -> ResolvedBrowser | None:
    """The distribution's way: libraries for a build that lacks them, then its own Chromium."""
    apt = shutil.which("apt-get")
    prefix = machine.root_prefix() if apt else None
    if apt is None or prefix is None:
        attempts.append("packages: " + ("no rights to install any" if apt else "no apt-get here"))
        return None
    if lacks_libraries:
        say("installing the libraries that the browser needs …")
        command = [*prefix, "timeout", str(PACKAGES), *PLAYWRIGHT, "install-deps", "chromium"]
        problem = _run(command)
        found, broken = _look(settings)
        if found is not None:
            return found
        attempts.append(f"{shlex.join(command)}: {problem or broken}")
    packages = ["chromium"] if settings.headed else ["chromium-headless-shell", "chromium"]
    # On Ubuntu these are missing or only ask for a snap, and the attempt would hide the real reason.
    for package in [] if machine.is_ubuntu() else packages:
        problem = _apt(prefix, apt, package, say)
        found, broken = _look(settings)
        if found is not None:
            return found
        attempts.append(f"apt-get install {package}: {problem or broken or 'installed no browser'}")
    return None


def _ensure_fonts(say: Say) -> None:
    """Screenshots show empty boxes without a font; no check depends on one, so failing here is only said."""
    apt = shutil.which("apt-get")
    if machine.has_fonts():
        return
    prefix = machine.root_prefix() if apt else None
    problem = _apt(prefix, apt, "fonts-dejavu-core", say) if apt and prefix is not None else "no way to install one"
    if problem:
        say(f"no fonts: text in screenshots will be empty boxes ({problem})")


def _apt(prefix: list[str], apt: str, package: str, say: Say) -> str:
    say(f"installing the package {package} …")
    base = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "timeout", str(PACKAGES), apt, *APT_OPTIONS]
    # A stale or empty index is the usual reason why a package cannot be installed; its own failure shows below.
    _run([*base, "update", "-q"])
    problem = _run([*base, "install", "-q", "-y", "--no-install-recommends", package])
    if problem:
        say(f"that failed: {problem}")
    return problem


def _run(command: Sequence[str]) -> str:
    """Run to the end; the last complaint when it failed, else empty."""
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode == 0:
        return ""
    complaints = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    errors = [line for line in complaints if line.startswith(("E:", "Error", "error"))]
    return [*complaints, f"exit status {done.returncode}", *errors][-1]


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main() -> int:
    """For `make`: lines on standard error, exit status 4 when there is no browser."""
    try:
        ensure_browser(load_settings(), _say)
    except ComplianceError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
