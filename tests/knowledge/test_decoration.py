"""Addresses taken apart and compared."""

import pytest

from compliance.knowledge.identifiers import Surroundings
from compliance.knowledge.identifiers.decoration import Address, Place, decorations, places
from compliance.model.visit import Session
from compliance.testing import NOW

HOME = "https://shop.test/"
AROUND = Surroundings(NOW.timestamp())
TOKENS = {
    Session.FIRST: "9f3a21c4d5e6b708",
    Session.SECOND: "0c1d2e3f4a5b6978",
    Session.THIRD: "e7c6a5f4b3d29180",
    Session.FIRST_AGAIN: "9f3a21c4d5e6b708",
}


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://a.test/", []),
        ("https://x1.a.test/", [("host", "", "x1")]),
        ("https://a.test/b/c", [("path", "1 of 3", "b"), ("path", "2 of 3", "c")]),
        ("https://a.test/?q=%41&r=", [("parameter", "q", "A")]),
        ("https://a.test/?abc#k=v", [("parameter", "", "abc"), ("fragment", "k", "v")]),
        ("https://a.test/#top", [("fragment", "", "top")]),
        ("https://[broken", []),
    ],
)
def test_places_of_an_address(url, found):
    assert [(place.kind, place.name, text) for place, text in places(url)] == found


def addresses(make, pages=(HOME, HOME + "b"), only=TOKENS):
    return [
        Address(session, f"{session}{page}", page, make(TOKENS[session], page)) for session in only for page in pages
    ]


def found(given):
    return [(one.to, one.place, one.pages) for one in decorations(given, AROUND, 27.0)]


def test_a_token_of_each_visitor_is_found_with_its_pages():
    given = addresses(lambda token, _: f"https://p.test/?a=1&u={token}")
    assert found(given) == [("p.test", Place("parameter", "u"), 2)]
    (one,) = decorations(given, AROUND, 27.0)
    assert [example.session for example in one.examples] == [Session.FIRST, Session.SECOND, Session.THIRD]
    assert one.found.returned


def test_only_pages_that_all_saw_are_compared():
    seen = addresses(lambda token, _: "https://p.test/", pages=(HOME,))
    alone = addresses(lambda token, _: f"https://p.test/?v={token}", pages=(HOME + "x",), only=(Session.FIRST,))
    assert found(seen + alone) == []


def test_content_that_two_visitors_got_is_none():
    def shared(token, page):
        return f"https://p.test/?v={token if token == TOKENS[Session.THIRD] else 'e6b7089f3a21c4d5'}"

    assert found(addresses(shared)) == []


def test_the_same_parameter_of_different_pages_is_not_mixed_up():
    # Each visitor sees two videos, the same two, in another order.
    videos = ["9f3a21c4d5e6b708", "0c1d2e3f4a5b6978"]
    assert found(addresses(lambda _, page: f"https://p.test/?v={videos[page == HOME]}")) == []
