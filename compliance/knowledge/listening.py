"""Scripts that listen to a whole page, and which of them do as recorders do.

Whoever replays a session must hear of every change of the page, and of the mouse, of clicks and of keys. Menus, lazy
pictures and statistics listen to some of this. The groups are those of Blacklight's inspection of behaviour
(https://github.com/the-markup/blacklight-collector), and of the options that rrweb gives its observer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from compliance.model.activity import ApiCall

#: Groups of events that statistics of behaviour listen to at least.
GROUPS = 3
_EVERY_CHANGE = frozenset({"childList", "attributes", "characterData"})
_EVERYTHING = frozenset({"every change", "move", "click", "keys"})


def listeners(calls: Iterable[ApiCall]) -> dict[str, frozenset[str]]:
    """Script → what of the whole page it listens to, for those who listen to much of it.

    `document` are changes of the page, `every change` those of elements, attributes and texts together; the others
    are groups of events. Much is: three groups, or keys, or the mouse and changes.

    Args:
        calls: As `RecordingProbe.watchers` has them.
    """
    found: dict[str, set[str]] = defaultdict(set)
    changes: dict[str, set[str]] = defaultdict(set)
    for call in calls:
        area, _, what = call.api.partition(".")
        if area == "watch":
            found[call.script].add(what)
            if what == "document":
                changes[call.script].update(kind for sample in call.samples for kind in sample.split())
    for script, kinds in changes.items():
        if kinds >= _EVERY_CHANGE:
            found[script].add("every change")
    return {script: frozenset(what) for script, what in sorted(found.items()) if _much(what)}


def _much(what: set[str]) -> bool:
    return "keys" in what or len(what - {"document", "every change"}) >= GROUPS or {"document", "move"} <= what


def as_recorders_do(calls: Iterable[ApiCall]) -> list[str]:
    """Scripts that hear of everything that a replay of the session needs."""
    return [script for script, what in listeners(calls).items() if what >= _EVERYTHING]
