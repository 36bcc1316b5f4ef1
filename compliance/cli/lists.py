"""`compliance lists`: what verdicts rest on, and lists of one's own."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from compliance.audit.taking import Taken
    from compliance.model.lists import ListInfo

WIDTH = 80
_ROW = "{:<24} {:<14} {:<11} {:>9} {:>8}  {:<7}"


@click.group(invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Show every list that verdicts may rest on, how old it is, and whether it is whole.

    Lists that ship with this program, and those that you have installed: filter lists in Adblock's syntax, hosts
    files, one domain in a line, JSON of Disconnect, Tracker Radar or third-party-web. A spec names them in
    known-trackers. Nothing is downloaded unless you ask for it. Exits with 2 when a list is damaged.

    \b
    Examples:
      compliance lists
      compliance lists update --from https://easylist.to/easylist/easyprivacy.txt
    """
    if ctx.invoked_subcommand:
        return
    from compliance.errors import ListError
    from compliance.knowledge.inventory import intact, shipped
    from compliance.model.lists import OLD
    from compliance.settings import load_settings
    from compliance.store.lists import ListFolder

    folder, today, damaged, old = ListFolder(load_settings().lists), datetime.now(UTC).date(), [], []
    click.echo(_ROW.format("name", "licence", "date", "age", "entries", "file").rstrip())
    for name, info in shipped().items():
        whole = "ok" if intact(name) else "DAMAGED"
        _show(info, info.age(today), whole if info.sha256 else "-")
        damaged += [f"{name}: changed since it was shipped; install this program again"] * (whole != "ok")
        old += [name] * (info.age(today) > OLD)
    for name in folder.names():
        try:
            info, whole = folder.info(name), "ok"
        except ListError as error:
            click.echo(_ROW.format(name, "", "", "", "", "DAMAGED"))
            damaged.append(str(error))
            continue
        try:
            folder.text(name)
        except ListError as error:
            whole = "DAMAGED"
            damaged.append(str(error))
        _show(info, info.age(today), whole)
        old += [name] * (info.age(today) > OLD)
    _wrap(f"\nYour lists are in {folder.path}. * The list states no date; it was taken on this day.")
    if old:
        _wrap(f"OLD: {', '.join(old)}: older than {OLD} days. What is newer is not on it; take it again.")
    for problem in damaged:
        click.echo(problem, err=True)
    if damaged:
        ctx.exit(2)


@command.command()
@click.option("--from", "origin", metavar="FILE|URL", required=True, help="A file, or an address (https).")
@click.option("--name", default="", help="What specs call the list.  [default: after its file]")
def update(origin: str, name: str) -> None:
    """Install a list, or replace the one of the same name.

    It is read first: what is understood, what is not, in which line and why. Only then it is kept, with its source,
    date, licence and digest.

    \b
    Examples:
      compliance lists update --from https://easylist.to/easylist/easyprivacy.txt
      compliance lists update --from ~/hosts.txt --name our-hosts
    """
    from compliance.audit.taking import take
    from compliance.settings import load_settings
    from compliance.store.lists import ListFolder

    _tell(take(origin, name, ListFolder(load_settings().lists), datetime.now(UTC).date()))


@command.command()
@click.argument("name")
def remove(name: str) -> None:
    """Delete the installed list NAME.

    \b
    Examples:
      compliance lists remove easyprivacy
    """
    from compliance.settings import load_settings
    from compliance.store.lists import ListFolder

    ListFolder(load_settings().lists).remove(name)
    click.echo(f"{name} is removed.")


def _tell(taken: Taken) -> None:
    info, found = taken.info, taken.found
    licence = info.licence or "not stated; look at its publisher's page before you pass it on"
    dated = info.date if info.dated_by == "list" else f"{info.date} (today: the list states none)"
    version = f", version {info.version}" if info.version else ""
    click.echo(f"{info.name}: {info.form}, {info.entries:,} entries{version}")
    for word, value in (("date", dated), ("licence", licence), ("source", info.source), ("SHA-256", info.sha256)):
        _wrap(f"  {word:<9}{value}", 11)
    if found.page_rules:
        click.echo(f"  Rules about elements of pages, which say nothing about requests: {found.page_rules:,}")
    if found.aside:
        click.echo(f"  Not understood and not applied: {info.set_aside:,}")
        for aside in found.aside[:12]:
            _wrap(f"    {aside.count:,} × {aside.why}, first in line {aside.line}: {aside.text[:100]}", 6)
        if len(found.aside) > 12:
            click.echo(f"    and {len(found.aside) - 12} further reasons")
    if taken.before and taken.before.sha256 == info.sha256:
        click.echo("  The same as before.")
    elif taken.before:
        click.echo(f"  It replaces the state of {taken.before.date} with {taken.before.entries:,} entries.")
    click.echo(f"A spec names it so: known-trackers: {{lists: [{info.name}]}}")


def _show(info: ListInfo, age: int, whole: str) -> None:
    from compliance.model.lists import OLD

    star = "*" if info.dated_by == "received" else ""
    licence = (info.licence or "not stated").removeprefix("https://")
    shown = licence if len(licence) <= 14 else f"{licence[:13]}…"
    days = f"{age:,} d" + (" OLD" if age > OLD else "")
    name = info.name if not info.version or len(info.name) + len(info.version) > 23 else f"{info.name} {info.version}"
    click.echo(_ROW.format(name, shown, info.date + star, days, f"{info.entries:,}", whole).rstrip())
    told = [
        info.purpose,
        f"{info.set_aside:,} not understood" if info.set_aside else "",
        f"version {info.version}" if info.version not in name else "",
        f"licence: {info.licence}" if info.licence and shown != info.licence else "",
        info.source,
    ]
    _wrap(f"  {'; '.join(filter(None, told))}", 2)


def _wrap(text: str, indent: int = 0) -> None:
    """Print in lines of 80 columns; addresses and paths are never cut."""
    for line in text.split("\n"):
        click.echo(
            textwrap.fill(line, WIDTH, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
        )
