"""How long a site asks to wait."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from compliance.crawl.pace import retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("", 0), ("0", 0), ("1", 1), ("120", 120), ("99999", 99999), ("9" * 5000, 9999999999), ("-5", 0), ("1.5", 0),
        ("soon", 0), ("²", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("Wed, 21 Foo 2015", 0),
        ("Wed, 21 Oct 2015 07:28:00", 0),
    ],
)  # fmt: skip
def test_a_wish_for_patience(value, seconds):
    assert retry_after(value) == seconds


def test_a_date_is_counted_from_now():
    asked = retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True))
    assert 80 < asked <= 90
