"""`compliance explain`: a check's reference page in the terminal."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import click


@click.command()
@click.argument("check")
def command(check: str) -> None:
    """What CHECK looks at, how it decides, what it cannot see, and its parameters.

    \b
    Examples:
      compliance explain no-identifying-cookies
      compliance explain third-party-requests | less
    """
    from compliance.checks import registry

    found = registry().get(check)
    if found is None:
        close = get_close_matches(check, registry(), n=1)
        hint = f"did you mean {close[0]}?" if close else "`compliance checks` lists them"
        raise click.UsageError(f"there is no check {check!r}; {hint}")
    click.echo(click.style(found.id, bold=True))
    click.echo(f"{found.summary}\n")
    click.echo(found.doc)
    click.echo(f"\n{click.style('## Parameters', bold=True)}")
    properties = found.parameters.model_json_schema(by_alias=True).get("properties", {})
    for name, schema in properties.items():
        default = f", default {_value(schema['default'])}" if "default" in schema else ""
        click.echo(f"* {name} ({_kind(schema)}{default})")
        if schema.get("description"):
            click.echo(f"    {schema['description']}")
    if not properties:
        click.echo("None.")
    aspects = ", ".join(sorted(aspect.value for aspect in found.reads))
    sessions = ", ".join(sorted(session.value for session in found.sessions))
    click.echo(f"\nReads: {aspects}." + (f" Needs the sessions: {sessions}." if sessions else ""))


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("const") or schema.get("type") or "value")


def _value(default: object) -> str:
    if isinstance(default, list):
        return f"[{', '.join(sorted(map(str, default)))}]"
    return "none" if default is None else str(default).lower() if isinstance(default, bool) else str(default)
