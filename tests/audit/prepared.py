"""A project with a spec, its policy version, and a run whose observations are literals: no browser."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from compliance.audit import Options, start_run
from compliance.knowledge.trials import TRIED
from compliance.model.controls import ControlRun, TrialControl
from compliance.model.observation import Environment, Site
from compliance.model.policy import PolicyVersion
from compliance.model.urls import site_of
from compliance.model.visit import Session, Visit
from compliance.settings import Settings
from compliance.specfile.loader import LoadedSpec, load_spec
from compliance.store.codec import encode
from compliance.store.ledger import Candidate
from compliance.store.policies import Paragraph, digest_of, numbered, write_version
from compliance.store.rundir import CONTROLS_KEPT, TRIAL_CONTROLS_KEPT, RunDirectory
from compliance.testing import NOW, request, visit
from tests.controls import flawless

SENTENCES = (
    "We contact nobody but ourselves.",
    "We may improve the shop.",
    "We delete your data when you ask.",
    "We keep backups for a year.",
    "We are nice.",
)
SPEC = """\
version: 1
site:
  name: The shop
  url: https://shop.test/
policy:
  path: ../policies/shop
promises:
  - id: nobody-else
    quote: We contact nobody but ourselves.
    category: third-party-sharing-collection
    severity: high
    checks:
      third-party-requests: {}
  - id: only-friends
    quote: We contact nobody but ourselves.
    category: third-party-sharing-collection
    checks:
      third-party-requests:
        allow: [tracker.test]
  - id: deletion
    quote: We delete your data when you ask.
    category: user-access-edit-deletion
    awaits:
      - check: deletion-request
        because: whether a request for deletion is answered.
    attestation:
      statement: Requests are answered within a week.
      by: Head of support
      date: "2026-11-01"
  - id: backups
    quote: We keep backups for a year.
    category: data-retention
    not_testable: Backups cannot be seen from outside.
not_promised:
  - quote: We may improve the shop.
    because: It leaves the choice to the shop.
  - quote: We are nice.
    because: It cannot be held against anybody.
"""
HOME, ABOUT = "https://shop.test/", "https://shop.test/about"


def tracked(url: str = HOME) -> Visit:
    """A page that loads a picture from somebody else."""
    return visit(url, requests=[request(url, resource="document"), request("https://pixel.tracker.test/p.gif")])


def clean(url: str = ABOUT, **fields: object) -> Visit:
    """A page that loads nothing from anybody."""
    return visit(url, requests=[request(url, resource="document")], **fields)


def project(root: Path, spec: str = SPEC, name: str = "shop") -> Path:
    """Write `specs/<name>.yaml` and its policy version; returns the spec's path."""
    sentences = numbered([Paragraph((s,)) for s in SENTENCES])
    write_version(
        root / "policies" / "shop",
        PolicyVersion(
            path=str(root / "policies" / "shop"), site="shop.test", title="Privacy", source=HOME,
            captured=date(2026, 11, 1), sentences=sentences, digest=digest_of(sentences),
        ),
    )  # fmt: skip
    path = root / "specs" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(spec, "utf-8")
    return path


def record(
    spec: Path,
    root: Path,
    visits: Iterable[Visit],
    *,
    left: Iterable[str] = (),
    interrupted: str = "",
    third_party_cookies: str = "visible",
    site: str | None = None,
    repeat: int = 1,
) -> Path:
    """A run directory below `root` that holds these visits, sealed.

    Args:
        spec: The spec it was made for.
        root: Where run directories are.
        visits: What was observed.
        left: Addresses found and not visited.
        interrupted: Why the crawl ended early.
        third_party_cookies: What the probe saw.
        site: Address that replaced the spec's.
        repeat: How often it was asked for; further repetitions are for `observe` to make.
    """
    loaded = load_spec(spec)
    with start_run(loaded, Settings(), root) as run:
        run.note("options", Options(site, repeat=repeat), Options)
        observe(
            run, loaded, visits, left=left, interrupted=interrupted, third_party_cookies=third_party_cookies, site=site
        )
        return run.path


def observe(
    run: RunDirectory,
    loaded: LoadedSpec,
    visits: Iterable[Visit],
    *,
    left: Iterable[str] = (),
    interrupted: str = "",
    third_party_cookies: str = "visible",
    site: str | None = None,
) -> None:
    """Write these visits into a run directory, or a repetition of one, as `record` does."""
    url = site or loaded.spec.site.url
    run.note("site", Site(url, loaded.spec.site.name, frozenset({site_of(url)})), Site)
    started = NOW.isoformat()
    environment = Environment(
        tool="test", browser="Chromium 1", third_party_cookies=third_party_cookies, started=started
    )
    run.note("environment", environment, Environment)
    for control in flawless():
        for who in loaded.spec.visitors:
            run.ledger.add_probe(who.name, CONTROLS_KEPT, control.when, encode(control, ControlRun))
    for aspect in sorted(TRIED):
        for who in loaded.spec.visitors:
            nothing = TrialControl(aspect.value, needed=False)
            run.ledger.add_probe(who.name, TRIAL_CONTROLS_KEPT, aspect.value, encode(nothing, TrialControl))
    run.ledger.note("budget", "500")
    run.ledger.note("started", started)
    for seen in visits:
        run.ledger.enqueue(seen.visitor, seen.session, [Candidate(seen.url, seen.depth)])
        claim = run.ledger.claim(seen.visitor, seen.session, "test")
        assert claim is not None
        assert run.ledger.finish(claim, seen, [], [])
    run.ledger.enqueue("visitor", Session.FIRST, [Candidate(url, 1) for url in left])
    run.ledger.note("interrupted", interrupted)
    run.ledger.note("finished", started)
    run.seal()
