"""Sitemaps of every form, damaged ones, and files that would fill the memory of a careless reader."""

import asyncio
import gzip
import io

import pytest

from compliance.crawl import sitemap as module
from compliance.crawl.sitemap import parse_sitemap, read_sitemaps
from tests.sites import LocalSite, Page, hang, redirect

A, B = "https://shop.test/a", "https://shop.test/b?x=1&y=2"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMED = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
URLS = f"{HEAD}<urlset {NAMED}><url><loc>{A}</loc></url><url><loc>{B.replace('&', '&amp;')}</loc></url></urlset>"


@pytest.mark.parametrize(
    "body",
    [
        URLS,
        "\n\n  " + URLS,
        "\ufeff" + URLS,
        URLS.replace(NAMED, ""),
        URLS.replace("urlset", "s:urlset").replace("<url>", "<s:url>").replace("</url>", "</s:url>")
        .replace("loc>", "s:loc>").replace("<s:/", "</s:").replace("xmlns=", "xmlns:s="),
        URLS.replace("<loc>", "<loc>\n   ").replace("</loc>", "\n </loc><lastmod>2026-11-22</lastmod>"),
        URLS.replace(f"<loc>{A}</loc>", f"<loc><![CDATA[{A}]]></loc>"),
        URLS.replace("</url>", "<image:image xmlns:image='i'><image:loc>https://shop.test/i.png</image:loc>"
                     "</image:image></url>"),
        URLS.replace("<url><loc>", "<url><loc></loc></url><url><lastmod>x</lastmod></url><url><loc>"),
        f"{A}\n{B}\n",
        f"  {A}\r\n\r\nnot an address {B}",
    ],
)  # fmt: skip
def test_pages_of_one_file(body):
    body = body.replace("<//s:", "</s:").encode()
    assert parse_sitemap(body) == ([A, B], [])
    assert parse_sitemap(gzip.compress(body)) == ([A, B], [])


def test_an_index_names_further_files():
    body = (
        f"<sitemapindex><sitemap><loc>{A}.xml</loc></sitemap><sitemap><loc>{B[:19]}.gz</loc></sitemap></sitemapindex>"
    )
    assert parse_sitemap(body.encode()) == ([], [f"{A}.xml", f"{B[:19]}.gz"])


@pytest.mark.parametrize(
    ("body", "pages"),
    [
        (b"", []),
        (b"<", []),
        (b"<html><body><a href='https://shop.test/a'>no sitemap</a></body></html>", []),
        (b'{"urls": ["https://shop.test/a"]}', []),
        (URLS[: URLS.index("</url>") + 20].encode(), [A]),
        (URLS.replace("<url><loc>https://shop.test/b", "<url>&bad;<loc>https://shop.test/b").encode(), [A]),
        (URLS.encode().replace(b"/b?", b"/\xff?"), [A]),
        (gzip.compress(URLS.encode(), mtime=0)[:-12], [A, B]),
        (gzip.compress(b"", mtime=0), []),
        (b"\x1f\x8bnot gzip at all", []),
        (b"<urlset><loc>https://shop.test/x</loc></urlset>", []),
        (b"<loc>https://shop.test/x</loc>", []),
    ],
)
def test_of_a_damaged_file_what_can_be_read(body, pages):
    found, further = parse_sitemap(body)
    assert (found, further) == (pages, [])


def test_a_damaged_gzip_costs_only_its_end():
    import random

    rows = "".join(f"<url><loc>{A}/{random.Random(n).random()}</loc></url>" for n in range(20_000))
    whole = gzip.compress(f"<urlset>{rows}</urlset>".encode())
    cut = len(whole) * 3 // 4
    found, _ = parse_sitemap(whole[:cut] + b"\xff" * 1000 + whole[cut + 1000 :])
    assert 10_000 < len(found) < 20_000


# ---- bombs


def test_a_gzip_bomb_is_inflated_up_to_the_cap(monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 1_000_000)
    bomb = io.BytesIO()
    with gzip.GzipFile(fileobj=bomb, mode="wb", compresslevel=9) as file:
        file.write(f"<urlset><url><loc>{A}</loc></url>".encode())
        for _ in range(50):
            file.write(b" " * 1_000_000)
        file.write(f"<url><loc>{B}</loc></url></urlset>".encode())
    assert len(bomb.getvalue()) < 100_000
    assert len(module._inflated(bomb.getvalue())) <= 1_000_000
    assert parse_sitemap(bomb.getvalue()) == ([A], [])


def test_text_without_end_is_read_up_to_the_cap(monkeypatch):
    monkeypatch.setattr(module, "MAX_URLS", 10)
    assert len(parse_sitemap(f"{A}\n".encode() * 1000)[0]) == 10
    assert len(parse_sitemap(f"<urlset>{f'<url><loc>{A}</loc></url>' * 1000}</urlset>".encode())[0]) == 10


