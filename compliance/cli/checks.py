"""`compliance checks`: the list."""

from __future__ import annotations

import click


@click.command()
def command() -> None:
    """List the checks that a promise can name, those of installed packages included.

    \b
    Examples:
      compliance checks
      compliance checks | grep cookie
    """
    from compliance.checks import registry

    known = registry()
    width = max(len(name) for name in known)
    for name, check in known.items():
        click.echo(f"{name:<{width}}  {check.summary}")
