"""pytest over specs: what is collected, what it is called, what a verdict becomes. Recorded runs, no browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from audit.prepared import ABOUT, HOME, SPEC, clean, observe, project, record, tracked

from compliance.specfile.loader import load_spec
from compliance.store.rundir import RunDirectory

Session = Callable[..., pytest.RunResult]


@pytest.fixture
def spec(pytester: pytest.Pytester) -> Path:
    """A project with `specs/shop.yaml`."""
    return project(pytester.path)


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Summary lines are not cut."""
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture
def run_pytest(pytester: pytest.Pytester) -> Session:
    """pytest in this process, with warnings as errors; pytest-playwright cannot be nested, and is left out."""

    def run(*arguments: str | Path) -> pytest.RunResult:
        return pytester.runpytest_inprocess("-p", "no:playwright", *_plugin(), "-W", "error", *arguments)

    return run


@pytest.fixture
def as_users_do(pytester: pytest.Pytester) -> Session:
    """pytest in a process of its own, with everything that is installed."""

    def run(*arguments: str | Path) -> pytest.RunResult:
        return pytester.runpytest_subprocess(*_plugin(), "-W", "error", *arguments)

    return run


def _plugin() -> tuple[str, ...]:
    return () if _installed() else ("-p", "compliance.pytest_plugin")


def _installed() -> bool:
    from importlib.metadata import entry_points

    return any(p.value == "compliance.pytest_plugin" for p in entry_points(group="pytest11"))


def test_items(spec: Path, run_pytest: Session) -> None:
    result = run_pytest("--collect-only", "-q")
    assert result.ret == 0
    assert result.outlines[:5] == [
        "specs/shop.yaml::nobody-else[third-party-requests]",
        "specs/shop.yaml::only-friends[third-party-requests]",
        "specs/shop.yaml::deletion[attestation]",
        "specs/shop.yaml::deletion[awaited-deletion-request]",
        "specs/shop.yaml::backups[not-testable]",
    ]


def test_items_of_several_visitors(pytester: pytest.Pytester, run_pytest: Session) -> None:
    text = SPEC.replace("promises:", "visitors:\n  - name: english\n  - name: german\npromises:", 1)
    text = text.replace("severity: high", "severity: high\n    visitors: [german]", 1)
    project(pytester.path, text)
    result = run_pytest("--collect-only", "-q")
    assert result.outlines[:4] == [
        "specs/shop.yaml::nobody-else[third-party-requests-german]",
        "specs/shop.yaml::only-friends[third-party-requests-english]",
        "specs/shop.yaml::only-friends[third-party-requests-german]",
        "specs/shop.yaml::deletion[attestation]",
    ]


def test_which_files_are_specs(pytester: pytest.Pytester, run_pytest: Session) -> None:
    project(pytester.path)
    elsewhere = pytester.path / "docs"
    elsewhere.mkdir()
    (elsewhere / "openapi.yaml").write_text("openapi: 3.1.0\n")
    assert "openapi" not in run_pytest("--collect-only", "-q").stdout.str()
    named = run_pytest("--collect-only", "-q", "docs/openapi.yaml")
    assert named.ret == pytest.ExitCode.INTERRUPTED
    pytester.makeini("[pytest]\ncompliance_specs = policies/*.yaml")
    assert run_pytest("--collect-only", "-q").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_an_invalid_spec_is_a_collection_error(spec: Path, run_pytest: Session) -> None:
    spec.write_text(SPEC.replace("severity: high", "severity: hight").replace("We are nice.", "We are rude."))
    result = run_pytest()
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        ["*specs/shop.yaml:11:15: *'hight'*", "*did you mean high?*", "*specs/shop.yaml:*quote*"]
    )
    assert "Traceback" not in result.stdout.str()


