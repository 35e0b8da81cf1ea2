"""Bytes of a CSV or a workbook -> header and rows of text. Pure."""

from __future__ import annotations

import csv
import dataclasses as dc
import datetime as dt
import io
from typing import Any

from ckanext.satudatapaser.errors import RejectRecord
from python_calamine import CalamineError, CalamineWorkbook

READABLE = ("CSV", "TSV", "XLSX", "XLS", "ODS")
MOST_ROWS, MOST_COLUMNS = 500_000, 300


@dc.dataclass(frozen=True, slots=True)
class Table:
    """``header``: names of the columns, distinct and not empty; ``rows``: texts, as many in each as columns."""

    header: tuple[str, ...]
    rows: list[list[str]]


def read(body: bytes, file_format: str) -> Table:
    """Return the table in ``body``; raises RejectRecord with what was expected when there is none."""
    if body[:1000].lstrip()[:1] == b"<":
        raise RejectRecord("table-is-html", "Alamat berkas menjawab halaman web, bukan berkas tabel.")
    grid = _csv(body) if file_format in ("CSV", "TSV") else _book(body)
    grid = [row for row in grid if any(row)]
    if len(grid) < 2:
        raise RejectRecord("table-empty", "Berkas tidak memuat tabel: diharapkan satu baris judul kolom dan isinya.")
    width = max(len(row) for row in grid)
    if width > MOST_COLUMNS or len(grid) > MOST_ROWS:
        text = f"Tabel {len(grid)} baris dan {width} kolom melebihi batas {MOST_ROWS} baris, {MOST_COLUMNS} kolom."
        raise RejectRecord("table-too-big", text)
    rows = [[*row, *[""] * (width - len(row))] for row in grid[1:]]
    return Table(names([*grid[0], *[""] * (width - len(grid[0]))]), rows)


def names(header: list[str]) -> tuple[str, ...]:
    """Return column names that PostgreSQL and the DataStore take: not empty, distinct, at most 60 characters."""
    found: list[str] = []
    for number, text in enumerate(header, 1):
        name = " ".join(text.replace('"', "").replace("%", " persen ").split()).lstrip("_")[:60].strip()
        name = name or f"kolom {number}"
        while name.lower() in (known.lower() for known in found):
            name = f"{name[:50]} ({number})"
        found.append(name)
    return tuple(found)


def _csv(body: bytes) -> list[list[str]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    text = text.replace("\x00", "")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t|", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise RejectRecord("table-unreadable", f"CSV tidak dapat dibaca: {error}.") from error
    return [[cell.strip() for cell in row] for row in rows]


def _book(body: bytes) -> list[list[str]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
        grid = next((sheet for sheet in sheets if len(sheet) > 1), [])
    except (CalamineError, ValueError, OSError) as error:
        text = "Buku kerja tidak dapat dibuka; diharapkan XLSX, XLS, atau ODS tanpa kata sandi."
        raise RejectRecord("table-unreadable", text) from error
    return [[cell_text(cell) for cell in row] for row in grid]


def cell_text(value: Any) -> str:
    """Return a workbook's cell as text: whole numbers without a point, days as YYYY-MM-DD."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    return str(value).strip()
