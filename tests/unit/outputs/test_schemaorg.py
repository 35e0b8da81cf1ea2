"""A dataset for search engines: schema.org's words, nothing missing made up, nothing that ends the script element."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckanext.satudatapaser.outputs import schemaorg
from jinja2.utils import htmlsafe_json_dumps
from open_dataset import FILE, ID, ORG, PORTAL, URL, package, with_file


def document(**values: Any) -> dict[str, Any]:
    return schemaorg.document(package(**values), PORTAL)


def test_a_dataset_says_what_its_page_says() -> None:
    assert document() == {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{URL}/dataset/{ID}",
        "url": f"{URL}/dataset/jumlah-sekolah",
        "identifier": ID,
        "name": "Jumlah Sekolah",
        "description": "Jumlah sekolah menurut kecamatan.",
        "keywords": ["sekolah", "guru"],
        "license": "http://www.opendefinition.org/licenses/cc-by",
        "isAccessibleForFree": True,
        "version": "2",
        "datePublished": "2025-02-01",
        "dateModified": "2025-03-01T10:20:30Z",
        "temporalCoverage": "2024-01-01/2024-12-31",
        "spatialCoverage": {
            "@type": "Place",
            "name": "Tanah Grogot",
            "geo": {"@type": "GeoShape", "box": "-2 115.5 -1.5 116.5"},
        },
        "sameAs": "https://disdik.example.go.id/data/7",
        "creator": {
            "@type": "Organization",
            "@id": f"{URL}/organization/{ORG}",
            "name": "Dinas Pendidikan",
            "url": "https://disdik.example.go.id/",
            "email": "disdik@example.go.id",
        },
        "publisher": {
            "@type": "Organization",
            "@id": f"{URL}/organization/50000000-0000-4000-8000-000000000000",
            "name": "Dinas Komunikasi",
            "url": f"{URL}/organization/diskominfostaper",
            "email": "walidata@example.go.id",
        },
        "includedInDataCatalog": {"@type": "DataCatalog", "name": "Satu Data Paser", "url": f"{URL}/"},
        "distribution": [
            {
                "@type": "DataDownload",
                "@id": f"{URL}/dataset/{ID}/resource/{FILE}",
                "name": "Tabel",
                "description": "Satu baris satu kecamatan.",
                "encodingFormat": "text/csv",
                "contentUrl": "https://disdik.example.go.id/data/7.csv",
            }
        ],
    }


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("issued", "datePublished"),
        ("license_url", "license"),
        ("version", "version"),
        ("source_landing_page", "sameAs"),
        ("tags", "keywords"),
        ("resources", "distribution"),
    ],
)
def test_what_is_missing_is_left_out(field: str, word: str) -> None:
    assert word not in document(**{field: None})


def test_an_open_period_is_open_and_no_place_is_no_place() -> None:
    assert document(temporal_end=None)["temporalCoverage"] == "2024-01-01/.."
    assert "temporalCoverage" not in document(temporal_start=None, temporal_end=None)
    assert "spatialCoverage" not in document(spatial=None, kode_wilayah=None)


def test_a_service_has_an_address_but_nothing_to_download() -> None:
    (file,) = schemaorg.document(with_file(format="WMS", mimetype=None), PORTAL)["distribution"]
    assert file["url"] == "https://disdik.example.go.id/data/7.csv"
    assert "contentUrl" not in file


def test_names_and_addresses_of_persons_appear_nowhere() -> None:
    said = json.dumps(document(maintainer="Seseorang", maintainer_email="seseorang@gmail.example"))
    assert "Seseorang" not in said
    assert "gmail" not in said


def test_nothing_in_a_dataset_ends_the_script_element() -> None:
    title = "</script><script>alert(1)</script><!-- & '"
    written = str(htmlsafe_json_dumps(document(title=title), ensure_ascii=False))
    assert "<" not in written
    assert json.loads(written)["name"] == title
