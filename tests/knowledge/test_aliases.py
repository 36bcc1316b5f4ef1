"""Names behind names: what is known about them, and which names of the site can have one."""

from pathlib import Path

import pytest
import tldextract

from compliance.knowledge.aliases import _BY_SUFFIX, HOSTS, TRACKERS, hosts, own_name, reserved, tracks
from compliance.model.observation import Site

SITE = Site("https://www.shop.com/", first_party=frozenset({"shop.com"}))


@pytest.mark.parametrize("name", ["shop.sc.omtrdc.net", "omtrdc.net", "xyz.eulerian.net", "s1.t.eloqua.com"])
def test_services_known_for_it(name):
    assert tracks(name)
    assert not hosts(name)


@pytest.mark.parametrize("name", ["d1.cloudfront.net", "shop.com.edgekey.net", "ghs.googlehosted.com", "x.github.io"])
def test_hosting(name):
    assert hosts(name)
    assert not tracks(name)


@pytest.mark.parametrize(
    "name",
    [
        "p03.hs.eloqua.com",
        "www.pardot.com",
        "trafficmanager.net",
        "notomtrdc.net",
        "omtrdc.net.shop.com",
        "cloudfront.net.evil.com",
        "ghs.evil.com",
        "",
    ],
)
def test_whole_labels_count_from_the_end(name):
    assert not tracks(name)
    assert not hosts(name)


def test_a_service_at_a_provider_of_hosting_is_known_by_its_whole_name():
    name = "a88045584548111e997c60ac8a4ec150-1610510072.eu-central-1.elb.amazonaws.com"
    assert tracks(name)
    assert hosts(name)
    assert not tracks(f"x{name}")


def test_the_public_suffix_list_says_what_it_is_said_to_say():
    snapshot = (Path(tldextract.__file__).parent / ".tld_set_snapshot").read_text("utf-8")
    private = {line.lstrip("*.") for line in snapshot.partition("===BEGIN PRIVATE DOMAINS===")[2].splitlines()}
    for name in _BY_SUFFIX:
        assert any(suffix == name or suffix.endswith(f".{name}") for suffix in private), name


def test_the_lists_do_not_overlap_and_are_written_as_dns_answers():
    assert not TRACKERS & HOSTS
    assert all(name == name.lower().strip(".") and "." in name for name in TRACKERS | HOSTS)


def test_reserved_names():
    assert [reserved(n) for n in ("a.test", "router.home.arpa", "test.com", "arpa")] == [True, True, False, False]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://stats.shop.com/p?q", "stats.shop.com"),
        ("wss://LIVE.shop.com:8443/", "live.shop.com"),
        ("https://ads.com/", ""),
        ("data:,x", ""),
        ("chrome-extension://shop.com/", ""),
        ("", ""),
    ],
)
def test_names_of_the_site(url, name):
    assert own_name(url, SITE) == name


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_addresses_and_single_labels_have_no_aliases(host):
    site = Site(f"http://{host}/", first_party=frozenset({host.strip("[]")}))
    assert own_name(f"http://{host}:8000/", site) == ""
