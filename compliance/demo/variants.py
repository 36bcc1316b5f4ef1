"""Which variants of the demo site there are: one folder each, nothing to register.

```
sites/honest/                        keeps every promise
sites/broken/<check-id>/<case>/      breaks what that check looks for
sites/kept/<case>/                   looks suspicious, and keeps every promise
```

A folder with a `behaviour.toml` is a variant. It holds only the files that differ
from the honest site, at `<host>/<path>`; everything else is the honest site's.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from compliance.demo.behaviour import Behaviour
from compliance.errors import SettingsError

SITES = Path(__file__).parent / "sites"
HONEST = "honest"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way the demo site can be."""

    name: str
    """`honest`, `<check-id>/<case>` or `kept/<case>`."""
    check: str
    """The check it is about; empty for variants that break nothing."""
    breaks: tuple[str, ...]
    """Ids of all checks that must find it: some deviations cannot come alone."""
    description: str
    folder: Path
    behaviour: Behaviour
    """Its own rules, laid over the honest site's."""

    @property
    def layers(self) -> tuple[Path, ...]:
        """Folders to look for a file in, first match wins."""
        return (self.folder,) if self.name == HONEST else (self.folder, SITES / HONEST)

    @property
    def hosts(self) -> frozenset[str]:
        """Virtual hosts that answer."""
        folders = {f.name for layer in self.layers for f in layer.iterdir() if f.is_dir()}
        return frozenset(folders | {rule.host for rule in self.behaviour.redirect})


@cache
def variants() -> dict[str, Variant]:
    """Name → variant, the honest one first, the others in alphabetical order.

    Raises:
        SettingsError: A `behaviour.toml` is wrong; the message names file and key.
    """
    honest = _read(SITES / HONEST)
    found = {HONEST: Variant(HONEST, "", (), honest.description, SITES / HONEST, honest)}
    for file in sorted(SITES.glob("*/**/behaviour.toml")):
        kind, *rest = file.parent.relative_to(SITES).parts
        if kind == HONEST:
            continue
        own = _read(file.parent)
        name = "/".join(rest if kind == "broken" else (kind, *rest))
        check = rest[0] if kind == "broken" else ""
        found[name] = Variant(name, check, own.breaks, own.description, file.parent, own.over(honest))
    return found


def variant(name: str) -> Variant:
    """The variant called `name`.

    Raises:
        SettingsError: There is none; the message lists those there are.
    """
    known = variants()
    if name not in known:
        raise SettingsError(f"the demo site has no variant {name!r}", hint=f"There are: {', '.join(known)}.")
    return known[name]


def _read(folder: Path) -> Behaviour:
    file = folder / "behaviour.toml"
    try:
        return Behaviour.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
