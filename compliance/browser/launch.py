"""One browser with one visitor's profile: started by Playwright, recorded over our own connection.

Every visitor has a profile folder of its own and a browser process of its own, so that
closing the browser is really closing it: what persists is what Chromium keeps on disk,
and two visitors share nothing (jar, cache, HSTS, service workers).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from playwright.async_api import BrowserContext, Page, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api._context_manager import PlaywrightContextManager

from compliance.browser.agent import override, user_agent
from compliance.browser.cdp import CommandFailed, Connection, Params, Unresponsive
from compliance.browser.gate import Gate
from compliance.browser.machine import browser_version, sandbox_problem
from compliance.browser.netlog import NetLog
from compliance.browser.profile import prepare_profile
from compliance.browser.recorders.cookies import jar
from compliance.browser.resolve import ResolvedBrowser, resolve
from compliance.browser.switches import host_rules, trusted_keys
from compliance.errors import BrowserLost, BrowserNotFound
from compliance.model.activity import Cookie
from compliance.model.spec import VisitorSpec
from compliance.model.urls import host_of
from compliance.settings import Settings

#: Playwright's own list (a test compares it with the installed version's) and what makes pages
#: cheaper without changing them: Chromium takes only the last `--disable-features`.
DISABLED_FEATURES = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
    "RenderDocument",
    "WebUIToolbar",
    "InitialWebUI",
    "WebUIReloadButton",
)
#: For a browser whose requests are all held (`journeys.seal`): what interception does not see goes nowhere.
#: Sockets are sent to a proxy that is not there; requests, which are intercepted, are not.
SEALED_ARGUMENTS = (
    "--proxy-server=socks5://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>;http://*;https://*",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-blink-features=AutomationControlled,WebTransport",
)
ORDINARY_ARGUMENTS = ("--disable-blink-features=AutomationControlled",)
LAUNCH_TIMEOUT = 30.0
CLOSE_TIMEOUT = 10.0
#: A started Playwright, as `driver` gives it.
Driver: TypeAlias = Playwright

SessionHandler = Callable[[str, str, Params], None]


@dataclass(frozen=True, slots=True)
class LaunchOptions:
    """How to start the browser, for every visitor alike."""

    browser: ResolvedBrowser
    resolve: tuple[str, ...] = ()
    ignore_tls: tuple[str, ...] = ()
    headed: bool = False
    sealed: bool = False
    """Sockets lead nowhere; whoever asks for it intercepts the requests."""
    wider: int = 0
    """Pixels by which the window is wider and higher than the visitor's."""


def launch_options(
    settings: Settings, resolve_hosts: tuple[str, ...] | None = None, ignore_tls: tuple[str, ...] | None = None
) -> tuple[LaunchOptions, int]:
    """How to start the browser of these settings, and its major version.

    Raises:
        BrowserNotFound: There is none, or it does not start.
    """
    browser = resolve(settings)
    version = browser_version(browser.path)
    if version.problem:
        raise BrowserNotFound(
            f"{browser.path} does not start: {version.problem}",
            [str(browser.path)],
            hint="run `compliance doctor` to see what this machine lacks",
        )
    hosts = settings.resolve if resolve_hosts is None else resolve_hosts
    ignored = settings.ignore_tls if ignore_tls is None else ignore_tls
    return LaunchOptions(browser, hosts, ignored, settings.headed), version.major or 0


def driver() -> PlaywrightContextManager:
    """Playwright, for an `async with`; everything else that needs it takes it from here."""
    return async_playwright()


