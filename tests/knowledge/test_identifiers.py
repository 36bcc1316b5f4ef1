"""Parts of the identifier analysis: taking values apart, kinds, bits, lifetimes, carriers, forwarding, rulings."""

import base64
import hashlib
import json
import math
import random
from dataclasses import replace
from urllib.parse import quote

import pytest

from compliance.knowledge.identifiers import (
    DEFAULT_EXEMPT,
    Bucket,
    Facts,
    ItemLabel,
    Ruling,
    Surroundings,
    bucket_of,
    exemption,
    find_sent,
    gather,
    needles,
    rule,
    spoken,
)
from compliance.knowledge.identifiers.capacity import affixes, alike, alphabet, bits, cores, similarity
from compliance.knowledge.identifiers.describe import redacted, shown
from compliance.knowledge.identifiers.items import Samples, assess
from compliance.knowledge.identifiers.kinds import Kind, kind_of, kind_of_row, lone_bits, word_like
from compliance.knowledge.identifiers.labels import label_piece
from compliance.knowledge.identifiers.tokens import NAME_END, align, normal_name, parse, parse_all
from compliance.model.visit import Session
from compliance.testing import NOW, cookie, request, set_cookie, visit

UUID = "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"
EPOCH = 1_760_000_000
AROUND = Surroundings(now=EPOCH + 100.0)


def b64(data):
    return base64.b64encode(json.dumps(data).encode()).decode()


@pytest.mark.parametrize(
    ("value", "pieces"),
    [
        ("GA1.1.611025150.1760000000", {(): ["GA1", "1", "611025150", "1760000000"]}),
        ("m4894zj^2^fxy^0^1474", {(): ["m4894zj", "2", "fxy", "0", "1474"]}),
        (f"s%3A{UUID}.x", {(): ["s", UUID, "x"]}),
        ("uid=ab.cd&lang=en", {("uid",): ["ab", "cd"], ("lang",): ["en"]}),
        ("a%253Db", {("a",): ["b"]}),
        (
            f'{{"id":"{UUID}","n":[1,2.5,true,null]}}',
            {
                ("id",): [UUID],
                ("n", "0"): ["1"],
                ("n", "1"): ["2", "5"],
                ("n", "2"): ["true"],
                ("n", "3"): ["null"],
            },
        ),
        (b64({"id": UUID}), {("id",): [UUID]}),
        (quote(b64({"in": b64({"id": "x1"})})), {("in", "id"): ["x1"]}),
        (f'{{"user_{UUID}":1}}', {("user_#", "(key)"): [UUID], ("user_#",): ["1"]}),
        ("1760000000.123456", {(): ["1760000000.123456"]}),
        ("2025-10-09T10:11:12.123Z", {(): ["2025-10-09T10:11:12.123Z"]}),
        ("{not json", {(): ["not", "json"]}),
        ("", {}),
    ],
)
def test_parse(value, pieces):
    assert parse(value) == pieces


def test_parse_web_token():
    parts = [b64({"alg": "none"}), b64({"sub": UUID}), "c2ln"]
    token = ".".join(p.rstrip("=") for p in parts)
    assert parse(token) == {("header", "alg"): ["none"], ("claims", "sub"): [UUID]}


def test_parse_survives_what_is_deep_long_or_broken():
    assert parse("[" * 5000) == {}
    parse("[" * 900 + "]" * 900)
    nested: list[object] = []
    for _ in range(100):
        nested = [nested, "x"]
    assert parse(json.dumps(nested))
    assert parse("9" * 100_000)
    assert sum(map(len, parse("a." * 8000).values())) <= 256
    assert parse("\ud800\udfff%ff%00") is not None


def test_a_layer_by_chance_is_no_layer():
    # Only the first of these happens to be base64 of printable text.
    chance = base64.b64encode(b"printable!!!").decode()
    one, two = parse_all([chance, "8fKq2LxZr0Vw9aPc"])
    assert one == {(): [chance]}
    assert two == {(): ["8fKq2LxZr0Vw9aPc"]}


