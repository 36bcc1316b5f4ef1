"""What a trial for session recording recorded: a page, what was done on it, and all that the page sent.

The trial changes nothing on the server: nothing is submitted, no button and no link is pressed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from compliance.model.activity import ApiCall, Request
from compliance.model.visit import Visit

#: Kind of the field that the trial adds to a page.
OWN = "own"
_VARIES = re.compile(r"[0-9a-f]{8,}|\d{4,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """A value that was typed key by key, and not sent."""

    field: str
    """What the field is called on the page; empty for the one that the trial added."""
    kind: str
    """`text`, `email`, `password`, `tel`, `search`, `textarea`, …; `own` for the field that the trial added: no form
    of the site knows it."""
    value: str


@dataclass(frozen=True, slots=True)
class RecordingProbe:
    """One page, visited as people do, in a profile of its own, with its servers at hand."""

    id: str
    page: str
    scripts: tuple[str, ...]
    """Scripts that the page ran (`scripts_of`), sorted."""
    marker: str = ""
    """A word that was added to the text of the page."""
    label: str = ""
    """A word that was added as the class of an element."""
    typed: tuple[Typed, ...] = ()
    track: tuple[tuple[int, int], ...] = ()
    """Where the mouse went, in order, in pixels of the window; the page was at its top."""
    click: tuple[int, int] | None = None
    """Where was clicked: on empty space."""
    touched: float = 0.0
    """Seconds since the visit began at which it was first touched; what was sent before is the control."""
    left: float = 0.0
    """Seconds since the visit began at which it was left."""
    again: float = 0.0
    """Seconds since the visit began at which it was opened once more: what was kept may be sent then."""
    requests: tuple[Request, ...] = ()
    """Everything that was sent, bodies cut after 1 MiB."""
    sockets: Mapping[str, int] = field(default_factory=dict)
    """Id of the request of a socket → characters of its body that were sent before the page was touched."""
    watchers: tuple[ApiCall, ...] = ()
    """Scripts that listen to the whole page. `watch.move`, `watch.click`, `watch.keys`, `watch.scroll`,
    `watch.resize`, `watch.clipboard`: events; `watch.document`: its changes; `channel.webrtc`,
    `channel.webtransport`: ways to send that are not in `requests`."""
    gap: str = ""
    """Why `watchers` is incomplete, empty when it is not."""
    error: str = ""
    """Why the page was not tried, or not to the end; in words."""


def scripts_of(visit: Visit) -> frozenset[str]:
    """Scripts that a page ran, as far as they can be told apart: those of the document, and those that were fetched.

    Numbers and digests in addresses are masked: they are versions, or differ from load to load. Without the aspect
    `requests` only those of the document.
    """
    fetched = [r.url.partition("?")[0].partition("#")[0] for r in visit.requests or () if r.resource == "script"]
    known = [script for script in (*visit.scripts, *fetched) if not script.startswith("refresh:")]
    return frozenset(s if s.startswith("inline:") else _VARIES.sub("*", s) for s in known)
