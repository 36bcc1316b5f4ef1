"""`compliance schema`: JSON Schema for editors and other programs."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("what", type=click.Choice(["spec", "run"]), default="spec")
def command(what: str) -> None:
    """Print the JSON Schema of spec files (`spec`, the default) or of run.json (`run`).

    \b
    Examples:
      compliance schema > specs/spec.schema.json     # first line of a spec:
                          # yaml-language-server: $schema=spec.schema.json
      compliance schema run > run.schema.json
    """
    if what == "spec":
        from compliance.specfile.schema import spec_schema, text_of

        click.echo(text_of(spec_schema()), nl=False)
        return
    from compliance.report.run_json import schema

    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
