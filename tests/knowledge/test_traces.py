"""Traces of behaviour are recognised in the forms in which recorders send them, and nowhere by chance."""

import base64
import json
import random
from itertools import pairwise

import pytest

from compliance.knowledge.traces import MAX_WORDS, POINTS, holds_page, keys_in, points_in, steps_in, streams, too_long

_random = random.Random(7)
TRACK = [(_random.randrange(64, 1216), _random.randrange(40, 760)) for _ in range(24)]
WORD = "ztjbbdtxvbqd"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(
            [{"type": "move", "x": x, "y": y, "id": 5, "timeOffset": -50 * n} for n, (x, y) in enumerate(TRACK)]
        ),
        json.dumps([[1200 + 55 * n, x, y] for n, (x, y) in enumerate(TRACK)]),
        json.dumps([{"y": y + 0.25, "x": x - 0.25} for x, y in TRACK]),
        "\n".join(f"t={n}&x={x}&y={y}" for n, (x, y) in enumerate(TRACK)),
        ";".join(f"{x},{y}" for x, y in TRACK),
    ],
)
def test_a_path_is_recognised(text):
    assert points_in(text, TRACK) == 24


def test_part_of_a_path_is_counted_and_a_click_is_none():
    assert points_in(json.dumps(TRACK[3:20:2]), TRACK) == 9
    assert points_in(json.dumps({"click": TRACK[4]}), TRACK) == 1
    assert points_in(json.dumps([{"w": x} for x, _ in TRACK]), TRACK) == 0


def test_points_out_of_order_or_far_apart_are_no_path():
    assert points_in(json.dumps(TRACK[::-1]), TRACK) < POINTS
    assert points_in(json.dumps([(one, [7] * 100) for one in TRACK]), TRACK) == 1


def test_a_long_list_of_numbers_holds_no_path_by_chance():
    numbers = [_random.randrange(0, 1300) for _ in range(150_000)]
    assert points_in(json.dumps(numbers), TRACK) < POINTS


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"key": c, "time": 12 * n} for n, c in enumerate(WORD)]),
        json.dumps([{"code": f"Key{c.upper()}"} for c in WORD]),
        json.dumps(list(WORD)),
        "\n".join(f"k={c}&t={n}" for n, c in enumerate(WORD)),
        json.dumps([{"time": 1000 + 12 * n, "code": ord(c.upper())} for n, c in enumerate(WORD)]),
        json.dumps([[ord(c), 5, ord(c), 6] for c in WORD]),
    ],
)
def test_keys_one_by_one_are_recognised(text):
    assert keys_in(text, WORD)


def test_keys_are_not_seen_where_there_are_none():
    assert not keys_in(json.dumps([{"key": "x"} for _ in WORD]), WORD)
    assert not keys_in(json.dumps([_random.randrange(60, 130) for _ in range(3000)]), WORD)
    assert not keys_in(json.dumps([ord(c.upper()) for c in WORD[::-1]]), WORD)


def test_a_serialised_page_is_recognised():
    node = {"nodeType": 1, "tagName": "div", "attributes": {}, "childNodes": [{"nodeType": 3, "textContent": "*"}] * 8}
    assert holds_page(json.dumps(node))
    assert holds_page("<body>" + "<p>*</p>" * 20 + "</body>")
    assert holds_page(json.dumps("<p>*</p>" * 20).replace("<", "\\u003c"))


def test_a_comment_or_a_query_is_no_page():
    assert not holds_page("<p>Nice <b>post</b>, see <a href='/x'>here</a>.</p>")
    assert not holds_page(json.dumps([{"attributes": {"plan": "pro"}}] * 50))


def test_what_was_sent_in_pieces_is_read_as_one():
    texts = [base64.b64encode(f"x={x}&y={y}#".encode()).decode() for x, y in TRACK]
    assert max(points_in(text, TRACK) for text in streams(texts).values()) == 24


def written_36(number):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text, rest = "", abs(number)
    while rest or not text:
        rest, digit = divmod(rest, 36)
        text = digits[digit] + text
    return f"n{text}" if number < 0 else text


def steps_of(points, write, between="_", after="*", more=""):
    moved = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(points)]
    return after.join(between.join((write(x), write(y))) + more for x, y in moved)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        (steps_of(TRACK, written_36), 23),
        (steps_of(TRACK, written_36, more="_k"), 23),
        (steps_of(TRACK, str, between=",", after=";", more=",12,1"), 23),
        (steps_of(TRACK, lambda n: f"{n:x}", between=" ", after=" "), 23),
        (steps_of(TRACK[::3], str, between=",", after=";"), 7),
        (json.dumps([{"dx": 5, "dy": 3, "t": n} for n in range(40)]), 0),
    ],
)
def test_a_path_that_is_told_by_its_steps_is_recognised(text, points):
    assert steps_in(text, TRACK) == points


def test_a_long_list_of_numbers_holds_no_steps_by_chance():
    rng = random.Random(3)
    for spread in (40, 400, 1300):
        numbers = [rng.randrange(-spread, spread) for _ in range(20_000)]
        assert steps_in(json.dumps(numbers), TRACK) < POINTS
        assert steps_in("_".join(map(written_36, numbers)), TRACK) < POINTS
    assert steps_in(json.dumps(TRACK), TRACK) < POINTS, "places are no steps"


def test_steps_after_a_long_page_are_found_and_what_is_too_long_is_known():
    steps = steps_of(TRACK, written_36)
    page = "word " * (MAX_WORDS - 100)
    assert steps_in(page + steps, TRACK) == 23
    assert not too_long(page + steps)
    assert too_long(page + steps * 4)