def test_outcomes(spec: Path, as_users_do: Session, pytester: pytest.Pytester) -> None:
    run = record(spec, pytester.path / "reports", [tracked(), clean()])
    result = as_users_do("--observations", run)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1, passed=1, skipped=3)
    result.stdout.fnmatch_lines(
        [
            "specs/shop.yaml:8:5: nobody-else [[]third-party-requests[]] broken",
            "  “We contact nobody but ourselves.”",
            "  1 deviation on 1 page; 2 pages examined.",
            "  ✗ 1 request to tracker.test*",
            f"      {HOME}",
            "",
            "  again: compliance run specs/shop.yaml -k 'nobody-else and third-party-requests'",
            "  evidence: reports/*",
            "report: reports/*/report.html",
            "FAILED specs/shop.yaml::nobody-else[[]third-party-requests[]] - 1 deviation on 1 page; 2 pages examined.",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    written = json.loads((run / "run.json").read_text())
    assert [v["outcome"] for v in written["verdicts"]] == ["failed", "passed", "untested", "untested"]
    assert "nobody-else" in (run / "report.html").read_text()


def test_skips_say_why_and_where(spec: Path, run_pytest: Session, pytester: pytest.Pytester) -> None:
    run = record(spec, pytester.path / "reports", [clean(HOME)])
    result = run_pytest("--observations", run, "-rs", "-o", "console_output_style=classic")
    assert result.ret == 0
    result.stdout.fnmatch_lines_random(
        [
            "SKIPPED [[]1[]] specs/shop.yaml:20: not tested: Head of support states*",
            "SKIPPED [[]1[]] specs/shop.yaml:20: not tested: The check deletion-request does not exist*",
            "SKIPPED [[]1[]] specs/shop.yaml:30: not tested: Backups cannot be seen from outside.",
        ]
    )


def test_inconclusive_is_its_own_category_and_fails(spec: Path, run_pytest: Session, pytester: pytest.Pytester) -> None:
    run = record(spec, pytester.path / "reports", [clean()], left=[HOME], interrupted="stopped by the user")
    result = run_pytest("--observations", run)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "specs/shop.yaml ??sss*",
            "* INCONCLUSIVE *",
            "specs/shop.yaml:8:5: nobody-else [[]third-party-requests[]] could not tell",
            "INCONCLUSIVE specs/shop.yaml::nobody-else[[]third-party-requests[]] - The crawl ended early*",
            "*3 skipped, 2 inconclusive*",
        ]
    )


def test_waived_and_advisory_stay_visible(pytester: pytest.Pytester, run_pytest: Session) -> None:
    waiver = (
        '    waiver: {reason: The pixel goes in March, owner: Web team, expires: "2999-03-31"}\n    severity: high\n'
    )
    text = SPEC.replace("    severity: high\n", waiver)
    text = text.replace("  - id: only-friends\n", "  - id: only-friends\n    on_inconclusive: warn\n")
    spec = project(pytester.path, text)
    run = record(spec, pytester.path / "reports", [tracked()], left=[ABOUT])
    result = run_pytest("--observations", run)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "specs/shop.yaml w?sss*",
            "ADVISORY specs/shop.yaml::only-friends*",
            "WAIVED specs/shop.yaml::nobody-else* waived until 2999-03-31 by Web team (The pixel goes in March): 1*",
            "*3 skipped, 1 waived, 1 advisory*",
        ]
    )
    verdicts = json.loads((run / "run.json").read_text())["verdicts"]
    assert [v["disposition"]["kind"] for v in verdicts[:2]] == ["waived", "advisory"]


def test_the_same_under_xdist(spec: Path, as_users_do: Session, pytester: pytest.Pytester) -> None:
    run = record(spec, pytester.path / "reports", [tracked(), clean()])
    assert as_users_do("--observations", run).ret == 1
    alone = _verdicts(run)
    for how in ("load", "loadgroup"):
        (run / "run.json").unlink()
        result = as_users_do("--observations", run, "-n", "2", "--dist", how)
        assert result.ret == pytest.ExitCode.TESTS_FAILED
        result.assert_outcomes(failed=1, passed=1, skipped=3)
        result.stdout.fnmatch_lines(["specs/shop.yaml:8:5: nobody-else*", "FAILED *- 1 deviation on 1 page*"])
        assert _verdicts(run) == alone


def _verdicts(run: Path) -> object:
    document = json.loads((run / "run.json").read_text())
    del document["judged"]
    return document


def test_selection(spec: Path, run_pytest: Session, pytester: pytest.Pytester) -> None:
    run = record(spec, pytester.path / "reports", [tracked()])
    run_pytest("--observations", run, "-k", "only-friends and third-party-requests").assert_outcomes(
        passed=1, deselected=4
    )
    run_pytest("--observations", run, "-m", 'severity(level="high")').assert_outcomes(failed=1, deselected=4)
    run_pytest("--observations", run, "-m", 'check(id="third-party-requests")').assert_outcomes(
        failed=1, passed=1, deselected=3
    )
    one = run_pytest("--observations", run, "specs/shop.yaml::only-friends[third-party-requests]")
    one.assert_outcomes(passed=1)
    run_pytest("--observations", run, "-x").assert_outcomes(failed=1)
    # The report tells of every promise all the same: all of them were observed.
    assert len(json.loads((run / "run.json").read_text())["verdicts"]) == 4


