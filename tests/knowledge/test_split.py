"""Adding up what several carriers hold: which are pieces of one value, and what is asked for that."""

import random

import pytest

from compliance.knowledge.identifiers import Options, cases, gather
from compliance.knowledge.identifiers.rulings import Ruling
from compliance.knowledge.identifiers.split import joints
from compliance.model.visit import Session
from compliance.testing import NOW, cookie, request, set_cookie, site, visit

YEAR = 365 * 86_400
SESSIONS = ((Session.FIRST, "A"), (Session.FIRST_AGAIN, "A"), (Session.SECOND, "B"), (Session.THIRD, "C"))
HEX = "0123456789abcdef"


def added_up(values, requests=lambda: (), **options):
    """`values` gives a cookie's name the values of the visitors A, B and C."""
    visits = []
    for session, who in SESSIONS:
        mine = {name: of["ABC".index(who)] for name, of in values.items()}
        jar = [cookie(name, value, lifetime=YEAR) for name, value in mine.items()]
        attempts = [] if session is Session.FIRST_AGAIN else [set_cookie(n, v, lifetime=YEAR) for n, v in mine.items()]
        visits.append(visit(session=session, jar=jar, set_cookies=attempts))
    now = NOW.timestamp()
    every, _ = cases(gather(visits, now), lambda: (), site(), Options(**options), now)
    return joints(every, requests, site(), Options(**options), now)


def drawn(count, length, *, prefix="p", alphabet=HEX, seed=1):
    r = random.Random(seed)
    return {f"{prefix}{n}": ["".join(r.choices(alphabet, k=length)) for _ in "ABC"] for n in range(count)}


def test_bits_are_added_up_in_the_order_of_the_numbers():
    [[joint], unrecorded] = added_up(drawn(11, 3))
    assert [case.carrier.name for case in joint.cases] == [f"p{n}" for n in range(11)]
    assert joint.bits == pytest.approx(132, abs=1)
    assert (joint.sure, joint.ruling, unrecorded) == (True, Ruling.BROKEN, [])


def test_what_suffices_is_the_spec_s_to_say():
    assert added_up(drawn(4, 3), strong_bits=64)[0] == []
    assert added_up(drawn(4, 3), strong_bits=40)[0][0].sure


@pytest.mark.parametrize(
    ("shared", "sure"), [(0, True), (1, False), (5, False)], ids=["all apart", "one shared", "five shared"]
)
def test_of_eight_short_pieces_all_have_to_be_apart(shared, sure):
    values = {
        f"p{n}": [f"{a}{n:x}", f"{b}{n + 1:x}", f"{c}{n + 2:x}"] for n, (a, b, c) in enumerate(["3af", "9e0"] * 4)
    }
    for n in range(shared):
        values[f"p{n}"][1] = values[f"p{n}"][0]
    found, _ = added_up(values)
    assert [joint.sure for joint in found] == [sure] * bool(found)
    assert bool(found) is (shared < 5), "with five of eight shared, what is left does not suffice"


def test_of_sixteen_short_pieces_two_may_be_shared():
    values = drawn(16, 2, seed=4)
    values["p3"][1], values["p9"][2] = values["p3"][0], values["p9"][0]
    assert [joint.sure for joint in added_up(values)[0]] == [True]


def test_requests_are_looked_through_only_for_what_is_certain():
    def never():
        raise AssertionError("there is nothing to look for")

    assert added_up(drawn(4, 1), never) == ([], [])
    assert not added_up(drawn(3, 3), never)[0][0].sure


def test_pages_without_a_record_of_requests_are_told():
    found, unrecorded = added_up(drawn(4, 4), lambda: [visit(requests=None)])
    assert [joint.sure for joint in found] == [True]
    assert unrecorded == ["https://shop.test/"]


def test_the_pieces_of_each_visitor_are_looked_for_in_its_own_requests():
    values = drawn(4, 4)

    def sent(session, who):
        url = "https://stats.test/?v=" + "".join(of["ABC".index(who)] for of in values.values())
        return [visit(session=session, requests=[request(url)])]

    assert [s.to for s in added_up(values, lambda: sent(Session.SECOND, "B"))[0][0].sent] == ["stats.test"]
    assert added_up(values, lambda: sent(Session.SECOND, "C"))[0][0].sent == ()


def test_what_all_visitors_have_in_a_piece_is_no_part_of_the_whole():
    values = {name: [f"acmeshop24{piece}" for piece in of] for name, of in drawn(4, 5).items()}

    def sent(value):
        return [visit(requests=[request(f"https://stats.test/?v={value}")])]

    mine = "".join(of[0] for of in values.values())
    for value, told in (("acmeshop24", 0), (mine, 1), (mine[:40], 1)):
        assert len(added_up(values, lambda value=value: sent(value))[0][0].sent) == told
