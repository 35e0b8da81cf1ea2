"""One public dataset with everything that the schema has a place for, as package_show gives it; nothing in it is real."""

from __future__ import annotations

import copy
from typing import Any

from ckanext.satudatapaser.outputs.rdf.agents import Agent, Site

URL = "https://data.example.go.id"
ID, ORG, TOPIC, FILE = (f"{number}0000000-0000-4000-8000-000000000000" for number in (1, 2, 3, 4))
WALIDATA = Agent(
    "50000000-0000-4000-8000-000000000000", "diskominfostaper", "Dinas Komunikasi", "walidata@example.go.id"
)
AGENCY = Agent(ORG, "disdik", "Dinas Pendidikan", "disdik@example.go.id", "https://disdik.example.go.id/")
PORTAL = Site(
    URL, "Satu Data Paser", "Katalog data terbuka", WALIDATA, {a.id: a for a in (WALIDATA, AGENCY)}, {TOPIC: "Ekonomi"}
)
PACKAGE: dict[str, Any] = {
    "id": ID,
    "name": "jumlah-sekolah",
    "title": "Jumlah Sekolah",
    "notes": "Jumlah sekolah menurut kecamatan.",
    "type": "dataset",
    "state": "active",
    "private": False,
    "owner_org": ORG,
    "organization": {"id": ORG, "name": "disdik", "title": "Dinas Pendidikan"},
    "groups": [{"id": TOPIC, "name": "ekonomi-dan-industri", "title": "Nama lama"}],
    "tags": [{"name": "sekolah", "display_name": "sekolah"}, {"name": "guru", "display_name": "guru"}],
    "accessRights": "terbuka",
    "publishing_status": "published",
    "license_id": "cc-by",
    "license_url": "http://www.opendefinition.org/licenses/cc-by",
    "accrualPeriodicity": "TAHUNAN",
    "issued": "2025-02-01",
    "temporal_start": "2024-01-01",
    "temporal_end": "2024-12-31",
    "kode_wilayah": "64.01.04",
    "spatial": '{"type": "Polygon", "coordinates": [[[115.5, -2], [116.5, -2], [116.5, -1.5], [115.5, -2]]]}',
    "spatial-reference-system": "EPSG:4326",
    "lineage": "Dari Dapodik.",
    "id_dds": "DDS-7",
    "version": "2",
    "jenis": "statistik",
    "konsep": "Sekolah",
    "iv_sarana_pengumpulan_data": ["PAPI", "CAPI"],
    "source_landing_page": "https://disdik.example.go.id/data/7",
    "maintainer": "Bidang Data",
    "maintainer_email": "data@disdik.example.go.id",
    "metadata_created": "2025-01-31T01:02:03.000004",
    "metadata_modified": "2025-03-01T10:20:30.123456",
    "resources": [
        {
            "id": FILE,
            "package_id": ID,
            "name": "Tabel",
            "description": "Satu baris satu kecamatan.",
            "format": "CSV",
            "mimetype": "text/csv",
            "url": "https://disdik.example.go.id/data/7.csv",
            "size": 2048,
            "created": "2025-01-31T01:02:03.000004",
            "last_modified": "2025-02-01T00:00:00",
        }
    ],
}


def package(**values: Any) -> dict[str, Any]:
    """Return the dataset with other values; None takes one out."""
    found = copy.deepcopy(PACKAGE) | values
    return {key: value for key, value in found.items() if value is not None}


def with_file(**values: Any) -> dict[str, Any]:
    """Return the dataset with other values of its file; None takes one out."""
    file = {key: value for key, value in (PACKAGE["resources"][0] | values).items() if value is not None}
    return package(resources=[file])
