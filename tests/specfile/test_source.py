"""YAML 1.2 core scalars, places, and that no text whatever gives anything but data or errors."""

import contextlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from compliance.errors import SpecErrors
from compliance.specfile import load_spec, nodes
from compliance.specfile.collector import Collector
from compliance.specfile.limits import MAX_DEPTH, MAX_NODES
from compliance.specfile.source import Source, parse

from .conftest import GOOD


def read(text: str) -> Source:
    errors = Collector()
    source = parse(text, "f.yaml", errors)
    assert not errors.errors
    assert source
    return source


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((t, t) for t in ("no", "No", "NO", "yes", "on", "off", "y", "n", "12:30", "12:30:45", "010", "1_000", "+")),
        *((t, t) for t in ("2026-01-02", "2026-01-02T00:00:00Z", "0b11", "08", "1e", "=", "0o8", "tRue", "nULL", "-a")),
        *((t, None) for t in ("", "~", "null", "Null", "NULL")),
        *((t, True) for t in ("true", "True", "TRUE")),
        *((t, False) for t in ("false", "False", "FALSE")),
        *((t, int(t)) for t in ("0", "-0", "+12", "-7", "999999999999999999")),
        ("0o17", 15),
        ("0xFf", 255),
        *((t, float(t)) for t in ("1.5", "-0.0", ".5", "1.", "1e3", "1.10", "6.02E+23")),
        *((f'"{t}"', t) for t in ("true", "12", "null", "~", "1.5", "")),
        ("'it''s'", "it's"),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">-\n  a\n  b\n", "a b"),
    ],
)
def test_scalars(text: str, value: object) -> None:
    found = read(f"a: {text}").data["a"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_texts() -> None:
    assert list(read("no: 1\n12: 2\ntrue: 3\n1.10: 4\n2026-01-02: 5\n~: 6\n").data) == [
        "no",
        "12",
        "true",
        "1.10",
        "2026-01-02",
        "~",
    ]


def test_places() -> None:
    source = read("a:\n  - b: 1\n    c:\n  - [x,  y]\nd: &k {e: f}\ng: *k\n")
    assert str(source.key("a")) == "f.yaml:1:1"
    assert str(source.value("a")) == "f.yaml:2:3"
    assert str(source.key("a", 0, "b")) == "f.yaml:2:5"
    assert str(source.value("a", 0, "b")) == "f.yaml:2:8"
    assert str(source.value("a", 0, "c")) == "f.yaml:3:5"
    assert str(source.value("a", 1, 1)) == "f.yaml:4:10"
    assert str(source.key("a", 1, 1)) == "f.yaml:4:10"
    assert str(source.value("g")) == "f.yaml:6:4"
    assert str(source.value("g", "e")) == "f.yaml:5:11"
    assert str(source.value("a", 0, "nothing", "here")) == "f.yaml:2:5"
    assert source.at(("g", "e")) == "f"


def test_columns_count_characters() -> None:
    assert read("ä: {😀: 1}").value("ä", "😀").column == 8


def test_an_alias_is_data() -> None:
    assert read("a: &x [1, {b: 2}]\nc: *x\nd: [*x, *x]").data["d"] == [[1, {"b": 2}], [1, {"b": 2}]]


def test_an_anchor_may_be_given_again() -> None:
    assert read("a: &x 1\nb: *x\nc: &x 2\nd: *x").data == {"a": 1, "b": 1, "c": 2, "d": 2}


def test_a_quoted_merge_key_is_a_key() -> None:
    assert read('"<<": 1').data == {"<<": 1}


def test_nodes_at_the_limit() -> None:
    assert len(read("- 1\n" * (MAX_NODES - 1)).data) == MAX_NODES - 1


def test_depth_at_the_limit() -> None:
    read("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    errors = Collector()
    assert parse("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "f", errors) is None


def walk(data: Any, path: tuple[str | int, ...] = ()) -> Any:
    yield path, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from walk(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from walk(value, (*path, index))


PIECES = st.sampled_from(
    (
        *"-?:,[]{}#&*!|>'\"%@`~\t\n\r ab1.\\/",
        *("\n  ", "\n    ", "- ", "? ", ": ", "&a ", "*a", "<<: ", "!!str ", "---\n", "...\n", "%YAML 1.2\n"),
        *("\\u", "\\0", '"\\x00"', "\ufeff", "\u2028", "\u0085", "\x00", "é", "😀", "\ud800", "0x", ".inf", "1e9"),
        *("version: 1\n", "site:\n", "promises:\n", "  - id: a\n", "    quote: b\n", "    checks: [", "null"),
    )
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join))


def check_total(text: str) -> None:
    errors = Collector()
    source = parse(text, "f.yaml", errors)
    if source is None:
        assert errors.errors
        return
    lines = text.count("\n") + text.count("\r") + 1
    for path, value in walk(source.data):
        assert path in source.values
        assert 1 <= source.values[path].line <= lines
        assert isinstance(value, str | int | float | bool | list | dict | None)
        if path and isinstance(path[-1], str):
            assert path in source.keys
        if not isinstance(value, str | list | dict):
            assert path in source.written


@given(text=TEXTS)
@settings(max_examples=300)
@example("? ")
@example("- &a\n- *a")
@example('a: "\\uD800"')
@example("%TAG ! tag:x,2000:\n---\na: !b c")
def test_any_text_is_data_with_places_or_errors(text: str) -> None:
    check_total(text)


@given(text=TEXTS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_so_with_the_pure_python_parser(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(nodes, "LOADER", yaml.SafeLoader)
        check_total(text)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                ["id", "quote", "checks", "name", "url", "a", "cookie-lifetime", "origins", "date", "visitors"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)
KEYS = ["version", "site", "policy", "scope", "visitors", "promises", "not_promised", "authorisation", "zebra"]


@given(text=st.one_of(TEXTS, st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=9).map(yaml.safe_dump)))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_file_loads_or_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(SpecErrors) as caught:
        load_spec(path)
    assert all(error.message for error in caught.value.errors)


MUTATIONS = st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), st.one_of(PIECES, st.text(max_size=3)))


@given(mutations=st.lists(MUTATIONS, min_size=1, max_size=4))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_good_spec_with_damage_loads_or_is_refused(write, mutations: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for at, cut, put in mutations:
        text = text[:at] + put + text[at + cut :]
    loaded = None
    with contextlib.suppress(SpecErrors):
        loaded = load_spec(write(text.encode("utf-8", "surrogatepass")))
    assert loaded is None or loaded.spec.promises
