"""Looking up the site's names: on loopback, or with a function that answers."""

import asyncio
import socket
from pathlib import Path

import pytest
from pydantic import ValidationError

from compliance.crawl import names
from compliance.crawl.names import NO_NAME, Resolver, look_up_names, resolver_of
from compliance.crawl.plan import CrawlPlan
from compliance.demo.names import DemoNames
from compliance.model.observation import Alias, NameLookup, Site
from compliance.model.spec import ScopeSpec, VisitorSpec
from compliance.model.visit import Aspect, Session
from compliance.settings import Settings, dns_server
from compliance.store.ledger import Candidate
from compliance.store.rundir import RecordedObservations, RunDirectory
from compliance.testing import request, visit

HOME = "https://www.shop.com/"


def ask(server, host, **options):
    return asyncio.run(Resolver((dns_server(server.address),), **options)(host))


# ---- the resolver


def test_a_chain_with_its_ttls_and_who_said_so():
    with DemoNames({"stats.shop.com": "shop.measure.com", "shop.measure.com": "a.cdn.com"}) as server:
        found = ask(server, "stats.shop.com")
    assert found.chain == (Alias("shop.measure.com", 300), Alias("a.cdn.com", 300))
    assert (found.resolver, found.error) == (server.address, "")
    assert found.asked.startswith("20")


def test_a_name_that_is_no_alias():
    with DemoNames({}) as server:
        assert (ask(server, "www.shop.test").chain, ask(server, "www.shop.test").error) == ((), "")
        assert ask(server, "www.shop.com").error == NO_NAME


def served(answer):
    """A UDP socket and the task that answers each question with `answer(message)`, or is silent."""
    import dns.message

    class Protocol(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, peer):
            made = answer(dns.message.make_response(dns.message.from_wire(data)))
            if made is not None:
                self.transport.sendto(made.to_wire(), peer)

    return Protocol


def asked_of(answer, host, **options):
    async def work():
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(served(answer), local_addr=("127.0.0.1", 0))
        try:
            return await Resolver((transport.get_extra_info("sockname")[:2],), **options)(host)
        finally:
            transport.close()

    return asyncio.run(work())


def alias(message, target):
    import dns.rrset

    name = message.question[0].name.to_text()
    message.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", target))
    return message


def test_the_target_is_asked_for_when_the_server_leaves_it_to_be():
    def one_step(message):
        return alias(message, "b.test.") if message.question[0].name.to_text() == "a.test." else message

    found = asked_of(one_step, "a.test")
    assert (found.chain, found.error) == ((Alias("b.test", 60),), "")


def test_aliases_without_end():
    count = iter(range(10**6))
    found = asked_of(lambda m: alias(m, f"n{next(count)}.test."), "a.test")
    assert "without end" in found.error


def test_a_server_that_refuses_and_one_that_is_silent():
    import dns.rcode

    def refuse(message):
        message.set_rcode(dns.rcode.SERVFAIL)
        return message

    assert "SERVFAIL" in asked_of(refuse, "a.test").error
    assert asked_of(lambda _: None, "a.test", timeout=0.2).error


def test_the_next_server_is_asked():
    with DemoNames({}) as server, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        found = asyncio.run(Resolver((silent.getsockname(), dns_server(server.address)), 0.2)("a.test"))
    assert (found.error, found.resolver) == ("", server.address)


def test_without_any_server_and_for_what_is_no_name():
    assert "names no DNS server" in asyncio.run(Resolver(())("a.test")).error
    with DemoNames({}) as server:
        assert ask(server, "a..test").error
        assert ask(server, "x" * 70 + ".test").error


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("9.9.9.9", ("9.9.9.9", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("2620:fe::fe", ("2620:fe::fe", 53)),
        ("[::1]:5353", ("::1", 5353)),
    ],
)
def test_the_setting(text, server):
    assert dns_server(text) == server
    assert resolver_of(Settings(dns=text))._servers == (server,)


@pytest.mark.parametrize("text", ["dns.example", "9.9.9.9:0", "9.9.9.9:x", "[::1]", "1:2:3"])
def test_a_setting_that_is_none(text):
    with pytest.raises(ValidationError, match="no address of a DNS server"):
        Settings(dns=text)


# ---- which names, and what is kept


