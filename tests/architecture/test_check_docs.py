"""Every check has a complete reference page, generated from its code, with an example that works."""

import re
from pathlib import Path

import pytest
import yaml

from compliance.checks import BUILTIN
from compliance.checks._docs import INDEX, REGENERATE, file_name, index, main, missing_sections, page, pages
from compliance.checks._registry import registry

DOCS = Path(__file__).parents[2] / "docs" / "checks"
#: Checks of this package; those of installed packages bring their own pages.
OWN = {check.id: check for check in BUILTIN}
BLOCK = re.compile(r"^```ya?ml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def each(argument):
    return pytest.mark.parametrize(argument, BUILTIN, ids=lambda check: check.id)


def section(check, heading):
    return check.doc.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def uses(data, check_id):
    """Parameters given to `check_id` anywhere in a piece of a spec."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == check_id:
                yield value or {}
            else:
                yield from uses(value, check_id)
    elif isinstance(data, list):
        for value in data:
            if value == check_id:
                yield {}
            else:
                yield from uses(value, check_id)


@each("check")
def test_the_docstring_has_every_section(check):
    assert not missing_sections(check), f"{check.module}: missing or misplaced: {missing_sections(check)}"


@each("check")
def test_no_section_is_empty(check):
    headings = re.findall(r"^## (.+)$", check.doc, re.MULTILINE)
    assert all(section(check, heading).strip() for heading in headings)


@each("check")
def test_it_says_in_one_sentence_what_holds(check):
    assert check.summary.endswith(".")
    assert len(check.summary) <= 120


@each("check")
def test_every_parameter_is_described(check):
    described = {name: field.description for name, field in check.parameters.model_fields.items()}
    assert all(described.values()), f"{check.module}: without description: {described}"


@each("check")
def test_the_example_is_valid(check):
    blocks = BLOCK.findall(section(check, "Example"))
    assert blocks, f"{check.module}: the example needs a ```yaml block"
    found = [given for block in blocks for given in uses(yaml.safe_load(block), check.id)]
    assert found, f"{check.module}: the example does not use {check.id}"
    for given in found:
        check.parameters.model_validate(given)


@each("check")
def test_the_page_is_fresh(check):
    path = DOCS / file_name(check)
    assert path.exists(), f"{path} is missing: run {REGENERATE}"
    assert path.read_text(encoding="utf-8") == page(check), f"{path} is out of date: run {REGENERATE}"


def test_the_index_is_fresh_and_no_page_is_left_over():
    assert (DOCS / INDEX).read_text(encoding="utf-8") == index(OWN), f"out of date: run {REGENERATE}"
    assert {path.name for path in DOCS.glob("*.md")} == set(pages(OWN)), f"left over or missing: run {REGENERATE}"


def test_a_page_shows_parameters_with_type_default_and_meaning():
    text = page(registry()["third-party-requests"])
    assert "| `reading` | `strict` or `reasonable` | `strict` | strict: nobody else" in text
    assert "| `allow` | list of text | none |" in text
    assert "| reads | `requests` |" in text


def test_a_duration_is_shown_as_specs_write_it():
    text = page(registry()["cookie-lifetime"])
    assert not re.search(r"\| `\d+(\.\d+)?` \|", text)


def test_writing_takes_away_what_it_once_wrote(tmp_path, capsys):
    assert main([str(tmp_path)]) == 0
    gone = tmp_path / "gone.md"
    gone.write_text((tmp_path / INDEX).read_text(encoding="utf-8"), encoding="utf-8")
    own = tmp_path / "own.md"
    own.write_text("# By hand\n", encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    assert not gone.exists()
    assert own.exists()
    assert {path.name for path in tmp_path.glob("*.md")} == {*pages(OWN), "own.md"}
    assert main([]) == 2
    assert "Give the folder" in capsys.readouterr().err