def test_names():
    assert normal_name("_hjSessionUser_3512345") == "_hjSessionUser_#"
    assert normal_name(f"seen_{UUID}") == "seen_#"
    assert normal_name("_ga_G12ABC") == "_ga_G12ABC"
    assert parse(f"3512{NAME_END}v") == {("(name)",): ["3512"], (): ["v"]}


def test_align_by_place_and_by_shape():
    a, b, c = parse("GA1.611025150.x"), parse("GA1.v2.733025151.x"), parse("GA1.811025152.x")
    rows = [texts for _, texts in align([a, b, c])]
    assert ("611025150", "733025151", "811025152") in rows
    assert (None, "v2", None) in rows
    named = align([parse("a=1&b=2"), parse("b=3&a=4")])
    assert dict(named) == {("a",): ("1", "4"), ("b",): ("2", "3")}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("true", Kind.WORD), ("en", Kind.WORD), ("de-CH", Kind.WORD), ("EUR", Kind.WORD), ("acceptedAll", Kind.WORD),
        ("treatment", Kind.WORD), ("1YNN", Kind.CONSENT), ("1760000000", Kind.TIME), ("1760000000123", Kind.TIME),
        ("1760000000.123", Kind.TIME), ("1760000000123456", Kind.TIME), ("1234567890", Kind.OPAQUE),
        ("2025-10-09", Kind.DATE), ("20251009", Kind.DATE), ("1920x1080", Kind.SCREEN),
        (UUID, Kind.OPAQUE), ("m4894zj", Kind.OPAQUE), ("xkqjzpwmvbtq", Kind.OPAQUE), ("QxKbZwTyRf", Kind.OPAQUE),
    ],
)  # fmt: skip
def test_kinds(text, kind):
    assert kind_of(text, AROUND) is kind


def test_kinds_of_surroundings_and_rows():
    assert kind_of("blue-shoes-48213", Surroundings(EPOCH, pages={"blue-shoes-48213"})) is Kind.PAGE
    assert kind_of("2500000000", Surroundings(EPOCH, moments=(2_500_000_100.0,))) is Kind.TIME
    assert kind_of_row(["ts-1760000000123", "ts-1760000000999"], AROUND) is Kind.TIME
    assert kind_of_row(["control", "9f3a21"], AROUND) is Kind.OPAQUE
    assert word_like("en_US")
    assert not word_like("a1b2")


def test_capacity():
    assert affixes(["variant-a", "variant-b"]) == (8, 0)
    assert cores(["x12y", "x34y"]) == ["12", "34"]
    assert cores(["aa", "aaa"]) == ["", "a"]
    assert [alphabet([t]) for t in ("0110", "0192", "09af", "09AF", "xyz", "x9", "xX9")] == [2, 10, 16, 16, 26, 36, 64]
    assert bits(["m4894zj"]) == pytest.approx(36.2, abs=0.05)
    assert bits(["a" * 16 + "1"]) == pytest.approx(68)
    assert bits([UUID]) == pytest.approx(128)
    assert bits([""]) == 0
    assert lone_bits("blue-shoes-24") == pytest.approx(6.6, abs=0.1)
    a, b = "9f3a21c4d5e6b708", "a1f3c29b5d4e7086"
    assert similarity(a, b) == similarity(b, a)
    assert alike(["1760000123", "1760000124", "1760000125"]) is False  # cores of one digit have nothing in common
    assert alike(["abcdefgh1", "abcdefgh2x", "zabcdefgh"])
    assert not alike(["1790601594", "1002753265", "1400232215"])  # digits in common by chance, one here and one there


def test_times_of_different_visitors_lie_as_far_apart_as_they_came():
    drawn = ["1823356546", "1793014784", "1789366633"]
    around = Surroundings(now=1795377467.0, moments=(1850000000.0,))
    assert [kind_of(text, around) for text in drawn] == [Kind.TIME] * 3, "each for itself might be one"
    assert kind_of_row(drawn, around) is Kind.OPAQUE
    assert label_piece(drawn, stable=True, around=around).bits == pytest.approx(29.9, abs=0.05)
    clock = ["v1795377467", "v1795377472", "v1795377476"]
    assert kind_of_row(clock, around) is Kind.TIME
    late = ["1795377467", "1795377472", "1795577472"]
    assert kind_of_row(late, around) is Kind.OPAQUE
    assert kind_of_row(late, around, apart=200_000.0) is Kind.TIME
    assert [kind_of_row([one], around) for one in ("1795377467", "1850000000", "1823356546")] == [
        Kind.TIME, Kind.TIME, Kind.OPAQUE,
    ]  # fmt: skip
    assert label_piece(["1823356546"], stable=True, around=around).possible > 30


