"""What sites keep in storage, seen by three visitors and one return, judged."""

import json
import random
import uuid
from dataclasses import replace

import pytest

from compliance.checks import judge
from compliance.checks.identity.no_identifying_storage import NoIdentifyingStorage, no_identifying_storage
from compliance.knowledge.identifiers.stored import WHOLE, parts
from compliance.model.verdict import Outcome, Reason
from compliance.model.visit import Session, VisitOutcome
from compliance.testing import NOW, context, observe, request, site, stored, visit

HOME, ABOUT = "https://shop.test/", "https://shop.test/about"
#: Session, page and whose values are seen.
WALK = (
    (Session.FIRST, HOME, "A"),
    (Session.FIRST, ABOUT, "A"),
    (Session.FIRST_AGAIN, HOME, "A"),
    (Session.SECOND, HOME, "B"),
    (Session.THIRD, HOME, "C"),
)


def v4(who):
    return str(uuid.UUID(int=random.Random(who).getrandbits(128), version=4))


def crawl(make, walk=WALK, **fields):
    """`make(visitor, session)` gives the items that each visit finds."""
    return [
        visit(url, session=session, storage=make(who, session), started=NOW.replace(minute=n).isoformat(), **fields)
        for n, (session, url, who) in enumerate(walk)
    ]


def verdict(visits, **parameters):
    return judge(no_identifying_storage, NoIdentifyingStorage(**parameters), observe(*visits), context(site=site()))


def item(make, **fields):
    return lambda who, _: [stored(value=make(who), **fields)]


def record(who):
    return json.dumps({"fid": v4(who), "platform": "web"})


