r"""Records to bytes and back: one `TypeAdapter` per record type, and the one sanitizer of site text.

A page may hand over anything: lone surrogates, NUL, megabytes. What cannot be
written as UTF-8 is replaced by its escape (`\ud800`), so that no site can stop a run
by what it says.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def clean(text: str) -> str:
    """`text` with everything that UTF-8 cannot hold written as an escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _clean_deep(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple | list):
        return type(value)(_clean_deep(v) for v in value)
    if isinstance(value, dict):
        return {_clean_deep(k): _clean_deep(v) for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(
            value, **{f.name: _clean_deep(getattr(value, f.name)) for f in dataclasses.fields(value)}
        )
    return value


def encode(value: Any, kind: Any) -> bytes:
    """JSON of a record. `kind` is its type, as in `tuple[Request, ...]`."""
    try:
        return _adapter(kind).dump_json(value)
    except (PydanticSerializationError, UnicodeEncodeError):
        return _adapter(kind).dump_json(_clean_deep(value))


def decode(data: bytes | str, kind: Any) -> Any:
    """The record that `encode` wrote.

    Raises:
        pydantic.ValidationError: The bytes are not such a record.
    """
    return _adapter(kind).validate_json(data)
