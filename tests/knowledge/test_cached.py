"""What the browser's cache keeps for each visitor alone, as carriers."""

import math
from dataclasses import replace

from compliance.knowledge.identifiers.cached import gather_cached
from compliance.model.visit import Session
from compliance.testing import NOW, request, visit

HOME = "https://shop.test/"
SESSIONS = (Session.FIRST, Session.FIRST_AGAIN, Session.SECOND, Session.THIRD)
YEAR = (("cache-control", "max-age=31536000"),)


def answered(texts, *urls, **fields):
    """One visit for each session; `texts` in the order of `SESSIONS`."""
    defaults = {"resource": "script", "response_headers": YEAR}
    return [
        visit(HOME, session=session, requests=[
            request(url, answer_text=text, body_digest=f"sha {text}", **(defaults | fields))
            for url in urls or (f"{HOME}a.js",)
        ])
        for session, text in zip(SESSIONS, texts, strict=True)
    ]  # fmt: skip


def carriers(visits):
    return gather_cached(visits, NOW.timestamp()).gathered.carriers


def values(carrier):
    return {session: list(trace.kept) for session, trace in carrier.sessions.items()}


def test_only_that_is_compared_in_which_the_copies_differ_and_no_word_is_cut():
    copies = [f"let size = 12; let id = 'ab{middle}yz'; run(id);" for middle in ("cd", "cd", "ef", "gh")]
    [carrier] = carriers(answered(copies))
    assert values(carrier) == {
        Session.FIRST: ["abcdyz"], Session.FIRST_AGAIN: ["abcdyz"], Session.SECOND: ["abefyz"],
        Session.THIRD: ["abghyz"],
    }  # fmt: skip
    assert (carrier.kind, carrier.name, carrier.partition) == ("answer", f"{HOME}a.js", "")
    assert math.isclose(carrier.lifetime, 365 * 86_400)


def test_addresses_with_different_queries_are_different_answers():
    assert len(carriers(answered("aabc", f"{HOME}a.js?v=1", f"{HOME}a.js?v=2"))) == 2


def test_the_cache_of_another_sites_file_is_kept_apart_under_this_site():
    [carrier] = carriers(answered("aabc", "https://stats.test/a.js"))
    assert (carrier.domain, carrier.partition) == ("stats.test", "shop.test")


def test_what_two_visitors_share_names_neither():
    assert carriers(answered("aaba")) == carriers(answered("aabb")) == []


def test_the_last_copy_that_a_visitor_got_stands_last():
    visits = answered("aabc")
    more = [answered(text * 4)[0] for text in ("x", "a")]
    [carrier] = carriers([visits[0], *more, *visits[1:]])
    assert values(carrier)[Session.FIRST] == ["x", "a"]


def test_what_is_no_text_is_only_known_to_differ():
    visits = answered("aabc")
    found = gather_cached(visits, NOW.timestamp())
    assert (len(found.gathered.carriers), found.unlike, found.unread) == (1, (), ())
    plain = [
        visit(HOME, session=v.session, requests=[
            request(f"{HOME}a.js", resource="fetch", response_headers=YEAR, body_digest=v.requests[0].body_digest)
        ])
        for v in visits
    ]  # fmt: skip
    found = gather_cached(plain, NOW.timestamp())
    assert found.gathered.carriers == []
    assert [(one.url, one.page, len(one.requests)) for one in found.unlike] == [(f"{HOME}a.js", HOME, 3)]


def test_only_what_arrived_and_can_be_read_is_missed():
    def unread(**fields):
        seen = [
            replace(v, requests=tuple(replace(r, body_digest="") for r in v.requests))
            for v in answered("aabc", **fields)
        ]
        return gather_cached(seen, NOW.timestamp()).unread

    assert unread() == ((f"{HOME}a.js", HOME),)
    assert unread(error="net::ERR_ABORTED") == ()
    assert unread(resource="other") == (), "fetched ahead"
    assert unread(from_cache=True) == (), "read before"
    assert unread(size=10_000_000) == ()
