"""The worked examples of the method, over several hundred draws each, and properties that hold for all values."""

import base64
import json
import random
import string
import uuid
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.knowledge.identifiers import ItemLabel, Samples, Surroundings, assess
from compliance.knowledge.identifiers.items import Assessment

START = 1_760_000_000
DRAWS = 300
BASE36 = string.digits + string.ascii_lowercase
AROUND = Surroundings(now=START + 90_000.0)


def seconds(r):
    return START + r.randrange(80_000)


def milliseconds(r):
    return START * 1000 + r.randrange(80_000_000)


def chars(r, alphabet, length):
    return "".join(r.choices(alphabet, k=length))


def v4(r):
    return str(uuid.UUID(int=r.getrandbits(128), version=4))


def b64(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def jwt(r):
    claims = {"sub": v4(r), "iat": seconds(r)}
    return f"{b64({'alg': 'HS256', 'typ': 'JWT'})}.{b64(claims)}.{chars(r, string.ascii_letters, 43)}"


def kept(a, b, c, **fields) -> Samples:
    """Three visitors; the first one's value is there again after the browser was closed."""
    return Samples(first={a: 3}, again={a: 3}, second={b: 3}, third={c: 3}, **fields)


def draw(make, **fields) -> tuple[Counter[ItemLabel], list[Assessment]]:
    found = []
    for seed in range(DRAWS):
        r = random.Random(seed)
        found.append(assess(kept(make(r), make(r), make(r), **fields), AROUND))
    return Counter(a.label for a in found), found


STRONG, WEAK, NONE = ItemLabel.STRONG, ItemLabel.WEAK, ItemLabel.NONE

VECTORS = {
    "_ga that reads like times": (
        lambda r: f"GA1.1.{START + r.randrange(-4 * 10**7, 4 * 10**7)}.{seconds(r)}",
        STRONG,
        0.99,
    ),
    "_ga": (lambda r: f"GA1.1.{r.randrange(2**31)}.{seconds(r)}", STRONG, 1.0),
    "_ga with 9 digits": (lambda r: f"GA1.1.{r.randrange(10**8, 10**9)}.{seconds(r)}", STRONG, 1.0),
    "_fbp": (lambda r: f"fb.1.{milliseconds(r)}.{r.randrange(10**17, 10**18)}", STRONG, 1.0),
    "_gcl_au": (lambda r: f"1.1.{r.randrange(10**8, 10**9)}.{seconds(r)}", STRONG, 1.0),
    "_clck": (lambda r: f"{chars(r, BASE36, 7)}^2^fxy^0^{r.randrange(1000, 10000)}", STRONG, 0.99),
    "_pk_id": (lambda r: f"{r.getrandbits(64):016x}.{seconds(r)}.", STRONG, 1.0),
    "_hjSessionUser": (lambda r: b64({"id": v4(r), "created": milliseconds(r), "existing": True}), STRONG, 1.0),
    "uuid": (v4, STRONG, 1.0),
    "base36": (lambda r: chars(r, BASE36, 26), STRONG, 1.0),
    "jwt": (jwt, STRONG, 1.0),
    "8 digits": (lambda r: str(r.randrange(10**7, 10**8)), WEAK, 0.99),
    "6 digits": (lambda r: str(r.randrange(10**5, 10**6)), WEAK, 0.93),
    "sampling number": (lambda r: f"0.{r.randrange(10**7, 10**8)}", WEAK, 0.99),
    "first visit": (lambda r: str(milliseconds(r)), NONE, 1.0),
    "variant": (lambda r: f"variant-{r.choice('ab')}", NONE, 1.0),
    "three variants": (lambda r: f"variant-{r.choice('abc')}", NONE, 1.0),
    "exp": (lambda r: f"exp.12.{r.choice('abcd')}", NONE, 1.0),
    "group": (lambda r: f"g{r.randrange(10_000):04d}", NONE, 1.0),
    "named variants": (lambda r: r.choice(["control", "treatment", "holdout", "dark-mode", "en_US"]), NONE, 1.0),
    "deployment": (lambda _: "9f8a7b6c5d4e3f2a1b0c", NONE, 1.0),
    "mixpanel": (
        lambda r: f"%7B%22distinct_id%22%3A%22%24device%3A{v4(r)}%22%2C%22%24initial_referrer%22%3A%22%24direct%22%7D",
        STRONG,
        1.0,
    ),
    "USP": (lambda r: r.choice(["1---", "1YNN", "1YYN"]), NONE, 1.0),
    "microseconds": (lambda r: f"{seconds(r)}.{r.randrange(10**6):06d}", NONE, 1.0),
    "ISO date": (
        lambda r: f"2025-10-{r.randrange(1, 29):02d}T12:{r.randrange(60):02d}:11.{r.randrange(999):03d}Z",
        NONE,
        1,
    ),
    "visits": (lambda r: f"visits={r.randrange(1, 100)}&pages={r.randrange(1, 100)}", NONE, 1.0),
}


@pytest.mark.parametrize("name", VECTORS)
def test_worked_examples(name):
    make, label, share = VECTORS[name]
    counts, _ = draw(make)
    assert counts[label] / DRAWS >= share, counts


def test_bits_of_the_examples():
    _, ga = draw(VECTORS["_ga with 9 digits"][0])
    assert max(a.bits for a in ga) == pytest.approx(29.9 + 16.4, abs=0.1)
    _, fbp = draw(VECTORS["_fbp"][0])
    assert max(a.bits for a in fbp) == pytest.approx(59.8 + 26.4, abs=0.1)
    assert min(a.bits for a in fbp) > 56
    _, clck = draw(VECTORS["_clck"][0])
    assert max(a.bits for a in clck) == pytest.approx(36.2 + 13.3, abs=0.1)
    _, hotjar = draw(VECTORS["_hjSessionUser"][0])
    assert max(a.bits for a in hotjar) == pytest.approx(128 + 26.4, abs=0.1)
    _, digits = draw(VECTORS["8 digits"][0])
    assert max(a.bits for a in digits) == pytest.approx(26.6, abs=0.1)
    _, group = draw(VECTORS["group"][0])
    assert max(a.bits for a in group) == pytest.approx(13.3, abs=0.1)


def test_first_visit_is_a_quasi_identifier():
    _, found = draw(VECTORS["first visit"][0])
    assert all(a.quasi for a in found)


def test_nonce_and_rotating():
    for seed in range(DRAWS):
        r = random.Random(seed)
        a, again, b, c = (f"{r.getrandbits(128):032x}" for _ in range(4))
        changing = {"first": {a: 1}, "again": {again: 1}, "second": {b: 1}, "third": {c: 1}}
        assert assess(Samples(**changing), AROUND).label is ItemLabel.ROTATING
        session = Samples(first={f"{i:032x}": 1 for i in range(5, 9)}, second={b: 1}, third={c: 1}, persistent=False)
        assert assess(session, AROUND).label is NONE
        short = {k: {v[:10]: 1 for v in values} for k, values in changing.items()}
        assert assess(Samples(**short), AROUND).label is NONE


def test_sequential_is_weak_in_the_order_of_the_visits():
    found = assess(kept("10048213", "10048219", "10048226"), AROUND)
    assert (found.label, found.sequential, found.bits) == (WEAK, True, 16.0)
    # The third visitor came before the second one.
    swapped = assess(kept("10048213", "10048226", "10048219", order=(0.0, 2.0, 1.0)), AROUND)
    assert swapped.sequential
    assert not assess(kept("10048226", "10048219", "10048213"), AROUND).sequential


def test_a_refused_value_is_new_each_time_and_still_an_identifier():
    r = random.Random(1)
    values = Samples(first={v4(r): 1, v4(r): 1}, again={v4(r): 1}, second={v4(r): 1}, third={v4(r): 1}, refused=True)
    assert assess(values, AROUND).label is STRONG


def test_deployment_hash_that_changed_between_the_sessions():
    old, new = "3c59dc048e8850243be8079a5c74d079", "b6d767d2f8ed5d21a44b0e5886680cb9"
    assert assess(Samples(first={old: 4}, again={new: 2}, second={new: 2}, third={new: 2}), AROUND).label is NONE


def test_without_other_visitors_nothing_is_proven():
    alone = assess(Samples(first={"f3a9c27b51d84e06": 3}, again={"f3a9c27b51d84e06": 2}), AROUND)
    assert alone.label is ItemLabel.UNCOMPARED
    assert alone.visitors == 1
    assert alone.possible == pytest.approx(64)
    assert assess(Samples(first={"dark-mode-2024": 3}), AROUND).label is NONE
    two = assess(Samples(first={"f3a9c27b51d84e06": 3}, second={"19bd04c2ea875f63": 1}), AROUND)
    assert two.label is ItemLabel.UNCOMPARED
    same = assess(Samples(first={"f3a9c27b51d84e06": 3}, second={"f3a9c27b51d84e06": 1}), AROUND)
    assert same.label is NONE


def test_seen_once_and_never_again_is_not_told():
    r = random.Random(5)
    once = Samples(first={v4(r): 1}, second={v4(r): 1}, third={v4(r): 1})
    assert assess(once, AROUND).label is ItemLabel.UNCOMPARED


values = st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9._=&%{}\":,-]{0,60}", fullmatch=True)
sightings = st.dictionaries(values, st.integers(1, 5), max_size=3)


