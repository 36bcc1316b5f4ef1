"""The browser that an audit would use, asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from compliance.crawl.selftest import try_browser
from compliance.errors import BrowserNotFound
from compliance.settings import Settings, load_settings


@pytest.mark.browser
def test_it_answers() -> None:
    found = asyncio.run(try_browser(load_settings()))
    assert found.third_party_cookies in ("visible", "blocked")
    assert "Chrome/" in found.user_agent


def test_no_browser() -> None:
    with pytest.raises(BrowserNotFound):
        asyncio.run(try_browser(Settings(browser=Path("/nowhere/chrome"))))
