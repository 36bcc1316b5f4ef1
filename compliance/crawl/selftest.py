"""One started browser, asked whether it shows what an audit has to see; for `compliance doctor`."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from compliance.browser.launch import BrowserSession, driver, launch_options
from compliance.browser.probe import ProbeResult
from compliance.crawl.crawler import self_test
from compliance.model.spec import VisitorSpec
from compliance.settings import Settings


async def try_browser(settings: Settings) -> ProbeResult:
    """Start the browser of these settings as an audit does, and look.

    Raises:
        BrowserError: There is no browser, or it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="compliance-"))
    options, major = await asyncio.to_thread(launch_options, settings)
    try:
        async with (
            driver() as playwright,
            await BrowserSession.start(playwright, options, folder / "profile", VisitorSpec(), major) as session,
        ):
            return await self_test(session)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
