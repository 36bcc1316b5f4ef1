"""Pydantic's errors, told as a person would: where, what is wrong, what to write instead."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from compliance.specfile.collector import Collector, closest, did_you_mean, quoted
from compliance.specfile.limits import MAX_ERRORS
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
    "dict": "a mapping",
    "model": "a mapping",
    "model_attributes": "a mapping",
    "dataclass": "a mapping",
}
#: Keys whose value may be written in two ways.
_WANTED_AT = {
    "quote": "a text, or a list of texts",
    "checks": "a mapping of check ids to parameters, or a list of check ids",
}
_NOTHING = "write a value, or delete the key"
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
    details = error.errors(include_url=False)
    meant = _meant(details, source, model, at)
    told: set[tuple[object, ...]] = set()
    for detail in details:
        location = detail["loc"]
        path = source.trace((*at, *location))
        # One cause, one error: what is wrong with the text itself has been said; an unknown check is said when
        # checks are bound; the key that "did you mean" names is not missing; the branches of a union complain
        # one by one about the same value.
        mark = (path, location[-1] if detail["type"] in ("missing", "extra_forbidden") else "")
        if mark in told or path in source.broken or location[-3:-2] + location[-1:] == ("checks", "[key]"):
            continue
        told.add(mark)
        if detail["type"] == "extra_forbidden":
            known = known_keys(model, location[:-1])
            later = partial(did_you_mean, str(location[-1]), known, what="known keys")
            message = f"unknown key {quoted(str(location[-1]))}"
            errors.add(message, source.key(*path), hint=later if known else "no key can stand here")
        elif detail["type"] == "missing":
            if (path, location[-1]) not in meant:
                message, hint = f"missing key {quoted(str(location[-1]))}", _described(model, location)
                errors.add(message, source.value(*path), hint=hint)
        else:
            message, hint = _told(detail, path, source.written.get(path), _required(model, location))
            # A key that is wrong is named by pydantic in a last part of its own.
            errors.add(message, source.key(*path) if location[-1] == "[key]" else source.value(*path), hint=hint)


def _meant(details: list[ErrorDetails], source: Source, model: type[BaseModel], at: Path) -> set[tuple[Path, str]]:
    """Path of a mapping and the key in it that a misspelt key stands for."""
    found = set()
    for detail in islice((d for d in details if d["type"] == "extra_forbidden"), MAX_ERRORS):
        parent = detail["loc"][:-1]
        for name in closest(str(detail["loc"][-1]), known_keys(model, parent)):
            found.add((source.trace((*at, *parent)), name))
    return found


def known_keys(model: type[BaseModel], location: Iterable[str | int]) -> list[str]:
    """The keys that may stand at a location inside a model; empty where any may."""
    found = _model_at(model, location)
    return list(_fields(found)) if found else []


def _told(detail: ErrorDetails, path: Path, written: str | None, required: bool) -> tuple[str, str]:
    """Message and hint of an error that is neither an unknown nor a missing key."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    name = next((part for part in reversed(detail["loc"]) if isinstance(part, str) and part != "[key]"), "")
    subject = f"an item of {quoted(name)}" if path and isinstance(path[-1], int) else quoted(name)
    found = _found(value, written)
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
        if value is None:
            return f"{subject} wants {wanted}, found nothing", "write a value" if required else _NOTHING
        return f"{subject} wants {wanted}, found {found}", _repair(wanted, value, written)
    if kind == "string_pattern_mismatch":
        pattern = context.get("pattern", "")
        hint = _SHAPE_HINTS.get(pattern, f"it has to match {pattern}")
        slug = re.sub(r"[^a-z0-9]+", "-", str(value)[:64].lower()).strip("-")
        if hint.startswith("use lower") and slug:
            hint += f": {slug}"
        return f"{_plain(found)} cannot be used as {quoted(name)}", hint
    if kind == "value_error":
        return f"{_plain(found)} cannot be used as {quoted(name)}", str(context["error"])
    if kind in ("too_short", "string_too_short") and not value:
        return f"{subject} is empty", "write something"
    said = re.sub(r"^\w+ should ", "it should ", detail["msg"])
    return f"{_plain(found)} cannot be used as {quoted(name)}", said[0].lower() + said[1:]


def _found(value: object, written: str | None) -> str:
    """What stands there, in words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{written or str(value).lower()}`"
        case int() | float():
            return f"the number {(written or str(value))[:40]}"
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
    if wanted.startswith("a text") and isinstance(value, int | float):
        return "write it in words" if isinstance(value, bool) else f'write it in quotes: "{written or value}"'
    if wanted == "true or false" and isinstance(value, str) and value.lower() in _YAML_1_1:
        return f"write {_YAML_1_1[value.lower()]}: in YAML 1.2 {value} is a text"
    if wanted.endswith("number") and isinstance(value, str):
        digits = value.replace("_", "").replace(",", "").strip()
        if re.fullmatch(r"-?\d+", digits):
            return f"write {int(digits[:18])}, without quotes or separators"
        return "write digits, without quotes or a unit"
    if wanted == "a list" and isinstance(value, str | int | float):
        return f"write it as a list: [{written or value}]"
    if wanted == "a list":
        return "write its items on lines of their own that begin with `- `"
    if wanted == "a mapping":
        return "write `key: value` lines, indented below it"
    if wanted == _WANTED_AT["checks"]:
        return "with parameters: `check-id: {parameter: value}` lines; without: a list of ids"
    return f"write {wanted}"


def _described(model: type[BaseModel], location: tuple[str | int, ...]) -> str:
    """How to add a missing key, and what it is for."""
    name, field = location[-1], _field_at(model, location)
    if field is None:
        return f"add `{name}:`"
    if typing.get_origin(field.annotation) is typing.Literal and len(typing.get_args(field.annotation)) == 1:
        return f"add `{name}: {typing.get_args(field.annotation)[0]}`"
    inner = _first_model(field.annotation)
    purpose = field.description or (inspect.getdoc(inner) or "").partition("\n")[0] if inner else field.description
    return f"add `{name}:` ({purpose})" if purpose else f"add `{name}:`"


def _required(model: type[BaseModel], location: tuple[str | int, ...]) -> bool:
    field = _field_at(model, location)
    return field is None or field.is_required()


def _field_at(model: type[BaseModel], location: tuple[str | int, ...]) -> FieldInfo | None:
    parent = _model_at(model, location[:-1])
    return _fields(parent).get(str(location[-1])) if parent else None


def _model_at(model: type[BaseModel], location: Iterable[str | int]) -> type[BaseModel] | None:
    """The model that a location leads to."""
    here: Any = model
    for part in location:
        field = _fields(here).get(str(part)) if _is_model(here) else None
        inner = field.annotation if field else here
        here = _first_model(inner)
        if here is None:
            return None
    return here if _is_model(here) else None


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Fields by the name that a document uses (`from` for `from_`)."""
    found = model.model_fields.items()
    return {field.alias if isinstance(field.alias, str) else name: field for name, field in found}


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