@pytest.mark.parametrize(
    ("seconds", "bucket", "words"),
    [
        (None, Bucket.SESSION, "until the browser is closed"),
        (1800, Bucket.SHORT, "30 minutes"),
        (86_400, Bucket.SHORT, "1 day"),
        (86_401, Bucket.MEDIUM, "1 day"),
        (30 * 86_400 - 1, Bucket.MEDIUM, "30 days"),
        (30 * 86_400, Bucket.LONG, "30 days"),
        (90 * 86_400, Bucket.VERY_LONG, "90 days"),
        (math.inf, Bucket.VERY_LONG, "for ever"),
        (math.nan, Bucket.SESSION, "until the browser is closed"),
        (5, Bucket.SHORT, "5 seconds"),
    ],
)
def test_lifetimes(seconds, bucket, words):
    assert bucket_of(seconds) is bucket
    assert spoken(seconds) == words


def test_exemptions():
    assert "forgery" in exemption("csrftoken")
    assert "consent" in exemption("OptanonConsent")
    assert exemption("__cf_bm")
    assert exemption("AWSALBCORS")
    assert exemption("lang")
    assert exemption("_ga") == exemption("wordpress_logged_in_abc") == exemption("tracking_csrf_id") == ""
    assert exemption("basket", {"bask*": "mine"}) == "mine"
    assert exemption("csrftoken", {"csrftoken": "mine"}) == "mine"
    assert all(reason for reason in DEFAULT_EXEMPT.values())


def test_redaction():
    assert redacted("GA1.1.611025150") != redacted("GA1.1.611025151")
    assert redacted("GA1.1.611025150").startswith("GA1.… (15 characters, sha256 ")
    assert "\x1b" not in shown("\x1b[31m" + "a" * 100)
    assert len(shown("a" * 100)) == 60
    assert redacted("\ud800\x00")


def test_gather_joins_attempt_and_jar():
    page = visit(
        set_cookies=[set_cookie("v", "abc", lifetime=86_400 * 500), set_cookie("v", "abc", lifetime=86_400 * 500)],
        jar=[cookie("v", "abc", domain=".shop.test", lifetime=86_400 * 400)],
    )
    (carrier,) = gather([page], NOW.timestamp()).carriers
    assert (carrier.requested, carrier.effective, carrier.lifetime) == (500 * 86_400, 400 * 86_400, 500 * 86_400)
    assert carrier.sessions[Session.FIRST].kept == {"abc": 1}  # one visit, however often it wrote


def test_gather_knows_paths_partitions_and_the_last_value():
    pages = [
        visit(jar=[cookie("v", "a"), cookie("v", "b", path="/x"), cookie("v", "c", partition="https://top.test")]),
        visit(jar=[cookie("v", "d")]),
        visit(jar=[cookie("v", "a")]),
    ]
    carriers = gather(pages, NOW.timestamp()).carriers
    assert [(c.path, c.partition) for c in carriers] == [("/", ""), ("/x", ""), ("/", "top.test")]
    assert list(carriers[0].sessions[Session.FIRST].kept.items()) == [("d", 1), ("a", 2)]


def test_gather_caps_values_and_says_so():
    (carrier,) = gather([visit(jar=[cookie("v", str(i))]) for i in range(80)], NOW.timestamp()).carriers
    assert carrier.capped
    assert list(carrier.sessions[Session.FIRST].kept)[-1] == "79"
    assert len(carrier.sessions[Session.FIRST].kept) == 50


def test_same_name_for_all_visitors_is_not_merged():
    jar = [cookie("_hjSession_12345", "a"), cookie("_hjSession_67890", "b")]
    carriers = gather([visit(jar=jar), visit(jar=jar, session=Session.SECOND)], NOW.timestamp()).carriers
    assert [c.name for c in carriers] == ["_hjSession_12345", "_hjSession_67890"]


