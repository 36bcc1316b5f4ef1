"""`compliance doctor`: is this machine fit for an audit."""

from __future__ import annotations

import asyncio

import click

from compliance.cli._options import AuditOptions, audit_options
from compliance.cli.main import CANNOT

_SIGNS = {"ok": ("ok", "green"), "warn": ("warn", "yellow"), "fail": ("FAIL", "red")}


@click.command()
@click.option("--fix", is_flag=True, help="Install a browser when there is none.")
@audit_options(without=("site", "resolve", "ignore_tls"))
@click.pass_context
def command(ctx: click.Context, fix: bool, options: AuditOptions) -> None:
    """Is this machine fit for an audit: browser, third-party cookies, packages, rights, room.

    Exits with 0 when an audit can run (warnings included), with 4 when it cannot.

    \b
    Examples:
      compliance doctor
      compliance doctor --fix
    """
    from compliance.browser.doctor import facts
    from compliance.browser.install import ensure_browser
    from compliance.errors import ComplianceError

    settings = options.settings()
    if fix:
        ensure_browser(settings, lambda line: click.echo(line, err=True))
    found = facts(settings)
    if found.browser is not None:
        from compliance.crawl.selftest import try_browser

        try:
            found = found.with_probe(asyncio.run(try_browser(settings)))
        except ComplianceError as error:
            found = found.with_probe(error)
    width = max(len(row.name) for row in found.rows)
    for row in found.rows:
        sign, colour = _SIGNS[row.state]
        click.echo(f"{click.style(f'{sign:<4}', fg=colour)}  {row.name:<{width}}  {row.value}")
        if row.fix:
            click.echo(f"{'':<{width + 8}}{row.fix}")
    if found.state == "fail":
        ctx.exit(CANNOT)
