"""Addresses as sources write them, to web addresses that can be published. Pure and idempotent."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

LONGEST = 4000
NONE = frozenset({"-", "#", "null", "none", "n/a"})
LOCAL_FILE = re.compile(r"[a-zA-Z]:[\\/](?![\\/])|\\\\")
TWICE = re.compile(r"(?i)^https?:?/*(?=https?:?/)")
SCHEME = re.compile(r"(?i)^(https?)(?::/*|//+)(?=[^/])")
BARE = re.compile(r"(?i)^(?:www\.[\w-]|[\w-]+(?:\.[\w-]+)*\.(?:go|or|ac|co|web|desa|sch)\.id(?:[/:?#]|$))")
STRAY_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
INNER = (".local", ".localhost", ".internal", ".lan", ".intranet", ".home")


def web_address(url: str, base: str = "") -> str:
    """Return ``url`` absolute against ``base``, repaired and escaped; "" when it is no address of the web.

    Repaired are: white space and backslashes, "https//…", "http://https://…", a missing scheme, a relative address.
    User names and passwords are taken out: they are not ours to publish.
    """
    url = (url if url.isprintable() else "".join(c for c in url if c.isprintable())).strip()
    if not url or url.lower() in NONE or LOCAL_FILE.match(url) or len(url) > LONGEST:
        return ""
    url = url.replace("\\", "/")
    while TWICE.match(url):
        url = TWICE.sub("", url)
    url = SCHEME.sub(r"\1://", url)
    if BARE.match(url):
        url = f"http://{url}"
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        place = _place(parts.hostname or "", parts.port)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not place:
        return ""
    rest = (quote(STRAY_PERCENT.sub("%25", part), safe="%:/?@!$&'()*+,;=-._~") for part in parts[2:])
    found = urlunsplit((parts.scheme, place, *rest))
    return found if len(found) <= LONGEST else ""


def _place(host: str, port: int | None) -> str:
    """Return host and port as they stand in an address; raises ValueError for what is no host."""
    if ":" in host:
        host = f"[{ipaddress.ip_address(host)}]"
    else:
        host = host.encode("idna").decode().lower()
        if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", host):
            return ""
    return host if port is None else f"{host}:{port}"


def is_inner(url: str) -> bool:
    """Tell whether an address is one inside somebody's own network, which nobody outside can open."""
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(INNER)


def last_part(url: str) -> str:
    """Return the last filled part of an address' path, as it was before it was escaped: a file's or a page's name."""
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
