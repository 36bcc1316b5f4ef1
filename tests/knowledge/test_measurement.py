"""Names of parameters: a help for readers, bound to the service that uses them."""

import pytest

from compliance.knowledge.measurement import named


@pytest.mark.parametrize(
    ("url", "parameter", "expected"),
    [
        ("https://www.shop.test/metrics/g/collect?v=2", "cid", "Google Analytics 4: number of the visitor"),
        ("https://shop.test/stats/matomo.php", "_id", "Matomo: number of the visitor"),
        ("https://www.facebook.com/tr/", "ud[em]", "Meta's pixel: e-mail address, as a rule hashed"),
        ("https://analytics.tiktok.com/api/", "user.external_id", "TikTok's pixel: number or name of the user"),
        ("https://shop.test/collect", "cid", ""),
        ("https://notfacebook.com/tr", "ud[em]", ""),
        ("https://[broken", "cid", ""),
        ("https://shop.test/matomo.php", "idsite", ""),
    ],
)  # fmt: skip
def test_names(url, parameter, expected):
    assert named(url, parameter) == expected
