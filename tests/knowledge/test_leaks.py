"""The search for secrets: every shape is found, random and ordinary text is not."""

import base64
import hashlib
import json
import random
import time
import uuid
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.knowledge.leaks import Needle, Part, Search
from compliance.knowledge.leaks.peel import DEPTH
from compliance.knowledge.leaks.shapes import HASHES
from compliance.testing import request

ID = "9f3a21c4-D5e6-4708-bf2e-0c1d2e3f4a5b"
SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=["Cs"]), min_size=8)


def found(value, text):
    return [f.shape for f in Search([Needle("n", value)]).in_text(text)]


def b64(text):
    return base64.b64encode(text.encode()).decode()


ENCODINGS = {
    "percent-encoded": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "base64": b64,
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "hexadecimal": lambda text: text.encode().hex(),
    "upper hexadecimal": lambda text: text.encode().hex().upper(),
}
WRITTEN = {
    "as it is": lambda value: value.encode(),
    "lower": lambda value: value.lower().encode(),
    "upper": lambda value: value.upper().encode(),
    "base64": lambda value: base64.b64encode(value.encode()),
    "hexadecimal": lambda value: value.encode().hex().encode(),
    "md5": lambda value: hashlib.md5(value.encode()).hexdigest().encode(),
    "sha1": lambda value: hashlib.sha1(value.encode()).hexdigest().encode(),
    "sha256": lambda value: hashlib.sha256(value.encode()).hexdigest().encode(),
}
DIGESTS = {
    "hex": lambda digest: digest.hex(),
    "HEX": lambda digest: digest.hex().upper(),
    "base64": lambda digest: base64.b64encode(digest).decode(),
    "base64url": lambda digest: base64.urlsafe_b64encode(digest).decode().rstrip("="),
}


@given(SECRETS, st.lists(st.sampled_from(sorted(ENCODINGS)), max_size=DEPTH), st.sampled_from(["", "{", "id=", " x:"]))
def test_a_value_is_found_under_nested_encodings_at_any_offset(value, steps, before):
    text = f"{before}{value} "
    for step in steps:
        text = ENCODINGS[step](text)
    assert found(value, f"https://a.test/{text}")


@given(SECRETS, st.sampled_from(HASHES), st.sampled_from(sorted(WRITTEN)), st.sampled_from(sorted(DIGESTS)))
def test_every_hash_is_found_in_every_spelling(value, name, written, spelled):
    digest = hashlib.new(name, WRITTEN[written](value)).digest()
    assert found(value, f"https://a.test/?h={DIGESTS[spelled](digest)}&x=1")


@given(st.binary(max_size=4000), st.integers(0, 2**32))
def test_random_data_holds_nothing(data, seed):
    drawn = random.Random(seed)
    search = Search(
        Needle("n", make())
        for make in (
            lambda: f"{drawn.getrandbits(64):016x}",
            lambda: str(drawn.randrange(10**9, 10**10)),
            lambda: "".join(drawn.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=10)),
        )
        for _ in range(10)
    )
    for text in (data.decode("latin-1"), data.hex(), base64.b64encode(data).decode()):
        assert not search.in_text(text)


def test_ordinary_requests_hold_nothing():
    drawn = random.Random(4)
    search = Search(Needle("n", str(uuid.UUID(int=drawn.getrandbits(128)))) for _ in range(20))
    benign = [
        request("https://cdn.test/assets/accessible-tables.8f3ac21b.min.js?v=1760000000"),
        request("https://fonts.test/css2?family=Inter:wght@400;600&display=swap"),
        request("https://shop.test/search?q=9f3a21c4+red+shoes&page=2&utm_source=newsletter"),
        request("https://shop.test/i.png?d=data%3Aimage%2Fpng%3Bbase64%2CiVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"),
        request("https://shop.test/api", body=json.dumps({"events": [{"t": 1760000000, "e": "scroll"}] * 50})),
        *(request(f"https://s.test/p?s={drawn.randbytes(60).hex()}", id=str(i)) for i in range(200)),
    ]
    assert not [hit for asked in benign for hit in search.in_request(asked)]


def test_short_values_are_left_out_and_numbers_stand_alone():
    assert not Search([Needle("n", "1234567")])
    assert found("61102515", "https://a.test/?id=61102515")
    assert found("61102515", "https://a.test/uid61102515x")
    assert not found("61102515", "https://a.test/?t=1761102515000")
    assert not found("8f3ac21b", "https://a.test/app.98f3ac21b0.js")
    assert found("9f3a21c4d5e6b708", "https://a.test/?x=aa9f3a21c4d5e6b708bb")