KINDS = {
    "local": item(v4, key="uid"),
    "indexeddb": item(record, key="installations/ids/app", kind="indexeddb"),
    "cache": item(
        lambda who: json.dumps({"url": f"{HOME}me", "body": v4(who)}), key=f"x/{HOME}me", kind="cache"
    ),
    "worker": item(lambda who: f"https://shop.test/sw.js?id={v4(who)}", key="https://shop.test/", kind="worker"),
    "file": item(v4, key="settings/me", kind="file"),
    "file that is no text": item(lambda who: f"53514c69 visitor={v4(who)} 0aff00", key="app.db", kind="file"),
    "a folder's name": lambda who, _: [stored(f"{v4(who)}/", "", "file")],
    "in a bucket": item(record, key="buckets/mine/db/s/me", kind="indexeddb"),
    "a bucket's name": lambda who, _: [stored(f"buckets/{v4(who)}/", "", "file")],
    "a name that is one": lambda who, _: [stored(f"visit-{v4(who)}", "1")],
    "deep in a long value": item(lambda who: json.dumps({"a": ["x y " * 2000], "b": {"id": v4(who)}}), key="state"),
    "late in long text": item(lambda who: "x y " * 5000 + v4(who), key="log"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_identifier_in_any_store_breaks_the_promise(kind):
    found = verdict(crawl(KINDS[kind]))
    assert found.outcome is Outcome.FAILED
    [finding] = found.findings
    assert "three different values" in finding.message
    assert "again after the browser was closed" in finding.message
    assert "has no expiry" in finding.message
    assert finding.cause.startswith("identifier:self:")
    assert {e.aspect for e in finding.evidence} == {"storage"}
    assert len({e.visit for e in finding.evidence}) == 4
    assert v4("A") not in finding.message.replace("visit-" + v4("A"), "")
    assert v4("A") not in finding.cause


@pytest.mark.parametrize("kind", ["session", "name"])
def test_what_ends_with_the_tab_is_no_breach(kind):
    found = verdict(crawl(lambda who, when: [stored("uid", v4(f"{who}{when}"), kind=kind)]))
    assert found.outcome is Outcome.PASSED


def test_what_ends_with_the_tab_and_comes_back_was_kept_elsewhere():
    found = verdict(crawl(item(v4, key="uid", kind="session")))
    assert found.outcome is Outcome.FAILED
    assert "it was kept elsewhere" in found.findings[0].message


INNOCENT = {
    "nothing": lambda *_: [],
    "the same for everybody": item(lambda _: json.dumps({"theme": "dark", "build": "9f8e7d6c5b4a39281706"}), key="ui"),
    "an empty database": item(lambda _: "", key="cache-db", kind="indexeddb"),
    "an empty folder": item(lambda _: "", key="drafts/", kind="file"),
    "a file of a build": item(lambda _: "export const b = '9f8e7d6c5b4a39281706'", key="app.js", kind="file"),
    "a group": item(lambda who: "variant-a" if who == "A" else "variant-b", key="exp"),
    "cached files": item(lambda _: '{"url": "https://shop.test/a.css?v=12"}', key=f"v1/{HOME}a.css", kind="cache"),
}  # fmt: skip


@pytest.mark.parametrize("what", INNOCENT)
def test_what_tells_nobody_apart_passes(what):
    assert verdict(crawl(INNOCENT[what])).outcome is Outcome.PASSED


def test_a_frames_storage_counts_by_the_owner_of_its_origin():
    found = verdict(crawl(item(v4, key="uid", origin="https://w.social.test", frame="https://w.social.test/like")))
    assert found.outcome is Outcome.FAILED
    assert found.findings[0].cause == "identifier:social.test:local:uid"
    assert "w.social.test, partitioned under shop.test" in found.findings[0].message


def test_exempt_keys_are_listed_and_pass():
    found = verdict(crawl(KINDS["indexeddb"]), exempt={"installations/*": "push messages that were asked for"})
    assert found.outcome is Outcome.PASSED
    assert any("push messages that were asked for" in note for note in found.notes)
    assert verdict(crawl(item(v4, key="csrftoken"))).outcome is Outcome.PASSED


def test_the_reasonable_reading_lets_a_pseudonym_last_but_not_leave():
    assert verdict(crawl(KINDS["local"]), reading="reasonable").outcome is Outcome.PASSED
    visits = crawl(KINDS["local"], requests=[request(f"https://stats.test/g?cid={v4('A')}")])
    found = verdict(visits, reading="reasonable")
    assert found.outcome is Outcome.FAILED
    assert "sent to stats.test" in found.findings[0].message


def test_what_is_taken_back_before_the_end_does_not_outlive_the_session():
    visits = crawl(lambda who, _: [stored("uid", v4(who))])
    gone = [*visits[:2], visit(ABOUT, session=Session.FIRST), visit(HOME, session=Session.FIRST_AGAIN), *visits[3:]]
    assert verdict(gone).outcome is Outcome.PASSED
    came = [*visits[:2], visit(ABOUT, session=Session.FIRST), *visits[2:]]
    assert verdict(came).outcome is Outcome.FAILED, "a page that was read too early to have it"
    left = [*visits[:2], visit(HOME, session=Session.FIRST_AGAIN), *visits[3:]]
    assert verdict(left).outcome is Outcome.INCONCLUSIVE, "there at the last look, and not when the visitor returned"


def test_storage_that_was_not_read_whole_is_no_pass():
    for fields in ({"storage": None}, {"errors": {"storage": "the first 4 entries"}}):
        visits = [*crawl(lambda *_: []), visit(ABOUT, **fields)]
        found = verdict(visits)
        assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
    failed = visit(ABOUT, outcome=VisitOutcome.DOWNLOAD, storage=None)
    assert verdict([*crawl(lambda *_: []), failed]).outcome is Outcome.PASSED


def test_short_values_stay_whole_and_long_ones_come_apart():
    assert list(parts("k", "x" * WHOLE)) == [("k", "x" * WHOLE)]
    assert [name for name, _ in parts("k", "x" * (WHOLE + 1))][:2] == ["k", "k[1]"]
    words = [word for _, piece in parts("k", f"{'y' * 9} " * 500) for word in piece.split()]
    assert words == ["y" * 9] * 500, "no word is cut in two"
    long = json.dumps({"a": "1", "b": ["x" * WHOLE, 12345678901234567890]})
    found = [name for name, _ in parts("k", long)]
    assert (found[0], found[1], found[-1], len(found)) == ("k.a", "k.b.0", "k.b.1", 3)
    assert len(list(parts("k", "{" + "x" * WHOLE))) == 9


@pytest.mark.parametrize(
    ("others", "reason"), [((HOME,), Reason.COVERAGE), ((HOME, ABOUT), Reason.NEEDS_HUMAN)], ids=["home", "both"]
)
def test_who_else_could_have_got_an_entry_that_one_visitor_has(others, reason):
    """It was found on the home page, after a page that not all saw."""
    looks = [(Session.FIRST, ABOUT, False), (Session.FIRST, HOME, True), (Session.FIRST_AGAIN, HOME, True)]
    looks += [(session, url, False) for session in (Session.SECOND, Session.THIRD) for url in others]
    found = verdict(
        visit(
            url,
            session=session,
            storage=[stored("uid", v4("A"))] if has else [],
            started=NOW.replace(minute=n).isoformat(),
        )
        for n, (session, url, has) in enumerate(looks)
    )
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, reason)


YEAR = 365 * 86_400


def answers(make, walk=WALK, seconds=YEAR, **fields):
    """`make(visitor)` is the text of a script that the cache keeps, None where it was not recorded."""

    def one(who):
        text = make(who)
        known = {} if text is None else {"answer_text": text, "body_digest": str(hash(text))}
        headers = (("cache-control", f"max-age={seconds}"),)
        defaults = {"resource": "script", "response_headers": headers} | known
        return [request(f"{HOME}app.js", **(defaults | fields))]

    return [
        visit(url, session=session, requests=one(who), started=NOW.replace(minute=n).isoformat())
        for n, (session, url, who) in enumerate(walk)
    ]


def token(who, size=32):
    return f"{random.Random(who).getrandbits(4 * size):0{size}x}"


def later(who):
    """A time at which an answer was made."""
    return f"{NOW.timestamp() + 60 * ord(who):.0f}"


CODE = "".join(f"const part{n} = (a, b) => a * {n} + b;\n" for n in range(300))
COPIES = {
    "a script": lambda who: f'window.id = "{token(who)}";',
    "data": lambda who: json.dumps({"title": "shop", "client": {"key": v4(who)}, "dark": False}),
    "at the end of long code": lambda who: f"{CODE}window.id = '{token(who)}';",
    "at the end, and a time at the beginning": lambda who: f"// {later(who)}\n{CODE}id={token(who)}",
}  # fmt: skip


@pytest.mark.parametrize("what", COPIES)
def test_a_copy_of_its_own_in_the_cache_names_the_visitor(what):
    found = verdict(answers(COPIES[what]))
    assert found.outcome is Outcome.FAILED
    [finding] = found.findings
    assert finding.message.startswith("Cached answer “https://shop.test/app.js”")
    assert "may stay in the browser's cache for 365 days" in finding.message
    assert finding.cause == "identifier:self:answer:/app.js"
    assert {e.aspect for e in finding.evidence} == {"requests"}
    assert len({e.visit for e in finding.evidence}) == 4
    assert token("A") not in finding.message


ALIKE = {
    "one build for all": answers(lambda _: f"window.build = '{token('build')}';"),
    "two builds": answers(lambda who: f"window.build = '{token('old' if who == 'A' else 'new')}';"),
    "the time": answers(lambda who: f'{{"text": "Welcome", "made": {later(who)}}}'),
    "a group": answers(lambda who: f"window.group = 'variant-{who.lower()}';"),
    "kept for an hour": answers(COPIES["a script"], seconds=3600),
    "kept for a day": answers(COPIES["a script"], seconds=86_400),
    "not to be stored": answers(
        COPIES["a script"], response_headers=(("cache-control", "no-store, max-age=31536000"),)
    ),
    "a page": answers(COPIES["a script"], resource="document"),
    "an error": answers(COPIES["a script"], status=404),
    "what two visitors got alone": [
        replace(v, requests=()) if v.session is Session.THIRD else v for v in answers(COPIES["a script"])
    ],
    "long code with a time": answers(lambda who: f"// {later(who)}\n{CODE}"),
}  # fmt: skip


@pytest.mark.parametrize("what", ALIKE)
def test_cached_answers_that_name_nobody_pass(what):
    assert verdict(ALIKE[what]).outcome is Outcome.PASSED


def test_copies_that_are_no_text_are_for_a_person():
    def visits(returned="A", **fields):
        walk = [(s, url, returned if s is Session.FIRST_AGAIN else who) for s, url, who in WALK]
        made = answers(lambda who: f"binary {who}", walk, **fields)
        return [replace(v, requests=tuple(replace(r, answer_text="") for r in v.requests)) for v in made]

    found = verdict(visits())
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert "each of three visitors has a copy of its own" in found.explanation
    assert verdict(visits(), reading="reasonable").outcome is Outcome.PASSED
    assert verdict(visits(), exempt={"*/app.js": "plays a tune"}).outcome is Outcome.PASSED
    assert verdict(visits(seconds=86_400)).outcome is Outcome.PASSED, "a day is let pass"
    assert verdict(visits(returned="D")).outcome is Outcome.PASSED, "it did not stay"


def test_copies_that_differ_all_over_are_for_a_person():
    found = verdict(answers(lambda who: " ".join(token(f"{who}{n}") for n in range(400))))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)


