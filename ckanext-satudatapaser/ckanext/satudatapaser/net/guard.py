"""Which addresses we may connect to.

Why this exists: a source's URL is typed by people, and its server can redirect or change its DNS answer. Without this a
source could make us read the machine's own services, the cloud's metadata address or the office network. The check is
made on the address that is connected to, each time, so a name that changes between look-up and connect gains nothing.
"""

from __future__ import annotations

import dataclasses as dc
import enum
import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Blocked(enum.StrEnum):
    """Why an address is refused."""

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


NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


def embedded(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address carries (mapped, 6to4, Teredo, NAT64, compatible), else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if any(address in network for network in NAT64) or (int(address) >> 32 == 0 and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def blocked_reason(address: Address, policy: Policy) -> Blocked | None:
    """Return why ``address`` must not be connected to under ``policy``, or None when it may."""
    inner = embedded(address)
    if any(candidate in network for network in policy.allowed for candidate in (address, inner)):
        return None
    if inner.is_loopback:
        return Blocked.LOOPBACK
    if inner.is_link_local:
        return Blocked.LINK_LOCAL
    if inner.is_multicast:
        return Blocked.MULTICAST
    if inner.is_unspecified or inner.is_reserved:
        return Blocked.RESERVED
    # is_global is false for RFC 1918, carrier-grade NAT, unique local, documentation and benchmark networks alike
    return None if inner.is_global else Blocked.PRIVATE
