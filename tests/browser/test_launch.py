"""Arguments a browser is started with, and browsers that do not start, do not answer, or do not end."""

import asyncio
import os
import signal
import socket
import ssl
import threading
import time
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import pytest

from compliance.browser import launch
from compliance.browser.agent import user_agent
from compliance.browser.launch import BrowserSession, LaunchOptions, driver
from compliance.browser.resolve import ResolvedBrowser, resolve
from compliance.browser.switches import host_rules, trusted_keys
from compliance.errors import BrowserLost, SettingsError
from compliance.model.spec import VisitorSpec
from compliance.settings import Settings


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((), []),
        (("shop.test:127.0.0.1",), ["--host-resolver-rules=MAP shop.test 127.0.0.1"]),
        (("*.test:127.0.0.1:8443",), ["--host-resolver-rules=MAP *.test 127.0.0.1:8443"]),
        (("a.test:[::1]:80", "b.test:::1"), ["--host-resolver-rules=MAP a.test [::1]:80,MAP b.test ::1"]),
    ],
)
def test_resolver_overrides(entries, expected):
    assert host_rules(entries) == expected


def test_keys_that_are_trusted():
    assert trusted_keys(("*.test", "sha256/AAA=", "sha256/B/=")) == ["--ignore-certificate-errors-spki-list=AAA=,B/="]
    assert trusted_keys(("*.test",)) == []


@pytest.mark.parametrize(
    "entry", ["shop.test", "shop.test:", ":127.0.0.1", "", "a.test:1.2.3.4,MAP * 6.6.6.6", "a test:1.2.3.4", "a:b\tc"]
)
def test_an_override_that_is_none_is_refused(entry):
    with pytest.raises(SettingsError, match="not HOST:ADDRESS") as caught:
        host_rules((entry,))
    assert "shop.test:127.0.0.1:8443" in str(caught.value)


def processes(folder):
    """Processes that run on a profile, and all that their group holds."""
    leaders, found = set(), []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            state, _, group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if state != "Z":
            found.append((int(entry.name), int(group)))
            if f"--user-data-dir={folder}".encode() in words:
                leaders.add(int(group))
    return [pid for pid, group in found if group in leaders]


def in_browser(profile, work, visitor=None, options=None):
    async def main():
        async with driver() as playwright:
            chosen = options or LaunchOptions(resolve(Settings()))
            session = await BrowserSession.start(playwright, chosen, profile, visitor or VisitorSpec(), 156)
            try:
                return await work(session)
            finally:
                if session.alive:
                    await session.close()

    return asyncio.run(main())


@pytest.mark.browser
def test_a_browser_ends_with_all_it_started(tmp_path):
    async def work(session):
        await session.new_page()
        return session.version, len(processes(tmp_path / "p"))

    version, count = in_browser(tmp_path / "p", work)
    assert "Chrom" in version
    assert count > 3
    assert processes(tmp_path / "p") == []


@pytest.mark.browser
def test_a_visitor_is_who_the_spec_says(tmp_path):
    visitor = VisitorSpec(name="v", locale="fr-FR", timezone="Pacific/Auckland", width=700, height=500)

    async def work(session):
        page, _, target = await session.new_page()
        await session.connection.post("Runtime.runIfWaitingForDebugger", {}, target)
        return await page.evaluate(
            "[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, innerWidth, innerHeight,"
            " navigator.userAgent, navigator.webdriver]"
        )

    said = in_browser(tmp_path / "p", work, visitor)
    assert said[:4] == ["fr-FR", "Pacific/Auckland", 700, 500]
    assert (said[4], bool(said[5])) == (user_agent(156), False)


