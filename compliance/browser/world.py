"""Reading a page from an isolated world, where it can neither see nor replace what reads it."""

from __future__ import annotations

import asyncio
import json
import re
import time
from base64 import b64decode
from dataclasses import dataclass, replace

from compliance.browser.cdp import CommandFailed, Connection
from compliance.browser.recorders.document import MAX_LINKS, Harvest, parse_harvest, with_stores
from compliance.browser.scripts import source
from compliance.model.content import Link
from compliance.model.visit import Aspect

MAX_FRAMES = 200
#: What a document is asked for; all else comes from events.
READ_HERE = frozenset({Aspect.LINKS, Aspect.FORMS, Aspect.TEXT, Aspect.STORAGE})
WORLD = "compliance"
#: Limits of `stores.js` for one document: items, characters of a value and of all values.
STORES = {"items": 2000, "size": 65_536, "total": 4_194_304}
#: Seconds in which the stores of all documents of a page are read; a store that somebody blocks never answers.
STORES_TIME = 2.0
#: How often a page may move on while one thing is read of it.
RETRIES = 2
#: Documents that may have an origin; `about:blank` and `srcdoc` have the one of the page around them.
_WITH_ORIGIN = ("http:", "https:", "about:", "blob:")
_MOVED_ON = re.compile(r"context|navigated|Promise was collected", re.IGNORECASE)
#: In view after view, so that what loads on sight is asked for.
_SCROLL = (
    "(async () => { const end = Math.min(document.documentElement.scrollHeight, 30000);"
    " for (let y = 0, n = 0; y < end && n < 20; y += innerHeight, n++) {"
    " scrollTo(0, y); await new Promise((r) => setTimeout(r, 30)); } scrollTo(0, 0); })()"
)
_LEAVE = (
    "dispatchEvent(new PageTransitionEvent('pagehide', {persisted: false}));"
    "document.dispatchEvent(new Event('visibilitychange')); ''"
)


@dataclass(frozen=True, slots=True)
class Census:
    """What kind of page it is (`census.js`)."""

    scripts: tuple[str, ...] = ()
    frames: int = 0
    lazy: bool = False
    refresh: str = ""
    """Where a `<meta http-equiv=refresh>` leads."""


