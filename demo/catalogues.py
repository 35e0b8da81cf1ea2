"""How agencies publish their list: a data.json document, or a CKAN's answers."""

from __future__ import annotations

import json
from typing import Any

from demo.files import MAKERS, extent, slug
from demo.model import Agency, Dataset

LEVELS = {"terbuka": "public", "terbatas": "restricted public", "tertutup": "non-public"}
TYPES = {"statistik": "statistik", "geospasial": "spasial", "lainnya": "dataset"}


def file_url(base: str, agency: Agency, dataset: Dataset, name: str, format: str) -> str:
    """Return a file's address."""
    return f"{base}/{agency.path}/berkas/{dataset.id}/{slug(name, format)}"


def datajson(base: str, agency: Agency) -> bytes:
    """Return the agency's data.json (DCAT-US 1.1 with national keys)."""
    listing = [entry(base, agency, dataset) for dataset in agency.datasets]
    context = "https://project-open-data.cio.gov/v1.1/schema"
    return json.dumps({"conformsTo": context, "dataset": listing}, ensure_ascii=False).encode()


def entry(base: str, agency: Agency, dataset: Dataset) -> dict[str, Any]:
    """Return one entry of data.json."""
    box = extent(dataset)
    return {
        "@type": "dcat:Dataset",
        "identifier": dataset.id,
        "title": dataset.title,
        "description": dataset.notes,
        "keyword": list(dataset.keywords),
        "modified": "2026-11-02",
        "issued": dataset.issued,
        "publisher": {"@type": "org:Organization", "name": dataset.publisher or agency.name},
        "contactPoint": {"fn": agency.name, "hasEmail": f"mailto:{agency.contact}"},
        "accessLevel": LEVELS[dataset.access],
        "accrualPeriodicity": dataset.frequency,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "landingPage": f"{base}/{agency.path}/dataset/{dataset.id}",
        "theme": [dataset.theme] if dataset.theme else [],
        "temporal": f"{min(dataset.years)}-01-01/{max(dataset.years)}-12-31",
        **({"spatial": ",".join(map(str, box))} if box else {}),
        "jenis": dataset.kind,
        "satuan": dataset.unit,
        "konsep": dataset.concept,
        "distribution": [
            {
                "title": file.name,
                "downloadURL": file_url(base, agency, dataset, file.name, file.format),
                "format": file.format,
                "mediaType": MAKERS[file.format][1],
            }
            for file in dataset.files
        ],
        **dataset.raw,
    }


def package(base: str, agency: Agency, dataset: Dataset) -> dict[str, Any]:
    """Return one dataset as a CKAN shows it, of a type that only that CKAN has."""
    number = agency.datasets.index(dataset)
    return {
        "id": f"d1e0{number:04x}-0000-4000-8000-{number:012x}",
        "name": dataset.id,
        "title": dataset.title,
        "notes": dataset.notes,
        "type": TYPES[dataset.kind],
        "state": "active",
        "private": False,
        "license_id": "cc-by",
        "metadata_created": f"2025-01-01T00:{number // 60:02}:{number % 60:02}.000000",
        "metadata_modified": "2026-11-02T03:00:00.000000",
        "organization": {"name": agency.path, "title": agency.name},
        "maintainer": agency.name,
        "maintainer_email": agency.contact,
        "tags": [{"name": word, "display_name": word} for word in dataset.keywords],
        "groups": [],
        "extras": [
            {"key": "accrualPeriodicity", "value": dataset.frequency},
            {"key": "accessRights", "value": dataset.access},
            {"key": "jenis", "value": dataset.kind},
            {"key": "satuan", "value": dataset.unit},
            {"key": "konsep", "value": dataset.concept},
        ],
        "resources": [
            {
                "id": f"{number:04x}{order:04x}-0000-4000-8000-000000000000",
                "name": file.name,
                "format": file.format,
                "mimetype": MAKERS[file.format][1],
                "url": file_url(base, agency, dataset, file.name, file.format),
            }
            for order, file in enumerate(dataset.files)
        ],
    }


def answer(base: str, agency: Agency, action: str, query: dict[str, str]) -> dict[str, Any] | None:
    """Return a CKAN's answer to ``action``, or None when it has no such action."""
    if action == "status_show":
        return {"success": True, "result": {"ckan_version": "2.9.11", "site_title": agency.name, "extensions": []}}
    if action == "package_search":
        start, rows = int(query.get("start", 0)), min(int(query.get("rows", 10)), 1000)
        results = [package(base, agency, dataset) for dataset in agency.datasets[start : start + rows]]
        return {"success": True, "result": {"count": len(agency.datasets), "results": results}}
    if action == "package_show":
        found = next((d for d in agency.datasets if d.id == query.get("id")), None)
        return {"success": True, "result": package(base, agency, found)} if found else None
    return None
