"""The JSON of `harvest.js` and `stores.js` as observations."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import Any

from compliance.model.activity import StorageItem
from compliance.model.content import Field, Form, Link

#: Links of one document kept; a page with more says so.
MAX_LINKS = 10_000

_LINK = {f.name for f in fields(Link)}
_FIELD = {f.name for f in fields(Field)}
_FORM = {f.name for f in fields(Form)} - {"fields"}
_STORAGE = {f.name for f in fields(StorageItem)}


@dataclass(frozen=True, slots=True)
class Harvest:
    """What one document gave."""

    url: str
    title: str
    language: str
    content_type: str
    text_length: int
    links: tuple[Link, ...] | None
    forms: tuple[Form, ...] | None
    text: str | None
    storage: tuple[StorageItem, ...] | None
    cut: tuple[str, ...]


def parse_harvest(text: str, frame: str = "") -> Harvest:
    """Turn the script's answer into records.

    Args:
        text: What `harvest.js` returned.
        frame: Address of the frame it ran in; empty for the main document.
    """
    data: dict[str, Any] = json.loads(text)
    links = data.get("links")
    forms = data.get("forms")
    storage = data.get("storage")
    return Harvest(
        url=data["url"],
        title=data["title"],
        language=data["language"],
        content_type=data["type"],
        text_length=data["textLength"],
        links=None if links is None else tuple(Link(**_only(link, _LINK), frame=frame) for link in links),
        forms=None if forms is None else tuple(_form(form, frame) for form in forms),
        text=data.get("text"),
        storage=None if storage is None else tuple(StorageItem(**_only(item, _STORAGE)) for item in storage),
        cut=tuple(data["cut"]),
    )


def with_stores(harvest: Harvest, text: str) -> Harvest:
    """`harvest` with what `stores.js` returned for the same document."""
    data: dict[str, Any] = json.loads(text)
    more = tuple(StorageItem(**_only(item, _STORAGE)) for item in data["storage"])
    return replace(harvest, storage=(*(harvest.storage or ()), *more), cut=(*harvest.cut, *data["cut"]))


def _only(data: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name in names}


def _form(data: dict[str, Any], frame: str) -> Form:
    return Form(fields=tuple(Field(**_only(f, _FIELD)) for f in data["fields"]), **_only(data, _FORM), frame=frame)
