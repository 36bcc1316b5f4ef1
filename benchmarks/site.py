"""A site to measure on: interlinked pages of 20 KB with a style sheet, a script, three images, 30 links and a form.

Run as a process of its own (`python benchmarks/site.py PAGES`), so that serving is counted apart; prints its port.
"""

from __future__ import annotations

import asyncio
import sys

SCRIPT = b"document.documentElement.dataset.ready = String(document.links.length);"
STYLE = b"body { font: 16px sans-serif; max-width: 60em } img { width: 40px; height: 40px }"
IMAGE = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="15"/></svg>'
TEXT = "The quick brown fox reads a privacy policy and finds every sentence accounted for. "


def page(number: int, pages: int) -> bytes:
    """Page `number` of `pages`; every page is reachable from page 0."""
    links = "".join(
        f'<li><a href="/page/{(number * 7 + step * 13 + 1) % pages}">Page {step} of the list</a></li>'
        for step in range(29)
    )
    body = f"<p>{TEXT * 4}</p>" * 55
    return (
        f'<!doctype html><html lang="en"><title>Page {number}</title><link rel="stylesheet" href="/site.css">'
        f'<script src="/site.js" defer></script><nav><ul><li><a href="/page/{(number + 1) % pages}">Next</a></li>'
        f'{links}</ul></nav><main><h1>Page {number}</h1>{body}<img src="/a.svg" alt=""><img src="/b.svg" alt="">'
        f'<img src="/c.svg" alt=""><form action="/contact" method="post"><label>Name <input name="name"></label>'
        f'<label>Message <textarea name="message"></textarea></label><button>Send</button></form></main></html>'
    ).encode()


async def main(pages: int) -> None:
    """Serve until killed."""
    fixed = {b"/site.css": (b"text/css", STYLE), b"/site.js": (b"text/javascript", SCRIPT)}
    fixed |= {f"/{name}.svg".encode(): (b"image/svg+xml", IMAGE) for name in "abc"}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1]
                status, kind, body = b"200 OK", b"text/html", b""
                if path in fixed:
                    kind, body = fixed[path]
                elif path == b"/" or path.startswith(b"/page/"):
                    number = 0 if path == b"/" else int(path[6:])
                    body = page(number, pages)
                else:
                    status, body = b"404 Not Found", b"no such page"
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Type: %s\r\nCache-Control: max-age=600\r\nContent-Length: %d\r\n\r\n%s"
                    % (status, kind, len(body), body)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
