"""What a demo dataset is."""

from __future__ import annotations

import csv
import dataclasses as dc
import functools
from pathlib import Path

AREAS = Path(__file__).resolve().parents[1] / "schemas" / "areas" / "paser.csv"


@dc.dataclass(frozen=True, slots=True)
class File:
    """One file: ``format`` is CSV, XLSX or GeoJSON; its bytes are made when it is asked for."""

    name: str
    format: str


@dc.dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset as its agency keeps it, before it is written in a portal's format.

    ``rows``: what a row of its table stands for: "kecamatan", "bulan" or a tuple of categories. ``top``: the highest
    invented figure. ``raw`` replaces or adds keys of the record as it is served: the defects that are there on purpose.
    """

    id: str
    title: str
    notes: str
    keywords: tuple[str, ...]
    unit: str
    concept: str
    years: tuple[int, ...]
    rows: str | tuple[str, ...]
    top: int
    files: tuple[File, ...]
    frequency: str = "Tahunan"
    access: str = "terbuka"
    publisher: str = ""
    kind: str = "statistik"
    theme: str = ""
    issued: str = "2026-02-16"
    raw: dict[str, object] = dc.field(default_factory=dict)


@dc.dataclass(frozen=True, slots=True)
class Agency:
    """One agency: the path of its portal, its name, the unit's address, what it has."""

    path: str
    name: str
    contact: str
    kind: str
    datasets: tuple[Dataset, ...]


@functools.cache
def districts() -> tuple[tuple[str, str], ...]:
    """Return code (Kemendagri) and name of the ten kecamatan."""
    with AREAS.open(encoding="utf-8") as file:
        return tuple((row["kemendagri"], row["name"]) for row in csv.DictReader(file) if row["level"] == "kecamatan")


MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
CSV = (File("Tabel", "CSV"),)
BOTH = (File("Tabel", "CSV"), File("Buku kerja", "XLSX"))
MAP = (File("Peta", "GeoJSON"), File("Tabel", "CSV"))
