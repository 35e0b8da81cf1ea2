"""The bytes of a demo file: invented figures from a seed that is the dataset's own id."""

from __future__ import annotations

import csv
import functools
import io
import json
import random

import xlsxwriter

from demo.model import MONTHS, Dataset, districts

Row = tuple[object, ...]
WEST, SOUTH = 115.75, -2.30
HEAD = ("kode_wilayah", "wilayah", "tahun", "rincian", "jumlah", "satuan")


def table(dataset: Dataset) -> list[Row]:
    """Return the dataset's rows under HEAD."""
    dice = random.Random(dataset.id)
    rows: list[Row] = []
    for year in dataset.years:
        if dataset.rows == "kecamatan":
            rows += [(c, n, year, "", dice.randint(1, dataset.top), dataset.unit) for c, n in districts()]
        else:
            details = MONTHS if dataset.rows == "bulan" else dataset.rows
            rows += [("64.01", "Paser", year, detail, dice.randint(0, dataset.top), dataset.unit) for detail in details]
    return rows


def csv_bytes(dataset: Dataset) -> bytes:
    """Return the table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(table(dataset))
    return out.getvalue().encode()


def xlsx_bytes(dataset: Dataset) -> bytes:
    """Return the table as an Excel workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate([HEAD, *table(dataset)]):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def geojson_bytes(dataset: Dataset) -> bytes:
    """Return one invented line a district as GeoJSON (longitude, latitude)."""
    dice = random.Random(dataset.id)
    features = []
    for number, (code, name) in enumerate(districts()):
        x, y = WEST + 0.08 * (number % 5), SOUTH + 0.4 * (number // 5)
        line = [[round(x + dice.random() * 0.08, 5), round(y + dice.random() * 0.3, 5)] for _ in range(4)]
        properties = {"kode_wilayah": code, "kecamatan": name, "ruas": number + 1}
        geometry = {"type": "LineString", "coordinates": line}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def extent(dataset: Dataset) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of the dataset's map in degrees; None when it has none."""
    if not any(file.format == "GeoJSON" for file in dataset.files):
        return None
    features = json.loads(geojson_bytes(dataset))["features"]
    xs, ys = zip(*(position for feature in features for position in feature["geometry"]["coordinates"]), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


MAKERS = {
    "CSV": (csv_bytes, "text/csv"),
    "XLSX": (xlsx_bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "GeoJSON": (geojson_bytes, "application/geo+json"),
}


@functools.cache
def slug(name: str, format: str) -> str:
    """Return the file's name in its address."""
    return f"{name.lower().replace(' ', '-')}.{format.lower()}"