def test_last_failed(spec: Path, run_pytest: Session, pytester: pytest.Pytester) -> None:
    run = record(spec, pytester.path / "reports", [tracked()])
    run_pytest("--observations", run, "-p", "cacheprovider").assert_outcomes(failed=1, passed=1, skipped=3)
    again = run_pytest("--observations", run, "-p", "cacheprovider", "--lf")
    again.assert_outcomes(failed=1)
    again.stdout.fnmatch_lines(["run-last-failure: rerun previous 1 failure*"])


def test_junit(spec: Path, as_users_do: Session, pytester: pytest.Pytester) -> None:
    from xml.etree import ElementTree

    run = record(spec, pytester.path / "reports", [tracked()])
    as_users_do("--observations", run, "--junitxml", "junit.xml")
    cases = ElementTree.parse(pytester.path / "junit.xml").getroot().findall(".//testcase")
    broken = next(c for c in cases if c.attrib["name"] == "nobody-else[third-party-requests]")
    properties = {p.attrib["name"]: p.attrib["value"] for p in broken.iter("property")}
    assert properties == {
        "promise": "nobody-else",
        "check": "third-party-requests",
        "outcome": "failed",
        "reason": "observed",
        "pages_examined": "1",
    }
    failure = broken.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "1 deviation on 1 page; 1 page examined."


USER_TEST = """
def test_mine(observations):
    assert [v.url for v in observations.visits(visitor="visitor")] == ["https://shop.test/"]
"""


def test_observations_in_a_test_of_the_user(spec: Path, as_users_do: Session, pytester: pytest.Pytester) -> None:
    run = record(spec, pytester.path / "reports", [tracked()])
    pytester.makepyfile(USER_TEST)
    as_users_do("--observations", run).assert_outcomes(failed=1, passed=2, skipped=3)
    # On its own it finds the project's one spec, too.
    as_users_do("--observations", run, "test_observations_in_a_test_of_the_user.py").assert_outcomes(passed=1)


def test_observations_of_several_specs(spec: Path, run_pytest: Session, pytester: pytest.Pytester) -> None:
    project(pytester.path, name="other")
    run = record(spec, pytester.path / "reports", [tracked()])
    pytester.makepyfile(USER_TEST)
    result = run_pytest("--observations", run)
    result.stdout.fnmatch_lines(["the fixture `observations` does not know which spec is meant (specs/other.yaml, *"])
    pytester.makepyfile(
        USER_TEST.replace("(observations", "(observations_of").replace(
            "observations.", 'observations_of("specs/shop.yaml").'
        )
    )
    assert "test_mine" not in run_pytest("--observations", run, "-rfE").stdout.str().partition("short test summary")[2]


def test_a_changed_spec_judges_but_does_not_replace_the_report(
    spec: Path, run_pytest: Session, pytester: pytest.Pytester
) -> None:
    run = record(spec, pytester.path / "reports", [tracked()])
    spec.write_text(
        SPEC.replace("      third-party-requests: {}", "      third-party-requests: {allow: [tracker.test]}")
    )
    result = run_pytest("--observations", run)
    result.assert_outcomes(passed=2, skipped=3)
    result.stdout.fnmatch_lines(["reports/*: judged by a spec that this run was not made for*"])
    assert not (run / "run.json").exists()


def test_reuse_takes_the_newest_whole_run(spec: Path, run_pytest: Session, pytester: pytest.Pytester) -> None:
    root = pytester.path / "reports"
    whole = record(spec, root, [clean(HOME)])
    whole.rename(root / "2026-01-01-whole")
    record(spec, root, [tracked()], interrupted="stopped by the user").rename(root / "2026-01-02-interrupted")
    record(spec, root, [tracked()], site="https://staging.shop.test/").rename(root / "2026-01-03-elsewhere")
    (root / "2026-01-04-rubbish").mkdir()
    run_pytest("--observations", "reuse").assert_outcomes(passed=2, skipped=3)
    assert (root / "2026-01-01-whole" / "run.json").is_file()


