"""Trying external links: is the visitor told before leaving, and where does the browser really go for then?

The destination is never contacted.

The link is clicked with the real mouse under seal. Pages of the site itself may still be loaded,
because a leave page is one; nothing else is.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright

from compliance.browser.cdp import CommandFailed, Unresponsive
from compliance.browser.launch import LaunchOptions
from compliance.errors import BrowserLost
from compliance.journeys.scripts import source
from compliance.journeys.seal import Asked
from compliance.journeys.stage import CannotTry, Stage, World
from compliance.model.activity import Cookie, StorageItem
from compliance.model.content import Link
from compliance.model.spec import VisitorSpec
from compliance.model.trials import LinkProbe
from compliance.model.urls import host_of, site_of, without_fragment

LINK_DEADLINE = 30.0
PATIENCE = 4.0
POLL = 0.03
#: A leave page that goes on by itself this soon has told nobody anything.
GLIMPSE = 1.0
#: Seconds for which the mouse is held down; for which a page that is left may go elsewhere yet; for reading what is
#: kept.
HOLD, SECOND_THOUGHT, READING = 0.05, 0.2, 5.0
#: Departures at which the jar is read.
MAX_READ = 5
MAX_NOTICE = 2_000
MAX_ADDRESS = 65_536
MAX_KEPT = 500_000
_TEXT = "document.readyState === 'loading' || !document.body ? '' : document.body.innerText"

Keep = Callable[[bytes], str]


async def probe_links(
    playwright: Playwright,
    options: LaunchOptions,
    major: int,
    profile: Path,
    visitor: VisitorSpec,
    targets: Sequence[tuple[str, Link]],
    *,
    first_party: Callable[[str], bool],
    store: Callable[[LinkProbe], None],
    keep: Keep,
    stopped: Callable[[], bool],
) -> None:
    """Click each link and store what it did.

    Args:
        playwright: Running.
        options: How to start the browser.
        major: Its major version.
        profile: Folder of its own; emptied first.
        visitor: Who tries.
        targets: Page address and link (`link_targets`).
        first_party: Does an address belong to the site's owner.
        store: Called once per link.
        keep: Stores a screenshot, returns its digest.
        stopped: Asked between links.

    Raises:
        BrowserLost: No browser can be started at all.
    """
    stage: Stage | None = None
    try:
        for page, link in targets:
            if stopped():
                return
            if stage is None or not stage.browser.alive:
                stage = await Stage.start(playwright, options, major, profile, visitor)
                stage.accept_dialogs = False
            probe, usable = await _one_link(_Trial(stage, page, link, first_party, keep))
            store(probe)
            if not usable:
                await stage.close()
                stage = None
    finally:
        if stage is not None:
            await stage.close()


@dataclass(slots=True)
class _Trial:
    stage: Stage
    page: str
    link: Link
    first_party: Callable[[str], bool]
    keep: Keep
    clicked: bool = False
    stood: str = ""
    by: str = ""
    stored: tuple[StorageItem, ...] | None = None
    jars: dict[str, tuple[Cookie, ...]] = field(default_factory=dict)
    """The visitor's cookies when the browser went for an address."""
    holding: int = 0
    """Departures that are held up."""

    def record(self, result: str, notice: str = "", picture: bytes = b"", went: tuple[str, ...] = ()) -> LinkProbe:
        digest = hashlib.sha256(f"{self.page} {self.link.href}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
        shot = self.keep(picture) if picture else ""
        return LinkProbe(
            f"link-{digest}",
            self.page,
            self.link.href,
            result,
            notice[:MAX_NOTICE],
            shot,
            stood=self.stood,
            by=self.by,
            went=tuple(url[:MAX_ADDRESS] for url in went),
            cookies=next((self.jars[url] for url in reversed(went) if url in self.jars), None),
            storage=self.stored if went else None,
        )

    # ---- what may leave

    async def may_pass(self, asked: Asked) -> bool:
        """Never the destination; after the click, nothing but fetching what is the site's own."""
        if self.clicked and asked.kind == "document" and not self.first_party(asked.url):
            await self._hold(asked.url)
        if site_of(asked.url) == site_of(self.link.href):
            return False
        if not self.clicked:
            return True
        return asked.plain_get and self.first_party(asked.url)

    async def _hold(self, url: str) -> None:
        """As long as the browser waits for an answer, the page may go elsewhere yet: a real server takes its time, too.

        DevTools cannot read the page any more, only the jar.
        """
        self.holding += 1
        try:
            if len(self.jars) < MAX_READ:
                with suppress(TimeoutError, CommandFailed, Unresponsive):
                    async with asyncio.timeout(READING):
                        self.jars[url] = await self.stage.browser.cookies()
            await asyncio.sleep(SECOND_THOUGHT)
        finally:
            self.holding -= 1

    # ---- the click

    async def run(self) -> LinkProbe:
        stage = self.stage
        try:
            await stage.open(self.page, self.may_pass)
            with suppress(TimeoutError, CommandFailed, Unresponsive):
                async with asyncio.timeout(READING):
                    self.stored = _shortest(await stage.stored())
            world = await self._find()
            start, began = len(stage.seal.caught), time.monotonic()
            passed = len(stage.seal.passed)
            self.clicked = True
            self.by = await self._click(world)
            if not self.by:
                raise CannotTry("the link can be reached neither by mouse nor by keyboard")
            return await self._watch(world, start, passed, began)
        finally:
            await stage.leave()

    async def _click(self, world: World) -> str:
        """With the mouse, through a banner that lies over the link; with Enter where it cannot be had. What it was."""
        if await self.stage.evaluate(world, "watch.uncover()"):
            return "mouse" if await self.stage.click(world, "watch.link", hold=HOLD) else ""
        if not await self.stage.evaluate(world, "watch.focus()"):
            return ""
        await self.stage.page.keyboard.press("Enter")
        return "keyboard"

    async def _find(self) -> World:
        options = {"href": self.link.href, "raw": self.link.raw, "text": self.link.text}
        call = f"{source('link_watch').rstrip().rstrip(';')}({json.dumps(options)})"
        there = False
        for world in await self.stage.worlds(self.link.frame):
            found = await self.stage.read(world, call)
            if found["found"] and found["visible"]:
                self.stood = found["stood"][:MAX_ADDRESS]
                return world
            there = there or found["found"]
        raise CannotTry("the link is not visible" if there else "the link was not found on the page again")

    async def _watch(self, world: World, start: int, passed: int, began: float) -> LinkProbe:
        stage = self.stage
        dialogs: list[str] = []
        hits = 0
        while True:
            # Before looking: on a busy machine, looking takes time itself.
            late = time.monotonic() - began > PATIENCE
            left = next((a for a in stage.seal.caught[start:] if self._leaves(a)), None)
            own = next((a for a in stage.seal.passed[passed:] if self._is_page(a)), None)
            if stage.dialogs:
                return self.record("dialog", "\n".join(stage.dialogs))
            if left is not None:
                return await self._left(start)
            if own is not None:
                return await self._own_page(own, start)
            if self.holding:  # a page that is about to go away answers nothing
                await asyncio.sleep(POLL)
                continue
            try:
                seen = await stage.read(world, "watch.state()")
                dialogs, hits = seen["dialogs"], seen["hits"]
            except CommandFailed:
                hits = max(hits, 1)  # the document is going away: the next look tells where to
            if dialogs:
                return self.record("dialog", "\n".join(dialogs), await stage.screenshot())
            if late:
                if not hits:
                    return self.record("error", "the click did not reach the link")
                return self.record("nothing", "", await stage.screenshot())
            await asyncio.sleep(POLL)

    async def _left(self, start: int) -> LinkProbe:
        """Where for: what the page went for in the same moment belongs to it."""
        while self.holding:
            await asyncio.sleep(POLL)
        gone = [a.url for a in self.stage.seal.caught[start:] if self._leaves(a)]
        return self.record("left", went=tuple(dict.fromkeys(gone)))

    def _leaves(self, asked: Asked) -> bool:
        """Is the browser going for another's page (a frame that an advertisement adds is none)."""
        return (
            asked.kind == "document"
            and not self.first_party(asked.url)
            and (self.stage.seal.is_window(asked.frame) or bool(self.link.frame))
        )

    def _is_page(self, asked: Asked) -> bool:
        """A page of the site in the window or in a new one (not a frame within the page)."""
        if asked.kind != "document" or not self.first_party(asked.url):
            return False
        return self.stage.seal.is_window(asked.frame) and without_fragment(asked.url) != without_fragment(self.page)

    async def _own_page(self, own: Asked, start: int) -> LinkProbe:
        """A page of the site came first: does it tell where the link leads, or does it only pass on?"""
        stage = self.stage
        until = time.monotonic() + GLIMPSE
        text = ""
        while True:
            late = time.monotonic() >= until and not self.holding
            if stage.dialogs:
                return self.record("dialog", "\n".join(stage.dialogs))
            if any(self._leaves(a) for a in stage.seal.caught[start:]):
                # It passed the visitor on, by a redirect or by itself, before anybody could read.
                return await self._left(start)
            if late:
                break
            if not self.holding:
                with suppress(CommandFailed):  # between two documents
                    there = await stage.world(stage.seal.window(own.frame), own.frame)
                    text = str(await stage.evaluate(there, _TEXT)) or text
                if self._names_destination(text) and time.monotonic() > until - GLIMPSE / 2:
                    until = 0.0
            await asyncio.sleep(POLL)
        picture = await stage.screenshot()
        return self.record("same_site_page", " ".join(text.split()), picture)

    def _names_destination(self, text: str) -> bool:
        return site_of(self.link.href) in text or host_of(self.link.href) in text


def _shortest(items: tuple[StorageItem, ...]) -> tuple[StorageItem, ...]:
    """Of much, the short values: an identifier is one, a file is none."""
    room, kept = MAX_KEPT, set[int]()
    for number, item in sorted(enumerate(items), key=lambda pair: len(pair[1].value)):
        room -= len(item.key) + len(item.value)
        if room < 0:
            break
        kept.add(number)
    return tuple(item for number, item in enumerate(items) if number in kept)


async def _one_link(trial: _Trial) -> tuple[LinkProbe, bool]:
    """The probe of one link, and whether the browser can be used further."""
    try:
        async with asyncio.timeout(LINK_DEADLINE):
            return await trial.run(), True
    except CannotTry as cannot:
        return trial.record("error", str(cannot)), True
    except TimeoutError:
        return trial.record("error", f"not finished in {LINK_DEADLINE:g} s"), False
    except Unresponsive as hung:
        return trial.record("error", f"the page stopped answering ({hung})"), False
    except (BrowserLost, PlaywrightError) as lost:
        return trial.record("error", f"the browser was lost: {str(lost).splitlines()[0][:200]}"), False
    except CommandFailed as failed:
        return trial.record("error", f"the page changed while it was tried ({failed})"), False
