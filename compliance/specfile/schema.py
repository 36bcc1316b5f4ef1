"""The spec language as JSON Schema, for editors: completion, descriptions and errors while typing.

`python -m compliance.specfile.schema > specs/spec.schema.json` writes the committed copy, which knows the
built-in checks; `compliance schema` prints one that knows the installed ones too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from compliance.checks import BUILTIN, Check, registry
from compliance.model.spec import Spec

DIALECT = "https://json-schema.org/draft/2020-12/schema"
IDENTIFIER = "urn:policy-compliance:spec:1"


class _Schema(GenerateJsonSchema):
    """Without the titles that pydantic makes of field names; an editor shows the name anyway."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def spec_schema(checks: Iterable[Check[Any]] | None = None) -> dict[str, Any]:
    """JSON Schema (2020-12) of a spec file.

    Args:
        checks: The checks that a promise may name; all that are installed when left out.
    """
    known = sorted(registry().values() if checks is None else checks, key=lambda c: c.id)
    schema = Spec.model_json_schema(schema_generator=_Schema)
    definitions: dict[str, Any] = schema.pop("$defs")
    uses = {check.id: _use(check, definitions) for check in known}
    promise = definitions["Promise"]["properties"]
    text = promise["quote"]["items"]
    promise["quote"] = {
        "description": promise["quote"]["description"],
        "anyOf": [text, {"type": "array", "items": text, "minItems": 1}],
    }
    listed = {"type": "array", "items": {"enum": list(uses)}, "uniqueItems": True}
    promise["checks"] = {
        "description": promise["checks"]["description"],
        "anyOf": [{"type": "object", "properties": uses, "additionalProperties": False}, listed],
    }
    return {
        "$schema": DIALECT,
        "$id": IDENTIFIER,
        "title": "Policy compliance spec",
        **{key: value for key, value in schema.items() if key not in ("title", "$schema")},
        "$defs": {name: _ordered(part) for name, part in sorted(definitions.items())},
    }


def _use(check: Check[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Schema of one check's parameters; what they define themselves goes to `definitions` under the check's name."""
    prefix = f"check.{check.id.replace('/', '.')}"
    parameters = check.parameters.model_json_schema(
        schema_generator=_Schema, ref_template=f"#/$defs/{prefix}.{{model}}"
    )
    for name, inner in parameters.pop("$defs", {}).items():
        definitions[f"{prefix}.{name}"] = inner
    parameters.pop("title", None)
    definitions[prefix] = parameters | {"description": check.summary}
    # `cookie-lifetime:` with nothing behind it means "with the defaults".
    bare = [] if parameters.get("required") else [{"type": "null"}]
    return {"description": check.summary, "anyOf": [{"$ref": f"#/$defs/{prefix}"}, *bare]}


def _ordered(schema: Any) -> Any:
    """Defaults that are sets, sorted: Python gives them in another order in every process."""
    if isinstance(schema, list):
        return [_ordered(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: _ordered(value) for key, value in schema.items()}
    if parts.get("uniqueItems") and isinstance(parts.get("default"), list):
        parts["default"] = sorted(parts["default"], key=str)
    return parts


def text_of(schema: dict[str, Any]) -> str:
    """The schema as the committed file has it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text_of(spec_schema(BUILTIN)))
