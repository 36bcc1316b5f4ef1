"""The house rules that a machine can hold: who may import whom, sizes, tests beside modules, words that stay out."""

import ast
import importlib
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from compliance.checks import BUILTIN, Check

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "compliance"
TESTS = ROOT / "tests"
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts and "sites" not in path.parts
)
LIMIT = 400

#: Modules that may be longer, and why.
LONGER: dict[str, str] = {}

#: Modules with logic and no test file of their own, and what tests them instead.
TESTED_ELSEWHERE: dict[str, str] = {
    "browser/scripts/__init__.py": "tests/browser/test_drive.py, by pages that the scripts read",
    "demo/tls/make_certificate.py": "tests/demo/test_server.py checks the certificate it made",
    "journeys/scripts/__init__.py": "tests/journeys/test_probe_forms.py, by pages that the scripts watch",
    "knowledge/identifiers/explain.py": "tests/checks/test_no_identifying_cookies.py, by messages",
    "pytest_plugin/__init__.py": "tests/integration/test_plugin.py, by running pytest",
    "pytest_plugin/collect.py": "tests/integration/test_plugin.py, by running pytest",
    "pytest_plugin/fixtures.py": "tests/integration/test_plugin.py, by running pytest",
}


def name(path):
    return path.relative_to(PACKAGE).as_posix()


@cache
def tree(path):
    return ast.parse(path.read_text("utf-8"))


def has_logic(path):
    """Whether a module does more than declare: any function whose body is more than a docstring."""
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and [part for part in node.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]
        for node in ast.walk(tree(path))
    )


def dotted(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


BY_NAME = {dotted(path): path for path in MODULES}


@cache
def imports(path):
    """The modules of ours that a file imports; a name that a package passes on counts as its module's."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names if alias.name in BY_NAME)
        elif isinstance(node, ast.ImportFrom) and node.module in BY_NAME:
            for alias in node.names:
                found |= home(node.module, alias.name)
    return frozenset(found)


def home(module, name):
    """Where a name that is imported from a module is really written."""
    if f"{module}.{name}" in BY_NAME:
        return {f"{module}.{name}"}
    for node in tree(BY_NAME[module]).body:
        if isinstance(node, ast.ImportFrom) and node.module in BY_NAME:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return home(node.module, alias.name)
    return {module}


@cache
def imported_by_tests():
    return frozenset().union(*(imports(path) for path in TESTS.rglob("test_*.py")))


@cache
def users(module):
    return frozenset(path for path in MODULES if module in imports(path) and path.name != "__init__.py")


def has_test(path, asked=frozenset()):
    """A test of the same name in the same place or above it; or one that imports the module.

    What only modules of the same folder use is tested through them.
    """
    stem = path.parent.name if path.name == "__init__.py" else path.stem
    folder = TESTS / path.parent.relative_to(PACKAGE)
    above = [folder, *folder.parents]
    places = above[: above.index(TESTS) + 1]
    if dotted(path) in imported_by_tests() or any((at / f"test_{stem.lstrip('_')}.py").is_file() for at in places):
        return True
    around = users(dotted(path))
    inner = all(path.parent in user.parents for user in around)
    return inner and any(has_test(user, asked | {path}) for user in around if user not in asked)


def test_imports_point_down():
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_stay_readable(path):
    lines = len(path.read_text("utf-8").splitlines())
    if name(path) in LONGER:
        assert lines > LIMIT, f"{name(path)} is short again; take it off the list"
    else:
        assert lines <= LIMIT, f"{name(path)} has {lines} lines; one meaning each, split it"


def test_the_lists_of_exceptions_name_modules_that_exist():
    known = {name(path) for path in MODULES}
    assert set(LONGER) - known == set()
    assert set(TESTED_ELSEWHERE) - known == set()


@pytest.mark.parametrize("path", [path for path in MODULES if has_logic(path)], ids=name)
def test_every_module_with_logic_has_its_test(path):
    if name(path) in TESTED_ELSEWHERE:
        assert not has_test(path), f"{name(path)} has a test now; take it off the list"
    else:
        assert has_test(path), f"write tests for {name(path)}, or say in TESTED_ELSEWHERE what tests it"


@pytest.mark.parametrize(
    "path", [path for path in (PACKAGE / "checks").glob("*/*.py") if not path.name.startswith("_")], ids=name
)
def test_every_check_is_registered_under_the_name_of_its_file(path):
    module = importlib.import_module(dotted(path))
    checks = [value for value in vars(module).values() if isinstance(value, Check)]
    assert [check.id for check in checks] == [path.stem.replace("_", "-")]
    assert checks[0] in BUILTIN, f"add it to BUILTIN in {name(PACKAGE / 'checks' / '_registry.py')}"


@pytest.mark.parametrize("path", [path for path in MODULES if "cli" not in path.parts], ids=name)
def test_only_the_command_line_prints(path):
    prints = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert prints == []


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=name)
def test_every_folder_with_modules_is_a_package_that_says_what_it_is(folder):
    assert ast.get_docstring(tree(folder / "__init__.py"))


def test_users_get_the_types():
    assert (PACKAGE / "py.typed").is_file()


# Written in pieces, so that this file does not hold what it looks for.
_MACHINE = [rf"(?<![\w.-])/{top}/" for top in ("work", "root", "opt/pypi", "opt/wheels", "home/[a-z]+", "Users/[a-z]+")]
_REGISTRIES = [r"pypi\." + "org", "pythonhosted" + r"\.org", r"registry\." + "npmjs", r"proxy\." + "golang"]
STAY_OUT = re.compile("|".join(_MACHINE + _REGISTRIES))
TEXT = {".py", ".toml", ".yaml", ".yml", ".md", ".html", ".css", ".js", ".json", ".txt", ".sh", ".sql", ".j2", ""}


def texts():
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [ROOT / line for line in tracked.stdout.split("\0") if line]
    # Captured pages and vendored lists are other people's words.
    return [
        path
        for path in paths
        if path.suffix in TEXT and path.is_file() and not {"policies", "data"} & set(path.relative_to(ROOT).parts)
    ]


def test_no_file_knows_the_machine_it_was_written_on_or_a_package_index():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in texts()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if STAY_OUT.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("cd /" + "work/main", True),
        ("url = https://shop.test/our/" + "work/", False),
        ("index = https://" + "pypi" + ".org/simple", True),
        ("/usr/bin/chromium", False),
    ],
)
def test_the_words_that_stay_out_are_recognised(line, expected):
    assert bool(STAY_OUT.search(line)) is expected