@pytest.mark.browser
def test_what_a_page_sends_while_it_is_left_reaches_a_host_whose_certificate_is_not_verified(tmp_path):
    """The page is gone before the connection stands: outside a profile, Playwright's option loses it."""
    arrived = threading.Event()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(str(files("compliance.demo.tls") / "server.pem"))

    def serve(listener, delay):
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection, delay), daemon=True).start()

    def answer(connection, delay):
        time.sleep(delay)
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
            asked = secure.recv(65536)
            if asked.startswith(b"POST /collect"):
                arrived.set()
            body = b"<script>onpagehide = () => navigator.sendBeacon('https://slow.test/collect', 'x')</script>"
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: "
            secure.sendall(head + str(len(body)).encode() + b"\r\n\r\n" + body)

    async def work(session):
        page, _, target = await session.new_page()
        await session.connection.post("Runtime.runIfWaitingForDebugger", {}, target)
        await page.goto("https://www.test/")
        await page.goto("about:blank")
        return await asyncio.to_thread(arrived.wait, 15)

    with socket.create_server(("127.0.0.1", 0)) as quick, socket.create_server(("127.0.0.1", 0)) as slow:
        for listener, delay in ((quick, 0.0), (slow, 0.7)):
            threading.Thread(target=serve, args=(listener, delay), daemon=True).start()
        hosts = tuple(f"{h}:127.0.0.1:{one.getsockname()[1]}" for h, one in (("www.test", quick), ("slow.test", slow)))
        assert in_browser(tmp_path / "p", work, None, LaunchOptions(resolve(Settings()), hosts, ("*.test",)))
        for listener in (quick, slow):
            listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.browser
@pytest.mark.parametrize("everything", [False, True], ids=["the browser", "and its children"])
def test_a_frozen_browser_is_closed_all_the_same(tmp_path, monkeypatch, everything):
    monkeypatch.setattr(launch, "CLOSE_TIMEOUT", 1.0)
    profile, other = tmp_path / "p", tmp_path / "p-and-more"

    async def work(session):
        async with driver() as playwright:
            options = LaunchOptions(resolve(Settings()))
            neighbour = await BrowserSession.start(playwright, options, other, VisitorSpec(), 156)
            await session.new_page()
            for pid in processes(profile) if everything else processes(profile)[:1]:
                os.kill(pid, signal.SIGSTOP)
            await asyncio.wait_for(session.close(), 10)
            for _ in range(100):
                if not processes(profile):
                    break
                await asyncio.sleep(0.05)
            left = processes(profile), len(processes(other)) > 3
            await neighbour.close()
            return left

    assert in_browser(profile, work) == ([], True), "the neighbour, whose profile has a longer name, lives on"


@pytest.mark.browser
def test_a_browser_that_dies_is_lost_at_once_and_gives_no_page(tmp_path):
    async def work(session):
        waiting = [asyncio.create_task(session.new_page()) for _ in range(3)]
        await asyncio.sleep(0.02)
        session.kill()
        found = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 10)
        with pytest.raises(BrowserLost):
            await asyncio.wait_for(session.new_page(), 10)
        assert not session.alive
        await session.close()
        return [isinstance(one, tuple | BrowserLost) for one in found]

    assert in_browser(tmp_path / "p", work) == [True] * 3
    assert processes(tmp_path / "p") == []


def executable(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return LaunchOptions(ResolvedBrowser(path, "test", "headless_shell"))


@pytest.mark.browser
def test_what_does_not_start_says_so(tmp_path):
    options = executable(tmp_path / "chrome", "echo 'no display' >&2; exit 3")
    begin = time.monotonic()
    with pytest.raises(BrowserLost, match="did not start") as caught:
        in_browser(tmp_path / "p", None, options=options)
    assert "compliance doctor" in str(caught.value)
    assert time.monotonic() - begin < launch.LAUNCH_TIMEOUT


@pytest.mark.browser
def test_a_browser_that_starts_and_does_not_answer_is_not_left_behind(tmp_path, monkeypatch):
    async def refuse(*_):
        raise BrowserLost("nobody there")

    monkeypatch.setattr(launch.Connection, "open", refuse)
    with pytest.raises(BrowserLost, match="started and does not answer: nobody there"):
        in_browser(tmp_path / "p", None)
    assert processes(tmp_path / "p") == []
