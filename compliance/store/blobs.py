"""Files named by the SHA-256 of their content; equal content is kept once."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

_DIGEST = re.compile(r"^[0-9a-f]{64}$")


class Blobs:
    """The blobs of one run directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest

    def put(self, data: bytes) -> str:
        """Keep `data`; returns its digest. Written to a temporary name first: a kill leaves no half file."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{digest}.{os.getpid()}")
            temporary.write_bytes(data)
            temporary.replace(path)
        return digest

    def get(self, digest: str) -> bytes | None:
        """The bytes, or None when there are none of that name."""
        if not _DIGEST.match(digest):
            return None
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            return None