SECRET = "9f3a21c4d5e6b708"


@pytest.mark.parametrize(
    "url",
    [
        f"https://stats.test/p?id={SECRET}",
        f"https://stats.test/p?j=%7B%22id%22%3A%22{SECRET}%22%7D",
        f"https://stats.test/p?j=%257Bid%253D{SECRET}",
        f"https://stats.test/uid-{SECRET}_2.gif",
        f"https://stats.test/?h={base64.b64encode(SECRET.encode()).decode().rstrip('=')}",
        f"https://stats.test/?h={hashlib.sha256(SECRET.encode()).hexdigest()}",
    ],
)
def test_forwarded_values_are_found(url):
    (carrier,) = gather([visit(jar=[cookie("v", SECRET)])], NOW.timestamp()).carriers
    wanted = needles({7: (carrier, ((),))})
    sent, holes = find_sent([visit(requests=[request("https://shop.test/"), request(url, id="r2")])], wanted)
    assert [(s.to, s.request) for s in sent[7]] == [("stats.test", "r2")]
    assert holes == []
    # Another visitor's requests hold other values.
    assert find_sent([visit(requests=[request(url)], session=Session.SECOND)], wanted) == ({}, [])
    unseen = visit(requests=None)
    assert find_sent([unseen], wanted) == ({}, [unseen.page])


def test_a_redirect_tells_the_owner_of_its_target_and_the_end_of_a_value_may_be_hashed():
    client = "611025150.1760000000"
    (carrier,) = gather([visit(jar=[cookie("_ga", f"GA1.1.{client}")])], NOW.timestamp()).carriers
    hashed = hashlib.md5(client.encode()).hexdigest()
    asked = request("https://shop.test/out", redirected_to=f"https://stats.test/?u={hashed}")
    sent, _ = find_sent([visit(requests=[asked])], needles({0: (carrier, ((),))}))
    assert [(s.to, s.shape, s.where) for s in sent[0]] == [
        ("stats.test", "MD5 of the value", "the parameter “u” of the redirect")
    ]
    inline = request(f"data:text/plain,{client}")
    assert find_sent([visit(requests=[inline])], needles({0: (carrier, ((),))})) == ({}, [])


def facts(label, bucket, **more):
    return Facts(label, bucket, **more)


S, W, R, U, N = ItemLabel.STRONG, ItemLabel.WEAK, ItemLabel.ROTATING, ItemLabel.UNCOMPARED, ItemLabel.NONE


@pytest.mark.parametrize(
    ("case", "strict", "reasonable"),
    [
        (facts(S, Bucket.VERY_LONG), Ruling.BROKEN, Ruling.NOTE),
        (facts(S, Bucket.LONG), Ruling.BROKEN, Ruling.NOTE),
        (facts(S, Bucket.MEDIUM), Ruling.BROKEN, Ruling.NOTE),
        (facts(S, Bucket.SHORT), Ruling.NOTE, Ruling.NOTE),
        (facts(S, Bucket.SESSION), Ruling.CLEAR, Ruling.CLEAR),
        (facts(S, Bucket.LONG, elsewhere=True), Ruling.BROKEN, Ruling.BROKEN),
        (facts(S, Bucket.SESSION, elsewhere=True), Ruling.BROKEN, Ruling.BROKEN),
        (facts(S, Bucket.LONG, vanished=True), Ruling.DOUBT, Ruling.NOTE),
        (facts(W, Bucket.LONG), Ruling.DOUBT, Ruling.NOTE),
        (facts(W, Bucket.MEDIUM), Ruling.NOTE, Ruling.NOTE),
        (facts(W, Bucket.SESSION), Ruling.CLEAR, Ruling.CLEAR),
        (facts(R, Bucket.MEDIUM), Ruling.DOUBT, Ruling.NOTE),
        (facts(R, Bucket.SHORT), Ruling.NOTE, Ruling.NOTE),
        (facts(R, Bucket.SHORT, elsewhere=True), Ruling.DOUBT, Ruling.DOUBT),
        (facts(U, Bucket.LONG), Ruling.DOUBT, Ruling.NOTE),
        (facts(U, Bucket.MEDIUM), Ruling.NOTE, Ruling.NOTE),
        (facts(U, Bucket.MEDIUM, possibly_strong=True), Ruling.DOUBT, Ruling.NOTE),
        (facts(U, Bucket.SHORT, possibly_strong=True, elsewhere=True), Ruling.DOUBT, Ruling.DOUBT),
        (facts(N, Bucket.VERY_LONG, elsewhere=True), Ruling.CLEAR, Ruling.CLEAR),
    ],
)
def test_rulings(case, strict, reasonable):
    assert rule(case) is strict
    assert rule(replace(case, strict=False)) is reasonable


