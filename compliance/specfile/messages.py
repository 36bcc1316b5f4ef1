"""Pydantic's errors, told as a person would: where, what is wrong, what to write instead."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from compliance.specfile.collector import Collector, did_you_mean, quoted
from compliance.specfile.source import Path, Source

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_WANTED = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen_set": "a list",
    "dict": "a mapping (`key: value` lines)",
    "model": "a mapping (`key: value` lines)",
    "model_attributes": "a mapping (`key: value` lines)",
    "dataclass": "a mapping (`key: value` lines)",
}
#: Keys whose value may be written in two ways.
_WANTED_AT = {
    "quote": "a text, or a list of texts",
    "checks": "a mapping of check ids to parameters, or a list of check ids",
}
_SHAPE_HINTS = {
    r"^[a-z0-9][a-z0-9-]*$": "use lower-case letters, digits and hyphens",
    r"^([a-z0-9-]+/)?[a-z0-9][a-z0-9-]*$": "a check id is lower-case letters, digits and hyphens",
    r"^https?://[^\s/]+.*$": "an address begins with https:// or http://",
    r"^[0-9a-f]{64}$": "64 lower-case hexadecimal digits, as sha256sum prints them",
}
_YAML_1_1 = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def add_validation_errors(
    errors: Collector, error: ValidationError, source: Source, model: type[BaseModel], at: Path = ()
) -> None:
    """Put each error of a failed validation where it stands in the file.

    Args:
        errors: Takes them.
        error: What pydantic raised.
        source: The document.
        model: What was validated against.
        at: Path of the validated part in the document.
    """
    told: set[tuple[object, ...]] = set()
    for detail in error.errors(include_url=False):
        path = source.trace((*at, *detail["loc"]))
        kind = detail["type"]
        if kind == "extra_forbidden":
            known = known_keys(model, detail["loc"][:-1])
            key = str(detail["loc"][-1])
            hint_later = partial(did_you_mean, key, known, what="known keys")
            errors.add(f"unknown key {quoted(key)}", source.key(*path), hint=hint_later)
            continue
        if kind == "missing":
            message, hint = f"missing key {quoted(str(detail['loc'][-1]))}", _described(model, detail["loc"])
        else:
            message, hint = _told(detail, source, path)
        # The branches of a union complain one by one about the same value; the first says enough.
        mark = (path, detail["loc"][-1] if kind == "missing" else "value")
        if mark in told:
            continue
        told.add(mark)
        # A key that is wrong is named by pydantic in a last part of its own.
        place = source.key(*path) if detail["loc"][-1] == "[key]" else source.value(*path)
        errors.add(message, place, hint=hint)


def known_keys(model: type[BaseModel], location: Iterable[str | int]) -> list[str]:
    """The keys that may stand at a location inside a model; empty where any may."""
    found = _model_at(model, location)
    return list(found.model_fields) if found else []


def _told(detail: ErrorDetails, source: Source, path: Path) -> tuple[str, str]:
    """Message and hint of an error that is neither an unknown nor a missing key."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    name = next((part for part in reversed(detail["loc"]) if isinstance(part, str) and part != "[key]"), "")
    found = _found(value, source.written.get(path))
    if kind in ("literal_error", "enum"):
        options = re.findall(r"'([^']*)'|(\d+)", context.get("expected", ""))
        known = [text or number for text, number in options]
        if name == "version":
            return f"version {_plain(found)} is not one that this program reads", f"write `version: {known[0]}`"
        word = value if isinstance(value, str) else ""
        return f"{_plain(found)} is not one of the values of {quoted(name)}", did_you_mean(word, known, what="one of")
    stem = kind.rpartition("_")[0]
    if stem in ("int", "float", "bool", "list", "dict", "tuple", "set", "frozen_set", "model") or kind in (
        "string_type",
        "model_attributes_type",
        "dataclass_type",
        "int_from_float",
        "int_parsing",
        "float_parsing",
        "bool_parsing",
    ):
        wanted = _WANTED_AT.get(name) or _WANTED.get(stem.removesuffix("_from"), "another kind of value")
        return f"{quoted(name)} wants {wanted}, found {found}", _repair(wanted, value, source.written.get(path))
    if kind == "string_pattern_mismatch":
        pattern = context.get("pattern", "")
        hint = _SHAPE_HINTS.get(pattern, f"it has to match {pattern}")
        slug = re.sub(r"[^a-z0-9]+", "-", str(value)[:64].lower()).strip("-")
        if hint.startswith("use lower") and slug:
            hint += f": {slug}"
        return f"{found} is not possible as {quoted(name)}", hint
    if kind == "value_error":
        return f"{_plain(found)}: {context['error']}", ""
    if kind in ("too_short", "string_too_short") and not value:
        return f"{quoted(name)} is empty", "write at least one, or delete the key"
    said = re.sub(r"^\w+ should ", "should ", detail["msg"])
    return f"{quoted(name)} {said[0].lower()}{said[1:]}, found {found}", ""


def _found(value: object, written: str | None) -> str:
    """What stands there, in words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{written or str(value).lower()}`"
        case int() | float():
            return f"the number {written or value}"
        case str():
            return f"the text {quoted(value)}" if value else "an empty text"
        case Mapping():
            return "a mapping (`key: value`)"
        case list() | tuple():
            return "a list"
    return f"a {type(value).__name__}"


def _plain(found: str) -> str:
    return found.removeprefix("the text ").removeprefix("the number ")


def _repair(wanted: str, value: object, written: str | None) -> str:
    """What to write instead, where it can be guessed."""
    if value is None:
        return "write a value, or delete the key"
    if wanted.startswith("a text") and isinstance(value, bool | int | float):
        return f'write it in quotes: "{written or value}"'
    if wanted == "true or false" and isinstance(value, str) and value.lower() in _YAML_1_1:
        return f"write {_YAML_1_1[value.lower()]}: in YAML 1.2 {value} is a text"
    if wanted.endswith("number") and isinstance(value, str):
        digits = value.replace("_", "").replace(",", "").strip()
        if re.fullmatch(r"-?\d+", digits):
            return f"write {int(digits[:18])}, without quotes or separators"
        return "write digits, without quotes or a unit"
    if wanted == "a list" and isinstance(value, str | int | float):
        return f"write it as a list: [{written or value}]"
    return ""


def _described(model: type[BaseModel], location: tuple[str | int, ...]) -> str:
    """What a missing key is for."""
    parent = _model_at(model, location[:-1])
    if parent is None:
        return ""
    field = parent.model_fields.get(str(location[-1]))
    return (field.description or "") if field else ""


def _model_at(model: type[BaseModel], location: Iterable[str | int]) -> type[BaseModel] | None:
    """The model that a location leads to."""
    here: Any = model
    for part in location:
        field = here.model_fields.get(part) if _is_model(here) else None
        inner = field.annotation if field else here
        here = _first_model(inner)
        if here is None:
            return None
    return here if _is_model(here) else None


def _first_model(annotation: Any) -> Any:
    """The model inside `list[M]`, `dict[str, M]`, `M | None`, `Annotated[M, …]`."""
    if _is_model(annotation):
        return annotation
    origin = typing.get_origin(annotation)
    if origin is None and not isinstance(annotation, types.UnionType):
        return None
    return next((m for m in map(_first_model, typing.get_args(annotation)) if m), None)


def _is_model(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, BaseModel)
