"""Data of others that ships with this package: one folder each, with where it is from and under which licence.

`data/<source>/SOURCE.toml` names address, version, date, licence and the SHA-256 of the file that is used.
"""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Source:
    """One source, as its `SOURCE.toml` says."""

    title: str
    purpose: str
    """What it is for here, in a few words."""
    url: str
    version: str
    date: datetime.date
    """When its authors published this version."""
    file: str
    sha256: str
    licence: str
    """SPDX identifier."""
    licence_file: str
    description: str
    folder: Path

    @property
    def path(self) -> Path:
        """The file that is used."""
        return self.folder / self.file

    def told(self) -> str:
        """Title, version and date, as a finding names it."""
        return f"{self.title} {self.version} of {self.date.isoformat()}"


@cache
def sources() -> dict[str, Source]:
    """Name of the folder → source, sorted."""
    return {
        file.parent.name: Source(**tomllib.loads(file.read_text("utf-8")), folder=file.parent)
        for file in sorted(DATA.glob("*/SOURCE.toml"))
    }
