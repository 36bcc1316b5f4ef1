"""Headers that were sent more than once, in both spellings."""

import pytest

from compliance.knowledge.headers import first, lines, listed


@pytest.mark.parametrize(
    "headers", [[("X-A", "One, two"), ("x-b", "1"), ("x-a", "three")], [("x-a", "One, two\nthree")]]
)
def test_all_values_count_and_the_first_is_first(headers):
    assert lines(headers, "x-a") == ["One, two", "three"]
    assert first(headers, "x-a") == "One, two"
    assert listed(headers, "x-a") == ["one", "two", "three"]


def test_what_was_not_sent_is_none():
    assert (lines([], "x-a"), first([], "x-a"), listed([], "x-a")) == ([], None, [])
    assert first([("x-a", "")], "x-a") == ""
