"""One file by GET, because the user asked for it by its address. Nothing else is ever downloaded for knowledge."""

from __future__ import annotations

import ipaddress
import queue
import threading
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import IO, Any
from urllib.parse import urlsplit

from compliance.crawl.fetch import USER_AGENT
from compliance.errors import ListError

#: Seconds for all of it, and for one step (a connection, a read).
TIMEOUT = 120.0
STEP = 20.0

_ELSE = "or save the file by other means, and name the file: --from FILE"


def is_address(origin: str) -> bool:
    """Is it an address, and not the path of a file."""
    return "://" in origin


def download(url: str, limit: int, *, timeout: float = TIMEOUT) -> bytes:
    """The body of the answer to one GET.

    The scheme is https, on every hop of a redirect; http on this machine only.

    Args:
        url: The address.
        limit: Bytes at most.
        timeout: Seconds for all of it: a server that drips is given up.

    Raises:
        ListError: It cannot be had; the message says why.
    """
    _refuse(url)
    answer: queue.SimpleQueue[bytes | ListError] = queue.SimpleQueue()

    def work() -> None:
        try:
            answer.put(_get(url, limit, min(STEP, timeout)))
        except ListError as error:
            answer.put(error)
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            answer.put(ListError(f"{url}: {reason}", hint=f"try again later, {_ELSE}"))

    # A thread that can be left alone: no limit of the library's holds for a server that sends a byte now and then.
    threading.Thread(target=work, name="compliance download", daemon=True).start()
    try:
        found = answer.get(timeout=timeout)
    except queue.Empty:
        raise ListError(f"{url}: not received whole in {timeout:g} s", hint=f"try again later, {_ELSE}") from None
    if isinstance(found, ListError):
        raise found
    return found


def _get(url: str, limit: int, step: float) -> bytes:
    handlers: list[urllib.request.BaseHandler] = [_SafeRedirects()]
    if _is_this_machine(url):
        handlers.append(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
        url, headers={"User-Agent": USER_AGENT, "Accept": "text/plain, */*", "Accept-Encoding": "identity"}
    )
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=step) as response:
            content: bytes = response.read(limit + 1)
    except urllib.error.HTTPError as error:
        with error:
            raise ListError(
                f"{url}: the server answered {error.code} {error.reason}", hint=f"look at the address, {_ELSE}"
            ) from error
    if len(content) > limit:
        raise ListError(f"{url}: larger than {limit // 1_000_000} MB", hint="is it a list?")
    return content


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows where the scheme is one that was asked for."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """The next hop; refused where anybody on the way could change what is received."""
        try:
            _refuse(newurl, f"{req.full_url} redirects to ")
        except ListError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _refuse(url: str, before: str = "") -> None:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise ListError(f"{before}{url}: not an address", hint="as in https://easylist.to/easylist/easyprivacy.txt")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(url)):
        raise ListError(f"{before}{url}: lists are downloaded by https only", hint=f"write https://, {_ELSE}")


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
