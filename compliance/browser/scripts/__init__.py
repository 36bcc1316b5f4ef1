"""The JavaScript that runs in pages: one file per purpose.

`harvest.js` and `census.js` run in an isolated world, where a page can neither see nor
replace them. `cookie_writes.js` must run in the page's own world, because that is where
the page writes.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def source(name: str) -> str:
    """Text of `name`.js."""
    return (files("compliance.browser.scripts") / f"{name}.js").read_text("utf-8")
