"""In what the sessions differ: whose profile a session has, what was deleted from it, how its browser looks.

A deletion is made on a copy of the first visitor's profile, so that each begins where the visitor's return ended.
"""

from __future__ import annotations

import shutil
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from compliance.browser.launch import LaunchOptions
from compliance.browser.profile import prepare_profile
from compliance.model.spec import VisitorSpec
from compliance.model.visit import Session

#: Of a running browser, not of the visitor: its lock, its port, the pipe of its log.
_RUNTIME = shutil.ignore_patterns("Singleton*", "DevToolsActivePort", "requests.log", "Crashpad", "*.tmp")
#: Chromium's cookie jar: one SQLite file, and its journal.
_JAR = "Cookies*"
#: Session → pixels by which the window is larger (the device stays of one class), versions by which the browser is
#: older, and which of the other time zones with the same clock it is in.
_TRAITS = {Session.FOURTH: (46, 1, 0), Session.FIFTH: (86, 2, 1)}


@dataclass(frozen=True, slots=True)
class Guise:
    """What a session's browser is started with."""

    visitor: VisitorSpec
    options: LaunchOptions
    major: int
    profile: Path


def guise(session: Session, visitor: VisitorSpec, options: LaunchOptions, major: int, folder: Path) -> Guise:
    """How a session appears, its profile made where it is another's; `folder` holds the visitor's profiles."""
    if session is Session.FIRST_AGAIN:
        return Guise(visitor, options, major, folder / Session.FIRST)
    profile = folder / session
    if session is Session.WITHOUT_COOKIES:
        # The cookies themselves are deleted by the browser, partitions and all, before its first page.
        _made(profile, lambda new: shutil.copytree(folder / Session.FIRST, new, ignore=_RUNTIME))
    elif session is Session.WITHOUT_STORAGE:
        _made(profile, lambda new: _with_jar(folder / Session.FIRST, new))
    if session not in _TRAITS:
        return Guise(visitor, options, major, profile)
    wider, older, zone = _TRAITS[session]
    other = visitor.model_copy(update={"timezone": _other_zone(visitor.timezone, zone)})
    return Guise(other, replace(options, wider=wider), major - older, profile)


def _made(profile: Path, make: Callable[[Path], object]) -> None:
    """Make a profile in one step: a run that goes on finds it whole, or not at all, and leaves it as it is."""
    if profile.exists():
        return
    new = profile.with_name(f"{profile.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    make(new)
    new.rename(profile)


def _with_jar(old: Path, new: Path) -> None:
    """A fresh profile with the cookies of another."""
    prepare_profile(new)
    for jar in (old / "Default").rglob(_JAR):
        kept = new / jar.relative_to(old)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(jar, kept)


def _other_zone(name: str, which: int) -> str:
    """Another time zone with the same clock today; the same when this machine knows none."""
    now = datetime.now(UTC)
    places = (n for n in zoneinfo.available_timezones() if "/" in n and not n.startswith(("Etc/", "posix", "right")))
    try:
        clock = now.astimezone(zoneinfo.ZoneInfo(name)).utcoffset()
        alike = [n for n in sorted(places) if n != name and now.astimezone(zoneinfo.ZoneInfo(n)).utcoffset() == clock]
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return name
    return alike[which] if which < len(alike) else name
