"""`run.json`: the run as text that any program can read, and back.

Equal runs give equal text: fields in the order of the model, keys of mappings
and members of sets sorted. Every string is valid UTF-8 without NUL, whatever a site wrote.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from pydantic import ConfigDict, RootModel, ValidationError

from compliance.errors import StoreError
from compliance.model.run import FORMAT, Run

_HINT = "judge the run again from its ledger (compliance judge RUN), which writes a new run.json"


class RunDocument(RootModel[Run]):
    """One execution of one spec against one site: promises, verdicts, evidence, coverage, environment."""

    # Handed down to the model's dataclasses: their attribute docstrings are the schema's descriptions.
    model_config = ConfigDict(use_attribute_docstrings=True)


def dump(run: Run) -> str:
    """`run` as JSON: UTF-8, two spaces, one final newline."""
    return json.dumps(_plain(run), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def load(text: str) -> Run:
    """The run that `dump` wrote.

    Raises:
        StoreError: The text is no run, or one of another format.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"run.json: not JSON: {error}", hint=_HINT) from error
    written = data.get("format") if isinstance(data, dict) else None
    if written != FORMAT:
        told = f"format {written!r}" if written is not None else "no format"
        hint = "use the version of compliance that wrote it, or " + _HINT
        raise StoreError(f"run.json has {told}; this version reads format {FORMAT}", hint=hint)
    try:
        return RunDocument.model_validate(data).root
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "document"
        raise StoreError(f"run.json: {place}: {first['msg']}", hint=_HINT) from error


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `run.json`, committed as `docs/run.schema.json`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | RunDocument.model_json_schema(
        mode="serialization"
    )


def _plain(value: object) -> object:
    """Lists, dicts with text keys, text, numbers, true, false, null."""
    if isinstance(value, str):
        return _clean(value.value if isinstance(value, Enum) else value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(value[k]) for key, k in sorted((_clean(str(k)), k) for k in value)}
    if isinstance(value, set | frozenset):
        return sorted((_plain(v) for v in value), key=str)
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"run.json cannot hold a {type(value).__name__}: {value!r:.100}")


def _clean(value: str) -> str:
    r"""NUL as the four characters `\x00`, a lone surrogate as `\udNNN`: many readers refuse either."""
    return value.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")
