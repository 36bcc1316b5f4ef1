"""Data of others: every folder says where it is from, is unchanged, and may be shipped."""

import hashlib
from datetime import date

import pytest

from compliance.knowledge.sources import DATA, sources

#: Licences under which data may lie here; those with conditions on use (NC) or on whole works (GPL) may not.
MAY_BE_SHIPPED = {"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "MPL-2.0"}
#: With a file that names the authors.
WITH_ATTRIBUTION = {"CC-BY-SA-3.0", "CC-BY-SA-4.0"}
#: Words that stand in the text of each licence and in no other's.
WORDS = {
    "MIT": "Permission is hereby granted, free of charge, to any person obtaining a copy",
    "BSD-2-Clause": "Redistribution and use in source and binary forms",
    "BSD-3-Clause": "Neither the name of",
    "Apache-2.0": "Apache License Version 2.0",
    "MPL-2.0": "Mozilla Public License Version 2.0",
    "CC-BY-SA-3.0": "Attribution-ShareAlike 3.0",
    "CC-BY-SA-4.0": "Attribution-ShareAlike 4.0",
}


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
    assert source.purpose
    assert source.licence not in WITH_ATTRIBUTION or (source.folder / "ATTRIBUTION").is_file()
    assert "copyright" in (source.folder / source.licence_file).read_text("utf-8").lower()
    known = {"SOURCE.toml", source.file, source.licence_file, "ATTRIBUTION"}
    files = {path.relative_to(source.folder).as_posix() for path in source.folder.rglob("*")}
    assert files <= known, "a file that no digest guards"


@pytest.mark.parametrize("name", sources())
def test_the_licence_that_lies_there_is_the_one_that_is_named(name):
    source = sources()[name]
    text = " ".join((source.folder / source.licence_file).read_text("utf-8").split())
    assert WORDS[source.licence] in text


def test_data_of_others_lies_nowhere_else():
    package = DATA.parents[1]
    data = {".json", ".csv", ".txt", ".dat", ".xml", ".yaml", ".gz", ".zip", ".list"}
    # The demo's sites are pages made here; what is installed with a wheel is made of this project's own specs.
    own = (DATA, package / "demo")
    found = [p for p in package.rglob("*") if p.suffix in data and not any(p.is_relative_to(o) for o in own)]
    assert found == [], "put it into knowledge/data with a SOURCE.toml"


def test_a_finding_can_name_it():
    assert sources()["third-party-web"].told() == "third-party-web 0.30.0 of 2026-09-14"
