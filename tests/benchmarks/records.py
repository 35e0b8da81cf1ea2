"""Synthetic records: every field follows from the record's number, so that two runs and two harvesters see the same.

About 2.4 KB each as data.json: two resources, three or four tags, two or three extras. Nothing in them is real.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

HOST = "https://data.example.go.id"
ORGANIZATION = "dinas-contoh"
WORDS = (
    "Tabel ini menyajikan angka contoh yang dibuat untuk mengukur kecepatan penarikan.",
    "Setiap baris memuat wilayah, tahun, satuan, dan nilai yang tidak menggambarkan keadaan sebenarnya.",
    "Cara pengumpulan ditulis panjang supaya besarnya mirip catatan pada katalog daerah.",
    "Pembaruan dilakukan menurut jadwal contoh dan diperiksa oleh pengelola contoh.",
    "Konsep dan definisi mengikuti naskah contoh yang tersimpan bersama tabel.",
    "Angka yang belum tersedia dikosongkan dan dijelaskan pada catatan kaki tabel.",
    "Klasifikasi dan ukuran disusun agar mudah digabungkan dengan tabel contoh lainnya.",
)
THINGS = ("Luas Panen", "Produksi", "Panjang Jalan", "Jumlah Sekolah", "Jumlah Pasar", "Volume Sampah", "Curah Hujan")
PLACES = ("Kecamatan Contoh Utara", "Kecamatan Contoh Selatan", "Kecamatan Contoh Barat", "Kecamatan Contoh Timur")
TAGS = ("pertanian", "pendidikan", "jalan", "pasar", "lingkungan", "statistik", "wilayah", "tahunan", "tabel", "contoh")
FORMATS = (("CSV", "text/csv"), ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))
START = dt.datetime(2025, 1, 1, 0, 0, 0, 1, tzinfo=dt.UTC)  # with a fraction, as CKAN writes its stamps
NAMESPACE = uuid.UUID("8f2f3c2e-6a55-4a0e-9c1d-0b4c1f6d2a11")


def created(number: int) -> str:
    """Return when a record was made: one a second, ISO without zone, as CKAN writes it."""
    return (START + dt.timedelta(seconds=number)).replace(tzinfo=None).isoformat()


def identifier(series: str, number: int) -> str:
    """Return a record's id; sorts as the numbers do within a series."""
    return f"{number:08x}-{uuid.uuid5(NAMESPACE, series).hex[:4]}-4000-8000-{uuid.uuid5(NAMESPACE, series).hex[:12]}"


def title(series: str, number: int, changed: bool) -> str:
    """Return a title that no other record has."""
    words = f"{THINGS[number % 7]} {PLACES[number % 4]} Tahun {2010 + number % 15} Seri {series} {number}"
    return words + (" Revisi" if changed else "")


def notes(number: int, changed: bool) -> str:
    """Return a description of some 1,100 characters."""
    sentences = [WORDS[(number + step) % len(WORDS)] for step in range(13)]
    return " ".join(sentences) + (" Angka tahun terakhir direvisi." if changed else "")


def tags(number: int) -> list[str]:
    """Return three or four different tags."""
    return sorted({TAGS[(number + step * 3) % len(TAGS)] for step in range(3 + number % 2)})


def extras(series: str, number: int) -> dict[str, str]:
    """Return two or three more facts."""
    found = {"nomor_seri": f"{series}-{number}", "cakupan_contoh": PLACES[number % 4]}
    if number % 2:
        found["catatan_contoh"] = WORDS[number % len(WORDS)]
    return found


def as_ckan(series: str, number: int, modified: str, changed: bool) -> dict[str, Any]:
    """Return a record as package_search gives it."""
    id = identifier(series, number)
    name = f"seri-{series}-{number}"
    resources = [
        {
            "id": str(uuid.uuid5(NAMESPACE, f"{series}-{number}-{place}")),
            "package_id": id,
            "name": f"Tabel {label}",
            "description": WORDS[(number + place) % len(WORDS)],
            "format": label,
            "mimetype": mimetype,
            "url": f"{HOST}/dataset/{name}/tabel.{label.lower()}",
            "url_type": None,
            "position": place,
            "state": "active",
            "created": created(number),
            "last_modified": created(number),
        }
        for place, (label, mimetype) in enumerate(FORMATS)
    ]
    return {
        "id": id,
        "name": name,
        "title": title(series, number, changed),
        "notes": notes(number, changed),
        "type": "dataset",
        "state": "active",
        "private": False,
        "isopen": True,
        "license_id": "cc-by",
        "license_title": "Creative Commons Attribution",
        "url": f"{HOST}/dataset/{name}",
        "author": "Dinas Contoh",
        "maintainer": "Dinas Contoh",
        "version": "1",
        "owner_org": str(uuid.uuid5(NAMESPACE, ORGANIZATION)),
        "organization": {"name": ORGANIZATION, "title": "Dinas Contoh"},
        "groups": [],
        "tags": [{"name": tag, "display_name": tag, "state": "active"} for tag in tags(number)],
        "extras": [{"key": key, "value": value} for key, value in extras(series, number).items()],
        "metadata_created": created(number),
        "metadata_modified": modified,
        "num_resources": len(resources),
        "num_tags": len(tags(number)),
        "resources": resources,
    }


def as_datajson(series: str, number: int, modified: str, changed: bool) -> dict[str, Any]:
    """Return a record as an entry of data.json (DCAT-US 1.1)."""
    name = f"seri-{series}-{number}"
    return {
        "@type": "dcat:Dataset",
        "identifier": identifier(series, number),
        "title": title(series, number, changed),
        "description": notes(number, changed),
        "landingPage": f"{HOST}/dataset/{name}",
        "accessLevel": "public",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "language": ["id"],
        "issued": created(number),
        "modified": modified,
        "publisher": {"@type": "org:Organization", "name": "Dinas Contoh"},
        "keyword": tags(number),
        **extras(series, number),
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": f"Tabel {label}",
                "description": WORDS[(number + place) % len(WORDS)],
                "format": label,
                "mediaType": mimetype,
                "downloadURL": f"{HOST}/dataset/{name}/tabel.{label.lower()}",
            }
            for place, (label, mimetype) in enumerate(FORMATS)
        ],
    }
