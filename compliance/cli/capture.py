"""`compliance capture`: a live policy becomes a stored version."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from compliance.cli._options import AuditOptions, audit_options


@click.command()
@click.argument("url")
@click.option("--selector", metavar="CSS", help="The element that holds the policy, where the page has more than it.")
@click.option(
    "--policies", metavar="FOLDER", type=click.Path(path_type=Path), default=Path("policies"), show_default=True,
    help="Where versions are kept.",
)  # fmt: skip
@audit_options(without=("site", "run_dir"))
def command(url: str, selector: str | None, policies: Path, options: AuditOptions) -> None:
    """Store the policy at URL as a version that a spec can quote.

    Keeps the page as received and its text, cut into numbered sentences, in policies/SITE/DATE. What is stored is
    never overwritten.

    \b
    Examples:
      compliance capture https://shop.example/privacy
      compliance capture https://shop.example/legal --selector "#privacy"
    """
    from compliance.crawl.capture import fetch_snapshot
    from compliance.policy.capture import store_capture, stored_already, version_from_snapshot

    if not url.startswith(("http://", "https://")):
        raise click.UsageError(f"{url} is not an address; give it as in https://shop.example/privacy")
    snapshot = asyncio.run(fetch_snapshot(url, options.settings()))
    version = version_from_snapshot(snapshot, selector=selector)
    known = stored_already(version, policies)
    folder = known or store_capture(snapshot, version, policies)
    if version.note:
        click.echo(version.note, err=True)
    click.echo(f"{'stored already' if known else 'stored'}: {len(version.sentences)} sentences", err=True)
    click.echo(folder)
