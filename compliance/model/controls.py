"""What the controls of a run showed: pages of ours that do what the checks look for, and a page that does nothing."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.model.recording import RecordingProbe
from compliance.model.trials import FormProbe, LinkProbe
from compliance.model.visit import Visit

#: The control visits of a run, in the order made.
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, slots=True)
class ControlRun:
    """One visit of the control pages, with the browser, the profile rules and the recording of the crawl."""

    when: str
    """`before` or `after` the crawl; the browser is closed in between and its profile kept."""
    did: tuple[str, ...] = ()
    """What the page says that it did, or its server saw arrive: names of controls."""
    cannot: tuple[str, ...] = ()
    """What the page says that this browser does not offer."""
    busy: Visit | None = None
    """The page that does everything."""
    clean: Visit | None = None
    """The page that does nothing; it is visited first."""
    aspects: tuple[str, ...] = ()
    """What was recorded."""
    origin: str = ""
    """Origin of the busy page: what it kept can be found again under the same one only."""
    error: str = ""
    """Why the pages could not be visited."""


@dataclass(frozen=True, slots=True)
class TrialControl:
    """Forms, links or pages of ours, tried as those of the site are, and beside them."""

    aspect: str
    """Which trials: `form_probes`, `link_probes`, `recording_probes`."""
    needed: bool = True
    """False where the site has nothing to try, and nothing of ours was tried either."""
    forms: tuple[FormProbe, ...] = ()
    links: tuple[LinkProbe, ...] = ()
    recording: tuple[RecordingProbe, ...] = ()
    arrived: tuple[str, ...] = ()
    """What reached the server."""
    error: str = ""