@pytest.fixture
def run(tmp_path: Path):
    with RunDirectory.create(tmp_path, "shop") as made:
        made.note("site", Site(HOME), Site)
        yield made


def contact(run, *urls):
    run.ledger.enqueue("visitor", Session.FIRST, [Candidate(HOME, 0)])
    claim = run.ledger.claim("visitor", Session.FIRST, "w")
    page = visit(HOME, id=f"v{len(urls)}", requests=[request(url, id=f"r{n}") for n, url in enumerate(urls)])
    run.ledger.finish(claim, page, [], [])


def plan(resolve=(), aspects=(Aspect.DNS, Aspect.REQUESTS)):
    return CrawlPlan(
        site=Site(HOME, first_party=frozenset({"shop.com", "shop.test"})), scope=ScopeSpec(), visitors=(VisitorSpec(),),
        aspects=frozenset(aspects), sessions=(Session.FIRST,), seeds=(HOME,), delay=0.0, dwell=0.3, resolve=resolve,
        ignore_tls=(),
    )  # fmt: skip


def look(run, settings=None, answer=NameLookup, deadline=60.0, **options):
    """Names asked for, and the lookups by host."""
    asked = []

    async def ask(host):
        asked.append(host)
        return answer(host)

    asyncio.run(look_up_names(plan(**options), settings or Settings(), run, ask, deadline=deadline))
    return sorted(asked), {found.host: found for found in run.lookups() or ()}


def test_each_name_of_the_site_is_asked_for_once(run):
    contact(run, HOME, f"{HOME}a", "wss://live.shop.com/", "https://ads.com/", "http://127.0.0.1/", "data:,")
    assert look(run)[0] == ["live.shop.com", "www.shop.com"]


def test_what_was_learnt_is_kept_in_the_run(run):
    contact(run, HOME)
    found = NameLookup("www.shop.com", (Alias("a.cdn.com", 60),), "9.9.9.9:53", "2026-11-22T12:00:00.000+00:00")
    look(run, answer=lambda _: found)
    assert run.lookups() == (found,)
    assert look(run)[0] == [], "a run that goes on does not ask again"


def test_what_failed_is_asked_again(run):
    contact(run, HOME)
    look(run, answer=lambda host: NameLookup(host, error="Timeout"))
    asked, found = look(run)
    assert (asked, found["www.shop.com"].error) == (["www.shop.com"], "")


def test_nothing_is_asked_when_no_check_reads_it(run):
    contact(run, HOME)
    assert look(run, aspects=[Aspect.REQUESTS]) == ([], {})
    assert run.lookups() is None


def test_mapped_and_reserved_names_are_not_asked_for(run):
    contact(run, HOME, "https://a.shop.test/")
    asked, found = look(run, resolve=("www.shop.com:127.0.0.1:8443",))
    assert asked == []
    assert "--resolve" in found["www.shop.com"].unasked
    assert "no public DNS" in found["a.shop.test"].unasked


def test_a_named_server_is_asked_for_them_too(run):
    contact(run, HOME, "https://a.shop.test/")
    known = look(run, Settings(dns="127.0.0.1"), lambda h: NameLookup(h, error="" if "www" in h else NO_NAME))
    assert known[0] == ["a.shop.test", "www.shop.com"]
    assert known[1]["a.shop.test"].unasked, "the named server does not know it either"


def test_names_beyond_the_most_are_left_and_not_said_to_be_known(run, monkeypatch):
    monkeypatch.setattr(names, "MAX_NAMES", 2)
    contact(run, HOME, "https://a.shop.com/", "https://b.shop.com/")
    assert sorted(look(run)[1]) == ["a.shop.com", "www.shop.com"]


def test_the_deadline_holds_for_all(run):
    contact(run, HOME)

    async def never(host):
        await asyncio.sleep(60)

    asyncio.run(look_up_names(plan(), Settings(), run, never, deadline=0.05))
    assert run.lookups()[0].error == "no answer in 0.05 s"


def test_observations_give_them(run):
    from compliance.model.observation import Environment

    run.note("environment", Environment(tool="t"), Environment)
    assert RecordedObservations(run, None).lookups() is None
    contact(run, HOME)
    look(run)
    assert RecordedObservations(run, None).lookups() == (NameLookup("www.shop.com"),)
