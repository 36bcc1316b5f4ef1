"""What a press adds to an address, and what its visitor kept."""

import pytest

from compliance.knowledge.identifiers import Surroundings, assessed, gather
from compliance.knowledge.identifiers.cases import Options
from compliance.knowledge.identifiers.decoration import Place
from compliance.knowledge.identifiers.pressed import common_pieces, opaque, secrets
from compliance.model.trials import LinkProbe
from compliance.model.visit import Session
from compliance.testing import NOW, cookie, visit

TO = "https://partner.test/x?a=1"
AROUND = Surroundings(NOW.timestamp())
NUMBER = "c7f3a9d2e8b14605"


@pytest.mark.parametrize(
    ("went", "places"),
    [
        (TO, []),
        (f"{TO}&r={NUMBER}", [Place("parameter", "r")]),
        (f"{TO}&{NUMBER}", [Place("parameter", "#")]),
        (f"{TO}#{NUMBER}", [Place("fragment")]),
        (f"https://partner.test/{NUMBER}?a=1", [Place("path", "1 of 2")]),
        (f"https://{NUMBER}.partner.test/x?a=1", [Place("host")]),
        (f"{TO}&utm_source=shop&when=1795348800", []),
        (f"{TO}&back=https%3A%2F%2Fshop.test%2Fitem-48151623", []),
        ("https://[", []),
    ],
)
def test_opaque_places_are_those_that_were_not_there_before(went, places):
    assert [place for place, _ in opaque(TO, went, ("https://shop.test/item-48151623",), AROUND)] == places
    assert opaque(went, went, (), AROUND) == []


def test_bits_of_a_place_add_up():
    ((_, bits),) = opaque(TO, f"{TO}&r={NUMBER[:8]}.{NUMBER[8:]}", (), AROUND)
    assert bits == 64


def test_secrets_are_looked_for_where_the_crawl_found_identifiers():
    numbers = {Session.FIRST: "a81f03c9d2e7b456", Session.SECOND: "03e94b7d1c86fa25", Session.THIRD: "f62d90b1a7c3e845"}
    visits = [
        visit(page, session=session, jar=(cookie("n", f"v1.{number}", lifetime=9e6), cookie("lang", "en")))
        for session, number in numbers.items()
        for page in ("https://shop.test/", "https://shop.test/b")
    ]
    carriers = dict(enumerate(assessed(gather(visits, NOW.timestamp()), Options(), NOW.timestamp())))
    (number,) = [n for n, (carrier, _) in carriers.items() if carrier.name == "n"]
    jar = (cookie("n", f"v1.{NUMBER}", path="/deeper"), cookie("other", "5d1e7c30aa924bf8"))
    probe = LinkProbe("l", "https://shop.test/", TO, "left", cookies=jar, storage=())
    search = secrets(probe, {number: (carriers[number][0], carriers[number][1].places)}, NOW.timestamp())
    assert [found.needle.name for found in search.in_text(f"{TO}&r={NUMBER}")] == [str(number)]
    assert not search.in_text(f"{TO}&r=5d1e7c30aa924bf8")


def test_pieces_of_two_visitors_are_common_and_those_of_a_return_are_not():
    texts = {
        Session.FIRST: [f"b={NUMBER}", "x=aaaa1"],
        Session.SECOND: [f"c={NUMBER}"],
        Session.FIRST_AGAIN: ["x=aaaa1"],
    }
    assert common_pieces(texts) == {NUMBER}
