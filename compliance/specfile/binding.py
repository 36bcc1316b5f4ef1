"""A promise's `checks:` and `awaits:` meet the checks that exist."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from pydantic import ValidationError

from compliance.checks import Check, Parameters, registry
from compliance.errors import ComplianceError
from compliance.specfile.collector import Collector, did_you_mean, quoted
from compliance.specfile.messages import add_validation_errors
from compliance.specfile.source import Path, Source


def known_checks() -> dict[str, Check[Any]]:
    """The registry.

    Raises:
        ComplianceError: An installed package brings checks that cannot be used.
    """
    try:
        return registry()
    except (ValueError, ImportError) as error:
        hint = "repair or uninstall the package that brings it"
        raise ComplianceError(f"an installed check cannot be used: {error}", hint=hint) from error


def bind(source: Source, errors: Collector) -> dict[tuple[str, str], Parameters]:
    """Validate the parameters of every check of every promise, promises with other errors included.

    Args:
        source: The document.
        errors: Takes unknown checks and wrong parameters.

    Returns:
        Promise id and check id → parameters.
    """
    checks = known_checks()
    bound: dict[tuple[str, str], Parameters] = {}
    promises = source.data.get("promises")
    for index, promise in enumerate(promises if isinstance(promises, list) else ()):
        if not isinstance(promise, dict):
            continue
        at: Path = ("promises", index)
        listed: set[str] = set()
        for check_id, parameters, path in _uses(promise, at, source, errors):
            listed.add(check_id)
            check = checks.get(check_id)
            if check is None:
                hint = partial(did_you_mean, check_id, checks, what="checks")
                errors.add(f"unknown check {quoted(check_id)}", source.key(*path), hint=hint)
            elif (value := _validated(check, parameters, path, source, errors)) is not None:
                bound[str(promise.get("id")), check_id] = value
        _awaited(promise, at, checks, listed, source, errors)
    return bound


def _uses(
    promise: dict[str, Any], at: Path, source: Source, errors: Collector
) -> Iterator[tuple[str, dict[str, Any], Path]]:
    """Check id, raw parameters and path of each check; other shapes are the model's to refuse."""
    listed = promise.get("checks")
    if isinstance(listed, dict):
        for check_id, parameters in listed.items():
            if parameters is None or isinstance(parameters, dict):
                yield check_id, parameters or {}, (*at, "checks", check_id)
    elif isinstance(listed, list):
        for index, check_id in enumerate(listed):
            path = (*at, "checks", index)
            if isinstance(check_id, str) and check_id in listed[:index]:
                errors.add(f"the check {quoted(check_id)} is listed twice", source.value(*path), hint="delete one")
            elif isinstance(check_id, str):
                yield check_id, {}, path


def _validated(
    check: Check[Any], parameters: dict[str, Any], path: Path, source: Source, errors: Collector
) -> Parameters | None:
    """Parameters of one check.

    They go through JSON because that is pydantic's one mode which is strict (no text becomes a number) and yet
    knows that a document has lists where a model has sets, and texts where it has dates.
    """
    try:
        text = json.dumps(parameters)
        valid: Parameters = check.parameters.model_validate_json(text, strict=True, context="document")
    except ValidationError as error:
        add_validation_errors(errors, error, source, check.parameters, path)
        return None
    return valid


def _awaited(
    promise: dict[str, Any],
    at: Path,
    checks: dict[str, Check[Any]],
    listed: set[str],
    source: Source,
    errors: Collector,
) -> None:
    awaits = promise.get("awaits")
    for index, awaited in enumerate(awaits if isinstance(awaits, list) else ()):
        name = awaited.get("check") if isinstance(awaited, dict) else None
        if isinstance(name, str) and name in checks:
            hint = "it is listed there; delete it here" if name in listed else f"write `checks: {{{name}: }}` instead"
            message = f"the check {quoted(name)} exists now, move it to checks"
            errors.add(message, source.value(*at, "awaits", index, "check"), hint=hint)
