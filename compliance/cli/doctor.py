"""`compliance doctor`: is this machine fit for an audit."""

from __future__ import annotations

import asyncio
import shutil
import textwrap

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
        click.echo(f"{click.style(f'{sign:<4}', fg=colour)}  {row.name:<{width}}  {_beside(row.value, width + 8)}")
        if row.fix:
            click.echo(f"{'':<{width + 8}}{_beside(row.fix, width + 8)}")
    if found.state == "fail":
        ctx.exit(CANNOT)


def _beside(words: str, column: int) -> str:
    """`words` in the terminal's lines from `column` on; commands and paths are never cut."""
    room = max(30, shutil.get_terminal_size().columns - column)
    lines = textwrap.wrap(" ".join(words.split()), room, break_long_words=False, break_on_hyphens=False)
    return f"\n{'':<{column}}".join(lines)
