"""Addresses that we do not connect to."""

import ipaddress

import pytest
from ckanext.satudatapaser.net.guard import Blocked, Policy, blocked_reason
from hypothesis import given
from hypothesis import strategies as st

NOBODY = Policy()
META, LOOP, LINK = Blocked.METADATA, Blocked.LOOPBACK, Blocked.LINK_LOCAL
PRIV, MULTI, RES = Blocked.PRIVATE, Blocked.MULTICAST, Blocked.RESERVED

ADDRESSES = [
    # address, why it is refused (None: it may be reached), what it is
    ("127.0.0.1", LOOP, "this machine"),
    ("127.255.0.3", LOOP, "all of 127/8 is this machine"),
    ("::1", LOOP, "this machine"),
    ("::ffff:127.0.0.1", LOOP, "IPv4-mapped"),
    ("::ffff:7f00:1", LOOP, "IPv4-mapped, in hex"),
    ("::127.0.0.1", LOOP, "IPv4-compatible"),
    ("2002:7f00:1::", LOOP, "6to4 of 127.0.0.1"),
    ("64:ff9b::7f00:1", LOOP, "NAT64 of 127.0.0.1"),
    ("2001:470:1:2:0:5efe:7f00:1", LOOP, "ISATAP of 127.0.0.1"),
    ("2001:470:1:2:200:5efe:10.0.0.1", PRIV, "ISATAP of 10.0.0.1 with the universal bit"),
    ("fe80::5efe:8.8.8.8", LINK, "ISATAP on the own link"),
    ("2001:0:808:808:0:0:80ff:fffe", LOOP, "Teredo whose client is 127.0.0.1"),
    ("2001:0:a00:1:0:0:f7f7:f7f7", PRIV, "Teredo whose server is 10.0.0.1"),
    ("2001:0:808:808:0:0:f7f7:f7f7", RES, "Teredo of public addresses: a tunnel all the same"),
    ("169.254.169.254", META, "metadata of most clouds"),
    ("::ffff:169.254.169.254", META, "the same, mapped"),
    ("64:ff9b::a9fe:a9fe", META, "the same behind NAT64"),
    ("2002:a9fe:a9fe::1", META, "the same by 6to4"),
    ("fd00:ec2::254", META, "metadata of AWS by IPv6"),
    ("fd20:ce::254", META, "metadata of GCP by IPv6"),
    ("100.100.100.200", META, "metadata of Alibaba Cloud, in the network of carrier-grade NAT"),
    ("192.0.0.192", META, "metadata of Oracle Cloud"),
    ("168.63.129.16", META, "host agent of Azure, a public address"),
    ("169.254.1.1", LINK, "link-local"),
    ("fe80::1", LINK, "link-local"),
    ("10.1.2.3", PRIV, "RFC 1918"),
    ("172.16.0.1", PRIV, "RFC 1918, first"),
    ("172.31.255.255", PRIV, "RFC 1918, last"),
    ("192.168.1.1", PRIV, "RFC 1918"),
    ("100.64.0.1", PRIV, "carrier-grade NAT, first"),
    ("100.127.255.254", PRIV, "carrier-grade NAT, last"),
    ("fc00::1", PRIV, "unique local"),
    ("fd00::1", PRIV, "unique local"),
    ("fec0::1", PRIV, "site-local, given up by RFC 3879, still routed by some"),
    ("2002:a00:1::", PRIV, "6to4 of 10.0.0.1"),
    ("::ffff:0a00:0001", PRIV, "mapped 10.0.0.1"),
    ("224.0.0.1", MULTI, "multicast"),
    ("239.255.255.250", MULTI, "multicast of SSDP"),
    ("ff02::1", MULTI, "all nodes of the link"),
    ("0.0.0.0", RES, "connects to this machine on Linux"),
    ("0.1.2.3", RES, "this network"),
    ("::", RES, "connects to this machine on Linux"),
    ("255.255.255.255", RES, "broadcast"),
    ("240.0.0.1", RES, "future use"),
    ("192.0.0.8", RES, "IETF protocols"),
    ("192.0.2.1", RES, "documentation"),
    ("198.51.100.7", RES, "documentation"),
    ("203.0.113.9", RES, "documentation"),
    ("2001:db8::1", RES, "documentation"),
    ("3fff::1", RES, "documentation, RFC 9637"),
    ("198.18.0.1", RES, "benchmarking"),
    ("198.19.255.255", RES, "benchmarking"),
    ("2001:2::1", RES, "benchmarking"),
    ("192.88.99.1", RES, "6to4 relay"),
    ("64:ff9b:1::7f00:1", RES, "local NAT64: where the IPv4 address stands is not known"),
    ("100::1", RES, "discard only"),
    ("5f00::1", RES, "segment routing"),
    ("::ffff:0:7f00:1", RES, "IPv4-translated"),
    ("8.8.8.8", None, "public"),
    ("172.32.0.1", None, "just behind RFC 1918"),
    ("100.128.0.1", None, "just behind carrier-grade NAT"),
    ("198.20.0.1", None, "just behind benchmarking"),
    ("2001:4860:4860::8888", None, "public"),
    ("::ffff:8.8.8.8", None, "public, mapped"),
    ("64:ff9b::808:808", None, "public, as a DNS64 resolver gives it"),
    ("2002:808:808::1", None, "6to4 of a public address"),
]


