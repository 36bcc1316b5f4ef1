"""The search for secrets: every shape is found, random and ordinary text is not."""

import base64
import hashlib
import json
import random
import time
import uuid
import zlib
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.knowledge.leaks import Needle, Part, Search
from compliance.knowledge.leaks.parts import MAX_FIELDS, pairs
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


LABELLED = f"acme2024shop{WHOLE}"


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ("acme2024shop", False),
        ("pohs4202emca", False),
        ("acme2024shop5fd92", False),
        (WHOLE[:16], True),
        (WHOLE[:10], True),
        (LABELLED[:24], True),
        (WHOLE[16:][::-1], True),
    ],
)
def test_a_part_that_other_visitors_have_as_well_is_none(sent, found):
    others = (
        f"acme2024shop{random.Random(8).getrandbits(128):032x}",
        f"acme2024SHOP{random.Random(9).randbytes(16).hex()}",
    )
    search = Search([Needle("n", LABELLED, others)])
    assert bool(search.in_request(request(f"https://b.test/?a={sent}"))) is found
    assert search.in_request(request(f"https://b.test/?a={sent}&b=1")) or not found, "asked again"


def test_a_part_of_a_value_that_is_in_two_carriers_is_a_part_of_both():
    search = Search([Needle("n", WHOLE), Needle("m", WHOLE.upper())])
    hits = search.in_request(request(f"https://b.test/?a={WHOLE[:16]}"))
    assert {hit.needle.name for hit in hits} == {"n", "m"}


def test_a_part_of_a_number_with_dashes_is_found_without_them():
    hits = Search([Needle("n", ID)]).in_request(request(f"https://b.test/?a={ID.replace('-', '')[:16]}"))
    assert [hit.shape for hit in hits] == ["a part of it"]


def test_a_part_is_told_to_whom_a_redirect_leads():
    asked = request(f"https://b.test/?a={WHOLE}", redirected_to=f"https://c.test/?a={WHOLE[:16]}")
    assert [hit.part for hit in Search([Needle("n", WHOLE)]).in_request(asked)] == [Part.QUERY, Part.REDIRECT]


@pytest.mark.parametrize(
    ("body", "name"), [(f'{{"t":1}}\n{{"u":"{WHOLE[:16]}"}}\n', "u"), (f'[1]\n["{WHOLE[:16]}"', None)]
)
def test_a_part_in_one_of_several_messages_is_found(body, name):
    hits = Search([Needle("n", WHOLE)]).in_request(request("https://b.test/", body=body))
    assert [hit.parameter for hit in hits] == ([name] if name else [])


def test_lines_between_data_stand_for_themselves():
    assert sorted(pairs(Part.BODY, '{"a":1}\nsaid\n[2]')) == [("", "said"), ("0", "2"), ("a", "1")]
    assert not list(pairs(Part.BODY, '{"a":\n1'))


RAW = bytes.fromhex(WHOLE)


@pytest.mark.parametrize(
    ("value", "text", "shape"),
    [
        (WHOLE, zlib.compress(RAW + b"and so on" * 9).hex(), "as bytes, compressed, hexadecimal"),
        (WHOLE, base64.b64encode(RAW).hex(), "as bytes, base64, hexadecimal"),
        (WHOLE, base64.b64encode(zlib.compress(RAW + b"and so on" * 9)).decode(), "as bytes, compressed, base64"),
        (WHOLE[:16], f"A{RAW[:8].decode('latin-1')}B", "as bytes"),
    ],
)
def test_bytes_are_found_wherever_they_are_packed(value, text, shape):
    assert found(value, text) == [shape]


@pytest.mark.parametrize("text", [f"u={WHOLE}", base64.b64encode(f"u={WHOLE}".encode()).decode(), WHOLE.encode().hex()])
def test_hexadecimal_that_stands_there_as_it_is_counts_once(text):
    counts = Search([Needle("n", WHOLE)]).counted(text)
    assert [times for one, times in counts.items() if one.shape.startswith(("plain", "as bytes"))] == [1]


def form(*values, end="\r\n", first="--x"):
    fields = (
        f'{first}{end}Content-Disposition: form-data; name="f{n}"{end}{end}{v}{end}' for n, v in enumerate(values)
    )
    return "".join(fields) + f"{first}--{end}"


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_the_fields_of_a_form_are_told_apart(end):
    values = ["a", f'two{end}{end}lines, --x and name="q"', ""]
    assert list(pairs(Part.BODY, form(*values, end=end))) == [(f"f{n}", value) for n, value in enumerate(values)]
    assert list(pairs(Part.BODY, f"preamble{end}{form('a', end=end)}")) == [("f0", "a")]
    assert list(pairs(Part.BODY, form("a", "cut", end=end).rpartition("t")[0])) == [("f0", "a"), ("f1", "cu")]


def test_a_part_in_a_form_is_found():
    hits = Search([Needle("n", WHOLE)]).in_request(request("https://b.test/", body=form("1", WHOLE[:16])))
    assert [(hit.parameter, hit.shape) for hit in hits] == [("f1", "a part of it")]


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "Content-Disposition:" + 'name="a"\nx\n' * n,
        lambda n: "--x\nContent-Disposition:" + 'name="a"\nx\n' * n,
        lambda n: form(*["a"] * n),
        lambda n: json.dumps([1] * n),
        lambda n: json.dumps({"k" * n: {str(i): 1 for i in range(n)}}),
        lambda n: "a=1&" * n,
    ],
)
def test_no_body_has_fields_without_end(make):
    begun = time.process_time()
    told = list(pairs(Part.BODY, make(2 * MAX_FIELDS)))
    assert time.process_time() - begun < 1.5
    assert len(told) <= MAX_FIELDS
    assert sum(len(name) for name, _ in told) <= 200 * MAX_FIELDS
