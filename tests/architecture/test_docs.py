"""The documentation tells the truth: examples load and run, commands exist, links lead somewhere, tables are fresh."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import click
import pytest
import yaml

from compliance.cli.main import VERBS
from compliance.model.spec import Promise
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import VisitOutcome
from compliance.settings import VARIABLES, Settings
from compliance.specfile.lint import lint
from compliance.specfile.loader import load_spec
from compliance.specfile.reference import PAGE, REGENERATE, anchor, main, models, renewed, table, tables_in

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
POLICY = ROOT / "policies" / "spaceotechnologies.com" / "2017-02-22"
TODAY = date(2026, 11, 22)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
#: Written by others, or generated; their links are looked at too.
LINKED = [*PAGES, *sorted((DOCS / "checks").glob("*.md")), ROOT / "compliance" / "demo" / "README.md"]

#: What a piece of a spec lacks to be one.
BASE = {
    "version": "version: 1",
    "site": "site: {url: 'https://www.spaceotechnologies.com/'}",
    "policy": "policy: {path: unused}",
    "promises": "promises: [{id: a, quote: Write and discuss with us., category: policy-change, not_testable: No.}]",
}


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    page: Path
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    @property
    def options(self) -> dict[str, str]:
        return dict(word.split("=", 1) for word in self.words if "=" in word)

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    found = []
    for match in re.finditer(r"^```(\w*)([^\n`]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(page, line, match[1], tuple(match[2].split()), match[3]))
    return found


def prose_of(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def each(language: str, *marks: str):
    chosen = [b for b in BLOCKS if b.language == language and (not marks or set(marks) & set(b.words))]
    return pytest.mark.parametrize("block", chosen, ids=str)


# ---- examples


def test_every_kind_of_example_is_there_and_marked() -> None:
    kinds = {(b.language, next((w for w in b.words if "=" not in w), "")) for b in BLOCKS}
    assert {("yaml", "spec"), ("yaml", "part"), ("python", ""), ("sh", "")} <= kinds
    known = {"", "sh", "text", "yaml", "python", "toml"}
    assert {b.language for b in BLOCKS} - known == set(), "blocks of an unknown language are looked at by nobody"
    assert [str(b) for b in BLOCKS if not b.language] == [], "say `text` for what is neither code nor data"
    assert [str(b) for b in BLOCKS if b.language == "python" and "file" not in b.options] == [], "name its file"
    specs = [b for b in BLOCKS if b.language == "yaml" and re.search(r"^(promises|site):", b.text, re.MULTILINE)]
    # The tutorial's first draft of a spec is there to be refused by lint.
    unmarked = [b for b in specs if not {"spec", "part"} & set(b.words) and b.page.name != "tutorial.md"]
    assert [str(b) for b in unmarked] == [], "mark it as `yaml spec` or `yaml part`"


@each("yaml", "spec")
def test_a_spec_in_the_docs_passes_lint_without_a_warning(block: Block, tmp_path: Path) -> None:
    path = tmp_path / block.options["file"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, "utf-8")
    shutil.copytree(POLICY, tmp_path / block.options["policy"])
    report = lint(path, today=TODAY)
    assert [str(e) for e in (*report.errors, *report.warnings)] == []
    assert report.counts.unaccounted == 0


@each("yaml", "part")
def test_a_piece_of_a_spec_in_the_docs_loads(block: Block, tmp_path: Path) -> None:
    given = set(re.findall(r"^(\w+):", block.text, re.MULTILINE))
    text = "\n".join([block.text, *(lines for key, lines in BASE.items() if key not in given)])
    path = tmp_path / "spec.yaml"
    path.write_text(text, "utf-8")
    loaded = load_spec(path, policy_dir=POLICY, today=TODAY)
    assert [str(w) for w in loaded.warnings] == []


def test_the_first_draft_of_the_tutorial_is_refused_as_it_says(tmp_path: Path) -> None:
    page = DOCS / "tutorial.md"
    draft = next(b for b in blocks_of(page) if b.language == "yaml" and not b.words)
    path = tmp_path / "specs" / "mysite.yaml"
    path.parent.mkdir()
    path.write_text(draft.text, "utf-8")
    report = lint(path, policy_dir=POLICY, today=TODAY)
    assert (report.counts.promises, report.counts.sentences - report.counts.unaccounted) == (1, 1)
    assert f"specs/mysite.yaml:{report.errors[0].location.line}:1: error: heading 1 is not" in page.read_text("utf-8")


@each("yaml")
def test_other_yaml_is_well_formed(block: Block) -> None:
    assert list(yaml.safe_load_all(block.text)) is not None


@each("toml")
def test_toml_is_well_formed(block: Block) -> None:
    assert tomllib.loads(block.text)


@each("sh")
def test_shell_is_well_formed(block: Block) -> None:
    done = subprocess.run(["sh", "-n"], input=block.text, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "document", [p for p in PAGES if any(b.language == "python" for b in blocks_of(p))], ids=lambda p: p.name
)
def test_python_in_the_docs_runs(document: Path, tmp_path: Path) -> None:
    """Each block becomes the file that it names; what is a test is run."""
    for block in blocks_of(document):
        if block.language != "python":
            continue
        path = tmp_path / block.options["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, "utf-8")
    (tmp_path / "conftest.py").write_text(
        "import pytest\nfrom compliance.testing import observe, visit\n\n\n"
        "@pytest.fixture\ndef observations():\n    return observe(visit(title='Shop'))\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", "."],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# ---- commands


@cache
def options_of(verb: str, part: str = "") -> frozenset[str]:
    """Options that a verb has, or the part of it that is named; those of `run` include pytest's."""
    command: click.Command = import_module(f"compliance.cli.{verb}").command
    if isinstance(command, click.Group):
        command = command.commands.get(part, command)
    own = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return frozenset(own | {"--help", "-h"} | (pytest_options() if verb == "run" else frozenset()))


