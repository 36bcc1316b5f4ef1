"""Is an identifier sent to another owner: pieces of cookie values in addresses and bodies of requests.

Text is cut into runs of letters, digits, `_` and `-`, and runs are looked up in a set: the time does not
grow with the number of identifiers. Pieces are also looked for as base64, hexadecimal and common digests.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compliance.knowledge.identifiers.carriers import Carrier
from compliance.knowledge.identifiers.items import identity_pieces
from compliance.knowledge.identifiers.tokens import Path
from compliance.model.observation import SEEN, Aspect, Request, Session, Visit

#: Shorter pieces are found by chance.
MIN_LENGTH = 8
_RUN = re.compile(r"[A-Za-z0-9_-]{8,}")
_ESCAPE = re.compile(r"%(?:25)*[0-9A-Fa-f]{2}")

#: Session → text to look for → the numbers of the carriers that hold it.
Needles = Mapping[Session, Mapping[str, set[int]]]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that carried an identifier."""

    visit: str
    page: str
    request: str
    to: str
    """Registrable domain of its recipient."""


def needles(carriers: Mapping[int, tuple[Carrier, tuple[Path, ...]]]) -> Needles:
    """What to look for. `carriers` gives each carrier a number and the places of its identity."""
    wanted: dict[Session, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for number, (carrier, places) in carriers.items():
        for session, trace in carrier.sessions.items():
            for value in (*trace.kept, *trace.refused):
                for piece in identity_pieces(value, places):
                    if len(piece) >= MIN_LENGTH:
                        for form in _forms(piece):
                            wanted[session][form].add(number)
    return wanted


def _forms(piece: str) -> Iterable[str]:
    data = piece.encode()
    yield piece
    yield base64.b64encode(data).decode().rstrip("=")
    yield data.hex()
    for digest in ("md5", "sha1", "sha256"):
        yield hashlib.new(digest, data, usedforsecurity=False).hexdigest()


def _runs(text: str) -> set[str]:
    runs = set(_RUN.findall(_ESCAPE.sub(" ", text)))
    # `uid-61102515` and `61102515_1`: separators may glue an identifier to other things.
    runs.update(
        part for run in tuple(runs) if "-" in run or "_" in run for part in re.split("[-_]", run) if len(part) >= 8
    )
    return runs


def _text(request: Request) -> str:
    return f"{request.url}\n{request.body}" if request.body else request.url


def find_sent(visits: Iterable[Visit], wanted: Needles) -> tuple[dict[int, list[Sent]], list[str]]:
    """Carrier number → requests that carried its identity (one per recipient); and pages without a record."""
    found: dict[int, dict[str, Sent]] = defaultdict(dict)
    unrecorded: list[str] = []
    for visit in visits:
        if visit.requests is None or Aspect.REQUESTS.value in visit.errors:
            if visit.outcome in SEEN:
                unrecorded.append(visit.page)
            if visit.requests is None:
                continue
        search = wanted.get(visit.session)
        if not search or not (search.keys() & _runs("\n".join(map(_text, visit.requests)))):
            continue
        for request in visit.requests:
            for run in search.keys() & _runs(_text(request)):
                for number in search[run]:
                    found[number].setdefault(request.site, Sent(visit.id, visit.page, request.id, request.site))
    return {number: list(sent.values()) for number, sent in found.items()}, unrecorded
