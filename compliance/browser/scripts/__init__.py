"""The JavaScript that runs in pages: one file per purpose.

`harvest.js`, `stores.js` and `census.js` run in an isolated world, where a page can neither see nor
replace them. `cookie_writes.js`, `api_calls.js` and `watchers.js` must run in the page's own world, because
that is where the page writes, calls and listens; `hooks.js` is what they have in common.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def source(name: str) -> str:
    """Text of `name`.js."""
    return (files("compliance.browser.scripts") / f"{name}.js").read_text("utf-8")


def hooks(binding: str, *names: str) -> str:
    """The script for a page's own world: `hooks.js` around the named parts, reporting to `binding`."""
    body = "".join(source(name) for name in names)
    return source("hooks").replace("%BODY%", body).replace("%BINDING%", binding)
