"""Where the user's lists are: named, or where programs keep such data."""

from pathlib import Path

import pytest

from compliance.settings import load_settings


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch, tmp_path):
    monkeypatch.delenv("COMPLIANCE_DATA", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def test_by_default_where_programs_keep_data(monkeypatch, tmp_path):
    home = tmp_path / "home" / ".local" / "share" / "policy-compliance" / "lists"
    assert load_settings(tmp_path).lists == home
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert load_settings(tmp_path).lists == home, "the specification says to ignore it"
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert load_settings(tmp_path).lists == Path("/data/policy-compliance/lists")


def test_named_by_the_project_or_the_environment(monkeypatch, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.compliance]\ndata = "kept"\n')
    assert load_settings(tmp_path).lists == Path("kept/lists")
    monkeypatch.setenv("COMPLIANCE_DATA", "/elsewhere")
    assert load_settings(tmp_path).lists == Path("/elsewhere/lists")
