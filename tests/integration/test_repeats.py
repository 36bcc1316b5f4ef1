"""Whole audits, repeated: what a site does now and then is neither broken nor kept, what it always does is broken."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from compliance.audit import crawl, judge_run, start_run
from compliance.demo import DemoSite
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Aspect
from compliance.report.html import render
from compliance.settings import Settings
from compliance.specfile.loader import load_spec
from compliance.store.rundir import RunDirectory

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
ROOT = Path(__file__).parents[2]
POLICY = ROOT / "policies" / "spaceotechnologies.com" / "2017-02-22"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SPEC = """\
version: 1
site: {url: "https://www.spaceotechnologies.com/"}
policy: {path: unused}
scope: {budget: 3, sample: 3}
promises:
  - id: unknown
    quote: We do not use IP addresses, cookies or other information
    category: first-party-collection-use
    checks:
      no-identifying-cookies: {}
  - id: short-lived
    quote: with only user session being monitored
    category: first-party-collection-use
    checks:
      cookie-lifetime: {max: session}
"""


def audit(variant, folder, repeat):
    path = folder / "spec.yaml"
    path.write_text(SPEC, "utf-8")
    loaded = load_spec(path, policy_dir=POLICY)
    with DemoSite(variant) as demo:
        settings = Settings(resolve=demo.resolve, ignore_tls=demo.ignore_tls, run_root=folder)
        with start_run(loaded, settings, folder) as run:
            crawl(loaded, settings, run, site=demo.url, dwell=0.5, repeat=repeat)
            return run.path


def checks_of(run):
    return {c.check: c for v in run.verdicts for c in v.checks}


def sessions_of(directory):
    """Values of the session cookie that its visitors had."""
    visits = directory.ledger.visits(aspects=frozenset({Aspect.COOKIES}))
    return {c.value for v in visits for c in v.jar or () if c.name == "sid"}


def test_a_number_given_in_every_third_crawl_is_flaky(tmp_path):
    path = audit("no-identifying-cookies/every-third", tmp_path, 3)
    run = judge_run(path, now=NOW)
    likeness, exact = checks_of(run)["no-identifying-cookies"], checks_of(run)["cookie-lifetime"]
    assert (likeness.outcome, likeness.reason) == (Outcome.INCONCLUSIVE, Reason.FLAKY), likeness.explanation
    assert [r.outcome for r in likeness.repetitions] == [Outcome.FAILED, Outcome.PASSED, Outcome.PASSED]
    assert {f.seen_in for f in likeness.unconfirmed} == {(1,)}
    # That a cookie asks to live a year is no likeness: once is enough.
    assert exact.outcome is Outcome.FAILED
    assert "seen in 1 of 3 repetitions" in exact.explanation
    assert judge_run(path, now=NOW) == run, "judged again from the run directory: the same"
    # Nobody in a later repetition has what an earlier one left.
    with RunDirectory.open(path) as directory:
        with directory.repetition(2) as second, directory.repetition(3) as third:
            one, two, three = (sessions_of(d) for d in (directory, second, third))
        report = render(run, directory.blob)
    assert min(len(one), len(two), len(three)) >= 3
    assert len(one | two | three) == len(one) + len(two) + len(three)
    assert "Seen in too few repetitions" in report
    assert "repeats/3/ledger.sqlite" in report
    assert (path / "repeats" / "3" / "ledger.sqlite").is_file()
    files = json.loads((path / "manifest.json").read_text())["files"]
    assert {"ledger.sqlite", "repeats/2/ledger.sqlite", "repeats/3/ledger.sqlite"} <= set(files)
    assert not list(path.rglob(".profiles"))


def test_a_number_given_in_every_crawl_is_broken(tmp_path):
    run = judge_run(audit("no-identifying-cookies/uuid-header", tmp_path, 2), now=NOW)
    found = checks_of(run)["no-identifying-cookies"]
    assert found.outcome is Outcome.FAILED, found.explanation
    assert "seen in 2 of 2 repetitions" in found.explanation
    assert {e.repetition for f in found.findings for e in f.evidence} == {1, 2}


def test_ctrl_c_in_the_second_repetition_loses_nothing(tmp_path):
    spec = tmp_path / "spec.yaml"
    spec.write_text(SPEC.replace("path: unused", f"path: {os.path.relpath(POLICY, tmp_path)}"), "utf-8")
    with DemoSite("no-identifying-cookies/uuid-header") as demo:
        network = [*(f"--resolve={entry}" for entry in demo.resolve), *(f"--ignore-tls={h}" for h in demo.ignore_tls)]
        words = ["crawl", spec, "--site", demo.url, *network, "--repeat", "2", "--run-dir", tmp_path / "reports"]
        with started(*words) as process:
            for line in process.stderr:
                if "repeat 2 of 2" in line:
                    break
            for line in process.stderr:
                if "crawling" in line:
                    break
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=120)
        assert process.returncode == 130, said
        (path,) = (tmp_path / "reports").iterdir()
        cut = judge_run(path, now=NOW)
        assert cut.repetitions[0].ended == ""
        assert "stopped by the user" in cut.repetitions[1].ended
        assert not any(v.outcome is Outcome.PASSED for v in cut.verdicts)
        with started("resume", path) as process:
            _, said = process.communicate(timeout=200)
        assert process.returncode == 1, said
    assert "repeat 2 of 2" in said
    assert "repeat 1 of 2" not in said
    whole = judge_run(path, now=NOW)
    assert [r.ended for r in whole.repetitions] == ["", ""]
    assert checks_of(whole)["no-identifying-cookies"].outcome is Outcome.FAILED


def started(*words):
    return subprocess.Popen(
        [sys.executable, "-m", "compliance", *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
