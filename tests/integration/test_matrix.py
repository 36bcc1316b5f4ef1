"""The matrix: the honest demo site breaks nothing; every other variant breaks exactly what it says.

Each variant is one whole audit with the spec of the founding policy: crawl, four sessions, trials, verdicts. The honest
one has the controls of the instrument, too; the others take them for right.
"""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from compliance.audit import crawl, judge_run, start_run
from compliance.demo import DemoSite, variants
from compliance.model.verdict import Outcome
from compliance.settings import Settings
from compliance.specfile.loader import load_spec
from tests.controls import without_controls

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SPEC = Path(__file__).parents[2] / "specs" / "spaceotechnologies.com.yaml"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
#: Watched for less long than in a real audit; no variant of the demo acts later than this after loading.
DWELL = 1.5
#: One variant of each way of observing, in every test run; the others are marked `slow`.
QUICK = {
    "cname-cloaking": "metrics",
    "form-fields-optional": "script-refuses",
    "no-fingerprinting": "visitor-id",
    "no-identifying-cookies": "ga-like",
    "no-identifying-storage": "database",
    "no-respawning": "local-storage",
    "no-session-recording": "keys",
    "no-user-ids": "private-file",
    "policy-reachable": "policy-404",
    "third-party-requests": "beacon",
}


def audit(variant, folder):
    """Run path and the demo's log after one audit of a variant."""
    with DemoSite(variant) as demo:
        settings = Settings(resolve=demo.resolve, ignore_tls=demo.ignore_tls, dns=demo.dns, run_root=folder)
        loaded = load_spec(SPEC)
        with start_run(loaded, settings, folder) as run:
            crawl(loaded, settings, run, site=demo.url, dwell=DWELL)
            return run.path, list(demo.log)


def checks_of(run):
    """(promise, check) → its verdict."""
    return {(v.promise, c.check): c for v in run.verdicts for c in v.checks}


@cache
def promises_with(check):
    """Ids of the promises that use a check."""
    return {p.id for p in load_spec(SPEC).spec.promises if check in p.checks}


def cases():
    """All variants; those that are not quick are marked slow."""
    for name, variant in sorted(variants().items()):
        check, _, case = name.partition("/")
        if name != "honest":
            marks = [] if QUICK.get(check) == case else [pytest.mark.slow]
            yield pytest.param(variant, id=name, marks=marks)


def test_the_honest_site_breaks_nothing_and_is_only_read(tmp_path):
    path, log = audit("honest", tmp_path)
    run = judge_run(path, now=NOW)
    outcomes = {v.promise: v.outcome for v in run.verdicts}
    assert set(outcomes.values()) == {Outcome.PASSED, Outcome.UNTESTED}, outcomes
    for (promise, check), verdict in checks_of(run).items():
        assert verdict.outcome in (Outcome.PASSED, Outcome.UNTESTED), (promise, check, verdict.explanation)
    assert not [r for r in log if r.method not in ("GET", "HEAD")], "nothing is ever submitted"
    assert not [r for r in log if "logout" in r.path or "/admin" in r.path or "unsubscribe" in r.path]
    assert judge_run(path, now=NOW) == run, "judged again from the run directory: the same"


@pytest.mark.parametrize("variant", list(cases()))
def test_a_variant_breaks_exactly_what_it_says(variant, tmp_path, monkeypatch):
    without_controls(monkeypatch)
    path, log = audit(variant.name, tmp_path)
    run = judge_run(path, now=NOW)
    verdicts = checks_of(run)
    failed = {check for (_, check), v in verdicts.items() if v.outcome is Outcome.FAILED}
    told = {key: (v.outcome.value, v.reason.value, v.explanation, v.findings[:2]) for key, v in verdicts.items()}
    # What the founding spec does not use cannot fail here; such a check has a spec of its own in its tests.
    breaks = {check for check in variant.breaks if promises_with(check)}
    assert failed == breaks, told
    broken = {v.promise for v in run.verdicts if v.outcome is Outcome.FAILED}
    # A check that several promises use breaks those whose sentence is concerned, and no promise without it.
    assert broken <= set().union(*(promises_with(check) for check in breaks)), told
    assert bool(broken) == bool(breaks), told
    assert not any(v.outcome is Outcome.ERROR for v in verdicts.values()), told
    assert not [
        r for r in log if r.method not in ("GET", "HEAD") and "/collect" not in r.path and "beacon" not in r.path
    ]
