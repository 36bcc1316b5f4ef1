"""Whose host is it."""

import pytest
from pydantic import TypeAdapter, ValidationError

from compliance.knowledge.parties import Domains, is_ip_echo, is_share_link, listed, names_host
from compliance.model.urls import ascii_host, registrable_domain

DOMAINS = TypeAdapter(Domains)


def test_a_domain_list_is_kept_as_browsers_write_hosts():
    given = {"Example.com", "CDN.münchen.de.", "127.0.0.1", "[::1]", "localhost", "shop.co.uk"}
    assert DOMAINS.validate_python(given) == {
        "example.com",
        "cdn.xn--mnchen-3ya.de",
        "127.0.0.1",
        "::1",
        "localhost",
        "shop.co.uk",
    }


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("https://ads.test", "not a host name"),
        ("*.ads.test", "not a host name"),
        ("ads.test:443", "not a host name"),
        ("", "not a host name"),
        ("co.uk", "public suffix"),
        ("github.io", "public suffix"),
    ],
)
def test_what_is_no_domain_says_what_to_write(entry, said):
    with pytest.raises(ValidationError, match=said):
        DOMAINS.validate_python({entry})


def test_a_domain_covers_its_hosts_and_a_host_itself():
    assert listed("a.b.example.com", {"example.com"}) == "example.com"
    assert listed("cdn.example.com", {"cdn.example.com"}) == "cdn.example.com"
    assert not listed("x.cdn.example.com", {"cdn.example.com"})
    assert not listed("example.com.evil.test", {"example.com"})
    assert listed("[::1]", {"::1"}) == "::1"


def test_international_names_are_one_in_both_spellings():
    assert registrable_domain("www.münchen.de") == registrable_domain("WWW.xn--mnchen-3ya.de") == "xn--mnchen-3ya.de"
    assert ascii_host("faß.de") == "xn--fa-hia.de"
    assert ascii_host("a_b.test") == "a_b.test"


def test_services_that_echo_an_address():
    assert is_ip_echo("https://api.ipify.org?format=json")
    assert is_ip_echo("https://www.cloudflare.com/cdn-cgi/trace")
    assert not is_ip_echo("https://www.cloudflare.com/")
    assert not is_ip_echo("https://shop.test/cdn-cgi/trace")
    assert not is_ip_echo("https://api.ipify.org.evil.test/")


def test_share_links_are_told_from_profiles():
    assert is_share_link("https://www.facebook.com/sharer/sharer.php?u=x")
    assert is_share_link("https://twitter.com/intent/tweet?text=x")
    assert is_share_link("https://wa.me/?text=x")
    assert not is_share_link("https://wa.me/15551234567")
    assert not is_share_link("https://www.facebook.com/shop")
    assert not is_share_link("https://facebook.com.evil.test/sharer")


@pytest.mark.parametrize(
    ("text", "url", "named"),
    [
        ("You go to www.partner.test. Continue?", "https://partner.test/x", True),
        ("You go to PARTNER.test", "https://shop.partner.test/", True),
        ("You go to münchen.de", "https://www.xn--mnchen-3ya.de/", True),
        ("notpartner.test", "https://partner.test/", False),
        ("partner.test.evil.example", "https://partner.test/", False),
        ("", "https://partner.test/", False),
    ],
)
def test_a_notice_names_a_host_only_as_a_whole(text, url, named):
    assert names_host(text, url) is named
