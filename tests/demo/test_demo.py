"""The demo's agencies: enough of everything, the same each time, and nobody's personal data."""

import io
import json
import zipfile

import pytest
from ckanext.satudatapaser.record.privacy import findings

from demo.agencies import AGENCIES
from demo.files import MAKERS
from demo.server import respond

BASE = "http://demo.test"
ALL = [(agency, dataset) for agency in AGENCIES for dataset in agency.datasets]


def test_six_agencies_have_at_least_400_datasets_with_restricted_ones_among_them() -> None:
    classes = [dataset.access for _, dataset in ALL]
    assert len(AGENCIES) == 6
    assert len(ALL) >= 400
    assert classes.count("terbatas") >= 10
    assert classes.count("tertutup") >= 10


@pytest.mark.parametrize("format", ["CSV", "XLSX", "GeoJSON"])
def test_files_of_each_format_open(format: str) -> None:
    make, _ = MAKERS[format]
    dataset = next(d for _, d in ALL if any(f.format == format for f in d.files))
    body = make(dataset)
    if format == "CSV":
        assert body.decode().splitlines()[0] == "kode_wilayah,wilayah,tahun,rincian,jumlah,satuan"
        assert len(body.splitlines()) > 4
    elif format == "XLSX":
        assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(body)).namelist()
    else:
        assert len(json.loads(body)["features"]) == 10


def test_every_file_that_a_listing_names_is_served() -> None:
    missing = []
    for path in ("112", "jalan", "pkh", "wisata", "sekolah"):
        listing = json.loads(respond(BASE, f"/{path}/data.json", {})[2])["dataset"]
        for item in listing:
            for file in item["distribution"] or []:
                url = file["downloadURL"]
                status, _, body = respond(
                    BASE, url.removeprefix(BASE) if url.startswith(BASE) else f"/{path}/{url}", {}
                )
                if status != 200 or not body:
                    missing.append(url)
    assert not missing


def test_the_health_ckan_pages_through_all_its_datasets_of_foreign_types() -> None:
    query = {"rows": "50", "start": "50"}
    answer = json.loads(respond(BASE, "/kesehatan/api/3/action/package_search", query)[2])
    assert answer["result"]["count"] == len(AGENCIES[-1].datasets)
    assert {"statistik", "spasial"} <= {p["type"] for p in answer["result"]["results"]}


def test_nobodys_personal_data_is_in_listings_or_files() -> None:
    for agency, dataset in ALL:
        assert findings(f"{dataset.title} {dataset.notes} {agency.contact}") == ()
        assert findings(MAKERS["CSV"][0](dataset).decode()) == ()


def test_two_requests_get_the_same_bytes() -> None:
    assert respond(BASE, "/sekolah/data.json", {}) == respond(BASE, "/sekolah/data.json", {})
