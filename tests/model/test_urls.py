"""Whose is an address, and is it a page already known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.model.urls import host_of, origin_of, registrable_domain, site_of, url_key


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.shop.co.uk/a", "shop.co.uk"),
        ("https://a.b.example.com:8443/", "example.com"),
        ("https://foo.github.io/x", "foo.github.io"),
        ("https://pixel.tracker.test/", "tracker.test"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://[::1]:8000/", "::1"),
        ("http://localhost/", "localhost"),
        ("https://example.com.evil.net/", "evil.net"),
        ("https://example.com@evil.net/", "evil.net"),
        ("https://EXAMPLE.com./", "example.com"),
        ("mailto:a@example.com", ""),
    ],
)
def test_site_of(url, site):
    assert site_of(url) == site


def test_a_bare_suffix_is_its_own_site():
    assert registrable_domain("co.uk") == "co.uk"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://a.test:443/x", "https://a.test"),
        ("http://a.test:80", "http://a.test"),
        ("https://a.test:8443/", "https://a.test:8443"),
        ("http://[::1]:80/", "http://[::1]"),
        ("https://a.test:99999/", ""),
        ("about:blank", ""),
    ],
)
def test_origin_of(url, origin):
    assert origin_of(url) == origin


def test_one_key_per_page():
    same = [
        "https://a.test/p?b=2&a=1",
        "https://a.test:443/p?a=1&b=2#part",
        "https://A.test/p?a=1&b=2&utm_source=mail&gclid=x",
    ]
    assert len({url_key(u) for u in same}) == 1


def test_pages_that_are_two_have_two_keys():
    different = [
        "https://a.test/p",
        "https://a.test/p/",
        "https://a.test/p?x=",
        "https://a.test/p#/route",
        "http://a.test/p",
    ]
    assert len({url_key(u) for u in different}) == len(different)


@given(st.text(max_size=60))
def test_nothing_breaks_it_and_it_is_idempotent(tail):
    for url in (f"https://a.test/{tail}", tail, f"http://{tail}"):
        key = url_key(url)
        assert url_key(key) == key
        host_of(url)
        site_of(url)
