"""Lists of hosts and domains: hosts files, one name in a line, and the JSON of three publishers.

| form | is | covers |
|---|---|---|
| `hosts` | lines as `0.0.0.0 ads.example.com` | that host only |
| `domains` | one name in a line | the name and all below it |
| `disconnect` | `services.json`: category → company → domains | the domain and all below it |
| `tracker-radar` | `tds.json`: domain → owner, what to do, rules | the domain and all below it |
| `third-party-web` | `entities*.json`: company, category, domains | as written: `*.example.com`, or a host |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compliance.model.urls import ascii_host

#: Where a hosts file sends what it blocks.
NOWHERE = frozenset({"0.0.0.0", "127.0.0.1", "::", "::1", "255.255.255.255", "0"})  # noqa: S104 - not a socket
#: Names that hosts files give to the machine itself.
_MACHINE = frozenset(
    (
        *("localhost", "localhost.localdomain", "local", "broadcasthost", "ip6-localhost", "ip6-loopback"),
        *("ip6-localnet", "ip6-mcastprefix", "ip6-allnodes", "ip6-allrouters", "ip6-allhosts", "0.0.0.0"),  # noqa: S104
    )
)
#: Disconnect's category of services that pages need to work; its own products let them through.
_LET_THROUGH = "Content"
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A host or domain of a list."""

    host: str
    below: bool
    """All hosts below it, too."""
    line: int
    """Of the file, from 1: where it is written, in JSON where it is written first."""
    text: str
    """As the list writes it."""
    owner: str = ""
    category: str = ""
    """In the list's own words."""
    listed: bool = True
    """Is it a tracker by the list's own judgement; where not, only `tracking` is."""
    tracking: tuple[str, ...] = ()
    """Expressions of addresses below it that are trackers'."""
    excused: tuple[str, ...] = ()
    """Expressions of addresses below it that are none, or only under conditions that are not read here."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is no entry."""

    line: int
    text: str
    why: str


def hosts_file(lines: Iterator[tuple[int, str]]) -> Iterator[Entry | Skipped]:
    """The entries of a hosts file."""
    for number, line in lines:
        address, *names = line.partition("#")[0].split()
        if address not in NOWHERE or not names:
            yield Skipped(number, line, "not a line of a hosts file")
            continue
        for name in names:
            host = clean_host(name)
            if host:
                yield Entry(host, False, number, line)
            elif name.lower() not in _MACHINE:
                yield Skipped(number, line, "not a host name")


def plain_names(lines: Iterator[tuple[int, str]]) -> Iterator[Entry | Skipped]:
    """The entries of a list with one name in a line."""
    for number, line in lines:
        name = line.partition("#")[0].strip()
        host = clean_host(name.removeprefix("*."))
        yield Entry(host, True, number, line) if host else Skipped(number, line, "not a domain")


def json_form(data: object) -> str:
    """Whose JSON it is; empty for nobody's that is known here."""
    if isinstance(data, list) and data and all(isinstance(e, dict) and "domains" in e for e in data):
        return "third-party-web"
    if isinstance(data, dict) and isinstance(data.get("categories"), dict):
        return "disconnect"
    return "tracker-radar" if isinstance(data, dict) and isinstance(data.get("trackers"), dict) else ""


def json_entries(data: Any, form: str, lines: Mapping[str, int]) -> Iterator[Entry | Skipped]:
    """The entries of a JSON list; `lines` says where a text stands first."""
    for text, entry in _READERS[form](data):
        host = clean_host(text.removeprefix("*.")) if isinstance(text, str) else ""
        line = lines.get(text, 0) if isinstance(text, str) else 0
        if host and entry is not None:
            yield Entry(host, line=line, text=text, **entry)
        else:
            yield Skipped(line, str(text)[:80], "not a domain" if entry is not None else "not as others of this form")


def _third_party_web(data: list[dict[str, Any]]) -> Iterator[tuple[Any, dict[str, Any] | None]]:
    for entity in data:
        domains = entity["domains"]
        said = {"owner": str(entity.get("name", "")), "category": str(entity.get("category", ""))}
        for domain in domains if isinstance(domains, list) else [domains]:
            yield domain, said | {"below": isinstance(domain, str) and domain.startswith("*.")}


def _disconnect(data: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any] | None]]:
    for category, services in data["categories"].items():
        for service in services if isinstance(services, list) else [services]:
            if not isinstance(service, dict):
                yield category, None
                continue
            for owner, places in service.items():
                # Beside addresses with their domains stand remarks on the service, as `"performance": "true"`.
                for listed in places.values() if isinstance(places, dict) else ():
                    for domain in listed if isinstance(listed, list) else ():
                        said = {"owner": owner, "category": category, "listed": category != _LET_THROUGH}
                        yield domain, said | {"below": True}


def _tracker_radar(data: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any] | None]]:
    for domain, told in data["trackers"].items():
        if not isinstance(told, dict):
            yield domain, None
            continue
        rules = [rule for rule in told.get("rules") or () if isinstance(rule, dict) and rule.get("rule")]
        # A rule with conditions, and one that lets through, excuse; which conditions hold is not read.
        open_to_doubt = [r for r in rules if r.get("action") == "ignore" or r.get("options") or r.get("exceptions")]
        owner, categories = told.get("owner"), told.get("categories")
        yield (
            domain,
            {
                "below": True,
                "owner": str(owner.get("displayName") or owner.get("name") or "") if isinstance(owner, dict) else "",
                "category": ", ".join(map(str, categories)) if isinstance(categories, list) else "",
                "listed": told.get("default") == "block",
                "tracking": tuple(str(r["rule"]) for r in rules if r not in open_to_doubt),
                "excused": tuple(str(r["rule"]) for r in open_to_doubt),
            },
        )


_READERS: Mapping[str, Callable[[Any], Iterator[tuple[Any, dict[str, Any] | None]]]] = {
    "third-party-web": _third_party_web,
    "disconnect": _disconnect,
    "tracker-radar": _tracker_radar,
}


def clean_host(name: str) -> str:
    """A host name as browsers write it; empty for what is none, and for addresses."""
    host = ascii_host(name.strip().rstrip(".").lower())
    # As in the URL Standard: what ends in a number is an address, or nothing.
    return host if _HOST.fullmatch(host) and not host.rpartition(".")[2].isdigit() else ""
