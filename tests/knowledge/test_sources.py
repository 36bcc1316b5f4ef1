"""Data of others: every folder says where it is from, is unchanged, and may be shipped."""

import hashlib
from datetime import date

import pytest

from compliance.knowledge.sources import DATA, sources

#: Licences under which data may lie here; those with conditions on use (NC) or on whole works (GPL) may not.
MAY_BE_SHIPPED = {"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0"}
#: With a file that names the authors.
WITH_ATTRIBUTION = {"CC-BY-SA-3.0", "CC-BY-SA-4.0"}


def test_every_folder_is_a_source():
    assert {folder.name for folder in DATA.iterdir()} == set(sources())
    assert "third-party-web" in sources()


@pytest.mark.parametrize("name", sources())
def test_a_source_is_what_it_says(name):
    source = sources()[name]
    assert hashlib.sha256(source.path.read_bytes()).hexdigest() == source.sha256
    assert source.url.startswith("https://")
    assert source.version
    assert date(2020, 1, 1) < source.date <= date.today()
    assert source.licence in MAY_BE_SHIPPED | WITH_ATTRIBUTION
    assert source.licence not in WITH_ATTRIBUTION or (source.folder / "ATTRIBUTION").is_file()
    assert "copyright" in (source.folder / source.licence_file).read_text("utf-8").lower()
    known = {"SOURCE.toml", source.file, source.licence_file, "ATTRIBUTION"}
    assert {path.name for path in source.folder.iterdir()} <= known, "a file that no digest guards"


def test_a_finding_can_name_it():
    assert sources()["third-party-web"].told() == "third-party-web 0.30.0 of 2026-09-14"
