"""The address of a landing: what it is made of, and that it can be taken apart again."""

from collections import Counter
from urllib.parse import parse_qsl, urlsplit

import pytest

from compliance.crawl.landing import drawn_address
from compliance.knowledge.destructive import destructive
from compliance.knowledge.landing import Text, Traces, click_ids, landing_of
from compliance.model.visit import Session
from compliance.testing import visit


def made(start):
    return visit(drawn_address(start), session=Session.LANDED, referrer=start)


@pytest.mark.parametrize("start", ["https://a.test/", "https://a.test/x?gclid=own&q=", "https://a.test/?b=1#/route"])
def test_an_address_is_taken_apart_as_it_was_put_together(start):
    one, other = landing_of(made(start)), landing_of(made(start))
    assert one.start == start
    assert set(one.values) == {p.name for p in click_ids()}
    assert min(map(len, (one.control, *one.values.values()))) >= 20
    everything = {one.control, other.control, *one.values.values(), *other.values.values()}
    assert len(everything) == 2 + 2 * len(click_ids()), "each value is drawn, in each run"


def test_the_address_keeps_what_it_was_and_says_nothing_that_acts():
    url = drawn_address("https://a.test/x?q=1#/route")
    parts = urlsplit(url)
    assert (parts.path, parts.fragment, parse_qsl(parts.query)[0]) == ("/x", "/route", ("q", "1"))
    assert len(url) < 2000, "servers refuse longer queries"
    assert not destructive(url, "", "")
    names = Counter(name for name, _ in parse_qsl(parts.query))
    assert max(names.values()) == 1
    assert urlsplit(drawn_address("https://a.test")).path == "/"


def test_other_visits_are_no_landings():
    assert landing_of(visit("https://a.test/?gclid=abc&x=1")) is None
    assert landing_of(visit("https://a.test/?gclid=abc", referrer="https://a.test/")) is None


def test_the_table_has_what_is_best_known_once():
    names = [one.name for one in click_ids()]
    assert {"gclid", "fbclid", "msclkid", "mc_eid", "yclid", "ttclid"} <= set(names)
    assert len(names) == len(set(names))


def test_counts_and_not_presence_tell_what_was_picked_out():
    landing = landing_of(made("https://a.test/"))
    address, value = drawn_address("https://a.test/"), landing.values["gclid"]
    traces = Traces(landing)
    whole = visit(address).url
    mine = "&".join(f"{k}={v}" for k, v in [("c", landing.control), *landing.values.items()])
    picked, plain, none = traces.copied(Text((text,)) for text in (f"{mine}&ref={value}", mine, whole))
    assert list(picked.singled) == ["gclid"]
    assert set(picked.whole) == set(landing.values) - {"gclid"}
    assert (plain.singled, set(plain.whole)) == ({}, set(landing.values))
    assert (none.singled, none.whole) == ({}, ()), "values of another run"
