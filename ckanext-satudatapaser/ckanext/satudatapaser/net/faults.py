"""What can go wrong between us and another server, in words: one fault becomes one error with a stable code.

A fault knows neither URL nor secrets; the session adds the one and cuts out the others. Every code stands in
docs/outbound.md, with what an administrator can do about it.
"""

from __future__ import annotations

import dataclasses as dc
import errno
import http.client
import ssl
from collections.abc import Iterable, Mapping

from ckanext.satudatapaser.errors import RetryLater, SatuDataError, SourceError
from ckanext.satudatapaser.net.redact import redact
from urllib3.exceptions import HTTPError, InvalidChunkLength, InvalidHeader, ProtocolError, ReadTimeoutError, SSLError


class Unsent(RetryLater):
    """No connection was made, so nothing was sent: even a POST may be repeated."""


class GiveUp(RetryLater):
    """It may work another time, but asking again now only costs time."""


@dc.dataclass(frozen=True, slots=True)
class Fault:
    """One thing that went wrong; ``what`` goes on after "Sumber URL", ``values`` are those in it (see SatuDataError)."""

    kind: type[SatuDataError]
    code: str
    what: str
    hint: str = ""
    seconds: float | None = None
    values: Mapping[str, str] = dc.field(default_factory=dict)

    def error(self, subject: str, secrets: Iterable[str] = ()) -> SatuDataError:
        """Return the error to raise; ``subject`` is the URL, as it may be shown."""
        message = redact(f"Sumber {subject} {self.what}", secrets)
        hint = redact(self.hint, secrets)
        values = {name: redact(value, secrets) for name, value in self.values.items()}
        if issubclass(self.kind, RetryLater):
            return self.kind(self.code, message, hint, self.seconds, values)
        return self.kind(self.code, message, hint, values)


class FaultError(Exception):
    """Carries a fault from where it is found, through the transport library, to the session."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


_LATER = "Periksa alamatnya, atau coba lagi nanti."
_CONNECT = {
    errno.ECONNREFUSED: "menolak sambungan (tidak ada layanan di porta itu)",
    errno.EHOSTUNREACH: "tidak terjangkau: tidak ada jalur ke servernya",
    errno.ENETUNREACH: "tidak terjangkau: tidak ada jalur ke jaringannya",
    errno.ECONNRESET: "memutus sambungan saat dibuka",
}


def unreachable(error: OSError) -> Fault:
    """Return the fault of a connection that could not be made."""
    what = _CONNECT.get(error.errno or 0, "tidak dapat dihubungi")
    return Fault(Unsent, "source-unreachable", f"{what}.", _LATER)


def silent(seconds: float, kind: type[RetryLater] = RetryLater) -> Fault:
    """Return the fault of a server that said nothing for ``seconds``."""
    return Fault(kind, "source-timeout", f"tidak menjawab dalam {seconds:g} detik.", "Coba lagi nanti.")


def broken_off(size: int) -> Fault:
    """Return the fault of an answer that ended early, after ``size`` bytes of content."""
    return Fault(
        RetryLater, "source-truncated",
        f"memutus jawaban setelah {size} bita; yang diharapkan: jawaban sampai selesai.", "Coba lagi nanti.",
    )  # fmt: skip


def broken_off_in_head() -> Fault:
    """Return the fault of an answer that ended in its headers."""
    what = "memutus jawaban di tengah tajuknya; yang diharapkan: jawaban sampai selesai."
    return Fault(RetryLater, "source-truncated", what, "Coba lagi nanti.")


def not_http(what: str) -> Fault:
    """Return the fault of an answer that is no HTTP."""
    return Fault(
        SourceError, "source-not-http", f"menjawab {what}; yang diharapkan: jawaban HTTP.",
        "Periksa alamat dan portanya; mungkin di sana ada layanan lain.",
    )  # fmt: skip


def of_transport(error: Exception, read_limit: float, size: int | None) -> Fault:
    """Return the fault behind an error of the transport library.

    ``read_limit`` is the longest silence in seconds, ``size`` the bytes of content that had come, None before any.
    """
    cause = error.args[-1] if isinstance(error, ProtocolError) and error.args else error
    if isinstance(error, ReadTimeoutError) or isinstance(cause, TimeoutError):
        return silent(read_limit)
    if isinstance(cause, InvalidChunkLength):
        return not_http("dengan potongan (chunked) yang rusak")
    if size is not None and isinstance(error, ProtocolError | SSLError):
        return broken_off(size)
    if isinstance(error, SSLError | ssl.SSLError):
        return of_tls(error)
    if isinstance(cause, http.client.RemoteDisconnected | ConnectionError):
        return Fault(RetryLater, "source-closed", "menutup sambungan tanpa menjawab.", _LATER)
    if isinstance(cause, http.client.HTTPException | InvalidHeader):
        return not_http(_HTTP.get(type(cause), "dengan baris atau tajuk yang rusak"))
    name = type(error).__name__
    return Fault(RetryLater, "source-unreachable", f"tidak dapat dihubungi ({name}).", _LATER)


_HTTP: dict[type[BaseException], str] = {
    http.client.BadStatusLine: "tanpa baris status yang sah",
    http.client.LineTooLong: "dengan tajuk yang lebih panjang daripada 64 KB",
    http.client.HTTPException: "dengan terlalu banyak tajuk",
    InvalidHeader: "dengan dua Content-Length yang berbeda",
}
_PEM = "Bila sumber memakai CA sendiri, simpan sertifikat CA-nya dan sebut berkasnya dalam ca_bundle."
# numbers of OpenSSL's X509_V_ERR_*
_CERTIFICATE = {
    9: Fault(SourceError, "source-tls-expired", "memakai sertifikat TLS yang belum berlaku.", "Periksa jam kedua server."),
    10: Fault(SourceError, "source-tls-expired", "memakai sertifikat TLS yang sudah kedaluwarsa.",
              "Minta pengelola sumber memperbaruinya."),
    62: Fault(SourceError, "source-tls-host", "memakai sertifikat TLS untuk nama lain.",
              "Periksa ejaan nama servernya, atau minta pengelola sumber memperbaiki sertifikatnya."),
}  # fmt: skip
_CERTIFICATE[64] = _CERTIFICATE[62]


def of_tls(error: HTTPError | ssl.SSLError) -> Fault:
    """Return the fault behind a failed handshake."""
    cause = next((arg for arg in error.args if isinstance(arg, ssl.SSLError)), error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        unknown = f"memakai sertifikat TLS yang tidak dapat dipercaya ({cause.verify_message})."
        fallback = Fault(SourceError, "source-tls-untrusted", unknown, _PEM)
        return _CERTIFICATE.get(cause.verify_code, fallback)
    if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Fault(RetryLater, "source-closed", "menutup sambungan saat TLS dibuka.", _LATER)
    reason = getattr(cause, "reason", None) or type(cause).__name__
    return Fault(
        SourceError, "source-tls", f"tidak dapat membuka sambungan TLS ({reason}).",
        "Mungkin alamatnya http://, bukan https://, atau TLS di sana terlalu tua.",
    )  # fmt: skip
