"""Every variant is well-formed, differs from the honest site where it says so, and keeps the policy's text."""

import filecmp
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from compliance.checks import registry
from compliance.demo.behaviour import Asked, Behaviour, CookieRule, Filler
from compliance.demo.files import Page, find
from compliance.demo.variants import HONEST, SITES, _read, variant, variants
from compliance.errors import SettingsError
from compliance.model.drift import DriftState, compare
from compliance.model.policy import normalised
from compliance.store.policies import read_version

POLICY = Path(__file__).parents[2] / "policies" / "spaceotechnologies.com" / "2017-02-22"
MAIN = "www.spaceo.test"
BROKEN = [v for v in variants().values() if v.check]
KEPT = [v for v in variants().values() if v.name.startswith("kept/")]
ALTERED = [*BROKEN, *KEPT]


def by_name(v):
    return v.name


class Reader(HTMLParser):
    """Visible text, links and sources of a page."""

    def __init__(self, page):
        super().__init__()
        self.text, self.links, self.sources, self._hidden = "", [], [], 0
        self.feed(page.body.decode())

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self._hidden += tag in ("script", "style", "title")
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        source = values.get("src") or (values.get("href") if tag == "link" else None)
        if source:
            self.sources.append(source)

    def handle_endtag(self, tag):
        self._hidden -= tag in ("script", "style", "title")

    def handle_data(self, data):
        if not self._hidden:
            self.text += data


def page(v, path, host=MAIN):
    found = find(v.layers, host, path)
    assert isinstance(found, Page), f"{v.name} has no {path}"
    return Reader(found)


def pages(v, host=MAIN):
    """Path → page, for every HTML file of the variant."""
    names = {
        f.relative_to(layer / host).as_posix()
        for layer in v.layers
        for f in (layer / host).rglob("*.html")
        if "_parts" not in f.parts
    }
    return {name: page(v, f"/{name}") for name in sorted(names)}


def test_every_check_has_broken_variants_and_honesty_has_temptations():
    assert {v.check for v in BROKEN} == set(registry())
    assert len(KEPT) >= 8
    assert next(iter(variants())) == HONEST


@pytest.mark.parametrize("v", BROKEN, ids=by_name)
def test_broken_variants_say_what_they_break(v):
    assert v.check in v.breaks
    assert set(v.breaks) <= set(registry())
    assert len(set(v.breaks)) == len(v.breaks)


@pytest.mark.parametrize("v", KEPT, ids=by_name)
def test_kept_variants_break_nothing(v):
    assert v.breaks == ()


@pytest.mark.parametrize("v", ALTERED, ids=by_name)
def test_a_variant_is_only_what_differs(v):
    own = [f for f in v.folder.rglob("*") if f.is_file() and f != v.folder / "behaviour.toml"]
    rules = tomllib.loads((v.folder / "behaviour.toml").read_text())
    assert own or set(rules) - {"description", "breaks"}, "it differs in nothing"
    assert v.description.endswith(".")
    for file in own:
        relative = file.relative_to(v.folder)
        assert relative.parts[0] in v.hosts
        original = SITES / HONEST / relative
        assert not original.exists() or not filecmp.cmp(file, original, shallow=False), f"{relative} is a copy"
        if relative.parts[1] != "_parts":
            served = find(v.layers, relative.parts[0], "/" + "/".join(relative.parts[1:]))
            assert isinstance(served, Page)
            assert b"<!--#include" not in served.body


@pytest.mark.parametrize("v", variants().values(), ids=by_name)
def test_rules_lead_to_files_that_exist(v):
    for fill in v.behaviour.fill:
        assert "*" in fill.path or isinstance(find(v.layers, fill.host, fill.path), Page)
    for rewrite in v.behaviour.rewrite:
        assert isinstance(find(v.layers, rewrite.host, rewrite.file), Page)
    for form in v.behaviour.form:
        assert isinstance(find(v.layers, form.host, form.to), Page)
    for rule in (*v.behaviour.cookie, *v.behaviour.header, *v.behaviour.status):
        assert rule.host in v.hosts


