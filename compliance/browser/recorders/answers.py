"""What small answers with a validator say, as digests: whether two visitors got the same file under two names."""

from __future__ import annotations

import asyncio
import hashlib
from base64 import b64decode
from collections.abc import Iterable

from compliance.browser.cdp import CommandFailed, Connection, Unresponsive
from compliance.browser.recorders.network import Hop, NetworkRecorder

#: Bytes on the wire; what is larger is not read.
MAX_ANSWER = 262_144
#: Answers of one visit.
MAX_ANSWERS = 200
#: Seconds for all of them; they come from the browser's memory.
SECONDS = 3.0
_VALIDATORS = frozenset({"etag", "last-modified"})


async def read_answers(connection: Connection, network: NetworkRecorder, finished: Iterable[tuple[str, str]]) -> None:
    """Note the digests of the answers that came from the network with a validator; what cannot be read has none.

    Args:
        connection: To the browser.
        network: Whose hops get the digests.
        finished: DevTools session and id of each request that ended.
    """
    wanted = [
        (session, request, chain[-1])
        for session, request in finished
        if (chain := network.chain(request)) and _worth_reading(chain[-1])
    ]

    async def read(session: str, request: str, hop: Hop) -> None:
        answer = await connection.send("Network.getResponseBody", {"requestId": request}, session)
        text = answer["body"]
        data = b64decode(text) if answer.get("base64Encoded") else text.encode("utf-8", "surrogatepass")
        hop.digest = hashlib.sha256(data).hexdigest()

    try:
        async with asyncio.timeout(SECONDS):
            reads = (read(*one) for one in wanted[:MAX_ANSWERS])
            for done in await asyncio.gather(*reads, return_exceptions=True):
                if isinstance(done, BaseException) and not isinstance(done, CommandFailed | Unresponsive):
                    raise done
    except TimeoutError:
        return


def _worth_reading(hop: Hop) -> bool:
    if hop.method != "GET" or hop.status != 200 or hop.from_cache or hop.size > MAX_ANSWER:
        return False
    return any(name.lower() in _VALIDATORS for name in hop.response_headers)