class BrowserSession:
    """A running browser. Events of targets that no tab owns go to the tab that opened them, or nowhere."""

    def __init__(self, context: BrowserContext, profile: Path, ignored_tls: tuple[str, ...] = ()) -> None:
        self.context = context
        self._ignored_tls = ignored_tls
        self.agent: Mapping[str, Any] = {}
        """Who the visitor's browser says it is, as `Emulation.setUserAgentOverride` takes it; for every target."""
        self.profile = profile
        self.connection: Connection
        self.version = ""
        self.sandbox = False
        self.netlog: NetLog | None = None
        self.jar_at_rest = asyncio.Lock()
        """Held while the jar is read, and while a page may be on its way to another site (`passage`)."""
        """What the network stack was asked for; to be read when the browser has ended."""
        self.answers: set[str] = set()
        """Addresses of what its cache keeps long, and whose text was read."""
        self._owners: dict[str, SessionHandler] = {}
        self._pages: dict[str, asyncio.Future[str]] = {}
        self._adopting: dict[str, Callable[[str, Params], None]] = {}
        self._orphans: dict[str, str] = {}
        self._intercepting: Callable[[Params], None] | None = None
        self.gate: Gate
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def start(
        cls,
        playwright: Playwright,
        options: LaunchOptions,
        profile: Path,
        visitor: VisitorSpec,
        major: int,
        *,
        logged: bool = False,
    ) -> BrowserSession:
        """Start a browser on a profile folder (made when it does not exist); `logged` keeps its `netlog`.

        Raises:
            BrowserLost: It does not start; the message is its own.
        """
        if not (profile / "Default").exists():
            prepare_profile(profile)
        (profile / "DevToolsActivePort").unlink(missing_ok=True)
        sandbox = not sandbox_problem()
        device = playwright.devices[visitor.device] if visitor.device else {}
        emulation: dict[str, Any] = {"viewport": {"width": visitor.width, "height": visitor.height}} | device
        emulation.pop("default_browser_type", None)
        emulation["viewport"] = {side: size + options.wider for side, size in emulation["viewport"].items()}
        agent = emulation.pop("user_agent", "") or user_agent(major)
        netlog = NetLog(profile / "requests.log") if logged else None
        try:
            context = await playwright.chromium.launch_persistent_context(
                profile,
                executable_path=options.browser.path,
                headless=not options.headed,
                chromium_sandbox=sandbox,
                timeout=LAUNCH_TIMEOUT * 1000,
                accept_downloads=False,
                ignore_https_errors=bool(options.ignore_tls),
                locale=visitor.locale,
                timezone_id=visitor.timezone,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                args=[
                    "--remote-debugging-port=0",
                    f"--disable-features={','.join(DISABLED_FEATURES)}",
                    f"--user-agent={agent}",
                    *([netlog.argument] if netlog is not None else ()),
                    *(SEALED_ARGUMENTS if options.sealed else ORDINARY_ARGUMENTS),
                    # The DevTools switch that Playwright uses leaves service workers out: none could be installed,
                    # and what it does would be unseen. Hosts that were not named are told all the same.
                    *(["--ignore-certificate-errors"] if options.ignore_tls else ()),
                    *host_rules(options.resolve),
                    *trusted_keys(options.ignore_tls),
                ],
                **emulation,
            )
        except PlaywrightError as error:
            if netlog is not None:
                netlog.finish()
            first = str(error).strip().splitlines()
            raise BrowserLost(
                f"{options.browser.path} did not start: {first[0] if first else error}",
                hint="run `compliance doctor` to see what is wrong",
            ) from error
        session = cls(context, profile, options.ignore_tls)
        session.sandbox, session.netlog = sandbox, netlog
        try:
            await session._connect()
            session.agent = override(agent, session.version)
        except (BrowserLost, CommandFailed, Unresponsive) as error:
            session.kill()
            session._finish_log()
            raise BrowserLost(f"{options.browser.path} started and does not answer: {error}") from error
        return session

    async def _connect(self) -> None:
        port_file = self.profile / "DevToolsActivePort"
        for _ in range(100):
            lines = port_file.read_text("ascii").splitlines() if port_file.exists() else []
            if len(lines) >= 2:
                break
            await asyncio.sleep(0.05)
        else:
            raise BrowserLost("the browser opened no DevTools port")
        self.connection = await Connection.open(f"ws://127.0.0.1:{lines[0]}{lines[1]}", self._on_event)
        self.gate = Gate(self.connection)
        answer = await self.connection.send("Browser.getVersion")
        self.version = answer["product"]
        await self.connection.send(
            "Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
        )

    # ---- targets

    def _on_event(self, session: str, method: str, params: Params) -> None:
        if method == "Target.attachedToTarget":
            self._attached(session, params)
            return
        if method == "Target.detachedFromTarget":
            self._owners.pop(params.get("sessionId", ""), None)
            return
        if method == "Fetch.requestPaused" and not session:
            (self._intercepting or self.gate.held)(params)
            return
        owner = self._owners.get(session)
        if owner is not None:
            owner(session, method, params)

    def _attached(self, parent: str, params: Params) -> None:
        info, session = params["targetInfo"], params["sessionId"]
        owner = self._owners.get(parent)
        if owner is not None:
            self._owners[session] = owner
            owner(parent, "Target.attachedToTarget", params)
            return
        opener = self._adopting.get(info.get("openerId", ""))
        if opener is not None:
            opener(session, params)
            return
        if info["type"] == "page" and not info.get("openerId"):
            self._page_future(info["targetId"]).set_result(session)
            return
        # Shared and service workers, and whatever else: must not stay paused. Their traffic belongs to the visitor.
        self._orphans[session] = info["url"]
        for adopt in list(self._adopting.values())[-1:]:
            adopt(session, params)
            return
        task = asyncio.get_running_loop().create_task(self._release(session))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _release(self, session: str) -> None:
        try:
            await self.connection.post("Runtime.runIfWaitingForDebugger", {}, session)
        except (BrowserLost, Unresponsive):
            return  # whoever waits for the browser hears of it

    def _page_future(self, target: str) -> asyncio.Future[str]:
        return self._pages.setdefault(target, asyncio.get_running_loop().create_future())

    async def new_page(self) -> tuple[Page, str, str]:
        """A new page: Playwright's handle, its target id, and the id of our own session on it.

        Raises:
            BrowserLost: The browser does not give one.
        """
        try:
            async with asyncio.timeout(LAUNCH_TIMEOUT):
                return await self.connection.unless_lost(self._opened())
        except (PlaywrightError, TimeoutError) as error:
            raise BrowserLost(f"the browser opens no page ({error or 'no answer'})") from error

    async def _opened(self) -> tuple[Page, str, str]:
        page = await self.context.new_page()
        probe = await self.context.new_cdp_session(page)
        target = (await probe.send("Target.getTargetInfo"))["targetInfo"]["targetId"]
        await probe.detach()
        return page, target, await self._page_future(target)

    def own(self, session: str, target: str, handler: SessionHandler, adopt: Callable[[str, Params], None]) -> None:
        """Send the events of a session, and the targets that it opens, to a tab."""
        self._owners[session] = handler
        if target:
            self._adopting[target] = adopt

    async def intercept(self, handler: Callable[[Params], None]) -> None:
        """Have every request of every target held and given to `handler` (`Fetch.requestPaused`).

        Raises:
            CommandFailed: The browser does not take it.
            Unresponsive: It does not answer.
        """
        self._intercepting = handler
        await self.connection.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    def disown(self, target: str) -> None:
        """A tab was closed."""
        self.gate.forget(target)
        self._adopting.pop(target, None)
        self._pages.pop(target, None)

    # ---- facts

    async def cookies(self) -> tuple[Cookie, ...]:
        """The visitor's whole jar, with partitions.

        Raises:
            Unresponsive: The browser does not answer.
        """
        answer = await self.connection.send("Storage.getCookies")
        return jar(answer["cookies"])

    def ignores_tls(self, url: str) -> bool:
        """Was the host of `url` named as one whose certificate is not verified."""
        return any(fnmatchcase(host_of(url), pattern) for pattern in self._ignored_tls)

    @property
    def alive(self) -> bool:
        """Is our connection up."""
        return not self.connection.lost

    def give_up(self, why: str) -> None:
        """Count it as lost though its connection may be up: it answers nothing any more."""
        self.connection.fail(why)

    async def close(self) -> None:
        """Close as a person does: Chromium writes the profile; killed when it does not answer."""
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT):
                await self.connection.close()
                await self.context.close()
        except (TimeoutError, PlaywrightError, CommandFailed, Unresponsive):
            self._kill()
        finally:
            self._finish_log()

    def _finish_log(self) -> None:
        if self.netlog is not None:
            self.netlog.finish()

    def kill(self) -> None:
        """End it at once: its pages get no chance to send anything more."""
        self._kill()

    def _kill(self) -> None:
        """SIGKILL every process that runs on this private profile, and the group that such a process leads.

        The children of a frozen browser would wait for ever for a parent that cannot tell them to end.
        """
        marker = f"--user-data-dir={self.profile}".encode()
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if marker not in (entry / "cmdline").read_bytes().split(b"\0"):
                    continue
                pid = int(entry.name)
                if os.getpgid(pid) == pid:
                    os.killpg(pid, 9)
                else:
                    os.kill(pid, 9)
            except (OSError, ValueError):
                continue

    async def __aenter__(self) -> BrowserSession:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