@pytest.mark.parametrize("v", variants().values(), ids=by_name)
def test_links_and_sources_lead_somewhere(v):
    """No page links to a hole, except where the hole is the point."""
    bare = [(r.host, r.path) for r in v.behaviour.status]
    redirected = {(r.host, r.path) for r in v.behaviour.redirect}
    for name, read in pages(v).items():
        for target in (*read.links, *read.sources):
            url = urlsplit(urljoin(f"https://{MAIN}/{name}", target))
            if url.scheme != "https" or (url.hostname, url.path) in (*bare, *redirected):
                continue
            assert url.hostname in v.hosts, f"{name}: {target}"
            if url.path.removeprefix("/app/") == "three":
                continue  # a rewrite
            assert isinstance(find(v.layers, url.hostname, url.path or "/"), Page), f"{name}: {target}"


def test_honest_pages_have_title_heading_footer_and_no_strangers():
    read = pages(variant(HONEST))
    assert len(read) >= 20
    for name, one in read.items():
        assert "/privacy-policy" in one.links, name
        assert "/contact" in one.links, name
        assert not [s for s in one.sources if urlsplit(s).netloc], f"{name} loads from another host"
        source = find(variant(HONEST).layers, MAIN, f"/{name}").body.decode()
        assert source.count("<h1") == 1, name
        assert re.search(r"<title>.+</title>", source), name
        assert not re.search(r"\brequired\b|aria-required", source), name


def test_honest_site_has_the_crawlers_traps():
    read = pages(variant(HONEST))
    linked = {urljoin(f"https://{MAIN}/{name}", link) for name, one in read.items() for link in one.links}
    for path in ("/blog?page=2", "/account/logout", "/admin/", "/app/#/one", "/app/#/two", "/about.html#history"):
        assert f"https://{MAIN}{path}" in linked
    assert not [u for u in linked if urlsplit(u).path in ("/team", "/press")]
    sitemap = (SITES / HONEST / MAIN / "sitemap.xml").read_text()
    assert "/press<" in sitemap
    assert "/team" not in sitemap
    assert {urlsplit(u).hostname for u in linked} > {"www.partner.test", "friends.test"}


def test_sitemap_lists_pages_that_exist():
    v = variant(HONEST)
    listed = re.findall(r"<loc>(.*?)</loc>", (SITES / HONEST / MAIN / "sitemap.xml").read_text())
    assert len(listed) == len(set(listed)) >= 20
    for address in listed:
        assert isinstance(find(v.layers, MAIN, urlsplit(address).path), Page), address


def test_policy_page_says_the_stored_policy_word_for_word():
    version = read_version(POLICY)
    shown = page(variant(HONEST), "/privacy-policy").text
    for sentence in version.sentences:
        assert sentence.text in shown
    policy = normalised(" ".join(s.text for s in version.sentences))
    assert policy in normalised(shown), "the sentences follow each other with nothing between them"


def test_cosmetic_variant_differs_in_bytes_and_not_in_words():
    version = read_version(POLICY)
    shown = page(variant("kept/cosmetic-policy"), "/privacy-policy").text
    assert version.sentences[4].text not in shown
    for sentence in version.sentences:
        assert normalised(sentence.text) in normalised(shown)


@pytest.mark.parametrize("v", variants().values(), ids=by_name)
def test_the_policy_is_changed_only_where_it_is_said(v):
    version = read_version(POLICY)
    shown = normalised(page(v, "/privacy-policy").text)
    missing = [s.text for s in version.sentences if normalised(s.text) not in shown]
    assert len(missing) == ("policy-unchanged" in v.breaks)
    for text in missing:
        # Large enough a difference that it may not pass as cosmetic.
        assert compare(text, page(v, "/privacy-policy").text).state in (DriftState.CHANGED, DriftState.REMOVED)


