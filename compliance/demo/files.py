"""The demo site's files: variant over honest site, small parts included, nothing outside its folders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

_INCLUDE = re.compile(r'<!--#include "([a-z0-9-]+\.html)" -->')
_LONGEST = 200
"""Characters of a path: no file here is near it, and file systems raise on names above 255 bytes."""
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".pdf": "application/pdf",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A file as it is sent."""

    body: bytes
    content_type: str

    @property
    def cache_control(self) -> str:
        """Pages are always asked for anew, what they load may be kept for an hour."""
        return "no-cache" if self.content_type.startswith("text/html") else "public, max-age=3600"


def find(layers: Sequence[Path], host: str, path: str) -> Page | str | None:
    """What answers `path` (without query, still percent-encoded) on `host`.

    `/about` is `about.html`, a folder is its `index.html`. Names that begin with an
    underscore or a dot are never served.

    Returns:
        The page; the path to go to instead (a folder asked for without its slash); None when there is nothing.
    """
    parts = [unquote(part) for part in path.split("/")]
    if parts[0] or len(path) > _LONGEST or any(p.startswith((".", "_")) or "/" in p or "\0" in p for p in parts):
        return None
    inner = "/".join([host, *parts[1:]])
    candidates = [f"{inner}index.html"] if inner.endswith("/") else [inner, f"{inner}.html"]
    for candidate in candidates:
        file = _first(layers, candidate)
        if file is not None:
            return _load(layers, host, file)
    if not inner.endswith("/") and _first(layers, f"{inner}/index.html") is not None:
        return f"{path}/"
    return None


def _first(layers: Sequence[Path], name: str) -> Path | None:
    return next((layer / name for layer in layers if (layer / name).is_file()), None)


def _load(layers: Sequence[Path], host: str, file: Path) -> Page:
    content_type = _TYPES.get(file.suffix, "application/octet-stream")
    if file.suffix != ".html":
        return Page(file.read_bytes(), content_type)

    def part(match: re.Match[str]) -> str:
        found = _first(layers, f"{host}/_parts/{match[1]}")
        if found is None:
            raise FileNotFoundError(f"{file} includes {match[1]}, which is not in _parts/ of {host}")
        return found.read_text("utf-8").rstrip("\n")

    return Page(_INCLUDE.sub(part, file.read_text("utf-8")).encode(), content_type)
