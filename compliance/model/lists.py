"""Lists of others that verdicts rest on: what they are, and how old."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Literal

#: Days after which a list is called old: services come and go, and what is newer is not on it.
OLD = 180

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

Origin = Literal["shipped", "installed"]


@dataclass(frozen=True, slots=True)
class ListInfo:
    """One list."""

    name: str
    """What specs call it: lower case, digits, dashes."""
    purpose: str
    """What it is for, in words."""
    licence: str
    """SPDX identifier, or what the list itself says; empty when it says nothing."""
    source: str
    """Address or file that it was taken from."""
    version: str
    date: str
    """Day of this state of the list, as 2026-11-22."""
    sha256: str
    """Of its file; empty for a table that is part of this program's code."""
    entries: int
    """Rules, hosts or domains that are applied."""
    origin: Origin
    """`shipped` with this program, or `installed` by the user."""
    form: str = ""
    """How its file is written: `adblock`, `hosts`, `domains`, `disconnect`, `tracker-radar`, `third-party-web`."""
    dated_by: Literal["list", "received"] = "list"
    """Who says the date: the list, or nobody, and it is the day on which it was taken."""
    set_aside: int = 0
    """Entries that are not applied, because they say something that is not understood here."""

    def age(self, today: datetime.date) -> int:
        """Days since its date."""
        return (today - datetime.date.fromisoformat(self.date)).days

    def told(self) -> str:
        """Name, version and date, as a finding names it."""
        return " ".join(filter(None, (self.name, self.version, f"of {self.date}")))


@dataclass(frozen=True, slots=True)
class UsedList:
    """A list that verdicts of a run rest on."""

    info: ListInfo
    age: int
    """Days from its date to the observations."""
    checks: tuple[str, ...]
    """Ids of the checks that judged by it."""


def is_list_name(name: str) -> bool:
    """Can a list be called so."""
    return _NAME.fullmatch(name) is not None
