"""Comparing with a stored text; `UPDATE_GOLDEN=1` writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def same_as_stored(name: str, text: str) -> None:
    """Fail when `text` is not what `golden/<name>` holds."""
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"{path} differs; look at it, then set UPDATE_GOLDEN=1"
