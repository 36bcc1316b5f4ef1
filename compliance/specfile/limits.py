"""What a spec file may cost. A spec can come from a stranger's pull request."""

from __future__ import annotations

MAX_BYTES = 1_000_000
MAX_ALIASES = 50
MAX_NODES = 20_000
"""Keys and values, after every alias has been written out."""
MAX_TEXT = 2_000_000
"""Characters of all values, after every alias has been written out."""
MAX_DEPTH = 32
MAX_DIGITS = 18
"""Of one number: what fits in 64 bits everywhere the number may travel."""
MAX_ERRORS = 50
"""Shown at once; what follows is counted."""
MAX_GLOB = 300
