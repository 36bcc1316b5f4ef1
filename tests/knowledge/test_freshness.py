"""How long an answer may be used again, by its headers."""

import pytest

from compliance.knowledge.freshness import LONG, fresh_for, kept_long

DATE = ("Date", "Mon, 23 Nov 2026 10:00:00 GMT")
NOW = 1_795_428_000.0
DAY_LATER, LONG_AGO = "Tue, 24 Nov 2026 10:00:00 GMT", "Sun, 23 Nov 2025 10:00:00 GMT"
YEAR = 365 * 86_400.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([("Cache-Control", "max-age=31536000")], YEAR),
        ([("cache-control", "Public, MAX-AGE = 60 , immutable")], 60.0),
        ([("Cache-Control", 'max-age="60"')], 60.0),
        ([("Cache-Control", "s-maxage=60, max-age=7")], 7.0),
        ([("Cache-Control", "max-age=60, no-store")], 0.0),
        ([("Cache-Control", "no-cache, max-age=60")], 0.0),
        ([("Cache-Control", "max-age=60"), ("Vary", "*")], 0.0),
        ([("Cache-Control", "max-age=60"), ("Vary", "Accept-Encoding")], 60.0),
        ([("Cache-Control", "max-age=soon"), ("Expires", DAY_LATER)], 0.0),
        ([("Cache-Control", "max-age=60"), ("Expires", DAY_LATER), DATE], 60.0),
        ([("Cache-Control", "max-age=31536000\npublic")], YEAR),
        ([("Cache-Control", "public\nmax-age=31536000")], YEAR),
        ([("Cache-Control", "max-age=31536000"), ("Cache-Control", "public")], YEAR),
        ([("cache-control", "public"), ("Cache-Control", "max-age=31536000")], YEAR),
        ([("Cache-Control", "max-age=60\nmax-age=7")], 60.0),
        ([("Cache-Control", "max-age=soon"), ("Cache-Control", "max-age=7")], 7.0),
        ([("Cache-Control", "max-age=31536000\nno-store")], 0.0),
        ([("Cache-Control", "no-store"), ("Cache-Control", "max-age=31536000")], 0.0),
        ([("Cache-Control", "max-age=60"), ("Vary", "*\nAccept")], 0.0),
        ([("Expires", f"{DAY_LATER}\n{LONG_AGO}"), DATE], 86_400.0),
        ([("Expires", DAY_LATER), ("Expires", "0"), DATE], 86_400.0),
        ([("Cache-Control", "max-age=0, stale-while-revalidate=31536000")], YEAR),
        ([("Cache-Control", "max-age=60\nStale-While-Revalidate=60")], 120.0),
        ([("Cache-Control", "stale-while-revalidate=60"), ("Expires", DAY_LATER), DATE], 86_460.0),
        ([("Cache-Control", "max-age=60, stale-while-revalidate=31536000, must-revalidate")], 60.0),
        ([("Cache-Control", "max-age=60, stale-while-revalidate=31536000, no-store")], 0.0),
        ([("Cache-Control", "max-age=60, stale-while-revalidate=long")], 60.0),
        ([("Expires", DAY_LATER), DATE], 86_400.0),
        ([("Expires", DAY_LATER)], 86_400.0),
        ([("Expires", LONG_AGO), DATE], 0.0),
        ([("Expires", "0"), ("Last-Modified", LONG_AGO), DATE], 0.0),
        ([("Last-Modified", LONG_AGO), DATE], YEAR / 10),
        ([("Last-Modified", LONG_AGO), ("Cache-Control", "must-revalidate"), DATE], 0.0),
        ([("Last-Modified", LONG_AGO), ("Pragma", "no-cache"), DATE], 0.0),
        ([("Cache-Control", "immutable")], 0.0),
        ([DATE], 0.0),
        ([], 0.0),
    ],
)  # fmt: skip
def test_how_long_an_answer_stays_fresh(headers, seconds):
    assert fresh_for(headers, NOW) == pytest.approx(seconds)


def test_what_is_kept_long():
    year, short = [("cache-control", "max-age=31536000")], [("cache-control", f"max-age={LONG - 1:.0f}")]
    assert [kept_long(kind, year, NOW) for kind in ("script", "fetch", "xhr", "stylesheet", "other")] == [YEAR] * 5
    assert [kept_long(kind, year, NOW) for kind in ("document", "image", "font", "ping")] == [0.0] * 4
    assert kept_long("script", short, NOW) == 0.0
    assert kept_long("script", [("cache-control", f"max-age={LONG:.0f}")], NOW) == LONG
