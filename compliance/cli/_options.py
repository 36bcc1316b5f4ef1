"""Options that several verbs share, and the settings they make."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from compliance.settings import Settings, load_settings

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What was said on the command line about site and browser."""

    site: str | None
    resolve: tuple[str, ...]
    ignore_tls: tuple[str, ...]
    browser_path: Path | None
    run_dir: Path | None
    headed: bool
    repeat: int

    def settings(self) -> Settings:
        """Settings with these options first.

        Raises:
            SettingsError: An option, a variable or a key of pyproject.toml is wrong.
        """
        return load_settings(
            browser=self.browser_path,
            run_root=self.run_dir,
            resolve=self.resolve,
            ignore_tls=self.ignore_tls,
            headed=self.headed or None,
        )


_OPTIONS = {
    "site": click.option("--site", metavar="URL", help="Observe this address in place of the spec's."),
    "resolve": click.option(
        "--resolve", metavar="HOST:ADDR", multiple=True,
        help="Where a host is found, as curl's --resolve: shop.test:127.0.0.1:8443. Repeatable.",
    ),
    "ignore_tls": click.option(
        "--ignore-tls", metavar="HOST", multiple=True,
        help="Do not verify this host's certificate (*.suffix works, and sha256/… of its key); every report says so. "
        "Repeatable.",
    ),
    "repeat": click.option(
        "--repeat", metavar="N", type=click.IntRange(1), default=1,
        help="Observe the site N times, each time as if for the first, and judge all of them together.  [default: 1]",
    ),
    "browser_path": click.option(
        "--browser-path", metavar="PATH", type=click.Path(path_type=Path), help="The Chromium to use."
    ),
    "run_dir": click.option(
        "--run-dir", metavar="FOLDER", type=click.Path(path_type=Path), help="Where runs are kept.  [default: reports]"
    ),
    "headed": click.option("--headed", is_flag=True, help="Show the browser's window."),
}  # fmt: skip


def audit_options(*, without: tuple[str, ...] = ()) -> Callable[[F], F]:
    """Add the shared options; the verb gets them as one `AuditOptions` called `options`.

    Args:
        without: Names of options that make no sense for this verb.
    """

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def wrapper(*args: Any, **given: Any) -> Any:
            defaults: dict[str, Any] = {"site": None, "resolve": (), "ignore_tls": (), "browser_path": None}
            defaults |= {"run_dir": None, "headed": False, "repeat": 1}
            # A verb may have an option of its own by a name that it asked to be without.
            values = {n: default if n in without else given.pop(n, default) for n, default in defaults.items()}
            return function(*args, options=AuditOptions(**values), **given)

        for name, option in reversed(_OPTIONS.items()):
            if name not in without:
                wrapper = option(wrapper)
        return wrapper  # type: ignore[return-value]

    return decorate


def default_specs() -> list[Path]:
    """`specs/*.yaml` of the working directory.

    Raises:
        click.UsageError: There is none.
    """
    found = sorted(Path("specs").glob("*.yaml"))
    if not found:
        raise click.UsageError("no spec was named, and there is no specs/*.yaml here")
    return found
