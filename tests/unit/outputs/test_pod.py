"""Datasets as entries of a catalogue in DCAT-US 1.1, by its schema and by what stewards and catalogues put in."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from ckanext.satudatapaser.catalogue.portal import Portal
from ckanext.satudatapaser.harvesters.datajson import to_record
from ckanext.satudatapaser.outputs.pod import ELSEWHERE, FREQUENCIES, entry
from ckanext.satudatapaser.record import vocabulary
from ckanext.satudatapaser.record.fields import rules
from hypothesis import given
from hypothesis import strategies as st
from pod_schema import DATASET

PORTAL = Portal("https://data.example.go.id", "Diskominfo", "data@diskominfo.example.go.id")
PLAIN: dict[str, Any] = {
    "id": "6f0c", "name": "jumlah-sekolah", "title": "Jumlah Sekolah", "notes": "Menurut kecamatan.",
    "metadata_modified": "2026-11-25T07:00:00.123456", "tags": [{"name": "sekolah"}], "groups": [], "resources": [],
    "organization": {"title": "Dinas Pendidikan"}, "accessRights": "terbuka",
}  # fmt: skip
FILE = {"id": "f1", "url": "https://data.example.go.id/f1.csv", "name": "Tabel", "format": "CSV"}


def made(**values: Any) -> dict[str, Any]:
    found = entry({**PLAIN, **values}, PORTAL)
    jsonschema.validate(found, DATASET)
    return found


def test_an_entry_says_what_the_dataset_says() -> None:
    found = made(
        resources=[FILE], groups=[{"name": "pendidikan", "title": "Pendidikan"}], accrualPeriodicity="TAHUNAN",
        temporal_start="2024-01-01", temporal_end="2024-12-31", issued="2025-02-01",
        license_url="http://www.opendefinition.org/licenses/cc-by", satuan="unit", jenis="statistik",
        spatial='{"type": "Point", "coordinates": [116.2, -1.9]}',
    )  # fmt: skip
    assert (found["identifier"], found["landingPage"]) == ("6f0c", "https://data.example.go.id/dataset/jumlah-sekolah")
    assert (found["modified"], found["issued"]) == ("2026-11-25T07:00:00Z", "2025-02-01")
    assert (found["temporal"], found["accrualPeriodicity"]) == ("2024-01-01/2024-12-31", "R/P1Y")
    assert (found["spatial"], found["theme"]) == ("116.2,-1.9,116.2,-1.9", ["Pendidikan"])
    assert (found["satuan"], found["jenis"], found["accessRights"]) == ("unit", "statistik", "terbuka")
    assert found["distribution"] == [
        {"@type": "dcat:Distribution", "downloadURL": FILE["url"], "mediaType": "text/csv", "title": "Tabel",
         "format": "CSV", "identifier": "f1"},
    ]  # fmt: skip


def test_what_is_missing_is_left_out_and_what_must_be_there_is_taken_from_what_is_known() -> None:
    found = made(notes="", tags=[], groups=[{"name": "pendidikan"}])
    assert (found["description"], found["keyword"]) == ("Jumlah Sekolah", ["pendidikan"])
    assert not {"license", "issued", "temporal", "spatial", "distribution", "satuan"} & set(found)
    assert made(tags=[])["keyword"] == ["Dinas Pendidikan"]


@pytest.mark.parametrize(
    ("values", "email"),
    [
        ({"maintainer_email": "data@disdik.example.go.id"}, "mailto:data@disdik.example.go.id"),
        ({"maintainer_email": "seseorang@gmail.com", "author_email": "a@b.go.id"}, "mailto:a@b.go.id"),
        ({"maintainer_email": "seseorang@gmail.com"}, "mailto:data@diskominfo.example.go.id"),
        ({"maintainer_email": "bukan alamat"}, "mailto:data@diskominfo.example.go.id"),
        ({}, "mailto:data@diskominfo.example.go.id"),
    ],
)
def test_a_persons_mailbox_is_never_the_contact(values: dict[str, str], email: str) -> None:
    assert made(**values)["contactPoint"]["hasEmail"] == email


def test_without_any_address_the_contact_is_named_and_the_address_stays_empty() -> None:
    found = entry(PLAIN, Portal("https://data.example.go.id", "Diskominfo"))
    jsonschema.validate(found, DATASET)
    assert found["contactPoint"] == {"@type": "vcard:Contact", "fn": "Dinas Pendidikan", "hasEmail": "mailto:"}


@pytest.mark.parametrize(
    ("form", "url", "key"),
    [
        ("XLSX", "https://a.example.go.id/a.xlsx", "downloadURL"),
        ("WMS", "https://a.example.go.id/wms", "accessURL"),
        ("HTML", "https://a.example.go.id/", "accessURL"),
        ("", "https://a.example.go.id/a", "accessURL"),
        ("dwg", "https://a.example.go.id/a.dwg", "accessURL"),
    ],
)
def test_only_a_file_whose_media_type_is_known_is_a_download(form: str, url: str, key: str) -> None:
    [file] = made(resources=[{"id": "f", "url": url, "format": form}])["distribution"]
    assert file[key] == url
    assert len({"downloadURL", "accessURL"} & set(file)) == 1


def test_a_file_without_an_address_is_no_distribution() -> None:
    assert "distribution" not in made(resources=[{"id": "f", "url": "", "format": "CSV"}])


def test_every_update_schedule_has_its_duration() -> None:
    assert set(FREQUENCIES) == set(vocabulary.codes("frequency"))
    for code in FREQUENCIES:
        assert vocabulary.frequency(made(accrualPeriodicity=code)["accrualPeriodicity"]) == code


def test_every_field_of_the_schema_is_said_or_said_elsewhere() -> None:
    values = {key: "x" for key in rules() if key not in ELSEWHERE}
    assert values.items() <= made(**values).items()


def test_every_format_that_the_vocabulary_knows_has_a_media_type_of_the_right_form() -> None:
    for code in vocabulary.codes("format"):
        made(resources=[{**FILE, "format": code}])


def test_our_own_harvester_reads_an_entry_back() -> None:
    found = made(
        resources=[FILE],
        accrualPeriodicity="BULANAN",
        satuan="orang",
        license_url="http://www.opendefinition.org/licenses/cc-by",
    )
    record = to_record(found, {})
    assert (record.title, record.identifier, record.publisher) == ("Jumlah Sekolah", "6f0c", "Dinas Pendidikan")
    assert vocabulary.licence(record.license_id) == "cc-by"
    assert record.sdi["satuan"] == "orang"
    assert vocabulary.frequency(record.sdi["accrualPeriodicity"]) == "BULANAN"


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
KEYS = ("notes", "license_url", "issued", "temporal_start", "temporal_end", "spatial", "maintainer", "maintainer_email",
        "author_email", "accrualPeriodicity", "satuan", "url")  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(KEYS), TEXTS | st.none()),
    st.lists(st.fixed_dictionaries({"url": TEXTS, "name": TEXTS | st.none(), "format": TEXTS}), max_size=3),
)
def test_whatever_stands_in_a_dataset_its_entry_is_valid(values: dict[str, Any], files: list[dict[str, Any]]) -> None:
    found = made(**values, resources=[{"id": str(number), **file} for number, file in enumerate(files)])
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
