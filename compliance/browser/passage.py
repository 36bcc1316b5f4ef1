"""May the main frame of a tab go where it wants to go: decided for every document, redirects included.

A site may send who comes through another site, which learns of the visit, and back (bounce tracking). So an address of
somebody else may be gone *through*: it is asked for, and followed where it redirects. A page of it is not opened. Where
the way does not come back, the visitor has been led away: what servers on it did to the jar is undone, because it is
not the site's doing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from compliance.browser.cdp import CommandFailed, Params, Unresponsive, quiet
from compliance.browser.launch import BrowserSession
from compliance.browser.recorders.network import NetworkRecorder
from compliance.browser.state import VisitState
from compliance.model.urls import site_of
from compliance.model.visit import VisitOutcome

#: Given an address, tells how the main frame may go on: empty for yes, `THROUGH`, else `outcome: reason`.
Decide = Callable[[str], str]
#: It may be asked for, and followed where it redirects; no page of it is opened.
THROUGH = "through"
#: Awaited before the main frame asks for an address, and before `Decide` is asked about it.
Before = Callable[[str], Awaitable[None]]
#: Seconds that the part of a way that lies outside may take.
PATIENCE = 6.0

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: What makes two cookies one.
_IDENTITY = ("name", "domain", "path", "partitionKey")
#: Of a cookie as the browser tells it, what it takes back.
_KEPT = (*_IDENTITY, "value", "secure", "httpOnly", "sameSite", "priority", "sourceScheme", "sourcePort")


@dataclass(slots=True)
class _Way:
    """One navigation that leads through other sites."""

    jar: list[Params]
    """Cookies before the first of them was asked."""
    late: asyncio.Task[None]
    """Ends it when it takes too long."""
    urls: list[str] = field(default_factory=list)
    over: bool = False
    lost: bool = False
    """It did not come back."""


class Passage:
    """The ways of one tab from document to document, during one visit."""

    def __init__(self, browser: BrowserSession, decide: Decide = lambda _: "", before: Before | None = None) -> None:
        self._browser = browser
        self._decide, self._before = decide, before
        self._ways: dict[str, _Way] = {}
        self._ended = False
        self.failed = ""
        """Why the jar is not what it would be without the ways of this visit."""

    async def held(self, p: Params, state: VisitState) -> None:
        """A document of the main frame is held (`Fetch.requestPaused`): let it go on, or not."""
        url, key = p["request"]["url"], p.get("networkId") or p["requestId"]
        if "responseStatusCode" in p or "responseErrorReason" in p:
            await self._answered(p, key, state)
            return
        try:
            if self._before is not None:
                await self._before(url)
            refused = self._decide(url)
        except Exception as error:
            # As in the connection's reader: a fault of ours must not look like a fault of the page.
            self._browser.give_up(f"deciding about {url} failed: {type(error).__name__}: {error}")
            raise
        if refused == THROUGH and p["request"]["method"] != "GET":
            refused = f"{VisitOutcome.BLOCKED_SCOPE}: would send data to {url[:200]}, outside the scope"
        if refused == THROUGH:
            refused = await self._through(key, url, state)
        elif (way := self._ways.get(key)) is not None:
            self._close(way)  # it has come back
        if refused == THROUGH:
            params: Params = {"requestId": p["requestId"], "interceptResponse": True}
            await self._browser.connection.post("Fetch.continueRequest", params)
        else:
            await self._go(p["requestId"], refused, state)

    async def _through(self, key: str, url: str, state: VisitState) -> str:
        """Set out, or go on, by an address of somebody else."""
        way = self._ways.get(key)
        if way is None:
            # One way at a time, and nobody reads the jar meanwhile: whose cookies these are is known at its end.
            await self._browser.jar_at_rest.acquire()
            if self._ended:
                self._browser.jar_at_rest.release()
                return f"{VisitOutcome.BLOCKED_SCOPE}: the visit is over"
            try:
                jar = await self._jar()
            except BaseException:
                self._browser.jar_at_rest.release()
                raise
            late = asyncio.get_running_loop().create_task(quiet(self._too_late(key, state)))
            way = self._ways[key] = _Way(jar, late)
        elif way.over:  # given up as late, and its cookies put back: it does not go on
            return f"{VisitOutcome.BLOCKED_SCOPE}: leads to {url[:200]} too late, outside the scope"
        way.urls.append(url)
        return THROUGH

    async def _answered(self, p: Params, key: str, state: VisitState) -> None:
        """The answer of an address that may only be gone through: redirects go on as they are, nothing else does."""
        status = p.get("responseStatusCode", 0)
        named = any(header["name"].lower() == "location" for header in p.get("responseHeaders", ()))
        refused = ""
        if not (status in _REDIRECTS and named):
            what = "" if status else ", which gives no answer"
            refused = f"{VisitOutcome.BLOCKED_SCOPE}: leads to {p['request']['url'][:200]}{what}, outside the scope"
            if (way := self._ways.get(key)) is not None:
                await self._lost(way, state)
        await self._go(p["requestId"], refused, state)

    async def _too_late(self, key: str, state: VisitState) -> None:
        await asyncio.sleep(PATIENCE)
        way = self._ways[key]
        refused = f"{VisitOutcome.BLOCKED_SCOPE}: leads to {way.urls[-1][:200]}, which is slow, outside the scope"
        state.decided = state.decided or refused
        await self._lost(way, state)
        await self._browser.connection.post("Page.stopLoading", {}, state.session)

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

    # ---- what others did to the jar

    async def _jar(self) -> list[Params]:
        answer = await self._browser.connection.send("Storage.getCookies")
        found: list[Params] = answer["cookies"]
        return found

    async def _lost(self, way: _Way, state: VisitState) -> None:
        """The way does not come back: undo what its servers did to the jar."""
        if way.over:
            return
        way.lost = True
        try:
            await self._undo(way, state)
        except (CommandFailed, Unresponsive) as error:
            self.failed = f"cookies of sites that the page led to could not be put back ({error})"
        finally:
            self._close(way)

    async def _undo(self, way: _Way, state: VisitState) -> None:
        sites = {site_of(url) for url in way.urls}
        before, after = ({_identity(c): c for c in jar if _site(c) in sites} for jar in (way.jar, await self._jar()))
        send = self._browser.connection.send
        for new in (cookie for known, cookie in after.items() if known not in before):
            await send("Network.deleteCookies", {k: new[k] for k in _IDENTITY if k in new}, state.session)
        if changed := [c for known, c in before.items() if after.get(known, {}).get("value") != c["value"]]:
            await send("Storage.setCookies", {"cookies": [_as_given(cookie) for cookie in changed]})

    def _close(self, way: _Way) -> None:
        if not way.over:
            way.over = True
            self._browser.jar_at_rest.release()
            if way.late is not asyncio.current_task():
                way.late.cancel()

    def in_vain(self, network: NetworkRecorder) -> frozenset[str]:
        """Ids of the requests on ways that did not come back."""
        lost = [(key, way) for key, way in self._ways.items() if way.lost]
        return frozenset(hop.id for key, way in lost for hop in network.chain(key) if hop.url in way.urls)

    async def end(self, state: VisitState) -> None:
        """The visit is over: who has not come back by now does not."""
        self._ended = True
        for way in self._ways.values():
            await self._lost(way, state)


def _site(cookie: Params) -> str:
    return site_of(f"https://{cookie['domain'].lstrip('.')}/")


def _identity(cookie: Params) -> tuple[Any, ...]:
    return tuple(str(cookie.get(part, "")) for part in _IDENTITY)


def _as_given(cookie: Params) -> Params:
    kept: Params = {part: cookie[part] for part in _KEPT if part in cookie}
    return kept if cookie.get("session") else kept | {"expires": cookie["expires"]}
