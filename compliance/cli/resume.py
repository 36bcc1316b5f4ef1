"""`compliance resume`: go on with an interrupted run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from compliance.cli._options import AuditOptions, audit_options


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@audit_options(without=("site", "resolve", "ignore_tls", "run_dir", "repeat"))
@click.option(
    "--repeat", metavar="N", type=click.IntRange(1), help="Make it N times in all.  [default: as the run was begun]"
)
@click.pass_context
def command(ctx: click.Context, run: Path, options: AuditOptions, repeat: int | None) -> None:
    """Go on with the interrupted RUN: visit what is left, then judge it.

    Site, spec, policy and network options are those with which the run began; pages that were seen are not visited
    again. With --repeat, a run that is whole is observed further times, and all of them are judged together.

    \b
    Examples:
      compliance resume reports/2026-11-22T130144Z-shop.example-3f9c
      compliance resume reports/2026-11-22T130144Z-shop.example-3f9c --repeat 3
    """
    from compliance.audit import load_run, options_of
    from compliance.cli._audit import conclude, observe
    from compliance.store.rundir import RunDirectory

    with RunDirectory.open(run, write=True) as directory:
        asked = options_of(directory)
        times = repeat or asked.repeat
        if times < asked.repeat:
            raise click.UsageError(
                f"--repeat {times}: the run was begun for {asked.repeat} times, and all of them count"
            )
        loaded = load_run(directory, datetime.now(UTC))
        network = {"resolve": asked.resolve, "ignore_tls": asked.ignore_tls, "dns": asked.dns}
        settings = options.settings().model_copy(update=network)
        stopped = observe(loaded, settings, directory, site=asked.site, repeat=times, dwell=asked.dwell)
    ctx.exit(conclude(run, interrupted=stopped))
