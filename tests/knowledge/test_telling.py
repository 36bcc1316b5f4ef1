"""Places of requests, compared between visitors: which of them the check is told of."""

import random

from compliance.knowledge.identifiers.decoration import Place
from compliance.knowledge.identifiers.items import ItemLabel
from compliance.knowledge.identifiers.kinds import Surroundings
from compliance.knowledge.identifiers.telling import MAX_VALUES, Payloads, came_back, told, unreadable
from compliance.model.visit import Session
from compliance.testing import NOW, request, visit

PAGES = ("https://shop.test/", "https://shop.test/about")
WHO = {Session.FIRST: "A", Session.SECOND: "B", Session.THIRD: "C", Session.FIRST_AGAIN: "A"}
AROUND = Surroundings(NOW.timestamp())


def hexid(*what):
    return f"{random.Random(repr(what)).getrandbits(128):032x}"


def gathered(send, *, foreign=True):
    """`send(who, session, page)` gives the addresses that are asked."""
    payloads = Payloads()
    for session, who in WHO.items():
        for page in PAGES:
            made = visit(page, session=session)
            payloads.seen(made)
            for url in send(who, session, page):
                payloads.add(made, request(url), foreign=foreign)
    return payloads


def found(payloads):
    return list(told(payloads, AROUND, 27.0, 16.0))


def test_a_number_that_stays_and_one_of_the_session_and_a_new_one():
    def send(who, session, page):
        new, mine = hexid(who, session, page), hexid(who, session)
        return [f"https://px.tracker.test/c?stays={hexid(who)}&session={mine}&new={new}&key={hexid('all')}"]

    payloads = gathered(send)
    assert payloads.common == set(PAGES)
    by_name = {one.place.name: one for one in found(payloads)}
    assert by_name.keys() == {"stays", "session"}
    assert (by_name["stays"].lasting, by_name["session"].lasting) == (True, False)
    assert (by_name["stays"].pages, by_name["stays"].tokens) == (2, (hexid("A"),))
    assert {one.session for one in by_name["stays"].examples} == set(WHO)


def test_the_surest_of_several_kinds_of_request_counts():
    def send(who, session, page):
        return [f"https://px.tracker.test/a?v={hexid(who, session)}", f"https://px.tracker.test/b?v={hexid(who)}"]

    (one,) = found(gathered(send))
    assert (one.place, one.found.label, one.lasting) == (Place("parameter", "v"), ItemLabel.STRONG, True)


def test_decoys_do_not_push_a_number_out():
    """More values than are kept for one place: what came back is seen all the same."""

    def send(who, session, page):
        decoys = [f"https://px.tracker.test/c?v={hexid(who, session, page, n)}" for n in range(MAX_VALUES + 10)]
        return [*decoys, f"https://px.tracker.test/c?v={hexid(who)}"]

    payloads = gathered(send)
    assert [piece for _, piece, _ in came_back(payloads, AROUND, 27.0)] == [hexid("A")]


def test_what_came_back_is_looked_for_in_what_others_are_sent_only():
    def send(who, session, page):
        return [f"https://shop.test/c?{''.join(random.Random(page + session).choices('abcdef', k=8))}={hexid(who)}"]

    assert list(came_back(gathered(send, foreign=False), AROUND, 27.0)) == []


def test_texts_that_are_new_every_time_and_long():
    def send(who, session, page):
        return [f"https://px.tracker.test/c?long={hexid(who, session, page) * 3}&short={hexid(who, session, page)}"]

    assert [(to, place.name) for to, place, _ in unreadable(gathered(send))] == [("tracker.test", "long")]
    assert list(unreadable(gathered(send, foreign=False))) == []


def test_more_texts_than_are_compared_are_told():
    body = "&".join(f"https://px.tracker.test/c?{n}=word{n}" for n in range(3))
    payloads = gathered(lambda *_: [body])
    assert payloads.cut == {}
    made = visit(PAGES[0])
    payloads.add(
        made, request("https://px.tracker.test/c", body="[" + ",".join(['"word"'] * 3_000) + "]"), foreign=True
    )
    assert payloads.cut == {"tracker.test": PAGES[0]}
