"""What answers say that the browser's cache keeps: digests of those with a validator, and texts of those kept long.

From these it can be told whether two visitors got the same file under two validators, and whether what a visitor has
in the cache is a file of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
from base64 import b64decode
from collections.abc import Iterable

from compliance.browser.cdp import CommandFailed, Connection, Unresponsive
from compliance.browser.recorders.network import Hop, NetworkRecorder
from compliance.knowledge.freshness import KEPT, kept_long

#: Bytes on the wire, of what the cache gives bytes of the body; what is larger is not read.
MAX_ANSWER = 262_144
#: Answers of one visit.
MAX_ANSWERS = 200
#: Seconds for all of them; they come from the browser's memory.
SECONDS = 3.0
#: Characters of a text that is recorded.
MAX_TEXT = 16_384
_VALIDATORS = frozenset({"etag", "last-modified"})


async def read_answers(
    connection: Connection, network: NetworkRecorder, finished: Iterable[tuple[str, str]], known: set[str]
) -> None:
    """Note the digests of answers with a validator, and digest and text of those that are kept long.

    What cannot be read has none.

    Args:
        connection: To the browser.
        network: Whose hops get them.
        finished: DevTools session and id of each request that ended.
        known: Addresses of what is kept long and was read before by this browser; more are added. What comes from
            the cache is read once.
    """
    wanted = [
        (session, request, chain[-1])
        for session, request in finished
        if (chain := network.chain(request)) and _worth_reading(chain[-1], known)
    ]

    async def read(session: str, request: str, hop: Hop) -> None:
        answer = await connection.send("Network.getResponseBody", {"requestId": request}, session)
        text = answer["body"]
        data = b64decode(text) if answer.get("base64Encoded") else text.encode("utf-8", "surrogatepass")
        if not data and hop.resource == "other":
            return  # fetched ahead: the browser has it and does not show it before a page uses it
        hop.digest = hashlib.sha256(data).hexdigest()
        if _kept_long(hop):
            known.add(hop.url)
            hop.text = _text(data)

    try:
        async with asyncio.timeout(SECONDS):
            reads = (read(*one) for one in wanted[:MAX_ANSWERS])
            for done in await asyncio.gather(*reads, return_exceptions=True):
                if isinstance(done, BaseException) and not isinstance(done, CommandFailed | Unresponsive):
                    raise done
    except TimeoutError:
        return


def _worth_reading(hop: Hop, known: set[str]) -> bool:
    if hop.method != "GET" or hop.status not in KEPT:
        return False
    if hop.from_cache:
        return _kept_long(hop) and hop.url not in known and 0 < hop.length <= MAX_ANSWER
    validated = hop.status == 200 and any(name.lower() in _VALIDATORS for name in hop.response_headers)
    return hop.size <= MAX_ANSWER and (validated or _kept_long(hop))


def _kept_long(hop: Hop) -> bool:
    return bool(kept_long(hop.resource, hop.response_headers.items(), hop.wall))


def _text(data: bytes) -> str:
    """The text that it is, whatever type it was sent as; empty when it is none, or long."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if len(text) <= MAX_TEXT and "\0" not in text else ""
