"""Wiring of this repository; a project of your own needs the same few lines, or none.

With the package installed its plugin is known to pytest already; naming it here makes a bare checkout work, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from compliance.browser.resolve import resolve
from compliance.demo import DemoSite
from compliance.settings import Settings, load_settings

pytest_plugins = ("compliance.pytest_plugin", "pytester")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], pytestconfig: pytest.Config) -> dict[str, Any]:
    """pytest-playwright's `page` opens in the browser that audits use, unless a channel was asked for."""
    if browser_type_launch_args.get("channel"):
        return browser_type_launch_args
    found = resolve(load_settings(pytestconfig.rootpath, headed=browser_type_launch_args.get("headless") is False))
    return browser_type_launch_args | ({"executable_path": str(found.path)} if found.path else {})


@pytest.fixture(scope="session")
def compliance_settings(compliance_settings: Settings, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """The demo's spec is audited at the demo site, which is started for it; other specs go where they say."""
    demo = request.config.rootpath / "specs" / "demo.yaml"
    if compliance_settings.resolve or all(item.path != demo for item in request.session.items):
        yield compliance_settings
        return
    with DemoSite() as site:
        yield compliance_settings.model_copy(update={"resolve": site.resolve, "ignore_tls": site.ignore_tls})
