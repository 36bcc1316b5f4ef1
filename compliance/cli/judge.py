"""`compliance judge`: verdicts from stored observations."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, run: Path) -> None:
    """Judge the stored RUN again, write run.json and report.html, print the verdicts.

    Needs no browser and no network: spec, policy and everything that was observed lie in the run directory.

    \b
    Examples:
      compliance judge reports/2026-11-22T130144Z-shop.example-3f9c
      compliance judge "$(ls -d reports/*/ | tail -1)"
    """
    from compliance.cli._audit import conclude

    ctx.exit(conclude(run))
