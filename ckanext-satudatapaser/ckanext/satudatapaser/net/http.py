"""HTTP within limits: checked addresses, time, size, pace, retries; errors that say what was expected and what came."""

from __future__ import annotations

import dataclasses as dc
import email.utils
import ipaddress
import json
import random
import socket
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from ckanext.satudatapaser import clock
from ckanext.satudatapaser.errors import ConfigError, RetryLater, SatuDataError, SourceError
from ckanext.satudatapaser.net.guard import Policy, blocked_reason
from ckanext.satudatapaser.net.redact import redact
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError as TransportError
from urllib3.exceptions import NewConnectionError

USER_AGENT = "SatuDataPaser/0.1 (katalog data Kabupaten Paser; ckanext-satudatapaser)"
RETRY_STATUS = frozenset({429, 502, 503, 504})


@dc.dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts that no request exceeds."""

    connect: float = 10
    read: float = 60
    total: float = 300
    max_bytes: int = 200_000_000
    redirects: int = 5
    attempts: int = 3
    per_second: float = 5
    longest_wait: float = 60


class AddressRefusedError(Exception):
    """A name led to an address that the policy refuses."""


def _guarded_connect(host: str, port: int, timeout: Any, policy: Policy) -> socket.socket:
    """Resolve ``host``, refuse if any answer is refused, connect to the very address that was checked."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, place in answers:
        reason = blocked_reason(ipaddress.ip_address(str(place[0]).split("%")[0]), policy)
        if reason:
            raise AddressRefusedError(f"{host}: {place[0]} ({reason})")
    error: OSError = OSError(f"{host}: no address")
    for family, kind, protocol, _, place in answers:
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(timeout if isinstance(timeout, int | float) else None)
            connection.connect(place)
        except OSError as failed:
            connection.close()
            error = failed
        else:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
    raise error


class GuardedAdapter(HTTPAdapter):
    """requests' transport over connections that are checked as they are made."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Use connection classes that connect through the guard."""
        super().init_poolmanager(*args, **kwargs)
        policy = self.policy

        def connect(connection: HTTPConnection) -> socket.socket:
            try:
                return _guarded_connect(connection.host, connection.port or 0, connection.timeout, policy)
            except OSError as error:
                raise NewConnectionError(connection, str(error)) from error

        plain = type("Connection", (HTTPConnection,), {"_new_conn": connect})
        secure = type("SecureConnection", (HTTPSConnection,), {"_new_conn": connect})
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }


