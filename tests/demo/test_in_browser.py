"""The honest site as a browser sees it, and proof that broken variants really do what they say.

Playwright runs in a thread of its own: its synchronous interface would otherwise leave
an event loop in this one, and other tests run theirs here.
"""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import sync_playwright

from compliance.demo import DemoSite, variants

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

EXECUTABLE = shutil.which("chromium-headless-shell")
MAIN = "www.spaceo.test"


@pytest.fixture(scope="module")
def thread():
    if not EXECUTABLE:
        pytest.skip("chromium-headless-shell is not installed")
    with ThreadPoolExecutor(1) as pool:
        playwright = pool.submit(lambda: sync_playwright().start()).result()
        yield lambda work: pool.submit(work, playwright).result()
        pool.submit(playwright.stop).result()


@pytest.fixture
def browse(thread):
    """`browse(site, work)` runs `work(new_visitor)` with a browser whose `.test` is the site."""

    def run(site, work):
        def with_browser(playwright):
            browser = playwright.chromium.launch(
                executable_path=EXECUTABLE,
                args=[f"--host-resolver-rules=MAP *.test 127.0.0.1:{site.port}", "--ignore-certificate-errors"],
            )
            try:
                return work(lambda: browser.new_context(viewport={"width": 1280, "height": 800}))
            finally:
                browser.close()

        return thread(with_browser)

    return run


def strangers(site):
    return [r for r in site.log if r.host != MAIN]


def wait_for(condition, seconds=15):
    """What arrives at the server after the page is done: wait for it, not for a time."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_honest_pages_are_quiet_and_stay_at_home(browse, tmp_path):
    said = []

    def look(new_visitor):
        page = new_visitor().new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for path in ("", "contact", "privacy-policy", "blog", "portfolio", "about", "app/#/one"):
            assert page.goto(site.url + path).ok
            shot = page.screenshot(path=tmp_path / f"{path.replace('/', '-') or 'home'}.png")
            assert len(shot) > 10_000, "an empty page"
        return page.context.cookies()

    with DemoSite() as site:
        cookies = browse(site, look)
        assert not strangers(site)
    assert said == []
    assert {(c["name"], c["expires"]) for c in cookies} == {("sid", -1), ("lang", -1)}


def test_script_made_links_and_routes(browse):
    def look(new_visitor):
        page = new_visitor().new_page()
        page.goto(site.url + "about")
        page.click("text=Meet the team")
        assert page.url == site.url + "team"
        shown = {}
        for route in ("app/#/one", "app/#/two", "app/three"):
            page.goto("about:blank")
            page.goto(site.url + route)
            shown[route] = page.inner_text("#view h2")
        page.goto(site.url + "app/#/one")
        page.click("text=3. What it means")
        assert page.url == site.url + "app/three"
        page.go_back()
        assert page.inner_text("#view h2") == shown["app/#/one"]
        page.goto(site.url + "blog?q=forms")
        return shown, page.locator("[data-post]:visible").count()

    with DemoSite() as site:
        shown, found = browse(site, look)
        assert site.hits("/account/logout") == 0
    assert len(set(shown.values())) == 3
    assert found == 1


@pytest.mark.parametrize("name", [n for n, v in variants().items() if v.check == "third-party-requests"])
def test_third_party_variants_reach_a_third_party(browse, name):
    with DemoSite(name) as site:

        def look(new_visitor):
            page = new_visitor().new_page()
            for path in ("portfolio", "blog/accessible-tables"):
                page.goto(site.url + path)
                if name.endswith("/late"):
                    wait_for(lambda: strangers(site))
            # Leaving is what the beacon waits for; the browser must live until it has gone.
            page.goto("about:blank")
            wait_for(lambda: strangers(site))

        browse(site, look)
        assert strangers(site)
        assert not [r for r in strangers(site) if r.header("cookie")], "it sets no cookies: one promise is broken"


@pytest.mark.parametrize("name", [n for n, v in variants().items() if v.check == "no-identifying-cookies"])
def test_identifying_variants_tell_visitors_apart_and_know_them_again(browse, name):
    def kept(context):
        """What outlives the browser session of a visitor."""
        page = context.new_page()
        page.goto(site.url + "contact")
        page.wait_for_load_state("networkidle")
        cookies = {c["name"]: c["value"] for c in context.cookies() if c["expires"] != -1}
        return cookies | page.evaluate("({...localStorage})")

    def look(new_visitor):
        first, second = new_visitor(), new_visitor()
        return kept(first), kept(first), kept(second)

    with DemoSite(name) as site:
        once, again, other = browse(site, look)
    assert once, "nothing is kept"
    assert once == again
    assert once.keys() == other.keys()
    assert all(once[key] != other[key] for key in once)


@pytest.mark.parametrize(
    "name",
    ["kept/ab-bucket", "kept/consent-cookie", "kept/csrf-token", "kept/timestamp-session", "kept/cosmetic-policy"],
)
def test_kept_variants_keep_nothing_after_the_session(browse, name):
    def look(new_visitor):
        page = new_visitor().new_page()
        page.goto(site.url)
        return page.context.cookies(), page.evaluate("localStorage.length")

    with DemoSite(name) as site:
        cookies, stored = browse(site, look)
        assert not strangers(site)
    assert {c["expires"] for c in cookies} == {-1}
    assert stored == 0


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *((n, "contact") for n, v in variants().items() if v.check == "form-fields-optional" and "newsletter" not in n),
        ("form-fields-optional/newsletter-required", "newsletter/"),
    ],
)
def test_required_field_variants_hold_blank_forms_back_and_accept_full_ones(browse, name, path):
    def submits(page, fill):
        page.goto(site.url + path)
        frame = page.frames[-1]
        form = frame.locator("form.fields")
        form.wait_for()
        if fill:
            for field, value in (("name", "A. Visitor"), ("email", "visitor@friends.test")):
                for box in form.locator(f"[name={field}]").all():
                    box.fill(value)
        button = form.locator("button[type=submit]")
        if button.is_disabled():
            return False
        before = len(site.log)
        button.click()
        if fill:
            page.wait_for_url(lambda url: not url.endswith(f"/{path}"))
        else:
            page.wait_for_timeout(300)  # a navigation that would come has begun by now
        return any(r.method == "POST" for r in site.log[before:])

    def look(new_visitor):
        page = new_visitor().new_page()
        return submits(page, fill=False), submits(page, fill=True)

    with DemoSite(name) as site:
        blank, full = browse(site, look)
    assert full
    assert blank == name.endswith("/asterisk-only"), "only the asterisks enforce nothing"


def test_the_hidden_link_is_hidden(browse):
    def look(new_visitor):
        page = new_visitor().new_page()
        page.goto(site.url + "services/cloud")
        links = page.locator("a[href='/privacy-policy']")
        return links.count(), sum(link.is_visible() for link in links.all())

    with DemoSite("policy-reachable/link-hidden") as site:
        assert browse(site, look) == (1, 0)
