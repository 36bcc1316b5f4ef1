"""The JavaScript of the journeys, one file per purpose.

`channels.js` runs in the page's own world, because it takes away what the page could send through
unseen. `speculation.js`, `form_watch.js`, `link_watch.js` and `stimulus.js` run in isolated worlds, where a
page can neither see nor replace them.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def source(name: str) -> str:
    """Text of `name`.js."""
    return (files("compliance.journeys.scripts") / f"{name}.js").read_text("utf-8")
