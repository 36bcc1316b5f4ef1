"""Which company a host belongs to, and what it does there.

The data is third-party-web's (`data/third-party-web`), unchanged. A host that it does not know has no owner here,
which says nothing about the host.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from compliance.knowledge.sources import Source, sources

#: Every category of the data, and what it means.
CATEGORIES = {
    "ad": "advertising",
    "analytics": "measuring visitors",
    "cdn": "files for many sites",
    "consent-provider": "asking for consent",
    "content": "content for other sites",
    "customer-success": "chats and support",
    "hosting": "hosting of sites",
    "marketing": "marketing",
    "other": "other services",
    "social": "social networks",
    "tag-manager": "loading other scripts",
    "utility": "tools for sites",
    "video": "video",
}


@dataclass(frozen=True, slots=True)
class Owner:
    """Who is behind a host."""

    name: str
    category: str
    """A key of `CATEGORIES`."""
    company: str
    entry: str
    """The entry of the data that covers the host: `*.example.com` or a host."""


def source() -> Source:
    """Where the owners are from."""
    return sources()["third-party-web"]


def owner_of(host: str) -> Owner | None:
    """The owner of `host`, by the longest entry that covers it; None where the data has none."""
    exact, below = _entries()
    if found := exact.get(host):
        return found
    labels = host.split(".")
    for start in range(len(labels) - 1):
        if found := below.get(".".join(labels[start:])):
            return found
    return None


def count() -> int:
    """Entries of the data."""
    return sum(map(len, _entries()))


@cache
def _entries() -> tuple[dict[str, Owner], dict[str, Owner]]:
    """Owners by host, and by domain with all hosts below it."""
    exact: dict[str, Owner] = {}
    below: dict[str, Owner] = {}
    for entity in json.loads(source().path.read_text("utf-8")):
        for entry in entity["domains"]:
            owner = Owner(entity["name"], entity["category"], entity.get("company", ""), entry)
            (below if entry.startswith("*.") else exact).setdefault(entry.removeprefix("*."), owner)
    return exact, below
