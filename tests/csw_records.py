"""Maps of ours for the tests of /csw: twelve that must be seen, and one of each sort that must not."""

from __future__ import annotations

import json
from typing import Any

from ckan.logic import get_action
from ckan.tests import factories

SECRET = "qxrahasia"


def polygon(west: float, south: float) -> str:
    east, north = round(west + 0.1, 1), round(south + 0.1, 1)
    return json.dumps(
        {"type": "Polygon",
         "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}
    )  # fmt: skip


def records() -> dict[str, Any]:
    """Twelve open datasets with an extent, and one of each sort that must not be seen."""
    organization = factories.Organization(title="Dinas Pekerjaan Umum")
    context = {"user": factories.Sysadmin()["name"], "satudata_may_set_status": True}

    def dataset(name: str, **values: Any) -> dict[str, Any]:
        made = {"name": name, "title": f"Peta {name}", "notes": "Keterangan peta.", "owner_org": organization["id"],
                "license_id": "cc-by", "accessRights": "terbuka", "publishing_status": "published",
                "jenis": "geospasial", "tags": [{"name": "jalan"}], **values}  # fmt: skip
        return get_action("package_create")(dict(context), made)

    found = {}
    for number in range(12):
        found[f"jalan-{number}"] = dataset(
            f"jalan-{number}", spatial=polygon(115.5 + number / 10, -2.0), accrualPeriodicity="TAHUNAN",
            lineage="Survei lapangan.", temporal_start="2024-01-01", temporal_end="2024-12-31", issued="2025-02-01",
            **{"spatial-reference-system": "EPSG:4326"},
            resources=[{"url": f"https://pu.example.go.id/{number}.zip", "name": "SHP", "format": "ZIP"},
                       {"url": "https://pu.example.go.id/wms", "name": "jalan", "format": "WMS"}],
        )  # fmt: skip
    where = polygon(116.0, -2.0)
    dataset("tanpa-wilayah", title=f"Tabel {SECRET}")
    for access in ("terbatas", "tertutup"):
        dataset(f"{access}-1", title=f"Peta {SECRET}", notes=SECRET, accessRights=access, spatial=where)
    dataset("draf-1", title=f"Peta {SECRET}", publishing_status="submitted", spatial=where, private=True)
    return found
