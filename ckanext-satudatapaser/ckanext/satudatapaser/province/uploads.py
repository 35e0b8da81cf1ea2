"""Uploaded files of ours that go up as files: which, and under which mark. The others stay links."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

# what agencies hand in; a page or a program never goes up
FORMATS = frozenset({
    "CSV", "TSV", "XLS", "XLSX", "ODS", "JSON", "GEOJSON", "XML", "PDF", "DOC", "DOCX", "ODT", "TXT", "KML", "KMZ", "GPKG",
    "SHP", "GML", "GPX", "ZIP", "PARQUET", "PNG", "JPG", "JPEG", "TIF", "TIFF", "PPTX",
})  # fmt: skip
Find = Callable[[Mapping[str, Any]], Path | None]


class Uploads:
    """Files that are uploaded: ``find`` gives where one lies, None when it has no file here; up to ``max_bytes`` each."""

    def __init__(self, find: Find, max_bytes: int) -> None:
        self._find, self._most = find, max_bytes
        self._places: dict[str, tuple[Path, str]] = {}

    def mark(self, file: Mapping[str, Any]) -> str:
        """Return which content a file has (its hash and size), "" when its link goes up.

        Links go up, tables of the DataStore, files over the limit, and what is no format of data.
        """
        if file.get("url_type") != "upload" or str(file.get("format") or "").upper() not in FORMATS:
            return ""
        path = self._find(file)
        if path is None or not path.is_file() or path.stat().st_size > self._most:
            return ""
        name = unquote(urlsplit(str(file["url"])).path).rpartition("/")[2]
        self._places[str(file["id"])] = path, name or str(file["id"])
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            return f"{digest}-{opened.tell()}"

    def place(self, id: str) -> tuple[Path, str]:
        """Return where a file that was given a mark lies, and under which name it goes up."""
        return self._places[id]