@pytest.mark.parametrize(("address", "reason", "what"), ADDRESSES)
def test_only_public_addresses_are_connected_to(address: str, reason: Blocked | None, what: str) -> None:
    assert blocked_reason(ipaddress.ip_address(address), NOBODY) == reason, what


@pytest.mark.parametrize(
    ("networks", "address", "reason"),
    [
        (["127.0.0.0/8"], "127.0.0.1", None),
        (["127.0.0.0/8"], "::ffff:127.0.0.1", None),
        (["127.0.0.0/8"], "64:ff9b::7f00:1", None),
        (["127.0.0.0/8"], "10.0.0.1", PRIV),
        (["10.20.0.0/16"], "10.21.0.1", PRIV),
        (["fd12::/16"], "fd12::1", None),
        (["10.0.0.0/8"], "2002:a00:1::", None),
        (["fe80::/10"], "fe80::5efe:127.0.0.1", LOOP),  # the network is allowed, what the address carries is not
        (["100.64.0.0/10"], "100.64.0.1", None),
        (["100.64.0.0/10", "0.0.0.0/0"], "100.100.100.200", META),  # never by the way
        (["100.100.100.200"], "100.100.100.200", None),  # only by name
        (["10.20.1.1/16"], "10.20.9.9", None),  # host bits in an entry do no harm
    ],
)
def test_an_installation_may_allow_networks(networks: list[str], address: str, reason: Blocked | None) -> None:
    assert blocked_reason(ipaddress.ip_address(address), Policy.of(networks)) == reason


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_ipv6_is_judged_alike(address: ipaddress.IPv4Address) -> None:
    expected = blocked_reason(address, NOBODY)
    assert blocked_reason(ipaddress.IPv6Address(f"::ffff:{address}"), NOBODY) == expected
    assert (
        blocked_reason(ipaddress.IPv6Address(int(ipaddress.ip_address("64:ff9b::")) + int(address)), NOBODY) == expected
    )


@given(st.ip_addresses(v=4))
def test_no_tunnel_leads_where_the_plain_address_may_not(address: ipaddress.IPv4Address) -> None:
    if blocked_reason(address, NOBODY):
        for tunnel in (f"2002:{int(address) >> 16:x}:{int(address) & 0xFFFF:x}::1", f"2400::5efe:{address}"):
            assert blocked_reason(ipaddress.ip_address(tunnel), NOBODY)


@given(st.ip_addresses())
def test_what_python_knows_as_not_public_is_refused(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped
    if not address.is_global and not mapped and address not in ipaddress.ip_network("64:ff9b::/96"):
        # Python's exceptions inside 192.0.0.0/24 and 2001::/23 are narrower than ours, never wider
        assert blocked_reason(address, NOBODY)
