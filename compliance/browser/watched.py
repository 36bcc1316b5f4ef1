"""A tab in which somebody acts on the page while it is recorded; scripts that listen to the whole page are noted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from compliance.browser.cdp import CommandFailed, Unresponsive
from compliance.browser.drive import Early, Tab
from compliance.browser.recorders.document import Harvest
from compliance.browser.recorders.network import NetworkRecorder
from compliance.browser.world import Census
from compliance.model.activity import ApiCall
from compliance.model.visit import VisitOutcome

#: Characters of one body that are kept: a recording begins with the whole page.
MAX_BODY = 1_048_576
#: Seconds in which what a page sends on being told that it will be left, and then on being left, may go out. Some
#: compress first, which takes a moment.
PARTING = 0.4
#: Seconds in which the scripts of a page may notice that it is gone.
GONE = 0.4
#: Seconds for which it is then opened once more: what was kept in the browser may be sent now.
AGAIN = 1.0

Act = Callable[["WatchedTab"], Awaitable[None]]


class WatchedTab(Tab):
    """A tab for one visit, during which `act` is done; nothing is read of the page but what it sends."""

    act: Act | None = None
    watchers: tuple[ApiCall, ...] = ()
    """Listeners to the whole page, when the visit is over."""
    gap: str = ""
    """Why they are not all."""
    again: float = 0.0
    """Seconds since the visit began at which the page was opened once more."""

    def _hooks(self, *, document: bool, worker: bool) -> tuple[str, ...]:
        return ("watchers",) if document or worker else ()

    async def _arrive(
        self, url: str, deadline: float, dwell: float, loading: asyncio.Semaphore | None, early: Early | None
    ) -> Census:
        self._state.network.limit = self._browser.gate.bodies.limit = MAX_BODY
        census = await super()._arrive(url, deadline, dwell, loading, early)
        hops = self._state.document
        answered = bool(hops) and (hops[-1].status or 200) < 400
        if self.act is not None and self._state.ended is None and answered:
            try:
                await self.act(self)
            except Unresponsive as error:
                self._state.end(VisitOutcome.UNRESPONSIVE, str(error))
            except CommandFailed as error:
                self._state.end(VisitOutcome.LOST, str(error))
        return census

    async def _read(self, *_: object) -> tuple[list[Harvest], bytes]:
        """Leave the page, as somebody does who closes it, and come back: what is then sent is still recorded."""
        state, post = self._state, self._browser.connection.post
        here = self.reached
        try:
            state.network.induced = True
            await self._world.announce_leaving()
            await asyncio.sleep(PARTING)
            self.watchers, self.gap = state.calls.calls(), state.calls.gap()
            await post("Page.navigate", {"url": "about:blank"}, self._session)
            await asyncio.sleep(GONE)
            self.again = time.monotonic() - state.network.begin
            if here and state.ended is None and not state.decided:
                await post("Page.navigate", {"url": here}, self._session)
                await asyncio.sleep(AGAIN)
        except (Unresponsive, CommandFailed) as error:
            state.end(VisitOutcome.UNRESPONSIVE, f"the page could not be left: {error}")
        return [], b""

    # ---- for whoever acts

    @property
    def reached(self) -> str:
        """Address of the document that is open; empty when there is none."""
        return self._state.document[-1].url if self._state.document else ""

    @property
    def listening(self) -> tuple[ApiCall, ...]:
        """Listeners to the whole page so far."""
        return self._state.calls.calls()

    @property
    def network(self) -> NetworkRecorder:
        """What the page has sent so far."""
        return self._state.network

    async def evaluate(self, expression: str) -> str:
        """Value of an expression that gives a string, in an isolated world of the page.

        Raises:
            CommandFailed: It threw, or the page is gone.
            Unresponsive: The page does not answer.
        """
        return await self._world.evaluate(expression)
