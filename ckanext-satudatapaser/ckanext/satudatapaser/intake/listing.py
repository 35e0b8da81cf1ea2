"""A source's listing, fetched once: what came back word for word, and for every other record what decides about it.

Raw records that need a closer look are spooled to a temporary file, so that memory does not grow with the source.
"""

from __future__ import annotations

import dataclasses as dc
import functools
import hashlib
import inspect
import json
import pickle
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from ckanext.satudatapaser import harvesters, record
from ckanext.satudatapaser.errors import GuardStop, RejectRecord, RetryLater, SatuDataError, SourceError
from ckanext.satudatapaser.harvesters import Kind, Net, Page
from ckanext.satudatapaser.intake.decide import prepare
from ckanext.satudatapaser.intake.identity import KeyOf, Same, Seen, key_function
from ckanext.satudatapaser.record.model import Issue, Record

SCHEMAS = "ckanext.satudatapaser.schemas"


@dc.dataclass(slots=True)
class Listing:
    """What a source listed. ``complete`` false: what is absent proves nothing; ``problem`` says what broke off, if so."""

    items: list[Seen | Same] = dc.field(default_factory=list)
    complete: bool = True
    problem: SatuDataError | None = None
    newest: str = ""

    def seen(self) -> list[Seen]:
        """Return the records that need a closer look."""
        return [item for item in self.items if isinstance(item, Seen)]

    def same(self) -> list[str]:
        """Return the ids of what came back word for word."""
        return [item.id for item in self.items if isinstance(item, Same)]


@functools.cache
def pipeline_version(kind: Kind) -> str:
    """Return a digest of the code and lists that turn a raw record into what is kept: other code may read it otherwise."""
    folders = [Path(str(package.__path__[0])) for package in (harvesters, record, import_module(SCHEMAS))]
    files = {path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".yaml", ".csv")}
    files.add(Path(inspect.getfile(kind)))
    files |= {Path(__file__).with_name(name) for name in ("decide.py", "identity.py", "package.py")}
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()


class Lister:
    """Reads the listings of one source. ``marks``: mark -> id of records that need no look when they come back the same."""

    def __init__(
        self, url: str, owner: str, kind: Kind, settings: Mapping[str, Any], net: Net, marks: Mapping[bytes, str]
    ) -> None:
        self.url, self.kind, self.settings, self.net, self.marks = url, kind, settings, net, marks
        self.key_of: KeyOf = key_function(settings["identity"])
        words = json.dumps([pipeline_version(kind), url, owner, settings], sort_keys=True, default=str)
        self.version = hashlib.sha256(words.encode()).digest()

    def mark(self, text: str) -> bytes:
        """Return the mark of a raw record's text under the present settings and code."""
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=self.version).digest()

    def read(self, spool: IO[bytes], since: str = "") -> Listing:
        """Fetch the listing into ``spool``: what changed ``since`` (the source's own stamp) where the source can tell.

        A failure after the first page is kept as ``problem``: the pages before it prove what changed, not what is gone.
        """
        changed = self._changes(since) if since else None
        listing = Listing(complete=changed is None)
        try:
            self._take(listing, changed if changed is not None else self._all(), spool)
        except (SourceError, RetryLater) as error:
            if not listing.items:
                raise
            listing.complete, listing.problem = False, error
        if not listing.items and listing.complete and not self.settings["allow_empty"]:
            raise SourceError(
                "source-empty",
                f"Sumber {self.url} menjawab daftar kosong; yang diharapkan paling sedikit satu catatan.",
                "Bila sumber memang kosong, tetapkan allow_empty=true.",
            )
        return listing

    def _all(self) -> Iterator[Page]:
        return self.kind.pages(self.url, self.settings, self.net)

    def _changes(self, since: str) -> list[Page] | None:
        """Return the pages of what changed, or None when this source cannot tell."""
        ask = getattr(self.kind, "changes", None)
        if ask is None:
            return None
        pages: list[Page] | None = ask(self.url, self.settings, self.net, since)
        return pages

    def _take(self, listing: Listing, pages: Any, spool: IO[bytes]) -> None:
        used: set[str] = set()
        total, most = None, int(self.settings["max_records"])
        for page in pages:
            total = page.total if page.total is not None else total
            listing.newest = max(listing.newest, page.newest)
            for raw in page.records:
                if len(listing.items) >= most:
                    raise GuardStop(
                        "source-too-many",
                        f"Sumber {self.url} memberi lebih dari {most} catatan. Tidak ada yang ditulis.",
                        "Bila sumber memang sebesar itu, naikkan max_records.",
                    )
                listing.items.append(self._item(len(listing.items), raw, spool, used))
        if listing.complete and total is not None and len(listing.items) < total:
            raise SourceError(
                "source-short",
                f"Sumber {self.url} menyebut {total} catatan tetapi hanya memberi {len(listing.items)}.",
                "Daftar yang tidak lengkap tidak dipakai untuk penghapusan; coba lagi nanti.",
            )

    def _item(self, position: int, raw: Any, spool: IO[bytes], used: set[str]) -> Seen | Same:
        text = json.dumps(raw, ensure_ascii=False, sort_keys=True)
        mark = self.mark(text)
        known = self.marks.get(mark)
        if known and known not in used:
            used.add(known)
            return Same(position, known)
        found = self._mapped(raw)
        offset = spool.tell()
        pickle.dump((text, found), spool, pickle.HIGHEST_PROTOCOL)
        if isinstance(found, Issue):
            return Seen(position, f"line-{position}", "", "", "", mark, offset)
        key = self.key_of(raw, found) or f"line-{position}"
        return Seen(position, key, found.title, found.publisher, found.landing_page, mark, offset)

    def _mapped(self, raw: Any) -> Record | Issue:
        try:
            return prepare(self.kind.to_record(raw, self.settings), self.url, self.settings)
        except RejectRecord as error:
            return Issue(error.code, error.message, stage="map")


def spooled(spool: IO[bytes], item: Seen) -> tuple[Any, Record | Issue]:
    """Return the raw record of ``item`` and what it was mapped to, or why it could not be."""
    spool.seek(item.offset)
    text, found = pickle.load(spool)  # noqa: S301 - a file without a name, which only this process can have written
    return json.loads(text), found
