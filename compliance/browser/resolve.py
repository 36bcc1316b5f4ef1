"""Which browser is used, and by which rule it was found.

The order, first match wins:

1. what was asked for: a path (`--browser-path`, `COMPLIANCE_BROWSER`, `[tool.compliance] browser`). Wrong means an
   error, never a silent search elsewhere;
2. a channel of Playwright's (`chrome`, `msedge`, …), if one was asked for;
3. the build that belongs to the installed Playwright, its headless shell first;
4. `chromium-headless-shell`, 5. Google Chrome or Microsoft Edge, 6. `chromium`, each where it is usually installed.

Nothing is started here, not even Playwright: every answer comes from the file system in a few milliseconds. A headed
run skips headless shells, which have no window.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from compliance.browser import bundled, machine
from compliance.errors import BrowserNotFound, SettingsError
from compliance.settings import VARIABLES, Settings

Kind = Literal["headless-shell", "chrome", "chromium"]

HEADLESS_SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
CHROMES = ("google-chrome-stable", "google-chrome", "microsoft-edge-stable", "microsoft-edge")
CHROMIUMS = ("chromium", "chromium-browser")

#: Channel → where each system keeps it; the first part of a Windows path is an environment variable.
CHANNELS: dict[str, dict[str, tuple[str, ...]]] = {
    "chrome": {
        "linux": ("/opt/google/chrome/chrome",),
        "darwin": ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",),
        "win32": ("Google/Chrome/Application/chrome.exe",),
    },
    "chrome-beta": {
        "linux": ("/opt/google/chrome-beta/chrome",),
        "darwin": ("/Applications/Google Chrome Beta.app/Contents/MacOS/Google Chrome Beta",),
        "win32": ("Google/Chrome Beta/Application/chrome.exe",),
    },
    "msedge": {
        "linux": ("/opt/microsoft/msedge/msedge",),
        "darwin": ("/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",),
        "win32": ("Microsoft/Edge/Application/msedge.exe",),
    },
    "msedge-beta": {
        "linux": ("/opt/microsoft/msedge-beta/msedge",),
        "darwin": ("/Applications/Microsoft Edge Beta.app/Contents/MacOS/Microsoft Edge Beta",),
        "win32": ("Microsoft/Edge Beta/Application/msedge.exe",),
    },
}
SNAP = Path("/snap/bin/chromium")
_PROGRAM_FOLDERS = ("LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)")


@dataclass(frozen=True, slots=True)
class ResolvedBrowser:
    """A browser to use."""

    path: Path
    source: str
    """Which rule found it, in words for a report."""
    kind: Kind


def resolve(settings: Settings) -> ResolvedBrowser:
    """The browser for this execution.

    Raises:
        SettingsError: The channel is unknown.
        BrowserNotFound: The browser asked for is not there, or there is none at all.
    """
    if settings.browser:
        return _explicit(settings.browser, settings.headed)
    if settings.channel:
        return _channel(settings.channel, settings.headed)
    tried: list[str] = []
    for candidate in _search(settings.headed, tried):
        return candidate
    raise BrowserNotFound("no Chromium was found", tried, hint=fix_hint(settings.headed))


def kind_of(path: Path) -> Kind:
    """What kind of Chromium an executable is, from its name."""
    name = path.name.lower()
    if "headless" in name and "shell" in name:
        return "headless-shell"
    return "chrome" if "chrome" in name or "edge" in name else "chromium"


def fix_hint(headed: bool = False) -> str:
    """What to run on this machine to get a browser."""
    # Debian's headless shell is the smaller package; Ubuntu has none, and its `chromium` only asks for a snap.
    commands = [f"{shlex.quote(sys.executable)} -m playwright install {'' if headed else '--only-shell '}chromium"]
    if shutil.which("apt-get") and not machine.is_ubuntu():
        sudo = "" if machine.is_root() else "sudo "
        commands.append(f"{sudo}apt-get install {'chromium' if headed else 'chromium-headless-shell'}")
    return (
        "`compliance doctor --fix` installs one; by hand: "
        + ", or ".join(f"`{command}`" for command in commands)
        + f"; or name one you have: {VARIABLES['browser']}=/path/to/chrome"
    )


def _explicit(wanted: Path, headed: bool) -> ResolvedBrowser:
    name = VARIABLES["browser"]
    origin = name if os.environ.get(name) == str(wanted) else f"--browser-path, {name} or [tool.compliance] browser"
    given = wanted.expanduser()
    found = shutil.which(given)  # a path as it stands, a bare name through PATH
    problem = ""
    if given.is_dir():
        problem = "is a folder; name the executable inside it"
    elif found is None:
        problem = "is not executable" if given.exists() else "does not exist"
    elif any(other in given.name.lower() for other in ("firefox", "webkit", "safari")):
        problem = "is not a Chromium; recording needs the DevTools protocol"
    elif headed and kind_of(given) == "headless-shell":
        problem = "has no window, and a headed run was asked for"
    if problem or found is None:
        raise BrowserNotFound(f"browser {wanted} {problem} (set by {origin})", [str(given)], hint=fix_hint(headed))
    path = Path(found).absolute()
    return ResolvedBrowser(path, f"asked for ({origin})", kind_of(path))


def _channel(channel: str, headed: bool) -> ResolvedBrowser:
    if channel not in CHANNELS:
        raise SettingsError(
            f"unknown browser channel {channel!r}",
            hint=f"known: {', '.join(CHANNELS)}; another Chromium is named by its path in {VARIABLES['browser']}",
        )
    places = _channel_places(channel)
    for place in places:
        if _runnable(place):
            return ResolvedBrowser(place, f"channel {channel}", kind_of(place))
    raise BrowserNotFound(
        f"browser channel {channel} is not installed (set by --browser-channel or {VARIABLES['channel']})",
        [str(place) for place in places],
        hint=f"install it, or drop the channel; {fix_hint(headed)}",
    )


def _search(headed: bool, tried: list[str]) -> Iterator[ResolvedBrowser]:
    """Candidates of rules 3 to 6 in order; what was looked at and not found is added to `tried`."""
    for name in bundled.NAMES:
        if headed and name == "chromium-headless-shell":
            continue
        place = bundled.executable(name)
        if place.path is not None:
            yield ResolvedBrowser(place.path, f"Playwright's own {name}", kind_of(place.path))
        else:
            tried.append(f"Playwright's {name}: {place.looked}")
    for names, channels in (
        (((), ()) if headed else (HEADLESS_SHELLS, ())),
        (CHROMES, ("chrome", "msedge")),
        (CHROMIUMS, ()),
    ):
        for name in names:
            on_path = shutil.which(name)
            if on_path is None:
                tried.append(f"{name} on PATH")
            elif _only_asks_for_snap(Path(on_path)):
                tried.append(f"{on_path} (a placeholder for a snap that is not installed)")
            else:
                yield ResolvedBrowser(Path(on_path), f"{name} on PATH", kind_of(Path(on_path)))
        for channel in channels:
            for place_of_channel in _channel_places(channel):
                if _runnable(place_of_channel):
                    yield ResolvedBrowser(place_of_channel, f"channel {channel}", kind_of(place_of_channel))
                else:
                    tried.append(str(place_of_channel))


def _channel_places(channel: str) -> list[Path]:
    places = CHANNELS[channel].get(sys.platform, ())
    if sys.platform == "win32":
        folders = [os.environ[name] for name in _PROGRAM_FOLDERS if os.environ.get(name)]
        return [Path(folder) / place for folder in folders for place in places]
    return [Path(place) for place in places]


def _runnable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _only_asks_for_snap(path: Path) -> bool:
    """Whether an executable is Ubuntu's script that tells people to install a snap."""
    with path.open("rb") as file:
        head = file.read(4096)
    return head.startswith(b"#!") and b"snap install" in head and not SNAP.exists()
