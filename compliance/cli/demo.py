"""`compliance demo`: a whole audit on this machine."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compliance.cli._options import AuditOptions, audit_options
from compliance.settings import VARIABLES

if TYPE_CHECKING:
    from compliance.demo import DemoSite

#: The spec that the demo is judged by: beside the package in a checkout, inside it in an installation.
SPEC = "spaceotechnologies.com.yaml"


@click.command()
@click.option("--variant", metavar="NAME", default="honest", help="How the demo site is; --list names all ways.")
@click.option("--list", "listed", is_flag=True, help="List the variants and what each one breaks.")
@click.option("--serve", is_flag=True, help="Only serve the site, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="TCP port of the site.  [default: a free one]")
@click.option("--spec", type=click.Path(path_type=Path), help="Judge by this spec instead of the demo's own.")
@audit_options(without=("site", "resolve", "ignore_tls"))
@click.pass_context
def command(
    ctx: click.Context, variant: str, listed: bool, serve: bool, port: int, spec: Path | None, options: AuditOptions
) -> None:
    """Audit the demo site that comes with this program; needs no network.

    The site is a small company that publishes a real policy word for word, and keeps it, or breaks it in the way
    that you choose. It is served on this machine and observed with a real browser.

    \b
    Examples:
      compliance demo
      compliance demo --variant third-party-requests/beacon
    """
    from compliance.demo import DemoSite, variants

    if listed:
        width = max(map(len, variants()))
        for name, found in variants().items():
            click.echo(f"{name:<{width}}  {found.description}")
        return
    with DemoSite(variant, port) as site:
        if serve:
            _serve(site)
        else:
            ctx.exit(_audit(spec or demo_spec(), site, options))


def demo_spec() -> Path:
    """The spec that the demo site is judged by.

    Raises:
        click.UsageError: It is not there.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "demo" / "specs", package.parent / "specs"):
        if (folder / SPEC).is_file():
            return folder / SPEC
    raise click.UsageError(f"the demo's spec {SPEC} is not installed; name one with --spec")


def _audit(path: Path, demo: DemoSite, options: AuditOptions) -> int:
    from compliance.audit import start_run
    from compliance.cli._audit import conclude, observe
    from compliance.model.urls import host_of
    from compliance.specfile.loader import load_spec

    network = {"resolve": demo.resolve, "ignore_tls": demo.ignore_tls, "dns": demo.dns}
    settings = options.settings().model_copy(update=network)
    loaded = load_spec(path)
    # A spec of the demo names its host; any other is judged at the demo, as with --site.
    site = None if host_of(loaded.spec.site.url).endswith(".test") else demo.url
    with start_run(loaded, settings, site=site) as run:
        stopped = observe(loaded, settings, run, site=site, repeat=options.repeat)
    return conclude(run.path, interrupted=stopped)


def _serve(site: DemoSite) -> None:
    mapped = ",".join(f"MAP {entry.partition(':')[0]} 127.0.0.1:{site.port}" for entry in site.resolve)
    rules = f'--host-resolver-rules="{mapped}" --ignore-certificate-errors'
    options = [f"--resolve '{entry}'" for entry in site.resolve]
    options += [f"--ignore-tls '{host}'" for host in site.ignore_tls]
    click.echo(f"{site.url} is served on port {site.port} of this machine. Ctrl-C ends it.")
    click.echo(f"Look at it with: chromium --user-data-dir=$(mktemp -d) {rules} {site.url}")
    # Without its server, what DNS says of the demo's names could not be asked.
    server = f"{VARIABLES['dns']}={site.dns}"
    click.echo(f"Audit it with:   {server} compliance run SPEC --site {site.url} {' '.join(options)}")
    threading.Event().wait()
