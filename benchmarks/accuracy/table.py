"""The labelled table: which page breaks which checks, said by people who read the page."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

HERE = Path(__file__).parent
TABLE = HERE / "table.yaml"
PAGES = HERE / "pages"


class Label(StrEnum):
    """What a page does to one promise."""

    BROKEN = "broken"
    KEPT = "kept"
    UNJUDGED = "not judged"


class Model(BaseModel):
    """Strict and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Package(Model):
    """One published package of which a page serves files. It is fetched, never kept in the repository."""

    name: str = Field(
        description="npm name and version: `chart.js@4.6.1`.",
        pattern=r"^(@[a-z0-9._-]+/)?[a-z0-9._-]+@[0-9][0-9a-z.-]*$",
    )
    sha256: str = Field(description="Of the packed archive.", pattern=r"^[0-9a-f]{64}$")
    licence: str
    files: dict[str, str] = Field(min_length=1, description="Host and path → the file in the package.")


class Page(Model):
    """One row."""

    page: str = Field(description="Name of its folder under `pages/`.", pattern=r"^[a-z0-9-]+$")
    does: str = Field(min_length=20, description="What the page does, in words: the reason for its labels.")
    like: str = Field("", description="The test page of another project that behaves so.")
    broken: frozenset[str] = Field(
        frozenset(), description="Checks whose promise the page breaks; it keeps all others."
    )
    unjudged: dict[str, str] = Field({}, description="Check → why nobody can say.")
    limits: dict[str, str] = Field({}, description="Check → a mistake that is known, and why it stays for now.")
    quick: bool = Field(False, description="Is it part of the small run that every commit makes.")
    packages: list[Package] = []

    @model_validator(mode="before")
    @classmethod
    def _lists_are_sets(cls, row: Any) -> Any:
        return row | {"broken": frozenset(row.get("broken") or ())} if isinstance(row, dict) else row

    @model_validator(mode="after")
    def _one_label_each(self) -> Page:
        both = self.broken & self.unjudged.keys()
        if both:
            raise ValueError(f"{self.page}: {', '.join(sorted(both))} is both broken and not judged")
        return self

    def label(self, check: str) -> Label:
        """What this page does to the promise that `check` is for."""
        if check in self.broken:
            return Label.BROKEN
        return Label.UNJUDGED if check in self.unjudged else Label.KEPT

    @property
    def folder(self) -> Path:
        """What is served, at `<host>/<path>`."""
        return PAGES / self.page


class Table(Model):
    """The whole table."""

    checks: dict[str, dict[str, Any]] = Field(min_length=1, description="Check → its parameters, on every page.")
    costly: frozenset[str] = Field(frozenset(), description="Checks with trials or sessions of their own.")
    pages: list[Page] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _lists_are_sets(cls, table: Any) -> Any:
        return table | {"costly": frozenset(table.get("costly") or ())} if isinstance(table, dict) else table

    def asked(self, page: Page, *, quick: bool) -> frozenset[str]:
        """The checks that a page is audited with: all, or in the small run those that cost little or must find it."""
        return frozenset(self.checks) - (self.costly - page.broken if quick else frozenset())

    @model_validator(mode="after")
    def _hangs_together(self) -> Table:
        names = [row.page for row in self.pages]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"two rows for {', '.join(sorted(twice))}")
        for row in self.pages:
            unknown = (row.broken | row.unjudged.keys() | row.limits.keys()) - self.checks.keys()
            if unknown:
                raise ValueError(f"{row.page}: no check {', '.join(sorted(unknown))} in the table")
        return self


def load(path: Path = TABLE) -> Table:
    """The table in `path`.

    Raises:
        pydantic.ValidationError: It is not one.
    """
    return Table.model_validate(yaml.safe_load(path.read_text("utf-8")))
