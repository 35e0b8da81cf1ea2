"""The source of the experiment: a catalogue that a seed alters between two listings, served slowly enough to die in."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks import records
from benchmarks.source import CATALOGUE, Catalogue, Server

BEFORE, AFTER = "before", "after"
# share of the records; added and removed ones are in one of the two listings only
FATES = {"same": 30, "changed": 35, "flipped": 12, "removed": 11, "added": 12}
# kinds of file that no table is loaded from: the experiment is about records
FORMATS = (("PDF", "application/pdf"), ("HTML", "text/html"))
PAUSE = {"document": 1.2, "page": 0.2}  # seconds


class Altered(Catalogue):
    """``count`` records; what becomes of each between ``before`` and ``after`` follows from the seed."""

    def __init__(self, count: int, seed: int) -> None:
        chance = random.Random(f"catalogue {seed}")
        self.fates = chance.choices(list(FATES), list(FATES.values()), k=count)
        super().__init__(count, f"k{seed}")

    def set(self, phase: str, *, honours_fq: bool) -> None:
        """Go to a phase; the catalogue never honours the filter by change, so that every listing is a whole one."""
        self.after = phase == AFTER
        missing = "removed" if self.after else "added"
        self.numbers = [n for n, fate in enumerate(self.fates) if fate != missing]

    def closed(self, number: int) -> bool:
        """Tell whether a record is for nobody outside now."""
        return (number % 4 == 0) != (self.after and self.fates[number] == "flipped")

    def _changed(self, number: int) -> bool:
        return self.after and self.fates[number] == "changed"

    def search(self, rows: int, start: int, sort: str, fq: str) -> dict[str, Any]:
        """Answer package_search."""
        time.sleep(PAUSE["page"])
        page = [self._as_ckan(number) for number in self.numbers[start : start + rows]]
        return {"success": True, "result": {"count": len(self.numbers), "sort": sort, "results": page}}

    def _as_ckan(self, number: int) -> dict[str, Any]:
        record = records.as_ckan(self.series, number, records.created(number), self._changed(number))
        for resource, (label, mimetype) in zip(record["resources"], FORMATS, strict=True):
            resource |= {"format": label, "mimetype": mimetype, "url": f"{record['url']}/berkas.{label.lower()}"}
        return {**record, "private": self.closed(number)}

    def document(self) -> dict[str, Any]:
        """Return the whole as data.json."""
        return {"dataset": [self._as_datajson(number) for number in self.numbers]}

    def _as_datajson(self, number: int) -> dict[str, Any]:
        record = records.as_datajson(self.series, number, records.created(number), self._changed(number))
        for file, (label, mimetype) in zip(record["distribution"], FORMATS, strict=True):
            address = f"{record['landingPage']}/berkas.{label.lower()}"
            file |= {"format": label, "mediaType": mimetype, "downloadURL": address}
        return {**record, "accessLevel": "non-public" if self.closed(number) else "public"}


class Slow(Server):
    """Takes its time for the whole document, too."""

    def document(self) -> bytes:
        """Return data.json."""
        time.sleep(PAUSE["document"])
        return super().document()


class Source:
    """A running source."""

    def __init__(self, server: Slow, kind: str) -> None:
        self.server, self.kind = server, kind
        self.url = f"http://127.0.0.1:{server.server_port}" + (CATALOGUE if kind == "datajson" else "")

    def phase(self, name: str) -> None:
        """Go to a phase."""
        self.server.set({"phase": name, "fq": False})

    def listed(self) -> int:
        """Return how many records are listed now."""
        return len(self.server.catalogue.numbers)


@contextmanager
def serving(kind: str, count: int, seed: int, port: int = 0) -> Iterator[Source]:
    """Serve an altered catalogue while the block runs, on ``port`` or on any that is free."""
    server = Slow(Altered(count, seed), port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Source(server, kind)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
