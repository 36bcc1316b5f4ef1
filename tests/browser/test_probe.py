import asyncio
import urllib.error
import urllib.request

import pytest

from compliance.browser.probe import PREFIX, ProbeServer, probe, verdict
from compliance.browser.profile import prepare_profile
from compliance.browser.resolve import resolve
from compliance.settings import load_settings


def get(url, cookie=""):
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})) as answer:
        return answer.headers.get("Set-Cookie"), answer.read()


class Fake:
    """A browser that asks for the page, the frame and the pixel, and keeps what it is told to keep."""

    def __init__(self, *, page=True, frame=True, pixel=True, sends=True):
        self.page, self.frame, self.pixel, self.sends = page, frame, pixel, sends

    def visit(self, server):
        if self.page:
            get(server.page_url)
        if self.frame:
            get(server.tracker + "frame")
        if self.pixel:
            get(server.tracker + "pixel", f"{server.third_cookie}=1" if self.sends else "")


@pytest.mark.parametrize(
    ("browser", "kept", "expected", "says"),
    [
        (Fake(), ("first", "third"), "visible", "kept and sent back"),
        (Fake(sends=False), ("first",), "blocked", "neither kept nor sent back"),
        (Fake(sends=False), ("first", "third"), "unknown", "not sent back"),
        (Fake(), ("first",), "unknown", "not in the jar"),
        (Fake(), ("third",), "unknown", "first-party"),
        (Fake(sends=False), (), "unknown", "first-party"),
        (Fake(pixel=False), ("first",), "unknown", "second request"),
        (Fake(frame=False, pixel=False), ("first",), "unknown", "frame"),
        (Fake(page=False, frame=False, pixel=False), (), "unknown", "never asked for the page"),
    ],
)
def test_only_agreement_between_jar_and_server_is_an_answer(browser, kept, expected, says):
    with ProbeServer() as server:
        browser.visit(server)
        names = {"first": server.first_cookie, "third": server.third_cookie}
        result = verdict(server, [names[k] for k in kept])
    assert result.third_party_cookies == expected
    assert says in result.detail


def test_the_tracker_is_another_site_and_its_cookie_may_cross_sites():
    with ProbeServer() as server:
        first, page = get(server.page_url)
        third, _ = get(server.tracker + "frame")
        assert "//127.0.0.1:" in server.page_url
        assert b"//localhost:" in page
        assert first.startswith(PREFIX)
        assert third.startswith(PREFIX)
        assert "SameSite=None; Secure" in third
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(server.tracker + "else")


def test_a_page_that_does_not_load_in_time_is_no_answer():
    async def too_slow(url):
        raise TimeoutError

    async def jar():
        raise AssertionError("never read")

    assert asyncio.run(probe(too_slow, jar)).third_party_cookies == "unknown"


def test_an_error_of_the_browser_passes_through():
    async def lost(url):
        raise ConnectionResetError("gone")

    async def jar():
        return ()

    with pytest.raises(ConnectionResetError, match="gone"):
        asyncio.run(probe(lost, jar))


async def in_browser(folder, refuse):
    from playwright.async_api import async_playwright

    found = resolve(load_settings())
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            prepare_profile(folder), executable_path=found.path
        )

        async def open_page(url):
            page = await context.new_page()
            if refuse:
                session = await context.new_cdp_session(page)
                await session.send("Network.enable")
                await session.send("Network.setCookieControls", {"enableThirdPartyCookieRestriction": True})
            await page.goto(url)

        async def jar():
            return [cookie["name"] for cookie in await context.cookies()]

        try:
            return await probe(open_page, jar)
        finally:
            await context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("refuse", "expected"), [(False, "visible"), (True, "blocked")])
def test_a_real_browser_that_keeps_them_and_one_that_refuses_them(tmp_path, refuse, expected):
    result = asyncio.run(in_browser(tmp_path / "profile", refuse))
    assert (result.third_party_cookies, "Mozilla" in result.user_agent) == (expected, True), result
