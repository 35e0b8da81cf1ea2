"""Which URLs are ever asked, read once: what is checked here is what is connected to.

Two readers of one URL that disagree about its host are how checks are walked around. So a URL is read by urllib3, which
also makes the request, anything that browsers and libraries read differently is refused, and no other file takes a URL
apart.
"""

from __future__ import annotations

import dataclasses as dc
import ipaddress
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from ckanext.satudatapaser.errors import ConfigError
from ckanext.satudatapaser.net.redact import shown
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_AUTHORITY = re.compile(r"[a-z][a-z0-9+.-]*://([^/?#]*)", re.IGNORECASE)
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


@dc.dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked (its address is checked when connecting): normalised, without fragment."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def server(self) -> tuple[str, int]:
        """What pace and circuit count by."""
        return self.host, self.port

    def trusts(self, other: Target) -> bool:
        """Return whether what is meant for this server may be sent to ``other``: the same, or it over TLS."""
        upgraded = (self.scheme, self.port, other.scheme, other.port) == ("http", 80, "https", 443)
        same = (self.scheme, self.port) == (other.scheme, other.port)
        return self.host == other.host and (same or upgraded)


def parse(url: str, params: Mapping[str, str] | None = None, secrets: Iterable[str] = ()) -> Target:
    """Return ``url`` with ``params`` added to its query.

    Raises ConfigError: url-invalid, url-scheme, url-userinfo, url-host or url-port; ``secrets`` are not in its text.
    """
    text, named = url.strip(" "), repr(shown(url, secrets))
    found = _read(text, named)
    if found.scheme not in PORTS or not found.host:
        raise ConfigError("url-scheme", f"Alamat {named} tidak dapat dipakai.", "Gunakan alamat http:// atau https://.")
    if "@" in _authority(text):  # an empty user too, which urllib3 leaves out
        raise ConfigError(
            "url-userinfo",
            f"Alamat {named} memuat nama pengguna atau kata sandi.",
            "Simpan rahasia dengan nama, jangan di dalam alamat.",
        )
    if found.port == 0:
        raise ConfigError("url-port", f"Alamat {named} menyebut porta 0; yang diharapkan: 1 sampai 65535.")
    if not _host_is_plain(found.host):
        raise ConfigError(
            "url-host",
            f"Nama server dalam alamat {named} tidak sah.",
            "Tulis nama lengkap (data.example.go.id) atau alamat IP dalam bentuk biasa (empat bilangan desimal).",
        )
    query = "&".join(filter(None, (found.query, urlencode(dict(params or {})))))
    whole = Url(found.scheme, None, found.host, found.port, found.path or "/", query or None)
    host = found.host.strip("[]").rstrip(".")
    return Target(whole.url, found.scheme, host, found.port or PORTS[found.scheme])


def _read(text: str, named: str) -> Url:
    # a backslash ends the host for browsers but not for RFC 3986; tabs and line ends are dropped by some and not by others
    if not _CONTROL.search(text) and "\\" not in _authority(text):
        try:
            return parse_url(text)
        except LocationParseError:
            pass
    raise ConfigError(
        "url-invalid",
        f"Alamat {named} tidak sah.",
        "Yang diharapkan: https://nama-server/jalur tanpa tanda aneh.",
    )


def _authority(text: str) -> str:
    found = _AUTHORITY.match(text)
    return found[1] if found else ""


def _host_is_plain(host: str) -> bool:
    """Return whether every reader of ``host`` sees the same in it: a name, dotted IPv4, or IPv6 without a zone.

    ``2130706433``, ``0x7f.1``, ``127.1`` and ``0177.0.0.1`` are addresses to the C library and names to others: whatever
    ends in a number must be an address in full (as in the WHATWG URL standard, "ends in a number").
    """
    if host.startswith("["):
        return "%" not in host  # urllib3 has read the rest; a zone id chooses one of our own network interfaces
    name = host.removesuffix(".")
    if _NUMBER.fullmatch(name.rsplit(".", 1)[-1]):
        return _is_ipv4(host)
    return bool(_NAME.fullmatch(name))


def _is_ipv4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True
