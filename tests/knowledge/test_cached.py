"""What the browser's cache keeps for each visitor alone, as carriers."""

import math
from dataclasses import replace

import pytest

from compliance.knowledge.identifiers.cached import gather_cached
from compliance.model.visit import Session, VisitOutcome
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
    assert unread(from_cache=True) == unread(), "from wherever it came, nobody read it"
    assert unread(size=10_000_000) == ()


def without(visit, **fields):
    """A visit whose answers could not be read."""
    blank = {"body_digest": "", "answer_text": ""} | fields
    return replace(visit, requests=tuple(replace(r, **blank) for r in visit.requests))


def test_what_comes_from_the_cache_is_known_when_it_was_read_before():
    visits = answered("aabc")
    later = [without(v, from_cache=True) for v in visits]
    found = gather_cached([*visits, *later], NOW.timestamp())
    assert (len(found.gathered.carriers), found.unread) == (1, ())
    # The read of the second visitor was cut off, and later pages took it from the cache.
    cut = [without(v) if v.session is Session.SECOND else v for v in visits]
    assert gather_cached([*cut, *later], NOW.timestamp()).unread == ((f"{HOME}a.js", HOME),)
    only = [v for v in visits if v.session is not Session.SECOND]
    assert gather_cached([*only, *later], NOW.timestamp()).unread == ((f"{HOME}a.js", HOME),)


def test_what_was_read_on_a_page_that_was_not_seen_was_read():
    visits = answered("aabc")
    lost = [replace(v, outcome=VisitOutcome.TIMEOUT) for v in visits]
    later = [without(v, from_cache=True) for v in visits]
    found = gather_cached([*lost, *later], NOW.timestamp())
    assert (len(found.gathered.carriers), found.unread) == (1, ())
    assert gather_cached([without(v) for v in lost], NOW.timestamp()).unread == ()


@pytest.mark.parametrize("status", [203, 206])
def test_answers_with_other_statuses_are_kept_too(status):
    assert len(carriers(answered("aabc", status=status))) == 1
    assert carriers(answered("aabc", status=404)) == []


def test_what_is_stale_and_used_is_kept():
    stale = (("cache-control", "max-age=0, stale-while-revalidate=31536000"),)
    assert len(carriers(answered("aabc", response_headers=stale))) == 1


def bundles(*copies, walk=SESSIONS):
    """Large files; of each visitor (A, return, B, C) its size and headers."""
    return [
        visit(HOME, session=session, requests=[
            request(f"{HOME}app.js", resource="script", size=size, response_headers=(*YEAR, *headers.items()))
        ])
        for session, (size, headers) in zip(walk, copies, strict=True)
    ]  # fmt: skip


def judged_large(visits):
    found = gather_cached(visits, NOW.timestamp())
    assert (found.gathered.carriers, found.unread) == ([], ())
    return len(found.unlike), len(found.large)


TAG = {"etag": '"v1"', "content-length": "299000"}


@pytest.mark.parametrize(
    "copies",
    [
        [(300_000, {})] * 4,
        [(300_000 + n * 900, {}) for n in range(4)],
        [(300_000 + n * 9000, TAG) for n in range(4)],
        [(300_000, {"etag": tag}) for tag in ('"v1"', '"v1"', 'W/"v1"', '"v1-gzip"')],
        [(300_000, {"etag": tag}) for tag in ('"v1"', '"v1"', '"v2"', '"v2"')],
        [(300_000, {}), (300_000, {}), (400_000, {}), (400_000, {})],
    ],
    ids=["equal", "headers differ", "one length", "one tag, compressed", "two builds", "two sizes"],
)
def test_large_files_that_may_be_one_are_only_told(copies):
    assert judged_large(bundles(*copies)) == (0, 1)


APART = {
    "tags": [(300_000, {"etag": f'"{tag}"'}) for tag in "aabc"],
    "dates": [(300_000, {"last-modified": f"Mon, 02 Nov 2026 09:12:{n} GMT"}) for n in (10, 10, 11, 12)],
    "lengths": [(300_000, {"content-length": f"{300_000 + n}"}) for n in (0, 0, 1, 2)],
    "sizes": [(300_000, {}), (300_000, {}), (310_000, {}), (320_000, {})],
}


@pytest.mark.parametrize("how", APART)
def test_large_files_with_another_size_or_validator_for_each_are_unlike(how):
    visits = bundles(*APART[how])
    assert judged_large(visits) == (1, 0)
    assert gather_cached(visits, NOW.timestamp()).unlike[0].large
    assert judged_large([v for v in visits if v.session is not Session.FIRST_AGAIN]) == (1, 0), "it was not asked again"
    assert judged_large([*visits, *(without(v, from_cache=True, size=0) for v in visits)]) == (1, 0)


def test_large_files_that_are_other_ones_on_the_return_do_not_stay():
    copies = [(300_000, {"etag": f'"{tag}"'}) for tag in "axbc"]
    assert judged_large(bundles(*copies)) == (0, 1)


def test_who_got_a_small_copy_is_compared_with_who_got_a_large_one():
    small = answered("aabc", f"{HOME}app.js", size=200_000)[:2]
    assert judged_large([*small, *bundles(*APART["sizes"])[2:]]) == (1, 0)
    assert judged_large([*small, *bundles(*[(300_000, {})] * 4)[2:]]) == (0, 1)


def test_a_servers_word_that_a_large_file_is_still_good_is_no_copy():
    visits = bundles(*APART["tags"])
    again = [without(v, size=200, body_digest="sha") for v in visits[:1]]
    assert judged_large([*visits, *again]) == (1, 0)