def retry_after(value: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, in either of its forms (RFC 9110, 10.2.3)."""
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment - clock.now()).total_seconds())


def excerpt(body: bytes, length: int = 120) -> str:
    """Return the start of an answer on one line, for people."""
    text = " ".join(body[: length * 4].decode("utf-8", "replace").split())
    return redact(text[:length] + ("…" if len(text) > length else ""))


class GuardedSession:
    """HTTP for everything that leaves this machine: harvest, push, table files.

    ``requests`` counts the requests made. Errors: SourceError when the answer is not what it must be, RetryLater when
    the other side is down or asks to wait, ConfigError for a URL we never request.
    """

    def __init__(self, policy: Policy, limits: Limits | None = None, headers: Mapping[str, str] | None = None) -> None:
        self.limits = limits or Limits()
        self.requests = 0
        self._secrets = tuple((headers or {}).values())
        self._private = dict(headers or {})
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, no .netrc: where a request goes is decided here
        self._session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, GuardedAdapter(policy))
        self._next: dict[str, float] = {}

    def get_json(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Return the JSON at ``url``."""
        return self._parsed(url, *self.request("GET", url, params=params, headers=headers))

    def get_bytes(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """Return the body at ``url``; anything but status 200 is an error."""
        status, body, _ = self.request("GET", url, params=params, headers=headers)
        if status != 200:
            raise self._unexpected(url, status, body)
        return body

    def post_json(self, url: str, payload: Any, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """Post ``payload`` and return status and parsed answer (None when it is no JSON). Never repeated."""
        data = json.dumps(payload).encode()
        words = {"Content-Type": "application/json", **(headers or {})}
        status, body, _ = self.request("POST", url, data=data, headers=words)
        try:
            return status, json.loads(body)
        except ValueError:
            return status, None

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        data: bytes | None = None,
    ) -> tuple[int, bytes, str]:
        """Return status, body and content type; GET is tried again where that may help, POST never."""
        attempts = self.limits.attempts if method == "GET" else 1
        for attempt in range(1, attempts + 1):
            try:
                return self._once(method, url, params, headers, data)
            except RetryLater as error:
                wait = error.seconds if error.seconds is not None else random.uniform(0.5, 1) * 2**attempt  # noqa: S311 - jitter
                if attempt == attempts or wait > self.limits.longest_wait:
                    raise
                time.sleep(wait)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _once(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        data: bytes | None,
    ) -> tuple[int, bytes, str]:
        target, origin = url, _origin(url)
        deadline = time.monotonic() + self.limits.total
        for _ in range(self.limits.redirects + 1):
            self._check(target)
            self._pace(urlsplit(target).netloc)
            # a secret goes to the server that it was meant for, never along a redirect to another
            private = self._private if _origin(target) == origin else {}
            answer = self._send(method, target, params, {**private, **(headers or {})}, data)
            with answer:
                if answer.is_redirect and method == "GET":
                    target, params = urljoin(target, answer.headers["Location"]), None
                    continue
                body = b"".join(self._body(answer, deadline))
                if answer.status_code in RETRY_STATUS:
                    raise RetryLater(
                        "source-busy",
                        self._text(url, f"menjawab status {answer.status_code} (sedang sibuk atau tidak tersedia)"),
                        "Coba lagi nanti.",
                        retry_after(answer.headers.get("Retry-After")),
                    )
                return answer.status_code, body, answer.headers.get("Content-Type", "")
        raise SourceError("source-redirects", self._text(url, f"mengalihkan lebih dari {self.limits.redirects} kali."))

    def _send(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str],
        data: bytes | None,
    ) -> requests.Response:
        self.requests += 1
        try:
            return self._session.request(
                method,
                url,
                params=params,
                headers=dict(headers),
                data=data,
                stream=True,
                allow_redirects=False,
                timeout=(self.limits.connect, self.limits.read),
            )
        except AddressRefusedError as error:
            raise SourceError(
                "address-refused",
                self._text(url, f"menuju alamat yang tidak diizinkan: {error}"),
                "Bila alamat itu memang milik daerah, tambahkan jaringannya ke ckanext.satudatapaser.http.allow_networks.",
            ) from error
        except requests.exceptions.SSLError as error:
            raise SourceError("source-tls", self._text(url, "tidak memiliki sertifikat TLS yang sah.")) from error
        except requests.Timeout as error:
            raise RetryLater(
                "source-timeout",
                self._text(url, f"tidak menjawab dalam {self.limits.connect:.0f}/{self.limits.read:.0f} detik."),
            ) from error
        except (requests.RequestException, TransportError) as error:
            raise RetryLater(
                "source-unreachable",
                self._text(url, f"tidak dapat dihubungi ({type(error).__name__})."),
                "Periksa alamatnya, atau coba lagi nanti.",
            ) from error

    def _body(self, answer: requests.Response, deadline: float) -> Iterator[bytes]:
        size = 0
        try:
            for chunk in answer.iter_content(64 * 1024):
                size += len(chunk)
                if size > self.limits.max_bytes:
                    raise SourceError(
                        "source-too-big",
                        self._text(answer.url, f"mengirim lebih dari {self.limits.max_bytes // 1_000_000} MB."),
                    )
                if time.monotonic() > deadline:
                    raise RetryLater(
                        "source-slow", self._text(answer.url, f"belum selesai setelah {self.limits.total:.0f} detik.")
                    )
                yield chunk
        except (requests.RequestException, TransportError) as error:
            raise RetryLater(
                "source-truncated",
                self._text(answer.url, f"memutus jawaban setelah {size} bita ({type(error).__name__})."),
            ) from error

    def _pace(self, host: str) -> None:
        wait = self._next.get(host, 0) - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._next[host] = time.monotonic() + (1 / self.limits.per_second if self.limits.per_second else 0)

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            _ = parts.port
        except ValueError as error:
            raise ConfigError("url-invalid", f"Alamat {redact(url)!r} tidak sah.") from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(
                "url-scheme", f"Alamat {redact(url)!r} tidak dapat dipakai.", "Gunakan alamat http:// atau https://."
            )
        if parts.username or parts.password:
            raise ConfigError(
                "url-userinfo",
                f"Alamat {redact(url)!r} memuat nama pengguna atau kata sandi.",
                "Simpan rahasia dengan nama, jangan di dalam alamat.",
            )

    def _parsed(self, url: str, status: int, body: bytes, kind: str) -> Any:
        if status != 200:
            raise self._unexpected(url, status, body)
        start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
        if not start:
            raise SourceError("source-no-body", self._text(url, "menjawab tanpa isi; yang diharapkan: JSON."))
        if start[:1] == b"<":
            raise SourceError(
                "source-not-json",
                self._text(
                    url, f"menjawab halaman HTML atau XML ({kind or 'tanpa jenis'}), bukan JSON: {excerpt(body)!r}."
                ),
                "Mungkin alamatnya salah, atau sumber meminta masuk terlebih dahulu.",
            )
        try:
            # control characters inside texts are common in agencies' files and harmless to us
            return json.loads(body.decode("utf-8-sig"), strict=False)
        except UnicodeDecodeError:
            return self._parsed(url, status, body.decode("cp1252", "replace").encode(), kind)
        except json.JSONDecodeError as error:
            near = excerpt(body[max(0, error.pos - 40) : error.pos + 40])
            raise SourceError(
                "source-invalid-json",
                self._text(
                    url, f"mengirim JSON yang rusak di baris {error.lineno} kolom {error.colno}, dekat {near!r}."
                ),
                "Jawaban mungkin terpotong; hubungi pengelola sumber.",
            ) from error

    def _unexpected(self, url: str, status: int, body: bytes) -> SatuDataError:
        text = self._text(url, f"menjawab status {status}, bukan 200: {excerpt(body)!r}.")
        hint = {401: "Sumber meminta kunci.", 403: "Sumber menolak akses.", 404: "Periksa alamatnya."}.get(status, "")
        return SourceError("source-status", text, hint)

    def _text(self, url: str, what: str) -> str:
        return redact(f"Sumber {url} {what}", self._secrets)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
