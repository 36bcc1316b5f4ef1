"""Which addresses belong to services that name visitors."""

import pytest

from compliance.knowledge.identity_services import SERVICES, identity_service, is_lookup
from compliance.model.urls import host_of


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://j.6sc.co/6si.min.js", "6sense"),
        ("https://epsilon.6sense.com/v3/company/details", "6sense"),
        ("https://API.company-target.com./api/v3/ip.json?key=1", "Demandbase"),
        ("https://sc.lfeeder.com/lftracker_v1_x.js", "Leadfeeder (Dealfront)"),
        ("https://s3-us-west-2.amazonaws.com/b2bjsstore/b/KEY/KEY.js.gz", "RB2B"),
        ("wss://x.radar.snitcher.com:444/", "Snitcher"),
        ("https://s3-us-west-2.amazonaws.com/jsstore/a/KEY/ge.js?v=0.1", "Retention.com"),
        ("https://secure.leadforensics.com/js/1.js", "Lead Forensics"),
    ],
)
def test_their_addresses(url, name):
    assert identity_service(url).name == name


@pytest.mark.parametrize(
    "url",
    [
        "https://www.6sense.com/blog",
        "https://www.leadforensics.com/badge.png",
        "https://albacross.com/",
        "https://logo.clearbitjs.com/x.png",
        "https://logo.clearbit.com/example.com",
        "https://s3-us-west-2.amazonaws.com/other/x.js",
        "https://xlfeeder.com/",
        "https://lfeeder.com.evil.test/",
        "https://shop.test/?u=https://j.6sc.co/",
        "data:text/plain,j.6sc.co",
        "https://[broken/j.6sc.co",
        "",
    ],
)
def test_addresses_that_only_look_like_theirs(url):
    assert identity_service(url) is None
    assert not is_lookup(url)


def test_the_form_of_a_lookup():
    assert is_lookup("https://data.shop.test/v3/company/details/?x=1")
    assert not is_lookup("https://shop.test/company/details")


def test_every_service_says_where_it_is_from_and_names_hosts():
    for service in SERVICES:
        assert service.source.startswith("https://")
        assert all(host_of(f"https://{place}") == place.partition("/")[0] for place in service.places)
        assert all(identity_service(f"https://{place}") is service for place in service.places)