def samples(first, second, third, again=None):
    return Samples({first: 2}, {again or first: 1}, {second: 1}, {third: 1})


WORDS = ("maple-otter-canyon-drift", "cedar-heron-valley-stone", "birch-raven-meadow-creek")


def test_words_that_are_drawn_for_each_visitor_are_weak_and_one_or_two_are_nothing():
    assert assess(samples(*WORDS), AROUND).label is ItemLabel.WEAK
    assert assess(samples("maple-otter", "cedar-heron", "birch-raven"), AROUND).label is ItemLabel.NONE
    shared = [f"shop-{words}" for words in ("maple-otter-canyon", "maple-heron-valley", "birch-raven-meadow")]
    assert assess(samples(*shared), AROUND).label is ItemLabel.NONE, "two words are shared"
    prose = ("soft tea from the hills", "dark cup for cold days", "blue pot with wide lips")
    assert assess(samples(*prose), AROUND).label is ItemLabel.NONE, "running text is no name"
    assert assess(samples(WORDS[0], *WORDS[1:], again=WORDS[1]), AROUND).label is ItemLabel.NONE, "it does not stay"


def test_bytes_that_are_written_as_letters_of_no_language_identify():
    made = ["".join(chr(0x4E00 + (seed * step * 37 + step) % 251) for step in range(1, 15)) for seed in (3, 7, 11)]
    assert assess(samples(*made), AROUND).label is ItemLabel.STRONG
    assert assess(samples(*["購物車是空的歡迎光臨"] * 3), AROUND).label is ItemLabel.NONE


def flags(rng, drawn, fixed=0):
    told = {f"area{n}.feature": rng.random() < 0.5 for n in range(drawn)}
    return json.dumps(told | {f"set{n}": True for n in range(fixed)})


def test_many_flags_that_are_drawn_for_each_visitor_are_for_a_person_and_a_few_are_nothing():
    for seed in range(200):
        rng = random.Random(seed)
        many, few = ([flags(rng, n, fixed=40) for _ in range(3)] for n in (48, 12))
        kept = assess(Samples({many[0]: 1}, {many[0]: 1}, {many[1]: 1}, {many[2]: 1}), AROUND)
        assert (kept.label, kept.returned) == (ItemLabel.WEAK, True)
        assert kept.bits < 27, "drawn by lot is not yet meant to identify"
        new = assess(Samples({many[0]: 1}, {flags(rng, 48, fixed=40): 1}, {many[1]: 1}, {many[2]: 1}), AROUND)
        assert new.label is ItemLabel.NONE, "half of those drawn anew come out as before"
        assert assess(Samples({few[0]: 1}, {few[0]: 1}, {few[1]: 1}, {few[2]: 1}), AROUND).label is ItemLabel.NONE
    none = assess(Samples({many[0]: 1}, {many[1]: 1}, {many[0]: 1}, {many[0]: 1}), AROUND)
    assert none.label is ItemLabel.NONE, "the others have them, too"


def test_two_random_numbers_with_a_dot_between_them_are_no_moment():
    strong = 0
    for seed in range(300):
        rng = random.Random(seed)
        one, two, three = (f"TL1.{rng.randrange(2**31)}.{rng.randrange(2**31)}" for _ in range(3))
        strong += assess(samples(one, two, three), AROUND).label is ItemLabel.STRONG
    assert strong >= 297, "in 300 draws hardly any come out alike"
    moments = [f"GS1.{EPOCH + 10 * n}.{rng.randrange(10**6):06d}" for n in range(3)]
    assert assess(samples(*moments), AROUND).label is ItemLabel.NONE
