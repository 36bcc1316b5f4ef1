"""One execution, as `run.json` tells it: everything a report needs, and nothing it must look up."""

from __future__ import annotations

from dataclasses import dataclass, field

from compliance.model.lists import UsedList
from compliance.model.observation import Controls, Coverage, Environment, Site
from compliance.model.verdict import Outcome, Verdict

FORMAT = 1


@dataclass(frozen=True, slots=True)
class SentenceAccount:
    """What became of one sentence of the policy."""

    number: int
    text: str
    section: str
    paragraph: int
    heading: bool
    promises: tuple[str, ...] = ()
    """Ids of the promises that quote it."""
    not_promised: str = ""
    """Why it commits the site to nothing."""
    outcome: Outcome | None = None
    """Worst outcome of its promises; None where nothing is promised."""


@dataclass(frozen=True, slots=True)
class PromiseInfo:
    """A promise as the spec states it, for readers of the run."""

    id: str
    quotes: tuple[str, ...]
    category: str
    claim: str
    severity: str
    reading: str = ""
    not_testable: str = ""
    attestation: dict[str, object] | None = None
    dpv: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """Promises by outcome; `attested` counts untested promises with a valid attestation."""

    passed: int = 0
    failed: int = 0
    inconclusive: int = 0
    inapplicable: int = 0
    untested: int = 0
    error: int = 0
    attested: int = 0
    waived: int = 0
    sentences: int = 0
    sentences_accounted: int = 0


@dataclass(frozen=True, slots=True)
class PolicyInfo:
    """Which text was quoted."""

    title: str = ""
    source: str = ""
    captured: str = ""
    digest: str = ""
    live_url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Repetition:
    """One of several independent observations of the site."""

    number: int
    """From 1."""
    folder: str
    """Where it lies in the run directory; empty for the first, which is the directory itself."""
    started: str
    finished: str
    browser: str
    coverage: dict[str, Coverage]
    """By visitor; empty when nothing was observed."""
    ended: str = ""
    """Why it is not whole; empty when it is."""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of one spec against one site."""

    id: str
    spec: str
    """Path of the spec as given."""
    spec_digest: str
    site: Site
    policy: PolicyInfo
    environment: Environment
    coverage: dict[str, Coverage]
    """By visitor; of the first repetition where there are several."""
    promises: tuple[PromiseInfo, ...]
    verdicts: tuple[Verdict, ...]
    sentences: tuple[SentenceAccount, ...]
    totals: Totals
    started: str
    finished: str
    judged: str
    format: int = FORMAT
    notices: tuple[str, ...] = ()
    """What a reader must know about the whole run: interrupted, expired waivers, limits."""
    manifest_digest: str = ""
    repetitions: tuple[Repetition, ...] = ()
    """Empty where nothing was repeated."""
    controls: dict[str, Controls] = field(default_factory=dict)
    """How the instrument did on the control pages, by visitor; of the first repetition where there are several."""
    lists: tuple[UsedList, ...] = ()
    """Lists that verdicts of this run rest on."""
