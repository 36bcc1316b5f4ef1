"""What this machine allows: rights, sandbox, fonts, and the version a browser says it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc/sys")
OS_RELEASE = Path("/etc/os-release")
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/run/host/fonts",
)


@dataclass(frozen=True, slots=True)
class Version:
    """What `--version` said; `problem` says why it did not."""

    text: str = ""
    problem: str = ""

    @property
    def major(self) -> int | None:
        """The number that decides which features a Chromium has."""
        found = re.search(r"(\d+)\.\d+", self.text)
        return int(found[1]) if found else None


def browser_version(path: Path, timeout: float = 30) -> Version:
    """Ask a browser for its version: the cheapest proof that it starts, and so that its libraries are there."""
    if sys.platform == "win32":
        return Version("unknown")  # Chrome on Windows opens a window instead of answering
    try:
        asked = subprocess.run(  # noqa: S603
            [path, "--version"], capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Version(problem=str(error))
    said = asked.stdout.strip().splitlines()
    if asked.returncode == 0 and said:
        return Version(said[-1].strip())
    complaint = asked.stderr.strip().splitlines() or [f"exit status {asked.returncode}"]
    return Version(problem=complaint[-1].strip())


def is_root() -> bool:
    """Whether this process may do everything."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def is_ubuntu() -> bool:
    """Ubuntu and its family: their `chromium` package only asks for a snap."""
    return OS_RELEASE.is_file() and "ubuntu" in OS_RELEASE.read_text("utf-8", "replace").lower()


def root_prefix() -> list[str] | None:
    """What to put before a command that needs root; None where only a person could give the password."""
    if is_root():
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    asked = subprocess.run([sudo, "-n", "true"], capture_output=True, stdin=subprocess.DEVNULL, check=False)  # noqa: S603
    return [sudo, "-n"] if asked.returncode == 0 else None


def sandbox_problem() -> str:
    """Why Chromium's sandbox cannot be used here; empty where it can."""
    if is_root():
        return "Chromium refuses its sandbox as root"
    if sys.platform != "linux":
        return ""
    for name, off in (("kernel/unprivileged_userns_clone", "0"), ("user/max_user_namespaces", "0")):
        switch = PROC / name
        if switch.is_file() and switch.read_text("ascii").strip() == off:
            return f"user namespaces are off ({switch})"
    restricted = PROC / "kernel" / "apparmor_restrict_unprivileged_userns"
    if restricted.is_file() and restricted.read_text("ascii").strip() == "1":
        return f"AppArmor allows user namespaces to listed programs only ({restricted})"
    return ""


def has_fonts() -> bool:
    """Whether text in screenshots can be drawn; only Linux comes without fonts."""
    if sys.platform != "linux":
        return True
    folders = [Path(os.path.expanduser(folder)) for folder in FONT_FOLDERS]
    return any(
        file.suffix.lower() in {".ttf", ".otf", ".ttc", ".pfb"} for folder in folders for file in folder.rglob("*")
    )