class World:
    """The isolated world of one page. Every call has the connection's deadline."""

    def __init__(self, connection: Connection, session: str, main: str) -> None:
        self._connection, self._session, self._main = connection, session, main

    async def evaluate(self, expression: str, *, frame: str = "", session: str = "", wait: bool = False) -> str:
        """Value of an expression that gives a string, in the main frame if no other is named.

        Raises:
            CommandFailed: It threw, or the frame is gone.
            Unresponsive: The page does not answer.
        """
        for _ in range(RETRIES):
            try:
                return await self._evaluate(expression, frame, session or self._session, wait)
            except CommandFailed as error:
                if not _MOVED_ON.search(str(error)):
                    raise
                # The page moved on while it was read: once more, on the document that is there now.
                await asyncio.sleep(0.2)
        return await self._evaluate(expression, frame, session or self._session, wait)

    async def _evaluate(self, expression: str, frame: str, session: str, wait: bool) -> str:
        target = {"frameId": frame or self._main, "worldName": WORLD}
        world = await self._connection.send("Page.createIsolatedWorld", target, session)
        call = {
            "expression": expression,
            "contextId": world["executionContextId"],
            "returnByValue": True,
            "awaitPromise": wait,
        }
        answer = await self._connection.send("Runtime.evaluate", call, session)
        if "exceptionDetails" in answer:
            detail = answer["exceptionDetails"]
            raise CommandFailed(str(detail.get("exception", {}).get("description") or detail.get("text"))[:300])
        return str(answer["result"].get("value", ""))

    async def census(self) -> Census:
        """Which scripts run, are there frames, is anything loaded lazily."""
        data = json.loads(await self.evaluate(source("census")))
        return Census(tuple(data["scripts"]), data["frames"], data["lazy"], data["refresh"])

    async def scroll(self) -> None:
        """Scroll through the page and back to its top."""
        await self.evaluate(_SCROLL, wait=True)

    async def announce_leaving(self) -> None:
        """Tell the page that it will be left, so that what it then sends can be recorded with its body."""
        await self.evaluate(_LEAVE)
        await asyncio.sleep(0.03)

    async def links(self) -> tuple[Link, ...]:
        """The links of the main document."""
        return parse_harvest(await self.evaluate(_harvest(links=True))).links or ()

    async def harvest(self, aspects: frozenset[Aspect], *, text: bool, frames: dict[str, str]) -> list[Harvest]:
        """Read the main document, then the frames in it; the first is the main document.

        Args:
            aspects: What to read.
            text: Read the text whatever the aspects.
            frames: Sessions in which frames may live besides the page's own; empty when it has no frames.
        """
        call = _harvest(
            links=Aspect.LINKS in aspects,
            forms=Aspect.FORMS in aspects or Aspect.FORM_PROBES in aspects,
            text=text or Aspect.TEXT in aspects,
            storage=Aspect.STORAGE in aspects,
        )
        stores = Aspect.STORAGE in aspects
        main = parse_harvest(await self.evaluate(call))
        until = time.monotonic() + STORES_TIME
        found = [await self._stores(main, until, main=True) if stores else main]
        inside = await self._frames(frames) if frames else []
        if len(inside) > MAX_FRAMES:
            cut = tuple(f"{a}: the first {MAX_FRAMES} of {len(inside)} frames" for a in sorted(aspects & READ_HERE))
            found[0] = replace(found[0], cut=(*found[0].cut, *cut))
        for frame, session, url in inside[:MAX_FRAMES]:
            try:
                read = parse_harvest(await self.evaluate(call, frame=frame, session=session), url)
                found.append(await self._stores(read, until, frame=frame, session=session) if stores else read)
            except CommandFailed:
                continue  # a frame that went away; its requests are recorded all the same
        return found

    async def _stores(
        self, read: Harvest, until: float, *, main: bool = False, frame: str = "", session: str = ""
    ) -> Harvest:
        """Add what the document's origin keeps in stores that answer later, if they do in time."""
        if read.storage is None or not read.url.startswith(_WITH_ORIGIN):
            return read
        left = int((until - time.monotonic()) * 1000)
        call = f"{source('stores').rstrip()}({json.dumps(STORES | {'main': main, 'ms': left})})"
        try:
            if left <= 0:
                raise CommandFailed(f"no time was left of {STORES_TIME:g} s")
            return with_stores(read, await self.evaluate(call, frame=frame, session=session, wait=True))
        except CommandFailed as error:
            why = f"{Aspect.STORAGE}: IndexedDB, caches, files and workers could not be read ({error})"
            return replace(read, cut=(*read.cut, why))

    async def _frames(self, sessions: dict[str, str]) -> list[tuple[str, str, str]]:
        """Frames below the main one: id, session, address."""
        found = []
        for session in sessions:
            try:
                tree = await self._connection.send("Page.getFrameTree", {}, session)
            except CommandFailed:
                continue  # a worker, or a frame that went away
            stack = [tree["frameTree"]]
            while stack:
                node = stack.pop()
                stack.extend(node.get("childFrames", ()))
                if node["frame"]["id"] != self._main:
                    found.append((node["frame"]["id"], session, node["frame"]["url"]))
        return found

    async def screenshot(self) -> bytes:
        """The visible part of the page as JPEG."""
        call = {"format": "jpeg", "quality": 70}
        answer = await self._connection.send("Page.captureScreenshot", call, self._session, timeout=10)
        return b64decode(answer["data"])


def _harvest(**options: bool) -> str:
    return f"{source('harvest').rstrip()}({json.dumps(options | {'maxLinks': MAX_LINKS})})"
