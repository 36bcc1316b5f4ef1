"""May the main frame of a tab go where it wants to go: decided for every document, redirects included."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from compliance.browser.cdp import Params
from compliance.browser.launch import BrowserSession
from compliance.browser.state import VisitState
from compliance.model.visit import VisitOutcome

#: Given an address, tells how the main frame may go on: empty for yes, `THROUGH`, else `outcome: reason`.
Decide = Callable[[str], str]
#: It may be asked for, and followed where it redirects; no page of it is opened.
THROUGH = "through"
#: Awaited before the main frame asks for an address, and before `Decide` is asked about it.
Before = Callable[[str], Awaitable[None]]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Passage:
    """The way of one tab from document to document."""

    def __init__(self, browser: BrowserSession) -> None:
        self._browser = browser
        self.decide: Decide = lambda _: ""
        self.before: Before | None = None

    async def held(self, p: Params, state: VisitState) -> None:
        """A document of the main frame is held (`Fetch.requestPaused`): let it go on, or not."""
        url = p["request"]["url"]
        if "responseStatusCode" in p or "responseErrorReason" in p:
            await self._go(p["requestId"], _behind(url, p), state)
            return
        try:
            if self.before is not None:
                await self.before(url)
            refused = self.decide(url)
        except Exception as error:
            # As in the connection's reader: a fault of ours must not look like a fault of the page.
            self._browser.give_up(f"deciding about {url} failed: {type(error).__name__}: {error}")
            raise
        if refused == THROUGH:
            params: Params = {"requestId": p["requestId"], "interceptResponse": True}
            await self._browser.connection.post("Fetch.continueRequest", params)
        else:
            await self._go(p["requestId"], refused, state)

    async def _go(self, request: str, refused: str, state: VisitState) -> None:
        params: Params = {"requestId": request}
        method = "Fetch.continueRequest"
        if refused and state.loader:
            # It moves on by itself. What is open stays, and is read: whoever is led on has been shown it.
            method, params["responseCode"] = "Fetch.fulfillRequest", 204
        elif refused:
            method, params["errorReason"] = "Fetch.failRequest", "BlockedByClient"
        state.decided = state.decided or refused
        await self._browser.connection.post(method, params)


def _behind(url: str, p: Params) -> str:
    """Why the answer of an address that may only be gone through is not let in; redirects and errors are."""
    status = p.get("responseStatusCode", 0)
    named = any(header["name"].lower() == "location" for header in p.get("responseHeaders", ()))
    if not status or (status in _REDIRECTS and named):
        return ""
    return f"{VisitOutcome.BLOCKED_SCOPE}: ends at {url[:200]}, outside the scope"
