"""What an answer says: its content as JSON or as a file that came, and words for one that was not expected."""

from __future__ import annotations

import codecs
import dataclasses as dc
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.satudatapaser.errors import SourceError
from ckanext.satudatapaser.net.faults import Fault, FaultError
from ckanext.satudatapaser.net.redact import redact

_WINDOW = 8_000
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# Python knows many more, among them some that are slow or no character sets at all
_CHARSETS = {
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "ascii",
    "cp1252",
    "iso8859-1",
    "iso8859-15",
}


@dc.dataclass(frozen=True, slots=True)
class Answer:
    """An answer with status 200; ``etag`` and ``modified`` are to be given back next time (get_if_changed)."""

    body: bytes
    content_type: str
    etag: str
    modified: str


@dc.dataclass(frozen=True, slots=True)
class Reply:
    """An answer of any status, as it came."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@dc.dataclass(frozen=True, slots=True)
class Download:
    """A file that was written: its size in bytes, the SHA-256 of its content, and what its server said of it."""

    size: int
    digest: str
    content_type: str
    etag: str
    modified: str


def excerpt(body: bytes, secrets: Iterable[str] = (), length: int = 120) -> str:
    """Return the start of an answer on one line, for people; secrets are cut out before it is shortened."""
    text = redact(" ".join(body[:_WINDOW].decode("utf-8", "replace").split()), secrets)
    return text[:length] + ("…" if len(text) > length else "")


def unexpected(status: int, body: bytes, secrets: Iterable[str]) -> Fault:
    """Return the fault of an answer whose status is not 200."""
    hint = {401: "Sumber meminta kunci.", 403: "Sumber menolak akses.", 404: "Periksa alamatnya."}.get(status, "")
    said = repr(excerpt(body, secrets))
    what, values = f"menjawab status {status}, bukan 200: {said}.", {"status": str(status), "said": said}
    return Fault(SourceError, "source-status", what, hint, values=values)


def declared_charset(content_type: str) -> str:
    """Return the character set that a server declares, "" for none that we know."""
    declared = _CHARSET.search(content_type)
    try:
        known = bool(declared) and codecs.lookup(declared[1]).name in _CHARSETS  # type: ignore[index] # not None
    except LookupError:
        known = False
    return declared[1] if declared and known else ""


def decoded(body: bytes, content_type: str = "") -> str:
    """Return ``body`` as text: by its byte order mark, as UTF-8, else as its server says, else as Windows-1252."""
    for charset in (json.detect_encoding(body), declared_charset(content_type)):
        try:
            if charset:
                return body.decode(charset)
        except UnicodeDecodeError:
            continue
    return body.decode("cp1252", "replace")


def parsed(body: bytes, content_type: str, secrets: Iterable[str]) -> Any:
    """Return the JSON in ``body``; raises FaultError that says what came instead."""
    text = decoded(body, content_type).lstrip("\ufeff \t\r\n")
    if not text:
        raise FaultError(Fault(SourceError, "source-no-body", "menjawab tanpa isi; yang diharapkan: JSON."))
    if text.startswith("<"):
        came = f"halaman HTML atau XML ({content_type or 'tanpa jenis'})"
        raise FaultError(
            Fault(
                SourceError, "source-not-json", f"menjawab {came}, bukan JSON: {excerpt(body, secrets)!r}.",
                "Mungkin alamatnya salah, atau sumber meminta masuk terlebih dahulu.",
            )
        )  # fmt: skip
    try:
        # control characters inside texts are common in agencies' files and harmless to us
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        near = excerpt(text[max(0, error.pos - 40) : error.pos + 40].encode(), secrets)
        where = f"baris {error.lineno} kolom {error.colno}, dekat {near!r}"
    except RecursionError:
        where = "seluruhnya: bersarang terlalu dalam"
    except ValueError:  # more digits than Python reads
        where = "seluruhnya: memuat bilangan yang terlalu panjang"
    raise FaultError(
        Fault(
            SourceError, "source-invalid-json", f"mengirim JSON yang rusak di {where}.",
            "Jawaban mungkin terpotong; hubungi pengelola sumber.",
        )
    )  # fmt: skip
