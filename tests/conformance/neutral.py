"""The words of the suite: neutral records, what a source does with its listing, and what must come of it.

A defect is written once in these words; ``kinds/<kind>.py`` spells them in the protocol of a kind. Nothing here knows CKAN.
"""

from __future__ import annotations

import dataclasses as dc
import enum
from collections.abc import Callable, Mapping
from typing import Any


class Absent(enum.Enum):
    """A part that the source leaves out altogether; ``None`` is a null."""

    ABSENT = enum.auto()


ABSENT = Absent.ABSENT
HOST = "https://disdik.example.go.id"


@dc.dataclass(frozen=True)
class File:
    """One file as a source lists it."""

    url: Any = f"{HOST}/berkas/sekolah.csv"
    title: Any = "Tabel jumlah sekolah"
    format: Any = "CSV"
    media: Any = ABSENT


@dc.dataclass(frozen=True)
class Entry:
    """One record as a source means it. Every part may be wrong: any value, ``None`` or ABSENT.

    ``private`` is the flag that some portals have beside the class; ``more`` is put into the record as it is.
    """

    identifier: Any = "sekolah-1"
    title: Any = "Jumlah Sekolah"
    description: Any = "Jumlah sekolah menurut kecamatan."
    access: Any = "public"
    publisher: Any = "Dinas Pendidikan"
    license: Any = "cc-by"
    tags: Any = ("sekolah", "pendidikan")
    frequency: Any = "Tahunan"
    issued: Any = "2026-01-15"
    modified: Any = "2026-11-02"
    page: Any = f"{HOST}/dataset/sekolah-1"
    contact: Any = "Dinas Pendidikan"
    mail: Any = "data@disdik.example.go.id"
    files: Any = (File(),)
    private: Any = ABSENT
    more: Mapping[str, Any] = dc.field(default_factory=dict)


GOOD = Entry()


def entries(part: str, *values: Any, **same: Any) -> tuple[Entry, ...]:
    """Return one good record for each of ``values``, told apart by number, with the value as its ``part``."""
    return tuple(
        Entry(**{"identifier": f"sekolah-{n}", "title": f"Jumlah Sekolah {n}", part: value, **same})
        for n, value in enumerate(values, 1)
    )


def with_files(*files: Any) -> tuple[Entry, ...]:
    """Return one good record for each of ``files``."""
    return entries("files", *((file,) for file in files))


def numbered(count: int) -> tuple[Entry, ...]:
    """Return ``count`` good records."""
    return entries("description", *(["Jumlah sekolah menurut kecamatan."] * count))


def present(**parts: Any) -> dict[str, Any]:
    """Return ``parts`` without those that are ABSENT."""
    return {name: value for name, value in parts.items() if value is not ABSENT}


@dc.dataclass
class Listing:
    """What a source lists and how it misbehaves; a kind's ``answer`` asks it for a window and the total.

    ``claims``: how many more records than there are the source promises. ``shrinks``: the total falls from one answer to
    the next. ``loops``: every window is the first. ``overlaps``: later windows begin a record too early. ``cap``: at most
    so many records a page, whatever was asked.
    """

    items: tuple[Any, ...]
    claims: int = 0
    shrinks: bool = False
    loops: bool = False
    overlaps: bool = False
    cap: int = 1000
    asked: int = 0

    def window(self, start: int = 0, rows: int = 1000) -> list[Any]:
        """Return the records of one page."""
        self.asked += 1
        first = 0 if self.loops else max(0, start - self.overlaps)
        return list(self.items[first : first + min(rows, self.cap)])

    @property
    def total(self) -> int:
        """Return how many records the source says it has; ask for the window first."""
        return len(self.items) + self.claims - (2 * (self.asked - 1) if self.shrinks else 0)


@dc.dataclass(frozen=True)
class Fails:
    """The listing must end in a SourceError or RetryLater with a code that matches one of ``codes`` (* as in file names)."""

    codes: tuple[str, ...]

    def __str__(self) -> str:
        return "stops: " + ", ".join(self.codes)


@dc.dataclass(frozen=True)
class Want:
    """What must come of one record: how it ends, which issues it carries, which values it has.

    ``ends``: public (terbuka), limited (terbatas), closed (tertutup), waiting (kept, the gate misses something), held,
    rejected, unchanged. ``issues`` must all be there, ``clean`` says that no other warning or error may be. A frozenset
    among ``values`` holds values of which any will do.
    """

    ends: str = "public"
    issues: frozenset[str] = frozenset()
    values: Mapping[str, Any] = dc.field(default_factory=dict)
    clean: bool = False

    def __str__(self) -> str:
        return self.ends + (f" ({', '.join(sorted(self.issues))})" if self.issues else "")


def want(ends: str = "public", *issues: str, clean: bool = False, **values: Any) -> Want:
    """Return what must come of one record."""
    return Want(ends, frozenset(issues), values, clean)


Expected = Fails | tuple[Want, ...]


def fails(*codes: str) -> Fails:
    """Return that the listing must fail with one of ``codes``."""
    return Fails(codes)


@dc.dataclass(frozen=True)
class Defect:
    """One thing that is wrong with a source, and what must come of it.

    ``needs``: what a kind's protocol must be able to say for the defect to exist in it (see README.md); ``body`` changes
    the bytes of every answer; ``status`` and ``good_answers``: from which answer on the source fails; ``before``: what
    the source listed in the run before. ``items`` that are no Entry are listed as they are.
    """

    name: str
    text: str
    expected: Expected
    items: tuple[Any, ...] = (GOOD,)
    needs: frozenset[str] = frozenset()
    settings: Mapping[str, Any] = dc.field(default_factory=dict)
    listing: Mapping[str, Any] = dc.field(default_factory=dict)
    body: Callable[[bytes], bytes] | None = None
    status: int = 200
    good_answers: int = 0
    content_type: str = "application/octet-stream"
    before: tuple[Any, ...] | None = None


def needs(*names: str) -> frozenset[str]:
    """Return the names as the set that a Defect takes."""
    return frozenset(names)