@cache
def pytest_options() -> frozenset[str]:
    asked = [sys.executable, "-m", "pytest", "-p", "compliance.pytest_plugin", "--help"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    # pytest's help names one spelling of each; this is the other one that everybody writes.
    return frozenset(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", done.stdout)) | {"--junitxml"}


@cache
def make_targets() -> frozenset[str]:
    return frozenset(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def problems(code: str) -> list[str]:
    """What is wrong with the commands in a line of code; nothing for what is no command of ours."""
    found = []
    code = re.sub(r"\$\([^()]*\)", "SUBSTITUTED", code)
    for match in re.finditer(r"(?:^|(?<=[\s\"(/]))(compliance|pytest|make|python3? -m) (.*)", code):
        program, rest = match[1], re.split(r"\s(?:\|\|?|&&|;|>)\s|\s#|\)\"", match[2])[0]
        try:
            words = shlex.split(rest)
        except ValueError:
            words = rest.split()
        options = {word.partition("=")[0] for word in words if re.match(r"--?[a-zA-Z]", word)}
        # `-k "a and b"`: what stands in quotes is one word, and no option.
        options = {option for option in options if " " not in option}
        if program == "make":
            found += [f"make has no target {w}" for w in words if "=" not in w and w not in make_targets()]
        elif program == "pytest" or words[:1] == ["pytest"]:
            found += [f"pytest has no option {o}" for o in sorted(options - pytest_options())]
        elif program.startswith("python"):
            if words[0].split(".")[0] in ("compliance", "benchmarks") and find_spec(words[0]) is None:
                found.append(f"there is no module {words[0]}")
        elif words and words[0].startswith("-"):
            found += [f"compliance has no option {words[0]}"] * (words[0] not in ("--help", "-h", "--version"))
        elif words and words[0] not in VERBS:
            found.append(f"compliance has no verb {words[0]}")
        elif words:
            found += [f"compliance {words[0]} has no option {o}" for o in sorted(options - options_of(*words[:2]))]
    return found


def code_of(page: Path) -> list[str]:
    """Lines of shell and YAML blocks, and code inside sentences."""
    lines = [line for b in blocks_of(page) if b.language in ("sh", "yaml") for line in b.text.splitlines()]
    return [*lines, *(" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose_of(page)))]


@pytest.mark.parametrize("document", LINKED, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_commands_in_the_docs_exist_with_these_options(document: Path) -> None:
    assert [(code, problem) for code in code_of(document) for problem in problems(code)] == []


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("compliance audit specs/shop.yaml", "compliance has no verb audit"),
        ("- run: compliance lint --strict", "compliance lint has no option --strict"),
        (".venv/bin/compliance demo --variant honest --fast", "compliance demo has no option --fast"),
        ("compliance run specs/shop.yaml --no-such-option=3 -k x", "compliance run has no option --no-such-option"),
        ("pytest specs/shop.yaml --no-such-option", "pytest has no option --no-such-option"),
        ("make tests", "make has no target tests"),
        ("python -m compliance.nothing docs", "there is no module compliance.nothing"),
        ("compliance --verbose", "compliance has no option --verbose"),
    ],
)
def test_a_command_that_does_not_exist_is_noticed(code: str, problem: str) -> None:
    assert problems(code) == [problem]


@pytest.mark.parametrize(
    "code",
    [
        "compliance run specs/shop.yaml -k 'a and b' --junitxml x.xml -n 2",
        "compliance --help",
        "make audit SITE=https://example.org",
        "policy-compliance @ git+https://example.org/policy-compliance",
        "compliance.checks",
    ],
)
def test_what_exists_is_let_pass(code: str) -> None:
    assert problems(code) == []


def test_the_index_lists_every_command_and_every_page() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    assert sorted(re.findall(r"^\| `compliance (\w+)", index, re.MULTILINE)) == sorted(VERBS)
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", index))
    assert linked == {page.name for page in DOCS.glob("*.md")} - {"README.md"}


# ---- links


def slug(heading: str) -> str:
    """The anchor that code hosts make of a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#{1,6} (.+)$", prose_of(page), re.MULTILINE)}


def dead_links(page: Path) -> list[str]:
    dead = []
    for target in re.findall(r"\]\(([^()\s]+)\)", prose_of(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        if not there.is_relative_to(ROOT) or not there.exists():
            dead.append(f"{target}: there is no such file")
        elif fragment and (there.suffix != ".md" or fragment not in anchors(there)):
            dead.append(f"{target}: there is no such heading")
    return dead


@pytest.mark.parametrize("document", LINKED, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    assert dead_links(document) == []


def test_a_dead_link_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text("# One `two`\n[a](#one-two) [b](#three) [c](no.md) [d](../x.md) [e](https://x.test/)\n")
    assert [dead.partition(":")[0] for dead in dead_links(page)] == ["#three", "no.md", "../x.md"]


# ---- what is written twice stays the same


def test_the_tables_of_the_spec_reference_are_fresh() -> None:
    text = (ROOT / PAGE).read_text("utf-8")
    assert text == renewed(text), f"{PAGE} is out of date: run {REGENERATE}"


def test_the_spec_reference_has_every_mapping_under_its_key() -> None:
    text = (ROOT / PAGE).read_text("utf-8")
    assert sorted(tables_in(text)) == sorted(models())
    for name in set(models()) - {"Spec"}:
        assert f"## `{anchor(name)}`" in text


@pytest.mark.parametrize("name", list(models()))
def test_every_key_has_a_meaning(name: str) -> None:
    rows = [line for line in table(name).splitlines() if line.startswith("| `")]
    assert [row for row in rows if not row.split(" | ")[-1].strip(" |")] == []
    assert len(rows) == len(models()[name].model_fields)


def test_writing_the_tables_leaves_the_rest_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "spec.md"
    page.write_text("Before\n<!-- table: Waiver -->\nstale\n<!-- end of table -->\nAfter\n")
    assert main([str(page)]) == 0
    text = page.read_text()
    assert text.startswith("Before\n")
    assert text.endswith("<!-- end of table -->\nAfter\n")
    assert "stale" not in text
    assert "| `owner` | text | required |" in text
    assert main([]) == 2
    assert REGENERATE in capsys.readouterr().err


def test_types_are_said_as_a_spec_has_them() -> None:
    promise = table("Promise")
    assert "| `quote` | text or list of texts | required |" in promise
    assert "| `checks` | mapping or list of check ids | none |" in promise
    assert "| `severity` | `low`, `medium`, `high`, `critical` | `medium` |" in promise
    assert "| `depth` | whole number, 0 to 100 | `10` |" in table("ScopeSpec")
    assert "| `expires` | date, as in 2026-11-22 | required |" in table("Waiver")


def test_every_outcome_and_every_reason_is_explained() -> None:
    limits = (DOCS / "limits.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \| [✗✓?–!]", limits, re.MULTILINE) == ["passed", "failed"] + [
        o.value for o in Outcome if o not in (Outcome.PASSED, Outcome.FAILED)
    ]
    table_of_reasons = limits.partition("## Reasons")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)`", table_of_reasons, re.MULTILINE) == [reason.value for reason in Reason]
    readme = (ROOT / "README.md").read_text("utf-8")
    assert set(re.findall(r"^\| [✗✓?–!] [\w ]+ \| `(\w+)`", readme, re.MULTILINE)) == set(Outcome)
    # One word must not be both a verdict and the end of a visit.
    assert not {o.value for o in VisitOutcome} & {o.value for o in Outcome}


def test_every_claim_is_explained() -> None:
    text = (ROOT / PAGE).read_text("utf-8").partition("### `claim`")[2].partition("\n### ")[0]
    claims = get_args(Promise.model_fields["claim"].annotation)
    assert re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE) == list(claims)


def test_every_setting_is_explained() -> None:
    ci = (DOCS / "ci.md").read_text("utf-8").partition("## Settings")[2]
    assert set(re.findall(r"COMPLIANCE_\w+", ci)) == set(VARIABLES.values())
    for key in Settings.model_fields:
        assert f"`{key.replace('_', '-')}`" in ci, f"docs/ci.md does not name the setting {key}"


def test_the_readme_is_read_in_five_minutes() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(readme.splitlines()) <= 150
    assert {"make audit", "make test"} <= set(re.findall(r"^make \w+", readme, re.MULTILINE))
    ten_lines = next(b for b in blocks_of(ROOT / "README.md") if "part" in b.words)
    assert len(ten_lines.text.splitlines()) == 10
