"""`compliance run`: pytest over specs, told as verdicts."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import click

from compliance.cli._options import AuditOptions, audit_options, default_specs
from compliance.settings import VARIABLES

#: pytest warns that this package was imported before pytest began, which it was: by this command. Last, so that a
#: project's `-W error` does not make an error of it.
_OURS = ("-W", "ignore:Module already imported so cannot be rewritten; compliance:pytest.PytestAssertRewriteWarning")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", metavar="[SPECS]... [PYTEST OPTIONS]...", nargs=-1, type=click.UNPROCESSED)
@audit_options()
@click.pass_context
def command(ctx: click.Context, arguments: tuple[str, ...], options: AuditOptions) -> None:
    """Audit the sites of SPECS (default: specs/*.yaml) and write a report for each.

    This is pytest: every promise is a test, options that are not listed here go to pytest (-k, -x, -n, --junitxml,
    --lf, ...), and the exit code is pytest's: 0 all kept, 1 a promise broken or nobody could tell, 2 an invalid spec or
    interrupted, 4 a wrong option, 5 nothing selected.

    \b
    Examples:
      compliance run specs/shop.yaml --junitxml report.xml
      compliance run -k "stay-anonymous and no-identifying-cookies" --observations reuse
    """
    import pytest

    from compliance.cli._table import VerdictTable

    options.settings()  # a wrong setting is told before anything starts
    chosen = list(arguments)
    if not any(Path(a.partition("::")[0]).exists() for a in chosen if not a.startswith("-")):
        chosen = [*map(str, default_specs()), *chosen]
    # First the defaults, so that what the user says about them wins.
    words = ["-p", "compliance.pytest_plugin", "-q", "--no-header", "--tb=no", *_as_pytest(options), *chosen, *_OURS]
    if options.browser_path:
        # Not an option of pytest's, because workers and a project's own tests read the variable as well.
        os.environ[VARIABLES["browser"]] = str(options.browser_path.absolute())
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        ctx.exit(int(pytest.main(words, plugins=[VerdictTable(sys.stdout)])))
    finally:
        signal.signal(signal.SIGTERM, before)


def _as_pytest(options: AuditOptions) -> list[str]:
    words = [f"--site={options.site}"] if options.site else []
    words += [f"--resolve={entry}" for entry in options.resolve]
    words += [f"--ignore-tls={host}" for host in options.ignore_tls]
    words += [f"--run-dir={options.run_dir}"] if options.run_dir else []
    words += [f"--repeat={options.repeat}"] if options.repeat > 1 else []
    return [*words, "--headed"] if options.headed else words
