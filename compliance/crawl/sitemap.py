"""Sitemaps: plain, gzip, index, text; read in a stream and never further than the caps."""

from __future__ import annotations

import io
import zlib
from collections.abc import AsyncIterator
from xml.etree import ElementTree

from compliance.crawl.fetch import fetch
from compliance.model.urls import site_of

MAX_FILES = 50
MAX_LEVELS = 3
MAX_URLS = 50_000
MAX_BYTES = 100_000_000


async def read_sitemaps(start: list[str], resolve: tuple[str, ...], ignore_tls: tuple[str, ...]) -> AsyncIterator[str]:
    """Addresses of pages that the sitemaps at `start`, and those they name, list."""
    queue = [(url, 0) for url in dict.fromkeys(start)]
    seen: set[str] = set()
    given = 0
    while queue and len(seen) < MAX_FILES:
        url, level = queue.pop(0)
        if url in seen or level > MAX_LEVELS or site_of(url) != site_of(start[0]):
            continue
        seen.add(url)
        answer = await fetch(url, resolve, ignore_tls)
        if answer.error or answer.status != 200:
            continue
        pages, further = parse_sitemap(answer.body)
        queue.extend((u, level + 1) for u in further)
        for page in pages:
            given += 1
            if given > MAX_URLS:
                return
            yield page


def parse_sitemap(body: bytes) -> tuple[list[str], list[str]]:
    """Pages and further sitemaps of one file; what can be read of a damaged file is given."""
    data = _inflated(body)
    if data.lstrip()[:1] != b"<":
        lines = data.decode("utf-8", "replace").split()
        return [line for line in lines if line.startswith(("http://", "https://"))][:MAX_URLS], []
    pages: list[str] = []
    further: list[str] = []
    parents: list[str] = []
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(data), events=("start", "end")):  # noqa: S314 - expat caps entities
            tag = element.tag.rpartition("}")[2].lower()
            if event == "start":
                parents.append(tag)
                continue
            parents.pop()
            if tag == "loc" and element.text and parents:
                target = {"url": pages, "sitemap": further}.get(parents[-1])
                if target is not None and len(target) < MAX_URLS:
                    target.append(element.text.strip())
            if tag in ("url", "sitemap"):
                element.clear()
    except ElementTree.ParseError:
        pass
    return pages, further


def _inflated(body: bytes) -> bytes:
    """Gunzip when it is gzip, never beyond the cap: a small bomb stays small."""
    if body[:2] != b"\x1f\x8b":
        return body[:MAX_BYTES]
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MAX_BYTES)
    except zlib.error:
        return b""
