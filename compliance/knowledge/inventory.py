"""Lists that ship with this program: the data of others, and tables that were made here."""

from __future__ import annotations

import hashlib
from functools import cache

from compliance.knowledge import aliases, identity_services, landing, owners
from compliance.knowledge.sources import Source, sources
from compliance.model.lists import ListInfo

#: Folder of a source → how many entries it has.
_COUNTS = {"click-ids": lambda: len(landing.click_ids()), "third-party-web": owners.count}


@cache
def shipped() -> dict[str, ListInfo]:
    """Name → what is known about it, the data of others first."""
    found = [_of(name, source) for name, source in sources().items()]
    services, targets = len(identity_services.SERVICES), len(aliases.TRACKERS | aliases.HOSTS)
    found.append(_table("identity-services", "who names visitors", services, identity_services.CHECKED))
    found.append(_table("aliases", "whose targets DNS aliases are", targets, aliases.CHECKED))
    return {info.name: info for info in found}


def intact(name: str) -> bool:
    """Is a shipped list as it was shipped."""
    source = sources().get(name)
    return source is None or hashlib.sha256(source.path.read_bytes()).hexdigest() == source.sha256


def _of(name: str, source: Source) -> ListInfo:
    return ListInfo(
        name=name,
        purpose=source.purpose,
        licence=source.licence,
        source=source.url,
        version=source.version,
        date=source.date.isoformat(),
        sha256=source.sha256,
        entries=_COUNTS[name](),
        origin="shipped",
        form=name,
    )


def _table(name: str, purpose: str, entries: int, checked: str) -> ListInfo:
    source = f"a table of this program; its sources stand in knowledge/{name.replace('-', '_')}.py"
    return ListInfo(name, purpose, "Apache-2.0", source, "", checked, "", entries, "shipped")
