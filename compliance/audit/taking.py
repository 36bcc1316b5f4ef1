"""Installing a list: from a file or an address into the user's folder, after it was understood."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from compliance.crawl.download import download, is_address
from compliance.errors import ListError
from compliance.knowledge.inventory import shipped
from compliance.knowledge.lists import NotAList, TrackerList, read, stated
from compliance.model.lists import ListInfo, is_list_name
from compliance.store.lists import ListFolder

#: Bytes of a list at most; the largest in use have a tenth of it.
MAX_BYTES = 64_000_000

_PURPOSES = {
    "adblock": "which requests are trackers'",
    "hosts": "which hosts are trackers'",
    "domains": "which domains are trackers'",
    "disconnect": "whose domains are trackers'",
    "tracker-radar": "whose domains are trackers'",
    "third-party-web": "whose hosts are whose",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A list that was installed."""

    info: ListInfo
    found: TrackerList
    before: ListInfo | None
    """The list of that name that it replaces."""


def take(origin: str, name: str, folder: ListFolder, today: date) -> Taken:
    """Install a list from a file or an address.

    Args:
        origin: Path of a file, or an address (https; http on this machine only).
        name: What specs call it; when empty, after its file.
        folder: Where the user's lists are.
        today: Its date where it states none.

    Raises:
        ListError: It cannot be had, or is no list; the folder is as it was.
    """
    content = download(origin, MAX_BYTES) if is_address(origin) else _file(Path(origin))
    name = name or _name_of(origin)
    if not is_list_name(name):
        hint = "lower case letters, digits and dashes, 40 at most: --name easyprivacy"
        raise ListError(f"{name!r} is no name for a list", hint=hint)
    if name in shipped():
        raise ListError(f"{name} is the name of a list that ships with this program", hint="choose another --name")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ListError(f"{origin}: line {line} is not UTF-8", hint="save it as UTF-8, as text") from error
    try:
        found = read(name, text)
    except NotAList as error:
        hint = "Adblock filter lists, hosts files, one domain in a line, JSON of Disconnect, Tracker Radar (tds.json) "
        raise ListError(f"{origin}: {error}", hint=f"{hint}or third-party-web are understood") from error
    said = stated(found.header, today)
    info = ListInfo(
        name=name,
        purpose=_PURPOSES[found.form],
        licence=said.licence,
        source=origin if is_address(origin) else str(Path(origin).absolute()),
        version=said.version,
        date=said.date or today.isoformat(),
        sha256=hashlib.sha256(content).hexdigest(),
        entries=len(found),
        origin="installed",
        form=found.form,
        dated_by="list" if said.date else "received",
        set_aside=sum(aside.count for aside in found.aside),
    )
    before = folder.info(name) if name in folder.names() else None
    return Taken(folder.put(info, content), found, before)


def _file(path: Path) -> bytes:
    try:
        with path.open("rb") as handle:
            content = handle.read(MAX_BYTES + 1)
    except OSError as error:
        hint = "name a file, or an address that begins with https://"
        raise ListError(f"{path}: cannot be read ({error.strerror or error})", hint=hint) from error
    if len(content) > MAX_BYTES:
        raise ListError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB", hint="is it a list?")
    return content


def _name_of(origin: str) -> str:
    """A name after the last part of a path, as far as it can be one."""
    last = origin.partition("?")[0].rstrip("/").replace("\\", "/").rpartition("/")[2]
    stem = last.partition(".")[0].lower()
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in stem).strip("-")[:40]
