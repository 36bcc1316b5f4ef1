"""What DNS says about the site's own hosts, asked once after the visits and kept in the run.

A name of the site may be an alias (CNAME) of somebody else's server, and no browser tells. So every host of the
site that was contacted is looked up, with a deadline, and the answer is an observation like any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from compliance.crawl.plan import CrawlPlan
from compliance.knowledge.aliases import own_name, reserved
from compliance.model.observation import Alias, NameLookup
from compliance.model.visit import Aspect
from compliance.settings import Settings, dns_server
from compliance.store.rundir import RunDirectory

if TYPE_CHECKING:
    from dns.message import QueryMessage

#: Seconds for one question to one server, and for all questions of a run.
TIMEOUT = 3.0
DEADLINE = 60.0
#: Names asked for at a time, and names at most: a site can have any number of them.
AT_ONCE = 8
MAX_NAMES = 500
#: Aliases of aliases that are followed.
MAX_ALIASES = 16

Ask = Callable[[str], Coroutine[Any, Any, NameLookup]]
"""Looks up one host."""


class Resolver:
    """Asks name servers, the next one when one gives no answer."""

    def __init__(self, servers: tuple[tuple[str, int], ...], timeout: float = TIMEOUT) -> None:
        self._servers, self._timeout = servers, timeout

    async def __call__(self, host: str) -> NameLookup:
        """The chain of aliases of `host`; what goes wrong stands in `error`."""
        import dns.exception  # noqa: PLC0415 - 150 ms that most commands need not pay
        import dns.rcode  # noqa: PLC0415

        chain: list[Alias] = []
        asked, name, server, error = datetime.now(UTC).isoformat(timespec="milliseconds"), host, "", ""
        try:
            while True:
                answer, server = await self._ask(name)
                told = answer.resolve_chaining()
                chain += [Alias(str(r[0].target).rstrip(".").lower(), r.ttl) for r in told.cnames]
                if answer.rcode() == dns.rcode.NXDOMAIN and not chain:
                    error = NO_NAME
                # A server may leave the target of an alias to be asked for.
                if told.answer is not None or not told.cnames or error:
                    break
                name = str(told.canonical_name).rstrip(".")
                if len(chain) > MAX_ALIASES:
                    error = "it is an alias of an alias without end"
                    break
        except (dns.exception.DNSException, OSError) as problem:
            error = f"{type(problem).__name__}: {problem}"[:200]
        return NameLookup(host, tuple(chain), server, asked, error=error)

    async def _ask(self, name: str) -> tuple[QueryMessage, str]:
        """The first answer that is one, and who gave it."""
        import dns.asyncquery  # noqa: PLC0415
        import dns.exception  # noqa: PLC0415
        import dns.message  # noqa: PLC0415
        import dns.rcode  # noqa: PLC0415

        problem: Exception = OSError("this machine names no DNS server")
        for address, port in self._servers:
            try:
                answer, _ = await dns.asyncquery.udp_with_fallback(
                    dns.message.make_query(name, "A"), address, self._timeout, port
                )
            except (dns.exception.DNSException, OSError) as found:
                problem = found
                continue
            answered = answer.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)
            if answered and isinstance(answer, dns.message.QueryMessage):
                return answer, f"{address}:{port}"
            problem = OSError(f"{address} answered {dns.rcode.to_text(answer.rcode())}")
        raise problem


NO_NAME = "there is no such name"


def resolver_of(settings: Settings) -> Resolver:
    """The name server that the settings name, else those of this machine."""
    if settings.dns:
        return Resolver((dns_server(settings.dns),))
    import dns.resolver  # noqa: PLC0415

    try:
        system = dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        return Resolver(())
    return Resolver(tuple((str(server), system.port) for server in system.nameservers))


async def look_up_names(
    plan: CrawlPlan, settings: Settings, run: RunDirectory, ask: Ask | None = None, *, deadline: float = DEADLINE
) -> None:
    """Look up every host of the site that a visit contacted, and keep what came of it in the run.

    What an interrupted run has learnt is not asked again.

    Args:
        plan: Whose hosts; nothing is asked when no check reads the answers.
        settings: Which name server. Where it names none, hosts that `--resolve` maps, and names that no public DNS
            knows, are not looked up: the answer would be about another server.
        run: Open for writing.
        ask: Looks up one host; the resolver of the settings when left out.
        deadline: Seconds for all of them.
    """
    if Aspect.DNS not in plan.aspects:
        return
    known = {found.host: found for found in run.lookups() or () if not found.error}
    names = [host for host in _contacted(plan, run) if host not in known][:MAX_NAMES]
    asking = ask or resolver_of(settings)
    end = asyncio.get_running_loop().time() + deadline
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(host: str) -> NameLookup:
        why = _why_not(host, plan)
        if why and not settings.dns:
            return NameLookup(host, unasked=why)
        async with turn:
            try:
                async with asyncio.timeout_at(end):
                    found = await asking(host)
            except TimeoutError:
                return NameLookup(host, error=f"no answer in {deadline:g} s")
        # The named server does not know a name that is made up: nothing is hidden behind it.
        return NameLookup(host, unasked=why) if why and found.error == NO_NAME else found

    found = await asyncio.gather(*(one(host) for host in names))
    every = sorted([*known.values(), *found], key=lambda lookup: lookup.host)
    run.note("lookups", tuple(every), tuple[NameLookup, ...])


def _contacted(plan: CrawlPlan, run: RunDirectory) -> list[str]:
    """Names of the site's owner, in the order in which they were contacted first."""
    names: dict[str, None] = {}
    for visit in run.ledger.visits(aspects=frozenset({Aspect.REQUESTS})):
        for request in visit.requests or ():
            if name := own_name(request.url, plan.site):
                names[name] = None
    return list(names)


def _why_not(host: str, plan: CrawlPlan) -> str:
    if any(fnmatchcase(host, entry.partition(":")[0]) for entry in plan.resolve):
        return "its address was given by --resolve"
    return "no public DNS answers for such names" if reserved(host) else ""
