"""Connections that are checked as they are made: urllib3's pools over sockets that go only where the policy allows."""

from __future__ import annotations

import dataclasses as dc
import functools
import ipaddress
import socket
import ssl
import time
from typing import Any

from ckanext.satudatapaser.errors import SourceError
from ckanext.satudatapaser.net import faults, trust
from ckanext.satudatapaser.net.faults import Fault, FaultError, Unsent
from ckanext.satudatapaser.net.guard import Blocked, Policy, blocked_reason
from ckanext.satudatapaser.net.limits import Budget
from ckanext.satudatapaser.net.wire import TimedSocket
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool

_WORDS = {
    Blocked.METADATA: "alamat metadata penyedia awan",
    Blocked.LOOPBACK: "mesin ini sendiri",
    Blocked.LINK_LOCAL: "jaringan setempat",
    Blocked.PRIVATE: "jaringan pribadi",
    Blocked.MULTICAST: "alamat siaran",
    Blocked.RESERVED: "alamat yang tidak dipakai di internet",
}


@dc.dataclass(frozen=True, slots=True)
class Terms:
    """What every connection of a session keeps to."""

    policy: Policy
    budget: Budget


def _resolve(host: str, port: int, policy: Policy) -> list[Any]:
    """Return every address of ``host``; raises FaultError when one of them is refused, or when there is none."""
    try:
        # as bytes, so that Python does not read the name once more by rules of its own
        answers = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        hint = "Periksa ejaannya; bila benar, coba lagi nanti."
        raise FaultError(Fault(Unsent, "source-name-unknown", "memakai nama yang tidak dikenal DNS.", hint)) from None
    for *_, place in answers:
        reason = blocked_reason(ipaddress.ip_address(str(place[0]).split("%")[0]), policy)
        if reason:
            raise FaultError(_refused(host, str(place[0]), reason))
    return answers


def _refused(host: str, address: str, reason: Blocked) -> Fault:
    where = address if host == address else f"{host} = {address}"
    return Fault(
        SourceError, "address-refused", f"menuju alamat yang tidak diizinkan: {where} ({_WORDS[reason]}).",
        "Bila alamat itu memang milik daerah, tambahkan jaringannya ke ckanext.satudatapaser.http.allow_networks.",
    )  # fmt: skip


def open_socket(host: str, port: int, terms: Terms) -> socket.socket:
    """Connect to ``host``: look it up once, refuse if any answer is refused, go to the very address that was checked.

    All addresses together get the time for connecting, each its share of what is left. Raises FaultError.
    """
    seconds = terms.budget.patience(terms.budget.limits.connect)
    end = time.monotonic() + seconds
    answers = _resolve(host, port, terms.policy)
    failed: OSError = OSError()
    for number, (family, kind, protocol, _, place) in enumerate(answers):
        try:
            wire = TimedSocket(family, kind, protocol)
        except OSError as error:  # a family that this machine does not have
            failed = error
            continue
        try:
            wire.settimeout(max((end - time.monotonic()) / (len(answers) - number), 0.01))
            wire.connect(place)
        except OSError as error:
            wire.close()
            failed = error
        else:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire.settimeout(max(end - time.monotonic(), 0.01))  # what is left is for the handshake
            return wire
    if isinstance(failed, TimeoutError):
        raise FaultError(faults.silent(seconds, Unsent))
    raise FaultError(faults.unreachable(failed))


class _Guarded:
    """What a connection of ours does otherwise than urllib3's."""

    terms: Terms

    def __init__(self, *args: Any, terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms = terms

    def _new_conn(self) -> socket.socket:
        return open_socket(self._dns_host, self.port, self.terms)  # type: ignore[attr-defined] # of the class it is mixed into

    def connect(self) -> None:
        """Connect, with TLS where the scheme says so; from then on every step is on the attempt's time."""
        super().connect()  # type: ignore[misc]
        self.sock.budget = self.terms.budget  # type: ignore[attr-defined]


class _Plain(_Guarded, HTTPConnection):
    pass


class _Secure(_Guarded, HTTPSConnection):
    def connect(self) -> None:
        """Connect and shake hands; nothing of the request has been sent when this fails."""
        try:
            super().connect()
        except TimeoutError:
            raise FaultError(faults.silent(self.terms.budget.limits.connect, Unsent)) from None


class Pools(PoolManager):
    """urllib3's pools, with our connections in them. Proxies are never used: they would connect in our place.

    ``tls`` None: the public authorities, whose list is long and read only once a server is asked by https.
    """

    def __init__(self, terms: Terms, tls: ssl.SSLContext | None) -> None:
        super().__init__(num_pools=10)
        self._terms, self._tls = terms, tls

    def _new_pool(
        self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None
    ) -> HTTPConnectionPool:
        given = dict(self.connection_pool_kw if request_context is None else request_context)
        if scheme == "https":
            given["ssl_context"] = self._tls or trust.public()
        pool = super()._new_pool(scheme, host, port, given)
        connection = _Secure if scheme == "https" else _Plain
        pool.ConnectionCls = functools.partial(connection, terms=self._terms)  # type: ignore[assignment]
        return pool