@settings(max_examples=300)
@given(
    first=sightings, again=sightings, second=sightings, third=sightings, persistent=st.booleans(), refused=st.booleans()
)
def test_never_raises_and_does_not_depend_on_the_order_of_the_others(first, again, second, third, persistent, refused):
    def of(b, c, order):
        return assess(Samples(first, again, b, c, order, persistent, refused), AROUND)

    one, other = of(second, third, (0.0, 1.0, 2.0)), of(third, second, (0.0, 2.0, 1.0))
    assert one.label is other.label
    assert one.bits == pytest.approx(other.bits)
    assert one.possible == pytest.approx(other.possible)


hexadecimal = st.text("0123456789abcdef", min_size=12, max_size=32)


@settings(max_examples=300)
@given(
    texts=st.tuples(hexadecimal, hexadecimal, hexadecimal),
    before=st.sampled_from(["", "v1.", "id-", "sess_", "uid=", "%7B", "production:"]),
    after=st.sampled_from(["", ".1", "-end", "|x", "&ok=1", "_v2"]),
)
def test_constant_beginnings_and_ends_change_nothing(texts, before, after):
    bare = assess(kept(*texts), AROUND)
    dressed = assess(kept(*(f"{before}{t}{after}" for t in texts)), AROUND)
    assert dressed.label is bare.label
    assert dressed.bits == pytest.approx(bare.bits, abs=6)
