"""What the kinds that read pages share: the limit of pages, and the errors of a listing that cannot be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ckanext.satudatapaser.errors import RetryLater, SourceError
from ckanext.satudatapaser.harvesters import Setting

MAX_PAGES = Setting(
    "max_pages",
    "int",
    "Halaman paling banyak",
    "Batas halaman, agar sumber yang berputar tidak diikuti terus.",
    2000,
    label_en="Most pages",
    help_en="Limit of pages, so that a source that goes round in circles is not followed for ever.",
)
INCOMPLETE = "Daftar yang tidak lengkap tidak dipakai untuk penghapusan; coba lagi nanti."


def looping(url: str, where: str) -> SourceError:
    """Return the error for a source that gives again what it gave before."""
    return SourceError("source-loop", f"Sumber {url} mengulang halaman yang sama: {where}.", INCOMPLETE)


def changed(url: str, what: str) -> RetryLater:
    """Return the error for a listing that changed while it was read, so that records may have been skipped."""
    return RetryLater("source-changed", f"Daftar sumber {url} berubah selagi dibaca: {what}.", INCOMPLETE)


def short(url: str, total: int, seen: int) -> SourceError:
    """Return the error for a source that gives fewer records than it says it has."""
    text = f"Sumber {url} menyebut {total} catatan tetapi hanya memberi {seen}."
    return SourceError("source-short", text, INCOMPLETE)


def too_many_pages(url: str, most: int) -> SourceError:
    """Return the error for a listing with more pages than ``max_pages`` allows."""
    text = f"Sumber {url} belum selesai setelah {most} halaman."
    return SourceError("source-too-many-pages", text, "Bila sumber memang sebesar itu, naikkan max_pages.")


class Repeats:
    """Tells pages of records that came before from new ones; an overlap says that the listing moved."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.known: set[str] = set()

    def refuse(self, keys: Iterable[str], where: str) -> None:
        """Remember the keys of a page (empty ones tell nothing apart); raise for a page that has known ones."""
        found = set(keys) - {""}
        again = found & self.known
        if again and again == found:
            raise looping(self.url, where)
        if again:
            raise changed(self.url, f"{len(again)} catatan sudah ada di halaman sebelumnya ({where})")
        self.known |= found


def endpoint(url: str, own: Iterable[str]) -> str:
    """Return a service's address without the parameters that we set ourselves: people paste whole requests.

    ``own``: names of those parameters in lower case. Other parameters stay (``map=…`` of a MapServer).
    """
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name.lower() not in own]
    return urlunsplit(parts._replace(query=urlencode(kept), fragment=""))
