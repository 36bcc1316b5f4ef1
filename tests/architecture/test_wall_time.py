"""No property fails because the machine is busy: `tests/conftest.py` sets that for all, and no test sets it anew."""

import re
from pathlib import Path

from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parents[1]


def test_examples_may_take_as_long_as_they_take():
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check


def test_no_test_takes_it_back():
    given = [
        found
        for path in TESTS.rglob("test_*.py")
        for found in re.findall(r"@settings\([^)]*\)", path.read_text("utf-8"))
    ]
    assert len(given) > 5
    assert not [text for text in given if "deadline" in text]
    assert not [text for text in given if "suppress_health_check" in text and "too_slow" not in text]
