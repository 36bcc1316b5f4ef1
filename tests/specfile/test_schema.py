"""The JSON Schema: valid, fresh, and of one mind with the loader."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from compliance.checks import BUILTIN
from compliance.specfile.collector import Collector
from compliance.specfile.schema import spec_schema, text_of
from compliance.specfile.source import parse

from .conftest import CHECKS, DATA, GOOD

COMMITTED = Path(__file__).parents[2] / "specs" / "spec.schema.json"


@pytest.fixture(scope="module")
def validator() -> Any:
    return jsonschema.Draft202012Validator(spec_schema(CHECKS.values()))


def data(text: str) -> Any:
    source = parse(text, "f", Collector())
    assert source
    return source.data


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(spec_schema())


def test_a_good_spec_is_valid(validator: Any) -> None:
    validator.validate(data(GOOD))
    validator.validate(
        data(
            GOOD.replace(
                "checks:\n      third-party-requests:\n        allow: [pay.test]", "checks: [third-party-requests]"
            )
        )
    )


@pytest.mark.parametrize(
    "name",
    [
        "unknown-key-top",
        "unknown-key-in-promise",
        "missing-keys-of-a-promise",
        "wrong-version",
        "enum-near",
        "numbers-out-of-range",
        "check-unknown",
        "check-unknown-mapping",
        "check-twice",
        "parameter-unknown",
        "parameter-number-in-list",
        "parameter-missing",
        "duration-number",
        "yaml11-no",
        "promises-empty",
    ],
)
def test_an_editor_sees_the_same_errors(validator: Any, name: str) -> None:
    assert not validator.is_valid(data((DATA / f"{name}.yaml").read_text()))


def test_each_check_has_a_branch_with_its_words() -> None:
    schema = spec_schema(BUILTIN)
    uses = schema["$defs"]["Promise"]["properties"]["checks"]["anyOf"][0]["properties"]
    assert list(uses) == sorted(check.id for check in BUILTIN)
    for check in BUILTIN:
        assert uses[check.id]["description"] == check.summary
        branch = schema["$defs"][f"check.{check.id}"]
        names = {field.alias or name for name, field in check.parameters.model_fields.items()}
        assert set(branch.get("properties", {})) == names


def test_dates_are_dates() -> None:
    expires = spec_schema(())["$defs"]["Waiver"]["properties"]["expires"]
    assert (expires["format"], expires["type"]) == ("date", "string")


def test_the_committed_schema_is_fresh() -> None:
    fresh = text_of(spec_schema(BUILTIN))
    hint = "stale: run `python -m compliance.specfile.schema > specs/spec.schema.json`"
    assert COMMITTED.read_text("utf-8") == fresh, hint
