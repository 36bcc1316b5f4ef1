"""The reference page of a check, written from its code.

`python -m compliance.checks._docs docs/checks` writes all of them and the index.
A page is the check's docstring under a table of what the code declares; nothing in it is written twice.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compliance.checks._check import Check
from compliance.checks._registry import registry

#: Headings that every check's docstring has, in this order.
SECTIONS = ("What it checks", "How it decides", "Why it matters", "Limits", "References", "Example")
INDEX = "README.md"
REGENERATE = "python -m compliance.checks._docs docs/checks"

_GENERATED = f"<!-- Generated from the check's code by `{REGENERATE}`; do not edit. -->"
_SCOPES = {"visit": "each page visit by itself", "site": "all visits together"}
_FINDINGS = {
    True: "statistical: two of three repetitions must see one",
    False: "deterministic: seen once is enough",
}
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))


def missing_sections(check: Check[Any]) -> list[str]:
    """Headings that its docstring lacks, or has in another order."""
    at = -1
    missing = []
    lines = check.doc.splitlines()
    for section in SECTIONS:
        heading = f"## {section}"
        place = lines.index(heading) if heading in lines else -1
        if place <= at:
            missing.append(section)
        at = max(at, place)
    return missing


def page(check: Check[Any]) -> str:
    """One check's page."""
    return "\n".join(
        [
            f"# {check.id}",
            "",
            _GENERATED,
            "",
            f"**{_sentence(check.summary)}**",
            "",
            *_facts(check),
            "",
            *_parameters(check),
            "",
            _body(check),
            "",
        ]
    )


def _body(check: Check[Any]) -> str:
    """Its docstring, without a first line that says what the summary has said."""
    first, _, rest = check.doc.strip().partition("\n")
    return rest.strip() if _sentence(first) == _sentence(check.summary) else check.doc.strip()


def index(checks: Mapping[str, Check[Any]]) -> str:
    """The page that lists all checks by family."""
    lines = ["# Checks", "", _GENERATED, ""]
    for family in sorted({check.family for check in checks.values()}):
        lines += [f"## {family.replace('_', ' ')}", "", "| check | what holds when it passes |", "|---|---|"]
        mine = [check for _, check in sorted(checks.items()) if check.family == family]
        lines += [f"| [{check.id}]({file_name(check)}) | {_cell(check.summary)} |" for check in mine]
        lines.append("")
    return "\n".join(lines)


def file_name(check: Check[Any]) -> str:
    """Name of a check's page; a vendor's slash becomes a dash."""
    return f"{check.id.replace('/', '-')}.md"


def pages(checks: Mapping[str, Check[Any]]) -> dict[str, str]:
    """File name → text, the index included."""
    return {INDEX: index(checks), **{file_name(check): page(check) for check in checks.values()}}


def _facts(check: Check[Any]) -> list[str]:
    sessions = ", ".join(f"`{s}`" for s in sorted(check.sessions))
    rows = {
        "reads": ", ".join(f"`{aspect}`" for aspect in sorted(check.reads)),
        "judges": _SCOPES[check.scope],
        "counts": check.counts or "pages",
        "sessions besides the first": sessions or "none",
        "findings": _FINDINGS[check.statistical],
        "needs a browser to judge": "no (stored observations are enough)",
        "void when the live policy lost the quote": "yes" if check.pinned else "no",
    }
    return ["| | |", "|---|---|", *(f"| {name} | {_cell(value)} |" for name, value in rows.items())]


def _parameters(check: Check[Any]) -> list[str]:
    schema = check.parameters.model_json_schema()
    properties: dict[str, dict[str, Any]] = schema.get("properties", {})
    if not properties:
        return ["It has no parameters."]
    required = set(schema.get("required", ()))
    lines = ["| parameter | type | default | meaning |", "|---|---|---|---|"]
    for name, spec in properties.items():
        default = "(required)" if name in required else _default(spec)
        cells = (f"`{name}`", _type(spec, schema), default, spec.get("description", ""))
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return lines


def _type(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """A JSON Schema type in words."""
    if "$ref" in spec:
        return _type(schema["$defs"][spec["$ref"].rpartition("/")[2]], schema)
    if "enum" in spec:
        return " or ".join(f"`{value}`" for value in spec["enum"])
    if "const" in spec:
        return f"`{spec['const']}`"
    if "anyOf" in spec:
        return " or ".join(_type(one, schema) for one in spec["anyOf"] if one.get("type") != "null")
    kind = spec.get("type", "anything")
    if kind == "array":
        return f"list of {_type(spec.get('items', {}), schema)}"
    if kind == "object":
        inner = spec.get("additionalProperties")
        return f"map of text to {_type(inner, schema)}" if isinstance(inner, Mapping) else "map"
    words: dict[str, str] = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "yes or no",
    }
    return words.get(kind, str(kind)) + _bounds(spec)


def _bounds(spec: Mapping[str, Any]) -> str:
    low, high = spec.get("minimum"), spec.get("maximum")
    if low is not None and high is not None:
        return f", {low} to {high}"
    return f", {low} or more" if low is not None else f", at most {high}" if high is not None else ""


def _default(spec: Mapping[str, Any]) -> str:
    value = spec.get("default")
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if spec.get("type") == "string" and isinstance(value, int | float):
        return f"`{_duration(value)}`"
    if isinstance(value, list | tuple | set | frozenset):
        return "`[" + ", ".join(sorted(map(str, value))) + "]`" if value else "none"
    if isinstance(value, dict):
        return "`{" + ", ".join(f"{k}: {v}" for k, v in value.items()) + "}`" if value else "none"
    return f"`{value}`"


def _duration(seconds: float) -> str:
    """Seconds as specs write durations."""
    if not seconds:
        return "session"
    for unit, size in _UNITS:
        if seconds % size == 0:
            count = int(seconds // size)
            return f"{count} {unit}{'s' * (count != 1)}"
    return f"{seconds:g} seconds"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _cell(text: str) -> str:
    """Text for a table's cell."""
    return " ".join(text.split()).replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Write the pages into a folder, and take away pages of checks that are gone."""
    if len(arguments) != 1:
        sys.stderr.write(f"Give the folder to write to: {REGENERATE}\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages({c: check for c, check in registry().items() if "/" not in c})
    for old in folder.glob("*.md"):
        if old.name not in wanted and _GENERATED in old.read_text(encoding="utf-8"):
            old.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(wanted)} pages in {folder}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
