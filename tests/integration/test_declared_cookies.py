"""A list of cookies in a spec, against the demo site: through the spec file, the browser and the ledger."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from compliance.audit import crawl, judge_run, start_run
from compliance.demo import DemoSite
from compliance.model.verdict import Outcome
from compliance.settings import Settings
from compliance.specfile.loader import load_spec

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
POLICY = Path(__file__).parents[2] / "policies" / "spaceotechnologies.com" / "2017-02-22"
SPEC = """\
version: 1
site: {url: "https://www.spaceotechnologies.com/"}
policy: {path: unused}
scope: {budget: 4}
promises:
  - id: cookies
    quote: We do not use IP addresses, cookies or other information
    category: first-party-collection-use
    checks:
      declared-cookies:
        cookies:
          - {name: sid, domain: spaceotechnologies.com, purpose: keeps the session, lifetime: session}
          - {name: lang, purpose: keeps the language, lifetime: 1 month}
          - {name: basket, purpose: keeps the basket}
"""


def verdict(variant, folder):
    path = folder / "spec.yaml"
    path.write_text(SPEC, "utf-8")
    loaded = load_spec(path, policy_dir=POLICY)
    with DemoSite(variant) as demo:
        settings = Settings(resolve=demo.resolve, ignore_tls=demo.ignore_tls, run_root=folder)
        with start_run(loaded, settings, folder) as run:
            crawl(loaded, settings, run, site=demo.url, dwell=1.0)
    (found,) = judge_run(run.path, now=datetime(2026, 11, 22, tzinfo=UTC)).verdicts[0].checks
    return found


def test_the_honest_site_sets_what_is_declared(tmp_path):
    found = verdict("honest", tmp_path)
    assert found.outcome is Outcome.PASSED, found.explanation
    assert "“basket” is declared (cookie) and was never seen." in found.notes


@pytest.mark.parametrize(
    ("variant", "cause"),
    [
        ("declared-cookies/undeclared", "undeclared:self:campaign"),
        ("no-identifying-cookies/uuid-header", "undeclared:self:uid"),
        ("cookie-lifetime/preference-two-years", "outlives:self:lang"),
    ],
)
def test_what_is_not_declared_is_found(variant, cause, tmp_path):
    found = verdict(variant, tmp_path)
    assert found.outcome is Outcome.FAILED
    assert [f.cause for f in found.findings] == [cause]
