"""`compliance report`: the HTML view again."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
def command(run: Path) -> None:
    """Make report.html of RUN again from its run.json; nothing is judged.

    \b
    Examples:
      compliance report reports/2026-11-22T130144Z-shop.example-3f9c
      compliance report "$(ls -d reports/*/ | tail -1)" && xdg-open reports/*/report.html
    """
    from compliance.errors import StoreError
    from compliance.report.files import write_report
    from compliance.report.run_json import load
    from compliance.store.rundir import RUN_JSON

    source = run / RUN_JSON
    if not source.is_file():
        raise StoreError(f"{run}: there is no {RUN_JSON}", hint=f"judge it first: compliance judge {run}")
    click.echo(write_report(run, load(source.read_text("utf-8"))))
