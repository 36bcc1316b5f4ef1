"""The demo's DNS server: it answers what the variant says."""

import dns.message
import dns.query
import dns.rcode

from compliance.demo import DemoSite
from compliance.demo.names import TTL, DemoNames
from compliance.settings import dns_server


def ask(address, name):
    host, port = dns_server(address)
    answer = dns.query.udp(dns.message.make_query(name, "A"), host, timeout=5, port=port)
    return answer.rcode(), [" ".join(line.split()) for rrset in answer.answer for line in rrset.to_text().splitlines()]


def test_aliases_and_addresses():
    with DemoNames({"a.test": "b.test", "b.test": "shop.cdn.net"}) as names:
        assert ask(names.address, "a.test") == (
            dns.rcode.NOERROR,
            [
                f"a.test. {TTL} IN CNAME b.test.",
                f"b.test. {TTL} IN CNAME shop.cdn.net.",
                f"shop.cdn.net. {TTL} IN A 127.0.0.1",
            ],
        )
        assert len(ask(names.address, "A.TEST")[1]) == 3, "capital letters make no difference"
        assert ask(names.address, "c.test") == (dns.rcode.NOERROR, [f"c.test. {TTL} IN A 127.0.0.1"])
        assert ask(names.address, "shop.cdn.net") == (dns.rcode.NXDOMAIN, [])


def test_a_message_that_is_none_is_passed_over():
    import socket

    with DemoNames({}) as names, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"no", dns_server(names.address))
        assert ask(names.address, "a.test")[0] == dns.rcode.NOERROR


def test_a_variant_brings_its_own_and_keeps_the_honest_sites():
    with DemoSite("cname-cloaking/metrics") as site:
        assert "CNAME spaceo.pixel.tracker.test." in ask(site.dns, "stats.spaceo.test")[1][0]
        assert "CNAME web.spaceo.test." in ask(site.dns, "www.spaceo.test")[1][0]
