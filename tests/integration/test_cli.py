"""Every verb of the command line: what it says, what it writes, how it exits."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from audit.prepared import ABOUT, HOME, SPEC, clean, observe, project, record, tracked
from click.testing import CliRunner, Result

from compliance.audit import Options
from compliance.cli import (
    capture,
    checks,
    crawl,
    demo,
    doctor,
    explain,
    judge,
    lint,
    lists,
    report,
    resume,
    run,
    schema,
)
from compliance.cli.main import VERBS, cli
from compliance.model.visit import VisitOutcome
from compliance.specfile.loader import load_spec
from compliance.store.rundir import RunDirectory
from compliance.testing import visit

ROOT = Path(__file__).parents[2]
MODULES = (capture, checks, crawl, demo, doctor, explain, judge, lint, lists, report, resume, run, schema)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, and a terminal of 80 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("COMPLIANCE_REPORTS", raising=False)
    monkeypatch.setenv("COMPLIANCE_DATA", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def spec(folder: Path) -> Path:
    """`specs/shop.yaml`, as the user names it."""
    return project(folder).relative_to(folder)


def call(*words: str | Path) -> Result:
    """The command in this process."""
    return CliRunner().invoke(cli, [str(word) for word in words], prog_name="compliance")


def start(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "compliance", *map(str, words)],
        capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"} | environment,
    )  # fmt: skip


def test_every_verb_is_told_of() -> None:
    assert {module.__name__.rpartition(".")[2] for module in MODULES} == set(VERBS)
    said = call("--help").output
    assert all(f"\n  {verb} " in said for verb in VERBS)
    assert "Exit codes: 0 nothing broken" in said


@pytest.mark.parametrize("verb", VERBS)
def test_help_teaches_with_two_examples(verb: str) -> None:
    said = call(verb, "--help").output
    examples = said.partition("Examples:\n")[2].partition("\n\n")[0].splitlines()
    assert sum(line.strip().startswith(f"compliance {verb}") for line in examples) == 2
    assert max(map(len, said.splitlines())) <= 100


def test_wrong_words() -> None:
    result = call("lnt")
    assert result.exit_code == 2
    assert "there is no verb 'lnt'; did you mean lint?" in result.stderr
    assert call("lint", "--nonsense").exit_code == 2


# ---- without a browser


def test_lint(spec: Path) -> None:
    result = call("lint")
    assert (result.exit_code, result.stdout) == (
        0,
        "specs/shop.yaml: 4 promises, 2 with checks; 5 of 5 sentences accounted for\n",
    )


def test_lint_of_a_wrong_spec(spec: Path) -> None:
    spec.write_text(SPEC.replace("severity: high", "severity: hight").replace("      third-party", "      thrid-party"))
    result = call("lint", spec)
    assert result.exit_code == 2
    assert "specs/shop.yaml:11:15: error: 'hight' is not one of" in result.stdout
    assert "did you mean high?" in result.stdout
    assert "specs/shop.yaml:13:7: error: unknown check" in result.stdout


def test_lists_are_shown_installed_and_removed(folder: Path) -> None:
    shown = call("lists")
    assert shown.exit_code == 0
    assert "third-party-web 0.30.0   MIT" in shown.stdout
    assert max(len(line) for line in shown.stdout.splitlines() if "/" not in line) <= 80
    (folder / "mine.txt").write_text(
        "! Version: 7\n! Last modified: 1 Jan 2026\n||a.test^\n||b.test^$denyallow=c.test\na.test##.ad\n"
    )
    done = call("lists", "update", "--from", "mine.txt")
    assert done.exit_code == 0
    assert "mine: adblock, 1 entries, version 7" in done.stdout
    assert "1 × option denyallow, first in line 4: ||b.test^$denyallow=c.test" in done.stdout
    assert "The same as before." in call("lists", "update", "--from", "mine.txt").stdout
    shown = call("lists")
    assert "mine 7" in shown.stdout
    assert "OLD: mine: older than 180 days." in shown.stdout
    assert max(len(line) for line in shown.stdout.splitlines() if "/" not in line) <= 80
    assert call("lists", "remove", "mine").stdout == "mine is removed.\n"
    again = call("lists", "remove", "mine")
    assert (again.exit_code, "there is no list mine" in again.stderr) == (2, True)


def test_a_damaged_list_is_told_and_exits_with_2(folder: Path) -> None:
    (folder / "mine.txt").write_text("a.test\n")
    call("lists", "update", "--from", "mine.txt")
    next((folder / "data" / "lists").glob("*.list")).write_text("b.test\n")
    shown = call("lists")
    assert (shown.exit_code, "DAMAGED" in shown.stdout) == (2, True)
    assert "changed since it was installed" in shown.stderr
    (folder / "data" / "lists" / "mine.json").write_text("{")
    assert "DAMAGED" in call("lists").stdout


@pytest.mark.parametrize("origin", ["none.txt", "http://lists.example/x"])
def test_what_cannot_be_installed_is_one_error(origin: str) -> None:
    done = call("lists", "update", "--from", origin)
    assert done.exit_code == 2
    assert done.stderr.count("Error:") == 1


def test_a_list_that_is_missing_is_a_warning_of_lint_and_an_error_of_a_run(spec: Path, folder: Path) -> None:
    spec.write_text(SPEC.replace("third-party-requests: {}", "known-trackers: {lists: [mine]}"))
    linted = call("lint")
    assert linted.exit_code == 0
    assert "specs/shop.yaml:13:24: warning: the list 'mine' is not installed here" in linted.stdout
    crawled = call("crawl", spec)
    assert crawled.exit_code == 2
    assert "judges by the list mine, which is not installed" in crawled.stderr
    assert not (folder / "reports").exists()
    (folder / "mine.txt").write_text("a.test\n")
    call("lists", "update", "--from", "mine.txt")
    assert "warning" not in call("lint").stdout


def test_resume_asks_the_dns_server_that_the_run_was_begun_with(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = record(spec, Path("reports"), [clean()])
    with RunDirectory.open(path, write=True) as made:
        made.note("options", Options(None, dns="127.0.0.1:5353"), Options)
    asked = []
    monkeypatch.setenv("COMPLIANCE_DNS", "192.0.2.1")
    monkeypatch.setattr("compliance.cli._audit.observe", lambda loaded, settings, *_, **__: asked.append(settings.dns))
    call("resume", path)
    assert asked == ["127.0.0.1:5353"]


def test_demo_serve_tells_of_its_dns_server(monkeypatch: pytest.MonkeyPatch) -> None:
    class Over:
        def wait(self) -> None:
            pass

    monkeypatch.setattr(demo, "threading", SimpleNamespace(Event=Over))
    said = call("demo", "--serve").stdout
    assert re.search(r"COMPLIANCE_DNS=127\.0\.0\.1:\d+ compliance run SPEC --site https://", said)


def test_lint_without_specs() -> None:
    result = call("lint")
    assert result.exit_code == 2
    assert "no spec was named, and there is no specs/*.yaml here" in result.stderr


def test_lint_starts_cold_without_what_it_does_not_need(spec: Path) -> None:
    code = (
        "import sys; from compliance.cli.main import cli; cli(['lint'], standalone_mode=False); "
        "print(sorted({'playwright', 'pytest', 'rich', 'jinja2', 'asyncio', 'selectolax'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("visits", "fields", "code"),
    [
        ([tracked(), clean()], {}, 1),
        ([clean(HOME), clean()], {}, 0),
        ([clean()], {"left": [HOME], "interrupted": "stopped by the user"}, 3),
        ([visit(HOME, outcome=VisitOutcome.NET_ERROR, error="net::ERR_FAILED")], {}, 4),
    ],
)
def test_judge_exits_by_verdict(spec: Path, visits: list[object], fields: dict[str, object], code: int) -> None:
    path = record(spec, Path("reports"), visits, **fields)  # type: ignore[arg-type]
    result = call("judge", path)
    assert result.exit_code == code
    assert "nobody-else" in result.stdout
    assert f"Report: {path}/report.html" in result.stdout
    assert (path / "report.html").is_file()
    assert max(len(line) for line in result.stdout.splitlines() if "/" not in line) <= 80


def test_judge_says_the_same_again_and_elsewhere(spec: Path, folder: Path) -> None:
    path = record(spec, Path("reports"), [tracked(), clean()])
    call("judge", path)
    manifest, first = (path / "manifest.json").read_bytes(), json.loads((path / "run.json").read_text())
    moved = shutil.move(path, folder / path.name)
    spec.unlink()
    assert call("judge", moved).exit_code == 1
    again = json.loads((Path(moved) / "run.json").read_text())
    assert first.pop("judged") <= again.pop("judged")
    assert first == again
    assert (Path(moved) / "manifest.json").read_bytes() == manifest


def test_judge_takes_all_repetitions(spec: Path) -> None:
    path = record(spec, Path("reports"), [clean()], repeat=2)
    result = call("judge", path)
    assert result.exit_code == 3
    assert "In repetition 2 of 2: It was not made." in result.stdout
    with RunDirectory.open(path, write=True) as run, run.begin_repetition(2) as second:
        second.note("options", Options(), Options)
        observe(second, load_spec(spec), [tracked()])
    result = call("judge", path)
    assert result.exit_code == 1
    assert "seen in 1 of 2 repetitions" in result.stdout
    assert "seen in repetition 2\n" in result.stdout
    assert max(len(line) for line in result.stdout.splitlines() if "/" not in line) <= 80
    assert json.loads((path / "run.json").read_text())["repetitions"][1]["folder"] == "repeats/2"
    assert call("judge", path / "repeats" / "2").exit_code == 1, "one repetition alone"


def test_no_repetition_is_left_out(spec: Path) -> None:
    path = record(spec, Path("reports"), [clean()], repeat=3)
    result = call("resume", path, "--repeat", "2")
    assert result.exit_code == 2
    assert "the run was begun for 3 times, and all of them count" in result.stderr
    assert call("run", "--repeat", "0").exit_code == 2
    assert call("crawl", spec, "--repeat", "0").exit_code == 2


def test_judge_of_something_else(folder: Path) -> None:
    for path in ("nowhere", "."):
        result = call("judge", path)
        assert result.exit_code == 2
        assert result.stderr.startswith("Error: ")
        assert "Traceback" not in result.output


def test_report_makes_the_page_again(spec: Path) -> None:
    path = record(spec, Path("reports"), [tracked()])
    result = call("report", path)
    assert result.exit_code == 2
    assert f"judge it first: compliance judge {path}" in result.stderr
    call("judge", path)
    page = (path / "report.html").read_bytes()
    (path / "report.html").unlink()
    assert call("report", path).stdout == f"{path}/report.html\n"
    assert (path / "report.html").read_bytes() == page


def test_checks_and_explain() -> None:
    listed = call("checks").stdout
    assert "third-party-requests      Pages contact only" in listed
    for line in listed.splitlines():
        said = call("explain", line.split()[0])
        assert said.exit_code == 0
        assert "## Parameters" in said.stdout
        assert "\nReads: " in said.stdout
    wrong = call("explain", "third-party-request")
    assert wrong.exit_code == 2
    assert "did you mean third-party-requests?" in wrong.stderr


def test_schema() -> None:
    assert json.loads(call("schema").stdout)["title"] == "Policy compliance spec"
    assert "judged" in call("schema", "run").stdout
    assert call("schema", "other").exit_code == 2


def test_demo_lists_its_variants() -> None:
    result = call("demo", "--list")
    assert result.stdout.startswith("honest ")
    wrong = call("demo", "--variant", "polite")
    assert wrong.exit_code == 2
    assert "the demo site has no variant 'polite'" in wrong.stderr


def test_run_of_a_recorded_run(spec: Path) -> None:
    path = record(spec, Path("reports"), [tracked(), clean()])
    done = start("run", "--observations", path, "-k", "nobody-else", "--junitxml", "junit.xml")
    assert done.returncode == 1, done.stderr
    told = done.stdout
    assert (
        told.index("✗ nobody-else   broken") < told.index("short test summary") < told.index("1 failed, 4 deselected")
    )
    assert f"Report: {path}/report.html" in told
    assert "warning" not in told
    assert Path("junit.xml").is_file()


def test_run_exits_as_pytest_does(spec: Path) -> None:
    assert start("run", "--no-such-option").returncode == 4
    assert start("run", "-k", "nothing-of-that-name").returncode == 5
    spec.write_text("version: 2\n")
    wrong = start("run", spec)
    assert wrong.returncode == 2
    assert "specs/shop.yaml:1:10: version 2 is not one that this program reads" in wrong.stdout
    spec.unlink()
    assert start("run").returncode == 2


def test_run_tells_what_is_no_verdict(spec: Path) -> None:
    Path("test_mine.py").write_text("def test_mine():\n    assert 'this' == 'that'\n")
    done = start("run", spec, "test_mine.py", "--browser-path", "no-such-browser")
    assert done.returncode == 1
    assert "the site could not be observed: browser " in done.stdout
    assert "no-such-browser does not exist" in done.stdout
    assert "AssertionError: assert 'this' == 'that'" in done.stdout


@pytest.mark.parametrize("verb", ["crawl", "doctor", "capture", "demo"])
def test_without_a_browser(verb: str, spec: Path) -> None:
    words = {"crawl": [spec], "capture": ["https://shop.test/privacy"]}.get(verb, [])
    result = call(verb, *words, "--browser-path", "no-such-browser")
    assert result.exit_code == 4
    assert "no-such-browser does not exist" in result.output
    assert "compliance doctor --fix" in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_wrong_settings(spec: Path) -> None:
    for words in (["--site", "shop"], ["--resolve", "shop.test"]):
        result = call("crawl", spec, *words)
        assert result.exit_code == 2, result.output
        assert result.stderr.splitlines()[0].startswith(f"Error: {' '.join(words)}")
    Path("pyproject.toml").write_text("[tool.compliance]\nbrowsr = 'x'\n")
    result = call("crawl", spec)
    assert result.exit_code == 2
    assert "browsr" in result.stderr


def test_capture_wants_an_address() -> None:
    result = call("capture", "shop.test")
    assert result.exit_code == 2
    assert "give it as in https://shop.example/privacy" in result.stderr


def test_another_package_of_our_name_is_told_of(folder: Path) -> None:
    copy = folder / "site"
    shutil.copytree(
        ROOT / "compliance", copy / "compliance", ignore=shutil.ignore_patterns("sites", "data", "__pycache__")
    )
    (copy / "compliance" / "evidence.py").write_text("")
    done = start("checks", PYTHONPATH=str(copy))
    assert done.returncode == 2
    assert "another package called `compliance` is in the way" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_ours_looks_like_no_verdict(spec: Path) -> None:
    path = record(spec, Path("reports"), [clean()])
    done = start("judge", path, PYTHONPATH=f"{_broken_package()}{os.pathsep}{ROOT}")
    assert done.returncode == 4
    assert "this is a fault of policy-compliance" in done.stderr


def _broken_package() -> Path:
    """A `rich` that cannot be used: something nobody foresaw."""
    folder = Path("broken").absolute()
    (folder / "rich").mkdir(parents=True)
    (folder / "rich" / "__init__.py").write_text("raise RuntimeError('unforeseen')\n")
    return folder


# ---- with a browser


@pytest.mark.browser
def test_demo_and_what_is_left_of_it() -> None:
    result = call("demo", "--variant", "third-party-requests/pixel")
    assert result.exit_code == 1, result.output
    assert "ip-only-for-analysis" in result.stdout
    assert "observed " in result.stderr
    (path,) = Path("reports").iterdir()
    first = json.loads((path / "run.json").read_text())
    assert first["environment"]["browser"]
    assert call("judge", path).exit_code == 1
    again = json.loads((path / "run.json").read_text())
    del first["judged"], again["judged"]
    assert first == again


@pytest.mark.browser
def test_ctrl_c_keeps_what_was_seen_and_resume_goes_on() -> None:
    import signal
    import time

    process = subprocess.Popen(
        [sys.executable, "-m", "compliance", "demo"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if "crawling" in line:
            break
    time.sleep(1)  # some pages are seen, not all
    process.send_signal(signal.SIGINT)
    told, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopping after the pages in flight" in said
    (path,) = Path("reports").iterdir()
    assert f"go on with: compliance resume {path}" in said
    assert "could not tell" in told
    assert (path / "report.html").is_file()
    # The demo site is gone by now: what is left cannot be seen, and that is no pass.
    result = call("resume", path)
    # 4: on a slow machine no page had been seen at all.
    assert result.exit_code in (1, 3, 4), result.output
    assert "interrupted" not in (path / "run.json").read_text().partition('"notices"')[2]


@pytest.mark.browser
def test_crawl_then_judge_then_capture(spec: Path) -> None:
    from compliance.demo import DemoSite

    with DemoSite() as site:
        network = ("--resolve", site.resolve[0], "--ignore-tls", "*.test")
        seen = call("crawl", spec, "--site", site.url, *network)
        assert seen.exit_code == 0, seen.output
        path = Path(seen.stdout.strip())
        policy = call("capture", f"{site.url}privacy-policy", *network)
    assert policy.exit_code == 0, policy.output
    assert (Path(policy.stdout.strip()) / "version.md").is_file()
    assert not (path / "run.json").exists()
    judged = call("judge", path)
    assert judged.exit_code == 0, judged.output
    assert f"Observed at {site.url}" in " ".join(judged.stdout.split())


@pytest.mark.browser
def test_crawl_of_a_site_that_is_not_there(spec: Path) -> None:
    result = call("crawl", spec, "--resolve", "shop.test:127.0.0.1:1")
    assert result.exit_code == 4
    assert f"no page of {HOME} could be opened" in result.stderr
    assert ABOUT not in result.stderr


@pytest.mark.browser
def test_doctor() -> None:
    result = call("doctor")
    assert result.exit_code == 0, result.output
    assert "third-party cookies" in result.stdout