def test_reuse_takes_a_run_that_was_repeated_as_often(
    spec: Path, run_pytest: Session, pytester: pytest.Pytester
) -> None:
    root, loaded = pytester.path / "reports", load_spec(spec)
    path = record(spec, root, [clean(HOME)], repeat=2)
    with RunDirectory.open(path, write=True) as run, run.begin_repetition(2) as second:
        observe(second, loaded, [tracked()])
    path.rename(root / "2026-01-01-repeated")
    record(spec, root, [clean(HOME)]).rename(root / "2026-01-02-once")
    record(spec, root, [clean(HOME)], repeat=2).rename(root / "2026-01-03-half")
    result = run_pytest("--observations", "reuse", "--repeat", "2")
    result.assert_outcomes(failed=1, passed=1, skipped=3)
    result.stdout.fnmatch_lines(["*seen in 1 of 2 repetitions*", "*seen in repetition 2"])
    assert (root / "2026-01-01-repeated" / "run.json").is_file()


@pytest.mark.parametrize("output", ["reports", ".", "reports/x"])
def test_stored_runs_are_not_playwrights_to_delete(
    output: str, spec: Path, as_users_do: Session, pytester: pytest.Pytester
) -> None:
    run = record(spec, pytester.path / "reports", [tracked()])
    result = as_users_do("--observations", run, "--output", output)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --output {output}: pytest-playwright deletes this folder*"])
    assert run.is_dir()


def test_wrong_options_are_usage_errors(spec: Path, run_pytest: Session, pytester: pytest.Pytester) -> None:
    result = run_pytest("--observations", "yesterday")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --observations yesterday: not fresh, not reuse, and no run directory*"])
    result = run_pytest("--repeat", "0")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --repeat 0: a run is made once at least"])
    stored = record(spec, pytester.path / "reports", [clean(HOME)])
    result = run_pytest("--observations", stored, "--repeat", "3")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --repeat 3: a stored run has the repetitions that it has; for more: *"])


def test_a_failed_crawl_is_told_once_and_not_tried_again(
    spec: Path, as_users_do: Session, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPLIANCE_BROWSER", str(pytester.path / "no-such-browser"))
    for how in ([], ["-n", "2"]):
        result = as_users_do(*how)
        result.assert_outcomes(failed=2, skipped=3)
        result.stdout.fnmatch_lines(["*specs/shop.yaml: the site could not be observed: browser *does not exist*"])
        assert "Traceback" not in result.stdout.str()
    assert len(list((pytester.path / "reports").iterdir())) == 2


def test_a_project_changes_the_settings_in_its_conftest(
    spec: Path, run_pytest: Session, pytester: pytest.Pytester
) -> None:
    pytester.makeconftest(
        """
        import pytest
        from pathlib import Path

        @pytest.fixture(scope="session")
        def compliance_settings(compliance_settings):
            return compliance_settings.model_copy(update={"browser": Path("a-browser-of-mine")})
        """
    )
    result = run_pytest("-k", "nobody-else")
    result.assert_outcomes(failed=1, deselected=4)
    result.stdout.fnmatch_lines(["*the site could not be observed: browser a-browser-of-mine does not exist*"])


# ---- with a browser

WIRING = """
import pytest
from compliance.browser.resolve import resolve
from compliance.demo import DemoSite

@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, compliance_settings):
    return browser_type_launch_args | {"executable_path": str(resolve(compliance_settings).path)}
"""
BESIDE_PAGE = """
def test_before(page):
    page.set_content("<h1>Mine</h1>")
    assert page.locator("h1").text_content() == "Mine"

def test_both(page, observations):
    page.set_content("<p>too</p>")
    assert {v.final_url for v in observations.visits(visitor="visitor")}
"""


@pytest.mark.browser
def test_a_crawl_beside_the_page_of_playwright(pytester: pytest.Pytester, as_users_do: Session) -> None:
    from compliance.demo import DemoSite

    project(pytester.path)
    pytester.makeconftest(WIRING)
    pytester.makepyfile(BESIDE_PAGE)
    with DemoSite() as site:
        network = ("--site", site.url, "--resolve", site.resolve[0], "--ignore-tls", "*.test")
        result = as_users_do("test_a_crawl_beside_the_page_of_playwright.py", "specs", *network)
        result.assert_outcomes(passed=4, skipped=3)
        result.stderr.fnmatch_lines(["observing https://www.spaceo.test/ with *", "observed * pages in * s"])
        asked = site.hits("/about")
        # Both workers need it, one observes it.
        result = as_users_do("specs", "-n", "2", "--dist", "load", *network)
        result.assert_outcomes(passed=2, skipped=3)
        assert asked > 0
        assert site.hits("/about") == 2 * asked
    runs = sorted((pytester.path / "reports").iterdir())
    assert [(run / "report.html").is_file() for run in runs] == [True, True]
