"""The tables of the spec reference, written from the models of the language.

`python -m compliance.specfile.reference docs/spec.md` writes them anew between their marks:

```
<!-- table: Promise -->
…
<!-- end of table -->
```

What a key means is said once, in `compliance.model.spec`; the page around the tables is written by hand.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from compliance.model import spec as language
from compliance.model.spec import Model, Spec
from compliance.specfile.schema import spec_schema

PAGE = "docs/spec.md"
REGENERATE = f"python -m compliance.specfile.reference {PAGE}"

_TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)
_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "none"}
#: Patterns that have a name in the reference.
_NAMED = {
    "^[a-z0-9][a-z0-9-]*$": "identifier",
    "^([a-z0-9-]+/)?[a-z0-9][a-z0-9-]*$": "check id",
    "^[0-9a-f]{64}$": "64 hexadecimal digits",
}


def models() -> dict[str, type[Model]]:
    """Name → model of every mapping that a spec may hold, in the order of the source."""
    return {
        name: found
        for name, found in vars(language).items()
        if inspect.isclass(found) and issubclass(found, Model) and found is not Model
    }


def table(name: str) -> str:
    """The table of one mapping's keys.

    Raises:
        KeyError: The language has no mapping of this name.
    """
    schema = _schema(name)
    required = set(schema.get("required", ()))
    lines = ["| key | value | default | meaning |", "|---|---|---|---|"]
    for key, found in schema["properties"].items():
        default = "required" if key in required else _default(found)
        cells = (f"`{key}`", _type(found), default, _meaning(found))
        lines.append("| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def tables_in(page: str) -> list[str]:
    """Names of the mappings whose tables stand in a page."""
    return [match[2] for match in _TABLE.finditer(page)]


def renewed(page: str) -> str:
    """`page` with every table written anew; everything else stays as it is."""
    return _TABLE.sub(lambda match: f"{match[1]}\n{table(match[2])}\n{match[3]}", page)


def _target(found: Mapping[str, Any]) -> str:
    """Name of the model that a value, or each item of it, is; empty when it is none."""
    for part in (found, found.get("items", {}), *found.get("anyOf", ()), *found.get("allOf", ())):
        if "$ref" in part:
            return str(part["$ref"].rpartition("/")[2])
    return ""


@cache
def _whole() -> dict[str, Any]:
    return spec_schema(())


def _schema(name: str) -> dict[str, Any]:
    """Schema of one mapping, as editors get it."""
    return _whole() if name == Spec.__name__ else dict(_whole()["$defs"][name])


def _meaning(found: Mapping[str, Any]) -> str:
    said = found.get("description", "")
    target = _target(found)
    if not target:
        return str(said)
    return f"{said or _schema(target).get('description', '').partition(chr(10))[0]} [Its keys](#{anchor(target)})"


def anchor(name: str) -> str:
    """Anchor of a mapping's section: the key under which a spec has it."""
    for holder in models():
        for key, found in _schema(holder)["properties"].items():
            if _target(found) == name:
                return str(key)
    return name.lower()


def _type(found: Mapping[str, Any]) -> str:
    """A value's type in words."""
    if "$ref" in found:
        return "mapping"
    if "enum" in found:
        return ", ".join(f"`{value}`" for value in found["enum"])
    if "const" in found:
        return f"`{found['const']}`"
    if "anyOf" in found:
        return " or ".join(_type(part) for part in found["anyOf"] if part.get("type") != "null")
    kind = found.get("type", "anything")
    if kind == "array":
        items = found.get("items", {})
        # Which checks there are is not the language's to say.
        return "list of check ids" if items.get("enum") == [] else f"list of {_plural(_type(items))}"
    if kind == "object":
        return "mapping"
    if found.get("format") == "date":
        return "date, as in 2026-11-22"
    pattern = _NAMED.get(found.get("pattern", ""))
    return (pattern or _WORDS.get(kind, str(kind))) + _bounds(found)


def _plural(word: str) -> str:
    return f"{word}s" if word in {"text", "mapping", "identifier", "check id"} else word


def _bounds(found: Mapping[str, Any]) -> str:
    low, high = found.get("minimum"), found.get("maximum")
    above = found.get("exclusiveMinimum")
    if above is not None:
        return f", above {above:g}" + (f", at most {high:g}" if high is not None else "")
    if low is not None and high is not None:
        return f", {low:g} to {high:g}" if high < 10_000 else f", {low:g} to {high:,}"
    return f", {low:g} or more" if low is not None else ""


def _default(found: Mapping[str, Any]) -> str:
    value = found.get("default")
    if value is None or value in ("", [], {}):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return f"`[{', '.join(value)}]`"
    if isinstance(value, dict | list):
        return "its defaults"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def main(arguments: list[str]) -> int:
    """Write the tables of a page anew."""
    if len(arguments) != 1:
        sys.stderr.write(f"Give the page to write: {REGENERATE}\n")
        return 2
    page = Path(arguments[0])
    text = page.read_text(encoding="utf-8")
    page.write_text(renewed(text), encoding="utf-8")
    sys.stdout.write(f"{len(tables_in(text))} tables in {page}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