@pytest.mark.parametrize(
    "middle",
    [
        "<a>" * 100,
        "<!-- x -->" * 10 + "<a>" * 30 + "</a>" * 30,
    ],
)
def test_what_is_nested_deeper_than_a_sitemap_ends_it(middle):
    body = f"<urlset><url><loc>{A}</loc></url>{middle}<url><loc>{B}</loc></url></urlset>"
    assert parse_sitemap(body.encode()) == ([A], [])


def test_elements_without_end_are_counted(monkeypatch):
    monkeypatch.setattr(module, "MAX_ELEMENTS", 1000)
    body = f"<urlset><url><loc>{A}</loc></url>{'<a/>' * 5000}<url><loc>{B}</loc></url></urlset>"
    assert parse_sitemap(body.encode()) == ([A], [])


@pytest.mark.parametrize(
    "entities",
    [
        "<!ENTITY a 'x'>",
        "<!ENTITY a0 'xxxxxxxxxx'>" + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9)),
        "<!ENTITY f SYSTEM 'file:///etc/passwd'>",
        "<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x.dtd'> %p;",
    ],
)
def test_a_file_that_declares_entities_is_not_read(entities):
    body = f"<!DOCTYPE urlset [{entities}]>\n{URLS.partition(HEAD)[2].replace(A, '&a9;')}"
    assert parse_sitemap(body.encode()) == ([], [])


# ---- following them


def listed(site, *start):
    async def work():
        return [url async for url in read_sitemaps(list(start or [f"{site.url}sitemap.xml"]), (), ())]

    return asyncio.run(work())


def index(*urls):
    return Page("<sitemapindex>" + "".join(f"<sitemap><loc>{u}</loc></sitemap>" for u in urls) + "</sitemapindex>")


def urls(*found):
    return Page("<urlset>" + "".join(f"<url><loc>{u}</loc></url>" for u in found) + "</urlset>")


def test_an_index_is_followed_and_each_file_read_once():
    with LocalSite() as site:
        u = site.url
        site.add("/sitemap.xml", index(f"{u}1.xml", f"{u}2.xml.gz", f"{u}1.xml", f"{u}gone.xml", f"{u}sitemap.xml"))
        site.add("/1.xml", urls(f"{u}a", f"{u}b", "https://elsewhere.test/c"))
        site.add("/2.xml.gz", Page(gzip.compress(urls(f"{u}d").body.encode()), type="application/gzip"))
        found = listed(site, f"{u}sitemap.xml", f"{u}sitemap.xml")
        assert found == [f"{u}a", f"{u}b", "https://elsewhere.test/c", f"{u}d"], "the scope decides about pages"
        assert max(site.hits.values()) == 1


def test_files_of_another_site_are_not_fetched():
    with LocalSite() as site, LocalSite() as other:
        site.add("/sitemap.xml", index(f"{other.other}x.xml", "ftp://127.0.0.1/x", "http://[bad", "//", ""))
        assert listed(site) == []
        assert not other.hits


def test_an_index_that_leads_on_for_ever_ends(monkeypatch):
    monkeypatch.setattr(module, "MAX_FILES", 10)
    with LocalSite() as site:
        for n in range(30):
            site.add(f"/{n}.xml", index(*(f"{site.url}{m}.xml" for m in range(n + 1, 30))))
        listed(site, f"{site.url}0.xml")
        assert sum(site.hits.values()) == 10
        site.hits.clear()
        for n in range(30):
            site.add(f"/{n}.xml", index(f"{site.url}{n + 1}.xml"))
        listed(site, f"{site.url}0.xml")
        assert sum(site.hits.values()) == module.MAX_LEVELS + 1


def test_more_pages_than_the_cap_are_not_given(monkeypatch):
    monkeypatch.setattr(module, "MAX_URLS", 5)
    with LocalSite() as site:
        site.add("/sitemap.xml", index(f"{site.url}1.xml", f"{site.url}2.xml"))
        site.add("/1.xml", urls(*(f"{site.url}{n}" for n in range(4))))
        site.add("/2.xml", urls(*(f"{site.url}x{n}" for n in range(4))))
        assert len(listed(site)) == 5


def test_what_cannot_be_had_is_passed_over():
    with LocalSite({"/500.xml": Page("<urlset/>", 500), "/cut.xml": hang(0), "/r.xml": redirect("/ok.xml")}) as site:
        site.add("/ok.xml", urls(f"{site.url}a"))
        start = [f"{site.url}{p}" for p in ("404.xml", "500.xml", "cut.xml", "r.xml")]
        assert listed(site, *start) == [f"{site.url}a"]
