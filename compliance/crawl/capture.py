"""One policy page as a snapshot: rendered, with closed parts open, as a reader can see it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from compliance.browser.drive import Tab
from compliance.browser.launch import BrowserSession, driver, launch_options
from compliance.errors import SiteUnreachable
from compliance.model.policy import PolicySnapshot
from compliance.model.spec import VisitorSpec
from compliance.model.visit import Aspect, Session, Visit, VisitOutcome
from compliance.settings import Settings

DEADLINE = 30.0


async def fetch_snapshot(url: str, settings: Settings) -> PolicySnapshot:
    """Open a policy's page and take it as it is rendered.

    Raises:
        SiteUnreachable: There is no readable page at `url`; the message says what was there instead.
        BrowserNotFound: There is no browser.
    """
    options, major = await asyncio.to_thread(launch_options, settings)
    folder = Path(tempfile.mkdtemp(prefix="compliance-"))
    try:
        async with (
            driver() as playwright,
            await BrowserSession.start(playwright, options, folder / "profile", VisitorSpec(), major) as session,
        ):
            tab = await Tab.open(session, frozenset({Aspect.TEXT, Aspect.REQUESTS}), set())
            planned = Visit("capture", "visitor", Session.FIRST, url, VisitOutcome.LOST)
            visit, _, _ = await tab.visit(planned, deadline=DEADLINE, decide=lambda _: "", dwell=1.5)
            if visit.outcome not in (VisitOutcome.OK, VisitOutcome.PARTIAL):
                raise SiteUnreachable(
                    f"{url}: {visit.error or visit.outcome.value}", hint="open it in a browser and check the address"
                )
            html = await tab.rendered()
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    document = next((r for r in reversed(visit.requests or ()) if r.resource == "document"), None)
    return PolicySnapshot(
        url=url,
        final_url=visit.final_url,
        captured=datetime.now(UTC).date(),
        html=f"<!doctype html>\n<html>{html}</html>\n",
        content_type=visit.content_type or "text/html",
        headers=document.response_headers if document else (),
    )