def test_a_cached_answer_that_could_not_be_read_is_no_pass():
    found = verdict(answers(lambda who: None if who == "B" else "the same"))
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.INSTRUMENT)
    assert "app.js could not be read" in found.explanation
    large = answers(lambda _: None, size=10_000_000)
    assert verdict(large).outcome is Outcome.PASSED, "what is large is not read, and the check says so"
    assert any("too large to be read: https://shop.test/app.js." in note for note in verdict(large).notes)
    cached = answers(lambda _: None, from_cache=True)
    assert verdict(cached).reason is Reason.INSTRUMENT, "from the cache as from the network"


def test_a_large_file_of_another_size_for_each_visitor_is_for_a_person():
    sizes = {"A": 300_000, "B": 310_000, "C": 320_000}
    visits = [
        replace(v, requests=tuple(replace(r, size=sizes[who]) for r in v.requests))
        for v, (_, _, who) in zip(answers(lambda _: None), WALK, strict=True)
    ]
    found = verdict(visits)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.NEEDS_HUMAN)
    assert "too large to be read" in found.explanation
    assert verdict(visits, reading="reasonable").outcome is Outcome.PASSED
    assert verdict(visits, exempt={"*/app.js": "plays a tune"}).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "fields",
    [
        {"status": 203},
        {"status": 206},
        {"response_headers": (("cache-control", "max-age=0, stale-while-revalidate=31536000"),)},
        {"response_headers": (("cache-control", "max-age=31536000\npublic"),)},
        {"response_headers": (("cache-control", "max-age=31536000"), ("cache-control", "public"))},
    ],
)
def test_it_is_kept_however_that_is_said(fields):
    assert verdict(answers(COPIES["a script"], **fields)).outcome is Outcome.FAILED


def test_a_copy_that_is_not_there_on_the_return_is_not_known_to_stay():
    walk = [(s, url, "D" if s is Session.FIRST_AGAIN else who) for s, url, who in WALK]
    assert verdict(answers(COPIES["a script"], walk)).outcome is Outcome.INCONCLUSIVE, "a long secret, new each time"


def test_exempt_addresses_and_the_reasonable_reading_of_cached_answers():
    found = verdict(answers(COPIES["a script"]), exempt={"*/app.js": "a key that was asked for"})
    assert found.outcome is Outcome.PASSED
    assert any("a key that was asked for" in note for note in found.notes)
    assert verdict(answers(COPIES["a script"]), reading="reasonable").outcome is Outcome.PASSED