@pytest.mark.parametrize(
    ("sent", "part", "name", "where"),
    [
        ({"url": f"https://a.test/c/{ID}/p"}, Part.PATH, "", "the path of the address"),
        ({"url": f"https://a.test/?a=1&uid={ID}"}, Part.QUERY, "uid", "the parameter “uid” of the address"),
        (
            {"url": f"https://a.test/#{urlencode({'s': b64(ID)})}"},
            Part.FRAGMENT,
            "s",
            "the parameter “s” of the fragment",
        ),
        ({"url": f"https://{ID.lower()}.a.test/"}, Part.HOST, "", "the host name of the address"),
        ({"headers": (("X-Visitor", ID),)}, Part.HEADER, "X-Visitor", "the header X-Visitor"),
        ({"headers": (("referer", f"https://s.test/?u={ID}"),)}, Part.HEADER, "referer", "the header referer"),
        ({"redirected_to": f"https://b.test/?u={ID}"}, Part.REDIRECT, "u", "the parameter “u” of the redirect"),
        ({"body": f"a=1&u={quote(ID)}"}, Part.BODY, "u", "the field “u” of the body"),
        ({"body": json.dumps({"e": [{"user": ID}]})}, Part.BODY, "e.0.user", "the field “e.0.user” of the body"),
        ({"body": b64(json.dumps({"u": ID}))}, Part.BODY, "", "the body"),
        (
            {"body": json.dumps({"u": "".join(f"\\u{ord(c):04x}" for c in ID)}).replace("\\\\", "\\")},
            Part.BODY,
            "u",
            None,
        ),
        (
            {"body": f'--x\r\nContent-Disposition: form-data; name="vid"\r\n\r\n{ID}\r\n--x--'},
            Part.BODY,
            "vid",
            "the field “vid” of the body",
        ),
        ({"body": f"hello {ID}"}, Part.BODY, "", "the body"),
        ({"body": b64("\0".join(ID) + "\0")}, Part.BODY, "", "the body"),
    ],
)
def test_the_place_is_told(sent, part, name, where):
    (hit,) = Search([Needle("n", ID)]).in_request(request(**({"url": "https://a.test/p"} | sent)))
    assert (hit.part, hit.parameter) == (part, name)
    assert where in (None, hit.where)


def test_cookies_are_searched_only_where_told():
    asked = request("https://a.test/", headers=(("Cookie", f"u={ID}"),))
    search = Search([Needle("n", ID)])
    assert not search.in_request(asked)
    assert [hit.part for hit in search.in_request(asked, cookies=True)] == [Part.HEADER]


def test_the_shape_is_told():
    assert found(ID, f"x={ID}") == ["plain"]
    assert found(ID, b64(f"x={ID}")) == ["plain, base64"]
    assert found(ID, hashlib.sha256(ID.encode()).hexdigest()) == ["SHA-256 of the value"]
    assert found(ID, hashlib.sha1(hashlib.md5(ID.encode()).hexdigest().encode()).hexdigest()) == [
        "SHA-1 of the MD5 of the value"
    ]
    assert found("Jürgen Müller", "n=J%C3%BCrgen+M%C3%BCller") == ["plain"]


def test_a_thousand_requests_take_about_a_second():
    drawn = random.Random(1)
    search = Search(Needle(str(i), str(uuid.UUID(int=drawn.getrandbits(128)))) for i in range(20))
    asked = [
        request(
            f"https://x{i % 30}.test/p/{i}?" + "&".join(f"p{k}={drawn.getrandbits(64):x}" for k in range(12)),
            headers=(("User-Agent", "Mozilla/5.0"), ("Referer", "https://shop.test/")),
            body=b64(drawn.randbytes(300).hex()) if i % 5 == 0 else None,
        )
        for i in range(1000)
    ]
    begun = time.process_time()
    for one in asked:
        search.in_request(one)
    assert time.process_time() - begun < 2.0


def test_time_grows_with_the_data_and_not_faster():
    search = Search([Needle("n", ID)])
    drawn = random.Random(2)
    for make in (
        lambda n: "%25" * n,
        lambda n: "A" * 3 * n,
        lambda n: drawn.randbytes(n).hex(),
        lambda n: b64(b64(b64("x" * n))),
        lambda n: "\\u0041" * (n // 2),
    ):
        begun = time.process_time()
        search.in_text(make(40_000))
        assert time.process_time() - begun < 1.5


def test_a_number_that_goes_as_bytes_or_backwards_is_found():
    raw = bytes.fromhex(ID.replace("-", ""))
    assert max(raw) > 0x7F
    body = b"\x53\x01\x10" + raw + b"\x00"
    assert found(ID, body.decode("latin-1")) == ["as bytes"], "a body that is no text has a character for each byte"
    assert found(ID, base64.b64encode(body).decode()) == ["as bytes, base64"]
    assert found(ID.replace("-", ""), ID[::-1]) == []
    assert found(ID, f"x={ID[::-1]}") == ["backwards"]
    assert found("12345678", bytes.fromhex("12345678").decode("latin-1") * 3) == [], "four bytes are found by chance"


WHOLE = "5fd924625f6ab16a19cc9807c7c506ae"


@pytest.mark.parametrize(
    ("sent", "shapes"),
    [
        (f"a={WHOLE[:16]}&z={WHOLE[16:][::-1]}", ["a part of it", "a part of it, backwards"]),
        (f"a={WHOLE[4:14]}", ["a part of it"]),
        (f"a={WHOLE[4:13]}", []),
        (f"a={WHOLE}&b={WHOLE[:16]}", ["plain"]),
        ("a=1760000000123", []),
    ],
)
def test_who_sends_parts_of_a_number_sends_it(sent, shapes):
    for asked in (request(f"https://b.test/m?{sent}"), request("https://b.test/m", body=sent)):
        search = Search([Needle("n", WHOLE), Needle("m", "a1760000000123b99")])
        assert [hit.shape for hit in search.in_request(asked)] == shapes


def test_parts_of_values_with_words_and_moments_in_them_mean_nothing():
    search = Search([Needle("n", "v2-shop-2026-11-23-application-9f3a21c4d5e6"), Needle("m", "welcomeapplication")])
    for said in ("v2-shop-2026", "2026-11-23", "application", "welcomeapplic"):
        assert not search.in_request(request(f"https://b.test/?a={said}"))
