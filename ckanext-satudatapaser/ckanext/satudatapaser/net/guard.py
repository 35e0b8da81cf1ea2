"""Which IP addresses we may connect to.

Why this exists: a source's URL is typed by people, and its server can redirect or change its DNS answer. Without this a
source could make us read the machine's own services, the cloud's metadata address or the office network. The check is
made on the address that is connected to, each time, so a name that changes between look-up and connect gains nothing.
"""

from __future__ import annotations

import dataclasses as dc
import enum
import ipaddress
from collections.abc import Iterable, Iterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Blocked(enum.StrEnum):
    """Why an address is refused."""

    METADATA = "metadata"
    LOOPBACK = "loopback"
    LINK_LOCAL = "link-local"
    PRIVATE = "private"
    MULTICAST = "multicast"
    RESERVED = "reserved"


@dc.dataclass(frozen=True, slots=True)
class Policy:
    """Networks that this installation allows although they are not public."""

    allowed: tuple[Network, ...] = ()

    @classmethod
    def of(cls, networks: Iterable[str]) -> Policy:
        """Make a policy from CIDR texts; raises ValueError for one that is none."""
        return cls(tuple(ipaddress.ip_network(text, strict=False) for text in networks))


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(map(ipaddress.ip_network, texts))


# The IANA special-purpose registries (RFC 6890 and its successors), written out because what ipaddress.is_global knows
# of them differs between releases of Python. The first that matches gives the reason.
_REFUSED: tuple[tuple[Blocked, tuple[Network, ...]], ...] = (
    (
        Blocked.METADATA,
        # AWS/GCP/Azure/OpenStack, AWS IPv6, GCP IPv6, Alibaba, Oracle, Azure's host agent (a public address)
        _networks("169.254.169.254/32", "fd00:ec2::254/128", "fd20:ce::254/128", "100.100.100.200/32",
                  "192.0.0.192/32", "168.63.129.16/32"),
    ),
    (Blocked.LOOPBACK, _networks("127.0.0.0/8", "::1/128")),
    (Blocked.LINK_LOCAL, _networks("169.254.0.0/16", "fe80::/10")),
    (
        Blocked.PRIVATE,
        # RFC 1918, carrier-grade NAT (RFC 6598), unique local (RFC 4193), the former site-local (RFC 3879)
        _networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10"),
    ),
    (Blocked.MULTICAST, _networks("224.0.0.0/4", "ff00::/8")),
    (
        Blocked.RESERVED,
        # this network, IETF protocols, documentation, 6to4 relays, benchmarking, future use with broadcast
        _networks("0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "192.88.99.0/24",
                  "198.18.0.0/15", "240.0.0.0/4",
                  # Teredo and other protocols, documentation (two), local NAT64: how it embeds is its operator's choice
                  "2001::/23", "2001:db8::/32", "3fff::/20", "64:ff9b:1::/48"),
    ),
)  # fmt: skip
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # all that IANA has given out of IPv6
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214, 6.1


def _low_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 form merely spells (IPv4-mapped, NAT64 of RFC 6052), else ``address``."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return _low_ipv4(address)
    return address


def tunnelled(address: Address) -> Iterator[Address]:
    """Yield the IPv4 addresses that a tunnel may carry packets for ``address`` to: 6to4, Teredo, ISATAP, compatible."""
    if not isinstance(address, ipaddress.IPv6Address):
        return
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP or (address in _COMPATIBLE and int(address) > 1):
        yield _low_ipv4(address)


def blocked_reason(address: Address, policy: Policy) -> Blocked | None:
    """Return why ``address`` must not be connected to under ``policy``, or None when it may.

    An address that carries others in it may be reached only when each of them may.
    """
    outer = unwrapped(address)
    reasons = (_reason(candidate, policy) for candidate in (*tunnelled(outer), outer))
    return next(filter(None, reasons), None)


def _reason(address: Address, policy: Policy) -> Blocked | None:
    reason = _special(address)
    if reason is Blocked.METADATA:
        # a wide entry such as 100.64.0.0/10 is meant for an office network, never for the cloud's own door
        return None if ipaddress.ip_network(address) in policy.allowed else reason
    return None if any(address in network for network in policy.allowed) else reason


def _special(address: Address) -> Blocked | None:
    for reason, networks in _REFUSED:
        if any(address in network for network in networks):
            return reason
    if isinstance(address, ipaddress.IPv6Address):
        return None if address in _GLOBAL_UNICAST else Blocked.RESERVED
    return None
