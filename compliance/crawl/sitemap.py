"""Sitemaps: plain, gzip, index, text; read in a stream and never further than the caps."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import AsyncIterator
from itertools import islice
from xml.parsers import expat

from compliance.crawl.fetch import fetch
from compliance.model.urls import site_of

MAX_FILES = 50
MAX_LEVELS = 3
MAX_URLS = 50_000
#: Inflated; the protocol's own limit is 50 MB.
MAX_BYTES = 60_000_000
#: A sitemap has four levels and an image extension two more.
MAX_NESTING = 20
MAX_ELEMENTS = 2_000_000
_PIECE = 65_536
_LINE = re.compile(rb"(?<!\S)https?://\S+")


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
        pages, further = await asyncio.to_thread(parse_sitemap, answer.body)
        queue.extend((u, level + 1) for u in further)
        for page in pages:
            given += 1
            if given > MAX_URLS:
                return
            yield page


def parse_sitemap(body: bytes) -> tuple[list[str], list[str]]:
    """Pages and further sitemaps of one file; what can be read of a damaged file is given."""
    data = _inflated(body).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not data.startswith(b"<"):
        found = islice(_LINE.finditer(data), MAX_URLS)
        return [match[0].decode("utf-8", "replace") for match in found], []
    reader = _Reader()
    reader.read(data)
    return reader.pages, reader.further


class _Full(Exception):
    """Nothing more is read of this file."""


class _Reader:
    """Keeps the text of `<url><loc>` and `<sitemap><loc>` and nothing else: no tree that a bomb could grow."""

    def __init__(self) -> None:
        self.pages: list[str] = []
        self.further: list[str] = []
        self._open: list[str] = []
        self._text: list[str] = []
        self._count = 0

    def read(self, data: bytes) -> None:
        """Read until the end, the first fault, or a cap."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        try:
            for at in range(0, len(data), _PIECE):
                parser.Parse(data[at : at + _PIECE])
            parser.Parse(b"", True)
        except (expat.ExpatError, _Full):
            return

    def _start(self, name: str, _: dict[str, str]) -> None:
        self._open.append(name.rpartition(":")[2].lower())
        self._text.clear()
        self._count += 1
        if len(self._open) > MAX_NESTING or self._count > MAX_ELEMENTS:
            raise _Full

    def _characters(self, text: str) -> None:
        if self._open and self._open[-1] == "loc" and len(self._text) < 100:
            self._text.append(text)

    def _end(self, _: str) -> None:
        name, parent = self._open.pop(), self._open[-1] if self._open else ""
        target = {"url": self.pages, "sitemap": self.further}.get(parent)
        address = "".join(self._text).strip()
        self._text.clear()
        if name != "loc" or target is None or not address:
            return
        target.append(address)
        if len(target) >= MAX_URLS:
            raise _Full

    def _entity(self, *_: object) -> None:
        """A sitemap declares no entities; a file that does is after something else."""
        raise _Full


def _inflated(body: bytes) -> bytes:
    """Gunzip when it is gzip, never beyond the cap: a small bomb stays small, and a damaged end costs only the end."""
    if body[:2] != b"\x1f\x8b":
        return body[:MAX_BYTES]
    stream = zlib.decompressobj(wbits=31)
    inflated = bytearray()
    try:
        for at in range(0, len(body), _PIECE):
            inflated += stream.decompress(body[at : at + _PIECE], MAX_BYTES - len(inflated))
            if len(inflated) >= MAX_BYTES:
                break
    except zlib.error:
        pass
    return bytes(inflated)