def test_own_rules_replace_cookies_of_the_same_name():
    lang = [c.set for c in variant("cookie-lifetime/preference-two-years").behaviour.cookie if c.name == "lang"]
    assert lang == ["lang=en; Path=/; Max-Age=63072000; Secure; SameSite=Lax"]
    assert [c.name for c in variant("kept/csrf-token").behaviour.cookie][:3] == ["csrftoken", "sid", "lang"]


def test_placeholders():
    fill = Filler().fill
    assert re.fullmatch(
        r"a=[0-9a-f]{32}; b=\d{9}; c=[0-9a-z]{8}", fill("a={random:hex:32}; b={random:digits:9}; c={random:base36:8}")
    )
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", fill("{uuid}"))
    assert re.fullmatch(r"\d{10}", fill("{now}"))
    assert re.fullmatch(r"\d{13}", fill("{now:ms}"))
    assert fill("{counter}{counter}{counter}") == "123"
    assert fill("{uuid}") != fill("{uuid}")
    assert fill("plain") == "plain"
    asked = Asked({"uid": "7"}, "")
    first = fill("{tag:hex:32}", asked)
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert fill("{tag:hex:32}{cookie:uid}{cookie:none}", asked) == f"{first}7"
    assert fill("{tag:hex:32}", Asked(tag="sent")) == "sent"


@pytest.mark.parametrize("bad", ["a={nope}", "a={random:hex}", "a={random:klingon:3}", "a={random:hex:x}", "no equals"])
def test_a_mistyped_cookie_is_refused(bad):
    with pytest.raises(ValueError, match=r"no placeholder|match pattern"):
        CookieRule(set=bad)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("description = 'too short'", "description"),
        ("description = 'long enough to be a sentence'\nbreak = []", "break"),
        ("description = 'long enough to be a sentence'\n[[cookie]]\nset = 'a={x}'", r"cookie\.0\.set"),
        ("description = ", "Invalid value"),
    ],
)
def test_a_wrong_behaviour_file_is_named(tmp_path, text, message):
    (tmp_path / "behaviour.toml").write_text(text)
    with pytest.raises(SettingsError, match=rf"behaviour\.toml: .*{message}"):
        _read(tmp_path)
    with pytest.raises(SettingsError, match=r"behaviour\.toml: .*No such file"):
        _read(tmp_path / "missing")


def test_overlay_lookup(tmp_path):
    for layer, name, text in (
        ("top", "a.test/page.html", 'top <!--#include "p.html" -->'),
        ("base", "a.test/page.html", "base"),
        ("base", "a.test/other.html", "other"),
        ("base", "a.test/_parts/p.html", "part\n"),
        ("base", "a.test/folder/index.html", "folder"),
        ("base", "a.test/bad.html", '<!--#include "gone.html" -->'),
    ):
        file = tmp_path / layer / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    layers = (tmp_path / "top", tmp_path / "base")
    assert find(layers, "a.test", "/page").body == b"top part"
    assert find(layers, "a.test", "/other").body == b"other"
    assert find(layers, "a.test", "/folder") == "/folder/"
    assert find(layers, "a.test", "/folder/").body == b"folder"
    assert find(layers, "b.test", "/page") is None
    with pytest.raises(FileNotFoundError, match=r"bad\.html includes gone\.html"):
        find(layers, "a.test", "/bad")


def test_rules_of_the_variant_go_first():
    def behaviour(**rules):
        return Behaviour.model_validate({"description": "long enough to be a sentence", **rules})

    base = behaviour(redirect=[{"path": "/a", "to": "/base"}], header=[{"name": "X", "value": "base"}])
    top = behaviour(redirect=[{"path": "/a", "to": "/top"}])
    merged = top.over(base)
    assert [r.to for r in merged.redirect] == ["/top", "/base"]
    assert [h.value for h in merged.header] == ["base"]
