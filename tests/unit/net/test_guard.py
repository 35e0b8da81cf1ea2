"""Addresses that we do not connect to, and secrets that no text shows."""

import ipaddress

import pytest
from ckanext.satudatapaser.net.guard import Blocked, Policy, blocked_reason
from ckanext.satudatapaser.net.redact import redact
from hypothesis import given
from hypothesis import strategies as st

NOBODY = Policy()


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1", Blocked.LOOPBACK), ("127.255.0.3", Blocked.LOOPBACK), ("::1", Blocked.LOOPBACK),
        ("::ffff:127.0.0.1", Blocked.LOOPBACK), ("64:ff9b::7f00:1", Blocked.LOOPBACK),
        ("169.254.169.254", Blocked.LINK_LOCAL), ("fe80::1", Blocked.LINK_LOCAL),
        ("10.1.2.3", Blocked.PRIVATE), ("172.16.0.1", Blocked.PRIVATE), ("192.168.1.1", Blocked.PRIVATE),
        ("100.64.0.1", Blocked.PRIVATE), ("fd00::1", Blocked.PRIVATE), ("2002:0a00:0001::", Blocked.PRIVATE),
        ("224.0.0.1", Blocked.MULTICAST), ("0.0.0.0", Blocked.RESERVED), ("240.0.0.1", Blocked.RESERVED),
        ("8.8.8.8", None), ("2001:4860:4860::8888", None),
    ],
)  # fmt: skip
def test_only_public_addresses_are_connected_to(address: str, reason: Blocked | None) -> None:
    assert blocked_reason(ipaddress.ip_address(address), NOBODY) == reason


def test_an_installation_may_allow_a_network() -> None:
    policy = Policy.of(["127.0.0.0/8"])
    assert blocked_reason(ipaddress.ip_address("127.0.0.1"), policy) is None
    assert blocked_reason(ipaddress.ip_address("::ffff:127.0.0.1"), policy) is None
    assert blocked_reason(ipaddress.ip_address("10.0.0.1"), policy) is Blocked.PRIVATE


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_ipv6_is_judged_alike(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    assert blocked_reason(mapped, NOBODY) == blocked_reason(address, NOBODY)


@pytest.mark.parametrize(
    "text",
    [
        "https://admin:S3cretWord@a.id/x", "https://a.id/?api_key=S3cretWord&b=1", "Authorization: Bearer S3cretWord1",
        '{"token": "S3cretWord"}', "https://a.id/key/S3cretWord/list", "password=S3cretWord",
    ],
)  # fmt: skip
def test_secrets_are_cut_out_of_texts(text: str) -> None:
    assert "S3cretWord" not in redact(text)


def test_a_known_secret_is_cut_wherever_it_stands() -> None:
    assert redact("the word abc123 here", ("abc123",)) == "the word *** here"
