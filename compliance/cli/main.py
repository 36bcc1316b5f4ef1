"""The command `compliance`: finds the verb, imports only that, and turns errors into one message and an exit code."""

from __future__ import annotations

import sys
import traceback
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

import click

from compliance.errors import ComplianceError

INTERRUPTED = 130
#: The audit could not run; also for faults of this program, which must not look like a broken promise (1).
CANNOT = 4

#: Verb → what it does, in the order of a first day's work. The module has the verb's name.
VERBS = {
    "demo": "Audit the demo site that comes with this program; needs no network.",
    "doctor": "Is this machine fit for an audit? --fix installs a browser.",
    "capture": "Store a site's policy as a version that a spec can quote.",
    "lint": "Check specs without a browser: syntax, quotes, every sentence accounted for.",
    "run": "Audit: pytest over specs, then verdicts and a report.",
    "crawl": "Only observe a site; judge later.",
    "judge": "Judge a stored run again; needs no browser.",
    "resume": "Go on with a run that was interrupted.",
    "report": "Make a run's HTML report again.",
    "checks": "List the checks.",
    "lists": "Show the lists that verdicts rest on and how old they are; install your own.",
    "explain": "What a check looks at, how it decides, its parameters.",
    "schema": "JSON Schema of specs or of run.json.",
}


class Verbs(click.Group):
    """A group that imports a verb when it is called, and answers errors of this package with one message."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs, in the order of `VERBS`."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command; None for a word that is none."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"compliance.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that was meant, or an error that says which one may have been."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            close = get_close_matches(args[0], VERBS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(VERBS)}"
            raise click.UsageError(f"there is no verb {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of verbs, without importing any."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb."""
        try:
            return super().invoke(ctx)
        except ComplianceError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            click.echo("Interrupted.", err=True)
            ctx.exit(INTERRUPTED)
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            click.echo(f"Error: {error.filename or ''}: {error.strerror or error}".replace(" : ", " "), err=True)
            ctx.exit(CANNOT)


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="policy-compliance", message="policy-compliance %(version)s")
def cli() -> None:
    """A privacy policy becomes a test suite: every sentence with its check, its verdict and its evidence.

    \b
    First steps:
      compliance demo                          see a whole audit, without a network
      compliance run specs/shop.yaml           audit the site of a spec

    \b
    Exit codes: 0 nothing broken, 1 a promise is broken, 2 wrong use or an invalid
    spec, 3 could not tell, 4 the audit could not run, 130 interrupted.
    `run` exits as pytest does.
    """


def main() -> None:
    """Entry point of the command."""
    clash = foreign_package()
    if clash:
        click.echo(f"Error: {clash}", err=True)
        sys.exit(2)
    try:
        cli(prog_name="compliance")
    except Exception:
        traceback.print_exc()
        click.echo("Error: this is a fault of policy-compliance, not of the site; please report it.", err=True)
        sys.exit(CANNOT)


def foreign_package() -> str:
    """The message when another distribution's package `compliance` hides ours; empty when all is well.

    auditree-framework installs an import package and a command of the same name. Installed into one environment,
    the files of both lie in one folder, and whichever came last owns `compliance/__init__.py`.
    """
    import compliance

    ours = Path(__file__).resolve().parents[1]
    found = Path(compliance.__file__ or "nowhere").resolve().parent
    foreign = [name for name in ("evidence.py", "fetch.py", "controls.py") if (ours / name).exists()]
    if found == ours and not foreign and hasattr(compliance, "__version__"):
        return ""
    place = found if found != ours else ours / (foreign or ["__init__.py"])[0]
    return (
        f"another package called `compliance` is in the way ({place})\n"
        "  auditree-framework installs one; use a virtual environment of its own for policy-compliance:\n"
        f"  {sys.executable} -m pip uninstall auditree-framework, then reinstall policy-compliance"
    )
