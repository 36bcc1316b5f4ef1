"""Bad specs: each is refused with exactly the errors its first lines name, at that place, with that hint.

`# expect: LINE:COLUMN message => hint`; `<folder>` stands for the folder of the bad specs.
"""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from compliance.errors import SpecErrors
from compliance.specfile import limits, load_spec, nodes

from .conftest import DATA, GOOD

TODAY = date(2026, 11, 22)
FILES = sorted(DATA.glob("*.yaml"))
_EXPECT = re.compile(r"# expect: (\d+):(\d+) (.+) => (.+)")

pytestmark = pytest.mark.timeout(5)


def refused(path: Path) -> list[tuple[int, int, str, str]]:
    with pytest.raises(SpecErrors) as caught:
        load_spec(path, today=TODAY)
    assert all(error.location.path == str(path) for error in caught.value.errors)
    return [(e.location.line, e.location.column, e.message, e.hint) for e in caught.value.errors]


def only(path: Path) -> tuple[int, int, str, str]:
    errors = refused(path)
    assert len(errors) == 1, errors
    return errors[0]


def test_there_are_many() -> None:
    assert len(FILES) >= 120


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_bad_spec(path: Path) -> None:
    lines = path.read_text().replace("<folder>", str(DATA)).split("\n")
    matches = [match for match in map(_EXPECT.fullmatch, lines) if match]
    expected = [(int(m[1]), int(m[2]), m[3], m[4]) for m in matches]
    assert expected
    assert refused(path) == expected


# PyYAML's own parser passes over unknown directives, as YAML asks; libyaml refuses them.
SYNTAX = [
    f for f in FILES if f.stem.startswith(("syntax", "tag", "dup", "billion", "too-")) and "unknown" not in f.stem
]


@pytest.mark.parametrize("path", SYNTAX, ids=lambda path: path.stem)
def test_pure_python_parser_refuses_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = refused(path)
    monkeypatch.setattr(nodes, "LOADER", yaml.SafeLoader)
    slow = refused(path)
    # The two parsers differ by a column or so in where they notice.
    assert [e[0] for e in slow] == [e[0] for e in fast]
    assert all(hint for *_, hint in slow)


def test_no_file(tmp_path: Path) -> None:
    assert only(tmp_path / "no.yaml")[2] == "the file cannot be read: No such file or directory"


def test_folder(tmp_path: Path) -> None:
    assert only(tmp_path)[2] == "this is not a file"


def test_device() -> None:
    assert only(Path("/dev/zero"))[2] == "this is not a file"


def test_empty(write) -> None:
    assert only(write(""))[:3] == (1, 1, "the file is empty")


@pytest.mark.parametrize(
    ("content", "line", "column", "message", "hint"),
    [
        (b"version: 1\nname: caf\xe9\n", 2, 10, "the file is not UTF-8 (byte 0xE9)", "UTF-8"),
        ("version: 1\nä: ".encode() + b"\xff", 2, 4, "the file is not UTF-8 (byte 0xFF)", "UTF-8"),
        ("version: 1".encode("utf-16"), 1, 1, "the file is not UTF-8 (UTF-16)", "UTF-8"),
        (b"\xef\xbb\xbfversion: 1\n", 1, 1, "a byte order mark (U+FEFF)", "without BOM"),
        (b"version: 1\na: b\x00c\n", 2, 5, "control character (U+0000)", "delete"),
        (b"version: 1\na: b\x1b[31mc\n", 2, 5, "control character (U+001B)", "delete"),
        (b"version: 1\r\na:\r\n\tb: c\r\n", 3, 1, "a tab in the indentation", "spaces"),
    ],
)
def test_bytes(write, content: bytes, line: int, column: int, message: str, hint: str) -> None:
    found = only(write(content))
    assert found[:3] == (line, column, message)
    assert hint in found[3]


def test_a_million_control_characters_give_some_errors(write) -> None:
    assert len(refused(write(b"\x01" * 900_000))) == limits.MAX_ERRORS


def test_two_megabytes(write) -> None:
    assert only(write(GOOD + "# " + "x" * 2_000_000))[2] == "the file is larger than 1,000,000 bytes"


def test_a_long_comment_is_no_error(write) -> None:
    assert load_spec(write(GOOD + "# " + "x" * 900_000)).spec.promises


def test_a_hundred_thousand_items(write) -> None:
    line, _, message, hint = only(write(GOOD + "scope:\n  seeds:\n" + "    - /a\n" * 90_000))
    assert message == "more than 20,000 keys and values (aliases written out)"
    assert line > 19_000
    assert hint == "split the spec"


def test_a_large_text_in_fifty_aliases(write) -> None:
    text = GOOD.replace("name: Shop", "name: &n " + "x" * 100_000) + "a: [" + "*n, " * 49 + "]\n"
    assert only(write(text))[2] == "more than 2,000,000 characters (aliases written out)"


@pytest.mark.parametrize("open_", ["[", "{a: ", "- ", "? "])
def test_a_hundred_thousand_levels(write, open_: str) -> None:
    assert only(write("a: " + open_ * 100_000 if open_ in "[{a: " else open_ * 100_000))[2].startswith("nested deeper")


def test_five_thousand_unknown_keys(write) -> None:
    errors = refused(write(GOOD + "".join(f"key{n}: 1\n" for n in range(5_000))))
    assert len(errors) == limits.MAX_ERRORS + 1
    assert errors[-1][2] == "and 4950 more errors"


def test_thousand_wrong_quotes(write) -> None:
    quotes = "".join(f"  - quote: We sell your data {n} times.\n    because: x\n" for n in range(1_000))
    errors = refused(write(GOOD + quotes))
    assert errors[-1][2] == "and 950 more errors"


def test_a_message_is_harmless_to_a_terminal(write) -> None:
    text = GOOD + '"\\u202Eevil\\u2066": 1\n'
    assert "\u202e" not in only(write(text))[2]


def test_an_installed_check_that_cannot_be_used(write, monkeypatch: pytest.MonkeyPatch) -> None:
    from compliance.errors import ComplianceError
    from compliance.specfile import binding

    def broken() -> dict[str, object]:
        raise ValueError("entry point acme:x of group compliance.checks is not a Check")

    monkeypatch.setattr(binding, "registry", broken)
    with pytest.raises(ComplianceError, match="acme:x") as caught:
        load_spec(write(GOOD))
    assert "uninstall" in caught.value.hint
