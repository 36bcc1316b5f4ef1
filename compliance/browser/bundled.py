"""Where the installed Playwright keeps its own builds, without starting Playwright (which takes about a second)."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: Playwright's names, in the order we prefer them.
NAMES = ("chromium-headless-shell", "chromium")

_EXECUTABLES = {
    "chromium-headless-shell": ("chrome-headless-shell", "headless_shell"),
    "chromium": ("chrome", "Google Chrome for Testing", "Chromium"),
}
#: Written last by Playwright; a folder without it is a download that was cut off.
_COMPLETE = "INSTALLATION_COMPLETE"
#: Playwright's name for the folder beside its driver; ours when the cache folder cannot be written.
_BESIDE = ".local-browsers"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a build is, or where it was looked for."""

    path: Path | None
    looked: str


def executable(name: str) -> Place:
    """The complete build of `name` that the installed Playwright would start."""
    package = _driver_package()
    if package is None:
        return Place(None, "the playwright package is not installed")
    leaves = [f"{name.replace('-', '_')}-{revision}" for revision in _revisions(package, name)]
    roots = dict.fromkeys([_registry(package), package / _BESIDE])
    folders = [root / leaf for root in roots for leaf in leaves]
    for folder in folders:
        if (folder / _COMPLETE).is_file() and (found := _inside(folder, name)):
            return Place(found, str(folder))
    return Place(None, ", ".join(map(str, folders)) or f"{package / 'browsers.json'} does not name it")


def browser_major() -> int | None:
    """Major version of the Chromium that the installed Playwright was made for."""
    package = _driver_package()
    if package is None:
        return None
    for browser in _browsers(package):
        if browser["name"] == "chromium":
            return int(browser["browserVersion"].split(".")[0])
    return None


def writable_registry() -> dict[str, str]:
    """Environment under which a download goes where it can be written: beside the driver if the cache folder cannot."""
    package = _driver_package()
    if package is None:
        return {}
    folder = _registry(package)
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return {} if os.access(folder, os.W_OK) else {"PLAYWRIGHT_BROWSERS_PATH": "0"}


def _driver_package() -> Path | None:
    spec = find_spec("playwright")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent / "driver" / "package"
    return package if (package / "browsers.json").is_file() else None


def _browsers(package: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((package / "browsers.json").read_text("utf-8"))["browsers"]
    return found


def _revisions(package: Path, name: str) -> list[str]:
    """The revision of this Playwright, then those that replace it on some systems."""
    for browser in _browsers(package):
        if browser["name"] == name:
            return list(dict.fromkeys([browser["revision"], *browser.get("revisionOverrides", {}).values()]))
    return []


def _registry(package: Path) -> Path:
    """Playwright's own rule: `PLAYWRIGHT_BROWSERS_PATH` (`0` = beside the driver), else the user's cache folder."""
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen == "0":
        return package / _BESIDE
    if chosen:
        return (Path(os.environ.get("INIT_CWD") or Path.cwd()) / chosen).absolute()
    if sys.platform == "darwin":
        cache = _home() / "Library" / "Caches"
    elif sys.platform == "win32":
        cache = Path(os.environ.get("LOCALAPPDATA") or _home() / "AppData" / "Local")
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or _home() / ".cache")
    return cache / "ms-playwright"


def _home() -> Path:
    # `~` with no HOME and no account (a container with a made-up uid) cannot be expanded, and raises.
    return Path(os.path.expanduser("~"))


def _inside(folder: Path, name: str) -> Path | None:
    """The executable; the folder between has changed its name from release to release, so it is searched for."""
    wanted = _EXECUTABLES[name]
    depths = ("*/{}", "*/{}.exe", "*/*.app/Contents/MacOS/{}")
    for pattern in (depth.format(executable) for depth in depths for executable in wanted):
        for found in sorted(folder.glob(pattern)):
            if found.is_file() and os.access(found, os.X_OK):
                return found
    return None
