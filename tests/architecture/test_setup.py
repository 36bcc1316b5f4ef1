"""From a clone to a first audit: the Makefile, the set-up script, the CI script, and what they promise."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SETUP = ROOT / "scripts" / "setup.sh"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
TARGETS = ["help", "audit", "test", "test-all", "check", "fix", "bench", "accuracy", "docs", "clean"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script and a Makefile")


def make(*arguments, cwd=ROOT):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PYTHON"))}
    return subprocess.run(["make", *arguments], cwd=cwd, capture_output=True, text=True, env=clean)


def script(path, body):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def python(path, version="3.11", venv=True):
    """A stand-in that answers the two questions of the set-up script."""
    new = tuple(map(int, version.split("."))) >= (3, 11)
    lines = [
        f'case "$2" in *version_info\\ \\<*) exit {0 if new else 1};;',
        f"*ensurepip*) exit {0 if venv else 1};;",
        f"*%d.%d*) echo {version}; exit;; esac; exit 9",
    ]
    return script(path, " ".join(lines))


def run_setup(folder, *arguments, path, **environment):
    """The script in a project of its own, with only these folders on PATH beside the shell's tools."""
    (folder / "scripts").mkdir(exist_ok=True)
    shutil.copy(SETUP, folder / "scripts" / "setup.sh")
    shutil.copy(ROOT / "pyproject.toml", folder)
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    for tool in ("sh", "dirname", "id", "rm", "cat"):
        if not (tools / tool).exists():
            (tools / tool).symlink_to(shutil.which(tool))
    places = ":".join(map(str, [*path, tools]))
    return subprocess.run(
        [folder / "scripts" / "setup.sh", *arguments],
        capture_output=True,
        text=True,
        env={"PATH": places, **environment},
        stdin=subprocess.DEVNULL,
    )


def test_help_is_the_default_and_names_every_target():
    shown = make()
    assert shown.returncode == 0, shown.stderr
    listed = re.findall(r"^  make (\S+) +\w", shown.stdout, re.MULTILINE)
    assert sorted(listed) == sorted([*TARGETS, "audit"])


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_can_be_planned_even_where_nothing_is_installed(tmp_path, target):
    project = tmp_path / "a clone"
    shutil.copytree(ROOT / "scripts", project / "scripts")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, project)
    planned = make("-n", target, cwd=project)
    assert planned.returncode == 0, planned.stderr
    assert ("scripts/setup.sh" in planned.stdout) is (target not in {"help", "clean"})


def test_audit_without_a_site_is_the_demo_and_with_one_the_site():
    demo = make("-n", "audit").stdout.splitlines()[-1]
    assert demo.split(maxsplit=1)[0] == ".venv/bin/compliance"
    assert " demo --spec " in demo
    site = make(
        "-n", "audit", "SITE=https://shop.test", "SPEC=specs/my shop.yaml", "ARGS=--headed"
    ).stdout.splitlines()[-1]
    assert site == '.venv/bin/compliance run "specs/my shop.yaml" --site "https://shop.test" --headed'


def test_the_newest_tested_python_that_works_is_taken(tmp_path):
    first, second = tmp_path / "stubs", tmp_path / "a b"
    script(first / "python3.13", "echo 'python3.13: command not found' >&2; exit 127")
    python(first / "python3", "3.10")
    wanted = python(second / "python3.12")
    python(second / "python3.11")
    shown = run_setup(tmp_path, "--python", path=[first, second])
    assert (shown.stdout.strip(), shown.returncode) == (str(wanted), 0)


def test_one_that_can_make_environments_is_preferred(tmp_path):
    python(tmp_path / "bin" / "python3.12", venv=False)
    wanted = python(tmp_path / "bin" / "python3.11")
    assert run_setup(tmp_path, "--python", path=[tmp_path / "bin"]).stdout.strip() == str(wanted)


@pytest.mark.parametrize("version", [None, "3.10"])
def test_without_a_new_enough_python_there_is_one_clear_message(tmp_path, version):
    (tmp_path / "bin").mkdir()
    if version:
        python(tmp_path / "bin" / "python3", version)
    shown = run_setup(tmp_path, path=[tmp_path / "bin"])
    assert shown.returncode == 1
    assert "no Python of 3.11 or newer on PATH" in shown.stderr
    assert "PYTHON=" in shown.stderr


def test_a_python_that_was_asked_for_is_taken_or_refused(tmp_path):
    wanted, old = python(tmp_path / "mine"), python(tmp_path / "old", "3.9")
    python(tmp_path / "bin" / "python3.12")
    assert run_setup(tmp_path, "--python", path=[tmp_path / "bin"], PYTHON=str(wanted)).stdout.strip() == str(wanted)
    refused = run_setup(tmp_path, "--python", path=[tmp_path / "bin"], PYTHON=str(old))
    assert (refused.returncode, "older than 3.11" in refused.stderr) == (1, True)


def test_debians_python_without_venv_names_the_package(tmp_path):
    bare = python(tmp_path / "bin" / "python3", "3.11", venv=False)
    shown = run_setup(tmp_path, path=[tmp_path / "bin"])
    assert shown.returncode == 1
    assert f"{bare} cannot make virtual environments" in shown.stderr
    assert "apt-get install python3.11-venv" in shown.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root installs packages")
def test_root_on_debian_gets_the_package(tmp_path):
    python(tmp_path / "bin" / "python3", "3.11", venv=False)
    script(tmp_path / "bin" / "apt-get", f'echo "$*" >> {tmp_path}/log')
    run_setup(tmp_path, path=[tmp_path / "bin"])
    assert (tmp_path / "log").read_text().splitlines()[-1].endswith("python3.11-venv")


def test_groups_are_plain_lists_that_any_pip_can_be_given():
    for group, requirements in PROJECT["dependency-groups"].items():
        assert all(isinstance(requirement, str) for requirement in requirements), group


def test_scripts_are_executable_and_parse():
    for path, shell in ((SETUP, "sh"), (ROOT / ".ci" / "run", "bash")):
        assert os.access(path, os.X_OK), path
        subprocess.run([shell, "-n", path], check=True)


def test_hooks_and_workflow_use_targets_and_files_that_exist():
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    jobs = yaml.safe_load(workflow)["jobs"]
    assert all("timeout-minutes" in job for job in jobs.values())
    steps = "\n".join(step["run"] for job in jobs.values() for step in job["steps"] if "run" in step)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\S+)", steps, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for module in re.findall(r"-m (compliance[\w.]*)", steps):
        assert (ROOT / Path(*module.split("."))).with_suffix(".py").is_file(), module
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]
    installed = {re.split(r"[<>=\[]", requirement)[0] for requirement in PROJECT["dependency-groups"]["dev"]}
    modules = {match[1] for hook in hooks if (match := re.search(r"-m (\S+)", hook["entry"]))}
    assert modules <= installed


def test_the_licence_is_the_one_the_project_names():
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
