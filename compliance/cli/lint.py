"""`compliance lint`: specs without a browser."""

from __future__ import annotations

from pathlib import Path

import click

from compliance.cli._options import default_specs


@click.command()
@click.argument("specs", nargs=-1, type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, specs: tuple[Path, ...]) -> None:
    """Check SPECS (default: specs/*.yaml) without a browser.

    Syntax, unknown keys and checks, quotes that are not in the stored policy, sentences of the policy that nobody
    accounts for, expired waivers, lists that are not installed. Fast enough for a pre-commit hook. Exits with 2 when
    a spec cannot be used.

    \b
    Examples:
      compliance lint
      compliance lint specs/shop.yaml
    """
    from compliance.settings import load_settings
    from compliance.specfile.lint import lint
    from compliance.store.lists import ListFolder

    installed = ListFolder(load_settings().lists).names()
    reports = [lint(path, installed=installed) for path in specs or default_specs()]
    for report in reports:
        told = [(e.location.line, e.location.column, "error", e) for e in report.errors]
        told += [(w.location.line, w.location.column, "warning", w) for w in report.warnings]
        for _, _, kind, problem in sorted(told, key=lambda t: t[:3]):
            click.echo(f"{problem.location}: {kind}: {problem.message}")
            if problem.hint:
                click.echo(f"  {problem.hint}")
        n = report.counts
        if n.promises:
            told_of = n.sentences - n.unaccounted
            click.echo(
                f"{report.path}: {n.promises} promise{'s' * (n.promises != 1)}, {n.tested} with checks; "
                f"{told_of} of {n.sentences} sentences accounted for"
            )
    if not all(report.ok for report in reports):
        ctx.exit(2)
