"""Set-Cookie lines and script writes as browsers read them (RFC 6265bis), and the jar."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.browser.recorders.cookies import jar, parse_set_cookie, script_write

NOW = 1_800_000_000.0
URL = "https://www.shop.test/shop/cart/?a=/b/c"


def parse(line, url=URL):
    return parse_set_cookie(line, url, NOW)


# ---- name and value


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("a=1", "a", "1"),
        ("  a  =  1 2  ; Path=/", "a", "1 2"),
        ("a=b=c==", "a", "b=c=="),
        ("a=", "a", ""),
        ("a", "", "a"),
        ("=a", "", "a"),
        ('a="x y"', "a", '"x y"'),
        ("ä=ö", "ä", "ö"),
        ("__Host-a=1; Secure; Path=/", "__Host-a", "1"),
        ("a=1;", "a", "1"),
        ("a=1;;;=;b", "a", "1"),
    ],
)
def test_name_and_value(line, name, value):
    cookie = parse(line)
    assert (cookie.name, cookie.value, cookie.raw) == (name, value, line)


@pytest.mark.parametrize("line", ["", "=", " ; Path=/; Secure", " = ;a=1"])
def test_a_line_that_sets_nothing(line):
    assert parse(line) is None


def test_who_set_it():
    cookie = parse_set_cookie("a=1", URL, NOW, set_by="script", setter="https://cdn.test/s.js", request="7#1")
    assert (cookie.set_by, cookie.setter, cookie.request) == ("script", "https://cdn.test/s.js", "7#1")
    assert parse("a=1").setter == URL


# ---- lifetime


@pytest.mark.parametrize(
    ("attributes", "lifetime"),
    [
        ("", None),
        ("Max-Age=60", 60),
        ("MAX-AGE = 60 ", 60),
        ("Max-Age=0", 0),
        ("Max-Age=-0", 0),
        ("Max-Age=-1", -1),
        ("Max-Age=-99999999999999999999", -1),
        ("Max-Age=00000000000000060", 60),
        ("Max-Age=99999999999", 9_999_999_999),
        ("Max-Age=" + "9" * 5000, 9_999_999_999),
        # Not a number: as if it were not there.
        ("Max-Age=", None),
        ("Max-Age", None),
        ("Max-Age=+60", None),
        ("Max-Age=6e1", None),
        ("Max-Age=60.5", None),
        ("Max-Age=--60", None),
        ("Max-Age=-", None),
        ("Max-Age=²", None),
        ("Max-Age=６０", None),
        ("Max-Age='60'", None),
        # Max-Age beats Expires, wherever it stands; the last valid one of a name wins.
        ("Max-Age=60; Expires=Wed, 21 Oct 2099 07:28:00 GMT", 60),
        ("Expires=Wed, 21 Oct 2099 07:28:00 GMT; Max-Age=60", 60),
        ("Max-Age=0; Expires=Wed, 21 Oct 2099 07:28:00 GMT", 0),
        ("Max-Age=60; Max-Age=120", 120),
        ("Max-Age=60; Max-Age=soon", 60),
        ("Max-Age=soon; Expires=Fri, 15 Jan 2027 08:01:00 GMT", 60),
    ],
)
def test_lifetime(attributes, lifetime):
    cookie = parse(f"a=1; {attributes}")
    assert cookie.lifetime == lifetime
    assert cookie.expires == (None if lifetime is None else NOW + lifetime)


@pytest.mark.parametrize(
    ("date", "expires"),
    [
        ("Fri, 15 Jan 2027 08:00:00 GMT", NOW),
        ("Friday, 15-Jan-27 08:00:00 GMT", NOW),
        ("Fri Jan 15 08:00:00 2027", NOW),
        ("Fri, 15-Jan-2027 08:00:00 GMT", NOW),
        ("fri, 15 jan 2027 8:0:0", NOW),
        ("15 January 2027 08:00:00 -0500", NOW),
        ("2027 Jan 15 08:00:00", NOW),
        ("15 Jan 2027 08:00:00 +0200 (who reads zones?)", NOW),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu, 01-Jan-70 00:00:01 GMT", 1),
        ("01 Jan 69 00:00:00 GMT", 3_124_224_000),
        ("Tue, 19 Jan 2038 03:14:08 GMT", 2**31),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
        ("01 Jan 1600 00:00:00 GMT", None),
        ("31 Feb 2027 08:00:00 GMT", None),
        ("15 Jan 2027 25:00:00 GMT", None),
        ("15 Jan 2027", None),
        ("15 Jan 08:00:00", None),
        ("2027-01-15T08:00:00Z", None),
        ("1800000000", None),
        ("0", None),
        ("-1", None),
        ("never", None),
        ("", None),
        ("Fri, 15 Jan 2027 08:00:000 GMT", None),
        ("Fri, 150 Jan 2027 08:00:00 GMT", None),
        ("9" * 5000, None),
    ],
)
def test_dates(date, expires):
    assert parse(f"a=1; Expires={date}").expires == expires


def test_the_last_valid_date_wins():
    line = "a=1; Expires=Fri, 15 Jan 2027 08:01:00 GMT; Expires=Fri, 15 Jan 2027 08:00:30 GMT; Expires=never"
    assert parse(line).lifetime == 30


def test_a_date_means_the_same_on_every_machine(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert parse("a=1; Expires=Fri, 15 Jan 2027 08:00:00").expires == NOW
    finally:
        monkeypatch.undo()
        time.tzset()


# ---- whom it is for


@pytest.mark.parametrize(
    ("attributes", "domain", "host_only"),
    [
        ("", "www.shop.test", True),
        ("Domain=shop.test", "shop.test", False),
        ("Domain=.shop.test", "shop.test", False),
        ("Domain=..shop.test", ".shop.test", False),
        ("domain = SHOP.Test ", "shop.test", False),
        ("Domain=", "www.shop.test", True),
        ("Domain", "www.shop.test", True),
        ("Domain=.", "www.shop.test", True),
        ("Domain=a.test; Domain=b.test", "b.test", False),
        ("Domain=a.test; Domain=", "www.shop.test", True),
        ("Domain=www.shop.test", "www.shop.test", False),
        ("Domain=evil.test", "evil.test", False),
    ],
)
def test_domain(attributes, domain, host_only):
    cookie = parse(f"a=1; {attributes}")
    assert (cookie.domain, cookie.host_only) == (domain, host_only)


@pytest.mark.parametrize(
    ("url", "attributes", "path"),
    [
        (URL, "", "/shop/cart"),
        (URL, "Path=/", "/"),
        (URL, "path = /x ", "/x"),
        (URL, "Path=x", "/shop/cart"),
        (URL, "Path=", "/shop/cart"),
        (URL, "Path=/a; Path=/b", "/b"),
        ("https://shop.test", "", "/"),
        ("https://shop.test/", "", "/"),
        ("https://shop.test/page", "", "/"),
        ("https://shop.test/a/page", "", "/a"),
        ("http://[bad", "", "/"),
    ],
)
def test_path(url, attributes, path):
    assert parse(f"a=1; {attributes}", url).path == path


def test_flags():
    cookie = parse("a=1; secure; HTTPONLY=whatever; SameSite=nONE; Partitioned; Priority=High")
    assert (cookie.secure, cookie.http_only, cookie.same_site, cookie.partitioned) == (True, True, "None", True)
    bare = parse("a=1; secured; x-httponly")
    assert (bare.secure, bare.http_only, bare.same_site, bare.partitioned) == (False, False, "", False)


@given(st.text(alphabet=string.printable + "äß✓\x00\x7f", max_size=80) | st.text(max_size=40))
def test_no_line_is_a_fault(line):
    cookie = parse(line)
    assert cookie is None or cookie.raw == line
    parse(f"a=1; expires={line}; max-age={line}")


# ---- what scripts write


def written(**report):
    return script_write(report, NOW)


def test_a_write_to_document_cookie():
    made = written(kind="document.cookie", line="a=1; max-age=60; path=/", frame=URL, writer="https://cdn.test/s.js")
    assert (made.name, made.set_by, made.setter, made.lifetime) == ("a", "script", "https://cdn.test/s.js", 60)
    assert (made.domain, made.path) == ("www.shop.test", "/")
    assert written(kind="document.cookie", line="a=1", frame=URL, writer="").setter == URL
    assert written(kind="document.cookie", line="", frame=URL) is None


def test_a_write_to_the_cookie_store():
    made = written(
        kind="cookieStore", name="a", value="1", domain=".Shop.test", path="/x", expires=(NOW + 60) * 1000,
        sameSite="strict", partitioned=True, frame=URL, writer="",
    )  # fmt: skip
    assert (made.domain, made.host_only, made.path, made.lifetime) == ("shop.test", False, "/x", 60)
    assert (made.same_site, made.partitioned, made.secure, made.setter) == ("Strict", True, True, URL)
    bare = written(kind="cookieStore", name="a", value="1", frame=URL)
    assert (bare.domain, bare.host_only, bare.path, bare.expires, bare.lifetime) == (
        "www.shop.test",
        True,
        "/",
        None,
        None,
    )


@pytest.mark.parametrize("report", [{}, {"kind": "x"}, {"kind": ["cookieStore"]}, {"kind": "document.cookie"}])
def test_another_report_is_none(report):
    assert script_write(report, NOW) is None


def test_a_forged_report_is_no_fault():
    made = script_write(json.loads('{"kind": "cookieStore", "name": {"a": 1}, "expires": true, "domain": 7}'), NOW)
    assert made.name == "{'a': 1}"


# ---- the jar


def test_the_jar():
    answer = [
        {"name": "b", "value": "2", "domain": ".shop.test", "path": "/", "expires": NOW, "session": False,
         "secure": True, "httpOnly": True, "sameSite": "Lax"},
        {"name": "a", "value": "1", "domain": "shop.test", "path": "/", "expires": -1, "session": True},
        {"name": "a", "value": "3", "domain": "cdn.test", "path": "/", "expires": NOW,
         "partitionKey": {"topLevelSite": "https://shop.test", "hasCrossSiteAncestor": True}},
        {"name": "a", "value": "4", "domain": "cdn.test", "path": "/", "expires": NOW, "partitionKey": "https://b.test"},
    ]  # fmt: skip
    kept = jar(answer)
    assert jar(answer[::-1]) == kept, "equal jars are equal"
    assert [(c.domain, c.name, c.value, c.partition) for c in kept] == [
        (".shop.test", "b", "2", ""),
        ("cdn.test", "a", "4", "https://b.test"),
        ("cdn.test", "a", "3", "https://shop.test"),
        ("shop.test", "a", "1", ""),
    ]
    assert (kept[0].expires, kept[0].secure, kept[0].http_only, kept[0].same_site) == (NOW, True, True, "Lax")
    assert (kept[3].expires, kept[3].secure) == (None, False)
