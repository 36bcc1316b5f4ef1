"""`compliance crawl`: observations only."""

from __future__ import annotations

from pathlib import Path

import click

from compliance.cli._options import AuditOptions, audit_options


@click.command()
@click.argument("spec", type=click.Path(path_type=Path))
@audit_options()
@click.pass_context
def command(ctx: click.Context, spec: Path, options: AuditOptions) -> None:
    """Only observe the site of SPEC; judge later.

    What was seen lies in a run directory below reports/, complete with the spec and the policy as they are now, so
    that it can be judged at any time, on any machine, without a browser.

    \b
    Examples:
      compliance crawl specs/shop.yaml
      compliance crawl specs/shop.yaml --site https://staging.shop.example/
    """
    from compliance.audit import start_run
    from compliance.cli._audit import conclude, observe, require_a_page
    from compliance.specfile.loader import load_spec

    loaded, settings = load_spec(spec), options.settings()
    with start_run(loaded, settings, site=options.site) as run:
        path = run.path
        stopped = observe(loaded, settings, run, site=options.site, repeat=options.repeat)
    if stopped:
        ctx.exit(conclude(path, interrupted=True))
    require_a_page(path, [visitor.name for visitor in loaded.spec.visitors])
    click.echo(path)
    click.echo(f"Judge it with: compliance judge {path}", err=True)
