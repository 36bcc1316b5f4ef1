"""Wiring of this repository; a project of your own needs the same few lines, or none.

With the package installed its plugin is known to pytest already; naming it here makes a bare checkout work, too.
"""

from __future__ import annotations

from typing import Any

import pytest

from compliance.browser.resolve import resolve
from compliance.settings import load_settings

pytest_plugins = ("compliance.pytest_plugin", "pytester")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], pytestconfig: pytest.Config) -> dict[str, Any]:
    """pytest-playwright's `page` opens in the browser that audits use, unless a channel was asked for."""
    if browser_type_launch_args.get("channel"):
        return browser_type_launch_args
    found = resolve(load_settings(pytestconfig.rootpath, headed=browser_type_launch_args.get("headless") is False))
    return browser_type_launch_args | ({"executable_path": str(found.path)} if found.path else {})
