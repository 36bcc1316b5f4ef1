"""Whose host is it."""

import json

import pytest

from compliance.knowledge.owners import CATEGORIES, owner_of, source


@pytest.mark.parametrize(
    ("host", "name", "category"),
    [
        ("www.google-analytics.com", "Google Analytics", "analytics"),
        ("google-analytics.com", "Google Analytics", "analytics"),
        ("a.b.doubleclick.net", "Google/Doubleclick Ads", "ad"),
        ("adservice.google.com", "Google/Doubleclick Ads", "ad"),
        ("ajax.googleapis.com", "Google CDN", "cdn"),
    ],
)
def test_owners(host, name, category):
    owner = owner_of(host)
    assert (owner.name, owner.category) == (name, category)


@pytest.mark.parametrize("host", ["", "com", "x.adservice.google.com.test", "notdoubleclick.net", "203.0.113.7", "::1"])
def test_hosts_without_owner(host):
    assert owner_of(host) is None


def test_an_entry_without_star_is_that_host_only():
    assert owner_of("adservice.google.ie") is not None
    assert owner_of("x.adservice.google.ie") is None


def test_every_entry_is_found_and_every_category_explained():
    entities = json.loads(source().path.read_text("utf-8"))
    assert {entity["category"] for entity in entities} == set(CATEGORIES)
    for entity in entities:
        for entry in entity["domains"]:
            assert owner_of(entry.removeprefix("*.")) is not None, entry
