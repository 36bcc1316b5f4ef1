"""run.json: stable, safe, round trip, described."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.errors import StoreError
from compliance.model.location import SourceLocation
from compliance.model.observation import Coverage, Environment, Site
from compliance.model.run import FORMAT, PolicyInfo, PromiseInfo, Run, SentenceAccount, Totals
from compliance.model.verdict import CheckVerdict, Disposition, Evidence, Finding, Verdict
from compliance.report.run_json import dump, load, schema

from . import runs
from .golden import same_as_stored

SCHEMA = Path(__file__).parents[2] / "docs" / "run.schema.json"


def test_golden_text_and_back():
    text = dump(runs.mixed())
    same_as_stored("run.json", text)
    assert load(text) == runs.mixed()


@pytest.mark.parametrize("state", runs.STATES)
def test_what_was_dumped_is_loaded_and_dumped_alike(state):
    text = dump(runs.STATES[state]())
    assert dump(load(text)) == text
    text.encode("utf-8")
    assert "\0" not in text
    assert "\\u0000" not in text
    jsonschema.validate(json.loads(text), schema())


def test_equal_runs_give_equal_text():
    one = replace(
        runs.mixed(),
        coverage={"b": Coverage(outcomes={"x": 1, "a": 2}), "a": Coverage()},
        site=Site("https://shop.test/", first_party=frozenset("abcdef")),
    )
    two = replace(
        one,
        coverage={"a": Coverage(), "b": Coverage(outcomes=MappingProxyType({"a": 2, "x": 1}))},
        site=Site("https://shop.test/", first_party=frozenset("fedcba")),
    )
    assert dump(one) == dump(two)


def test_layout():
    text = dump(runs.mixed())
    assert text.startswith('{\n  "id": ')
    assert text.endswith("}\n")
    assert "“" not in text
    assert "×" in text, "letters stay letters"


def test_nul_and_lone_surrogates_become_visible_text():
    loaded = load(dump(replace(runs.mixed(), notices=("a\0b", "c\ud800d"), coverage={"v\0": Coverage()})))
    assert loaded.notices == ("a\\x00b", "c\\ud800d")
    assert list(loaded.coverage) == ["v\\x00"]


def test_dates_and_numbers_json_does_not_know():
    given_ = {"statement": "s", "date": date(2026, 3, 1), "weight": float("nan")}
    run = replace(runs.mixed(), promises=(PromiseInfo("a", (), "", "", "", attestation=given_),))
    attestation = load(dump(run)).promises[0].attestation
    assert attestation == {"statement": "s", "date": "2026-03-01", "weight": "nan"}


def test_what_json_cannot_hold_is_an_error_that_names_it():
    check = replace(runs.KEPT, parameters={"a": object()})
    with pytest.raises(TypeError, match="cannot hold a object"):
        dump(runs.run(runs.verdict("contact", check)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no format"),
        ('{"format": 99}', f"has format 99; this version reads format {FORMAT}"),
        ('{"format": 1}', r"run\.json: id: Field required"),
    ],
)
def test_what_is_no_run_is_one_clear_error(text, told):
    with pytest.raises(StoreError, match=told) as caught:
        load(text)
    assert "compliance judge" in str(caught.value)


def test_a_damaged_verdict_is_named_by_its_place():
    data = json.loads(dump(runs.mixed()))
    data["verdicts"][0]["outcome"] = "splendid"
    with pytest.raises(StoreError, match=r"verdicts\.0\.outcome"):
        load(json.dumps(data))


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
numbers = st.integers(0, 10**6)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=3,
)
counts = st.dictionaries(words, numbers, max_size=2)
many = {"max_size": 2}
tuples = st.lists(words, **many).map(tuple)
evidence = st.builds(Evidence, words, words, words, words, words)
findings = st.lists(
    st.builds(Finding, words, words, words, st.lists(evidence, **many).map(tuple)), **many
).map(tuple)  # fmt: skip
checks = st.builds(
    CheckVerdict, words, explanation=words, findings=findings, notes=tuples, doubts=findings, pages_examined=numbers,
    pages_planned=numbers, examined=numbers, examined_what=words, visitor=words,
    parameters=st.dictionaries(words, plain, max_size=2), limits=tuples,
)  # fmt: skip
verdicts = st.builds(
    Verdict, words, checks=st.lists(checks, **many).map(tuple),
    location=st.builds(SourceLocation, words, numbers, numbers),
    disposition=st.builds(Disposition, words, words, words, st.none() | st.dates()),
)  # fmt: skip
promises = st.builds(
    PromiseInfo, words, tuples, words, words, words, words, words,
    st.none() | st.dictionaries(words, plain, max_size=2), tuples,
)  # fmt: skip
any_run = st.builds(
    Run, words, words, words,
    st.builds(Site, words, words, st.frozensets(words, max_size=2), st.dictionaries(words, words, max_size=2), words),
    st.builds(PolicyInfo),
    st.builds(Environment, words, delay=st.floats(0, 60), resolve=tuples, limits=tuples),
    st.dictionaries(words, st.builds(Coverage, numbers, numbers, outcomes=counts, skipped=counts), max_size=2),
    st.lists(promises, **many).map(tuple), st.lists(verdicts, **many).map(tuple),
    st.lists(st.builds(SentenceAccount, numbers, words, words, numbers, promises=tuples), **many).map(tuple),
    st.builds(Totals, numbers), words, words, words, st.just(FORMAT), tuples, words,
)  # fmt: skip


@settings(max_examples=60)
@given(any_run)
def test_any_run_survives(run):
    assert load(dump(run)) == run


def test_schema_is_fresh():
    stored = json.loads(SCHEMA.read_text("utf-8"))
    assert stored == schema(), (
        "docs/run.schema.json is out of date: write json.dumps(compliance.report.run_json.schema(), indent=2) to it"
    )


def test_schema_describes():
    defined = schema()["$defs"]
    assert all(d.get("description") for d in defined.values())
    assert defined["Evidence"]["properties"]["excerpt"]["description"].startswith("Redacted")
    assert "skips" in defined["Coverage"]["properties"]["complete"]["description"]
