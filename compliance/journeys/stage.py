"""The stage: a browser of its own, in which one page after the other is tried under seal."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.async_api import Dialog, Page, Playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from compliance.browser.cdp import CommandFailed, Params, Unresponsive
from compliance.browser.launch import BrowserSession, LaunchOptions
from compliance.browser.world import World as Reader
from compliance.errors import BrowserLost
from compliance.journeys.bait import Bait
from compliance.journeys.seal import Asked, Seal, nothing_passes
from compliance.model.activity import StorageItem
from compliance.model.spec import VisitorSpec
from compliance.model.urls import origin_of, without_fragment
from compliance.model.visit import Aspect

PAGE_DEADLINE = 15.0
#: Without network activity for this long a loaded page counts as settled; at the latest after `SETTLE`.
QUIET, SETTLE = 0.15, 3.0
#: Seconds that pictures and the like may take after the document is there.
LOAD = 5.0
WORLD = "compliance-journey"


class CannotTry(Exception):
    """A page, form or link could not be tried; the message says why, for the record."""


@dataclass(frozen=True, slots=True)
class World:
    """An isolated world in one frame."""

    session: str
    frame: str
    context: int


class Stage:
    """One browser; one page at a time; nothing typed survives from page to page."""

    def __init__(self, browser: BrowserSession) -> None:
        self.browser = browser
        self.seal = Seal(browser)
        self.bait = Bait()
        self.dialogs: list[str] = []
        self.accept_dialogs = True
        self.page: Page
        self._target = self._session = ""
        browser.context.on("dialog", self._dialog)

    @classmethod
    async def start(
        cls, playwright: Playwright, options: LaunchOptions, major: int, profile: Path, visitor: VisitorSpec
    ) -> Stage:
        """Start a browser on a fresh profile folder.

        Raises:
            BrowserLost: It does not start.
        """
        shutil.rmtree(profile, ignore_errors=True)
        stage = cls(await BrowserSession.start(playwright, replace(options, sealed=True), profile, visitor, major))
        await stage.seal.close()
        return stage

    async def close(self) -> None:
        """End the browser. A page that cannot be left under seal is not asked: what it would send goes with it."""
        self.seal.rule = nothing_passes
        try:
            async with asyncio.timeout(3):
                await self.leave()
        except (TimeoutError, Unresponsive, BrowserLost):
            self.browser.kill()
        await self.browser.close()

    # ---- one page

    async def open(self, url: str, rule: Callable[[Asked], Any]) -> None:
        """Load a page in a new tab, under `rule`, until it has settled.

        Raises:
            CannotTry: The page did not open.
            BrowserLost: The browser is gone.
        """
        self.seal.caught.clear()
        self.seal.passed.clear()
        self.dialogs.clear()
        self.page, self._target, self._session = await self.browser.new_page()
        self.seal.rule = rule
        await self.seal.cover(self._session, self._target)
        try:
            response = await self.page.goto(url, timeout=PAGE_DEADLINE * 1000, wait_until="domcontentloaded")
        except PlaywrightError as error:
            if not self.browser.alive:
                raise BrowserLost("the browser died while the page was loading") from error
            raise CannotTry(f"the page did not open: {str(error).splitlines()[0][:200]}") from error
        if response is not None and response.status >= 400:
            raise CannotTry(f"the page did not open: HTTP {response.status}")
        with suppress(PlaywrightTimeout):  # something on it hangs; a visitor would not wait either
            await self.page.wait_for_load_state("load", timeout=LOAD * 1000)
        await self.settle()

    async def settle(self) -> None:
        """Wait until the network is quiet."""
        until = time.monotonic() + SETTLE
        while (now := time.monotonic()) < until and now - self.seal.last_activity < QUIET:
            await asyncio.sleep(QUIET - (now - self.seal.last_activity) + 0.005)

    async def leave(self) -> None:
        """Leave the page while it is still sealed, then close its windows and forget what it stored.

        Raises:
            BrowserLost: It cannot be left.
            Unresponsive: It hangs.
        """
        if not self._session or not self.browser.alive:
            return
        session, self._session = self._session, ""
        self.seal.rule = nothing_passes
        send = self.browser.connection.send
        origins = {origin_of(asked.url) for asked in self.seal.passed if asked.kind == "document"}
        pages = [(s, t) for s, (kind, t, _) in self.seal.sessions.items() if kind == "page"]
        try:
            for one, _ in pages:
                # What a page sends on being left is sent now, and caught.
                await self.browser.connection.post("Page.navigate", {"url": "about:blank"}, one)
            await send("Page.getFrameTree", {}, session)
            await asyncio.sleep(0.02)
            await send("Network.clearBrowserCookies", {}, session)
            for origin in origins:
                await send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"}, session)
        except CommandFailed as error:
            raise BrowserLost(f"the page could not be left ({error})") from error
        finally:
            # The seal goes on adopting what these pages leave behind: a worker must not run outside it.
            for _, target in pages:
                await self._close_target(target)
            self.seal.forget()

    async def _close_target(self, target: str) -> None:
        try:
            await self.browser.connection.send("Target.closeTarget", {"targetId": target}, timeout=2)
        except (CommandFailed, Unresponsive, BrowserLost):
            return  # it has gone already, or goes with the browser

    async def _dialog(self, dialog: Dialog) -> None:
        if dialog.type != "beforeunload" and len(self.dialogs) < 20:
            self.dialogs.append(dialog.message[:300])
        try:
            if self.accept_dialogs or dialog.type == "beforeunload":
                await dialog.accept()
            else:
                await dialog.dismiss()
        except PlaywrightError:
            return  # its page was closed meanwhile

    # ---- reading

    async def send(self, method: str, params: Params | None = None, session: str = "") -> Params:
        """A DevTools command to the page, or to one of its sessions."""
        return await self.browser.connection.send(method, params, session or self._session)

    async def worlds(self, frame_url: str) -> list[World]:
        """Isolated worlds in the frames at an address (the main frame for an empty one)."""
        if not frame_url:
            return [await self.world(self._session, self._target)]
        wanted = [without_fragment(frame_url), frame_url.partition("?")[0]]
        frames = await self.frames()
        exact = [f for f in frames if without_fragment(f[2]) == wanted[0]]
        alike = exact or [f for f in frames if f[2].partition("?")[0].partition("#")[0] == wanted[1]]
        return [await self.world(session, frame) for session, frame, _ in alike]

    async def frames(self) -> list[tuple[str, str, str]]:
        """Frames below the main one: session, id, address."""
        found = []
        own = [self._session, *(s for s, (kind, _, _) in self.seal.sessions.items() if kind == "iframe")]
        for session in own:
            try:
                tree = await self.send("Page.getFrameTree", {}, session)
            except CommandFailed:
                continue  # a frame that went away
            stack = [tree["frameTree"]]
            while stack:
                node = stack.pop()
                stack.extend(node.get("childFrames", ()))
                if node["frame"]["id"] != self._target:
                    found.append((session, node["frame"]["id"], node["frame"]["url"]))
        return found

    async def world(self, session: str, frame: str) -> World:
        """An isolated world in a frame."""
        made = await self.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": WORLD}, session)
        return World(session, frame, made["executionContextId"])

    async def evaluate(self, world: World, expression: str) -> Any:
        """Value of an expression in an isolated world.

        Raises:
            CommandFailed: The document is gone, or the expression failed.
        """
        answer = await self.send(
            "Runtime.evaluate",
            {"expression": expression, "contextId": world.context, "returnByValue": True},
            world.session,
        )
        if "exceptionDetails" in answer:
            detail = answer["exceptionDetails"]
            raise CommandFailed(str(detail.get("exception", {}).get("description") or detail.get("text"))[:300])
        return answer["result"].get("value")

    async def read(self, world: World, expression: str) -> dict[str, Any]:
        """The same, for expressions whose value is JSON."""
        found: dict[str, Any] = json.loads(await self.evaluate(world, expression))
        return found

    async def stored(self) -> tuple[StorageItem, ...]:
        """What the page's frames have stored in the browser, cookies aside.

        Raises:
            CommandFailed: The document is gone.
            Unresponsive: The page does not answer.
        """
        reader = Reader(self.browser.connection, self._session, self._target)
        inner = (s for s, (kind, _, _) in self.seal.sessions.items() if kind == "iframe")
        frames = dict.fromkeys((self._session, *inner), "")
        read = await reader.harvest(frozenset({Aspect.STORAGE}), text=False, frames=frames)
        return tuple(item for one in read for item in one.storage or ())

    async def screenshot(self) -> bytes:
        """The page as it is now, as JPEG; empty when it gives none."""
        try:
            answer = await self.send("Page.captureScreenshot", {"format": "jpeg", "quality": 60})
        except (CommandFailed, Unresponsive):
            return b""
        return b64decode(answer["data"])

    # ---- acting

    async def click(self, world: World, expression: str, *, hold: float = 0.0) -> bool:
        """Click the middle of an element with the real mouse; False when it has no place on the screen.

        Args:
            world: Where the element is.
            expression: Gives it.
            hold: Seconds between pressing the button and letting it go.
        """
        answer = await self.send(
            "Runtime.evaluate", {"expression": expression, "contextId": world.context}, world.session
        )
        handle = answer["result"].get("objectId")
        if handle is None:
            return False
        try:
            await self.send("DOM.scrollIntoViewIfNeeded", {"objectId": handle}, world.session)
            quads = (await self.send("DOM.getContentQuads", {"objectId": handle}, world.session))["quads"]
            x, y = await self._offset(world.session)
        except CommandFailed:
            return False
        if not quads:
            return False
        quad = quads[0]
        await self.page.mouse.click(x + sum(quad[0::2]) / 4, y + sum(quad[1::2]) / 4, delay=hold * 1000)
        return True

    async def _offset(self, session: str) -> tuple[float, float]:
        """Where the frames of a session begin in the window: those in other processes count from their own corner."""
        kind, target, parent = self.seal.sessions[session]
        if kind != "iframe" or not parent:
            return 0.0, 0.0
        owner = await self.send("DOM.getFrameOwner", {"frameId": target}, parent)
        box = await self.send("DOM.getBoxModel", {"backendNodeId": owner["backendNodeId"]}, parent)
        x, y = await self._offset(parent)
        return x + box["model"]["content"][0], y + box["model"]["content"][1]
