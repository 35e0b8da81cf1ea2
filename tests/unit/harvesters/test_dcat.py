"""DCAT in each syntax, as catalogues of Europe and of Indonesia write it."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from answers import Bytes
from ckanext.satudatapaser.errors import RetryLater, SourceError
from ckanext.satudatapaser.harvesters import dcat
from ckanext.satudatapaser.harvesters._extent import from_wkt
from rdflib import Graph

URL = "https://data.example.go.id/catalog.ttl"
EU = "http://publications.europa.eu/resource/authority"
HEAD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix locn: <http://www.w3.org/ns/locn#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix gsp: <http://www.opengis.net/ont/geosparql#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://data.example.go.id/> a dcat:Catalog .
"""
FULL = f"""{HEAD}
<https://data.example.go.id/d/1> a dcat:Dataset ; dct:identifier "sekolah-1" ;
  dct:title "Number of schools"@en, "Jumlah Sekolah"@id ; dct:description "Keterangan."@id ;
  dct:accessRights <{EU}/access-right/RESTRICTED> ; dct:publisher [ a foaf:Agent ; foaf:name "Dinas Pendidikan" ] ;
  dcat:keyword "sekolah"@id, "schools"@en, "sd" ; dcat:theme <{EU}/data-theme/EDUC> ;
  dct:accrualPeriodicity <{EU}/frequency/ANNUAL> ; dct:issued "2026-01-15"^^xsd:date ; dct:modified "2026-11-02"^^xsd:date ;
  dcat:landingPage <https://data.example.go.id/sekolah> ; adms:status <{EU}/dataset-status/COMPLETED> ;
  dcat:contactPoint [ vcard:fn "Bidang Data" ; vcard:hasEmail <mailto:data@disdik.example.go.id> ] ;
  dct:temporal [ dcat:startDate "2025-01-01"^^xsd:date ; dcat:endDate "2025-12-31"^^xsd:date ] ;
  dct:spatial [ locn:geometry "POLYGON ((115 -2, 116 -2, 116 -1, 115 -2))"^^gsp:wktLiteral ] ;
  dcat:distribution <https://data.example.go.id/f/1>, <https://data.example.go.id/f/2>, <https://data.example.go.id/f/3> .
<https://data.example.go.id/f/1> a dcat:Distribution ; dct:title "Tabel" ; dcat:accessURL <https://data.example.go.id/f/1> ;
  dcat:downloadURL <https://data.example.go.id/1.csv> ; dct:format <{EU}/file-type/CSV> ;
  dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ;
  dct:license <https://creativecommons.org/licenses/by/4.0/> .
<https://data.example.go.id/f/2> a dcat:Distribution ; dcat:accessURL <https://data.example.go.id/2> ; dct:format "XLSX" .
<https://data.example.go.id/f/3> a dcat:Distribution ; dcat:accessURL <https://data.example.go.id/3> ;
  adms:status <{EU}/distribution-status/WITHDRAWN> .
"""


def records(*answers: Any, **settings: Any) -> list[Any]:
    raws = [raw for page in dcat.pages(URL, settings, Bytes(*answers)) for raw in page.records]
    return [dcat.to_record(json.loads(json.dumps(raw)), settings) for raw in raws]


def one(more: str) -> Any:
    return records(f'{HEAD} <https://data.example.go.id/d/1> a dcat:Dataset ; dct:title "Judul" ; {more} .')[0]


def test_every_part_of_a_dataset_finds_its_field() -> None:
    [record] = records(FULL)
    assert (record.title, record.identifier, record.notes) == ("Jumlah Sekolah", "sekolah-1", "Keterangan.")
    assert (record.access, record.publisher) == ("terbatas", "Dinas Pendidikan")
    assert record.tags == ("sekolah", "sd"), "Indonesian keywords and those without a language"
    assert (record.groups, record.issued, record.modified) == (("EDUC",), "2026-01-15", "2026-11-02")
    assert record.landing_page == "https://data.example.go.id/sekolah"
    assert (record.contact_name, record.contact_email) == ("Bidang Data", "data@disdik.example.go.id")
    assert record.license_id == "https://creativecommons.org/licenses/by/4.0/"
    assert record.sdi["accrualPeriodicity"] == f"{EU}/frequency/ANNUAL"
    assert (record.sdi["temporal_start"], record.sdi["temporal_end"]) == ("2025-01-01", "2025-12-31")
    assert json.loads(record.sdi["spatial"])["type"] == "Polygon"
    assert [(file.url, file.name, file.format) for file in record.resources] == [
        ("https://data.example.go.id/1.csv", "Tabel", "CSV"), ("https://data.example.go.id/2", "", "XLSX"),
    ]  # fmt: skip


@pytest.mark.parametrize("syntax", ["xml", "json-ld", "nt", "turtle"])
@pytest.mark.parametrize("forced", [True, False])
def test_the_same_catalogue_says_the_same_in_every_syntax(syntax: str, forced: bool) -> None:
    body = Graph().parse(data=FULL, format="turtle").serialize(format=syntax)
    assert records(body, format=syntax if forced else "") == records(FULL)


def test_two_readings_of_blank_nodes_say_the_same() -> None:
    read = [raw for page in dcat.pages(URL, {}, Bytes(FULL)) for raw in page.records]
    again = [raw for page in dcat.pages(URL, {}, Bytes(FULL)) for raw in page.records]
    assert json.dumps(read) == json.dumps(again)


def page(number: int, following: str, total: int | str = 4, term: str = "next") -> str:
    sets = " ".join(f"<https://data.example.go.id/d/{n}> a dcat:Dataset . " for n in (2 * number, 2 * number + 1))
    link = f'; hydra:{term} "{following}"' if following else ""
    return f"{HEAD} <?page={number}> a hydra:PagedCollection ; hydra:totalItems {total} {link} . {sets}"


@pytest.mark.parametrize("term", ["next", "nextPage"])
def test_pages_are_followed_on_the_source_s_own_server(term: str) -> None:
    net = Bytes(page(0, "http://10.0.0.5:5000/catalog.ttl?page=2", term=term), page(1, ""))
    assert len([raw for page in dcat.pages(URL, {}, net) for raw in page.records]) == 4
    assert [asked for asked, _ in net.asked] == [URL, f"{URL}?page=2"]


def test_what_is_wanted_is_said_in_the_request() -> None:
    net = Bytes(FULL, FULL)
    list(dcat.pages(URL, {}, net))
    list(dcat.pages(URL, {"format": "turtle"}, net))
    assert "application/rdf+xml" in net.headers[0]["Accept"]
    assert net.headers[1]["Accept"] == "text/turtle"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([page(0, "?page=1"), page(0, "?page=2")], "source-loop"),
        ([page(0, "?page=1"), page(1, "?page=1", 99)], "source-changed"),
        ([page(0, "?page=1"), page(1, "?page=1")], "source-loop"),
        ([page(0, "")], "source-short"),
        ([page(0, "?page=1"), page(1, "?page=2"), page(2, "?page=3")], "source-too-many-pages"),
        ([HEAD.partition("<https://data")[0] + "<x:a> <x:b> <x:c> ."], "source-not-dcat"),
    ],
)
def test_a_listing_that_cannot_be_trusted_never_ends_well(answers: list[str], code: str) -> None:
    with pytest.raises((SourceError, RetryLater)) as error:
        list(dcat.pages(URL, {"max_pages": 3}, Bytes(*answers)))
    assert error.value.code == code
    assert URL in error.value.message


@pytest.mark.parametrize(
    "context",
    [
        "https://lain.example.org/context.jsonld",
        [{"dct": "http://purl.org/dc/terms/"}, "https://lain.example.org/context.jsonld"],
        {"dct": {"@id": "http://purl.org/dc/terms/", "@context": "https://lain.example.org/context.jsonld"}},
        {"@import": "https://lain.example.org/context.jsonld"},
        "../context.jsonld",
    ],
)
@pytest.mark.parametrize("deep", [True, False])
def test_no_context_is_fetched(context: Any, deep: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *place, **_: tried.append(place))
    node = {"@context": context, "@type": "http://www.w3.org/ns/dcat#Dataset"}
    with pytest.raises(SourceError) as error:
        records(json.dumps({"@graph": [{"x": [node]}]} if deep else node))
    assert (error.value.code, tried) == ("source-remote-context", [])


@pytest.mark.parametrize(("depth", "code"), [(100_000, "source-invalid-json"), (900, "source-")])
def test_json_nested_beyond_measure_is_a_fault_of_the_document(depth: int, code: str) -> None:
    with pytest.raises(SourceError) as error:
        records('{"x":' * depth + "1" + "}" * depth)
    assert error.value.code.startswith(code)


@pytest.mark.parametrize(
    ("more", "access"),
    [
        (f"dct:accessRights <{EU}/access-right/PUBLIC>", "terbuka"),
        (f"dct:accessRights <{EU}/access-right/NON_PUBLIC>", "tertutup"),
        (f"dct:accessRights <{EU}/access-right/PUBLIC>, <{EU}/access-right/CONFIDENTIAL>", "tertutup"),
        (f'dct:accessRights <{EU}/access-right/PUBLIC>, "entah"', None),
        ('dct:accessRights [ skos:prefLabel "Terbatas"@id ]', "terbatas"),
        ('dct:accessRights "public" ; adms:status "WITHDRAWN"', "tertutup"),
        ('dct:accessRights "entah"', None),
        ('dct:title "x"', None),
    ],
)
def test_access_is_what_is_stated_and_the_strictest_of_it(more: str, access: str | None) -> None:
    assert one(more).access == access


def test_an_unknown_word_counts_as_stated() -> None:
    assert one('dct:accessRights "entah"').access_stated == "entah"


def test_licences_that_disagree_are_none() -> None:
    assert one('dcat:distribution [ dct:license "cc-by" ], [ dct:license "cc-zero" ]').license_id == ""
    assert one('dcat:distribution [ dct:license "cc-by" ], [ dct:license "cc-by" ]').license_id == "cc-by"


def test_datasets_that_point_to_each_other_are_read_once() -> None:
    text = f"""{HEAD} <https://a.id/1> a dcat:Dataset ; dct:title "a" ; dct:relation <https://a.id/2> .
    <https://a.id/2> a dcat:Dataset ; dct:title "b" ; dct:relation <https://a.id/1> ;
      dct:source [ dct:relation <https://a.id/2> ] ."""
    assert [record.title for record in records(text)] == ["a", "b"]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("POINT (116.2 -1.9)", [116.2, -1.9]),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT (116.2 -1.9)", [116.2, -1.9]),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (-1.9 116.2)", [116.2, -1.9]),
        ("SRID=4326;POINT (116.2 -1.9)", [116.2, -1.9]),
    ],
)
def test_well_known_text_becomes_geojson_with_longitude_first(said: str, first: list[float]) -> None:
    assert json.loads(from_wkt(said))["coordinates"] == first


def test_what_is_no_well_known_text_stays_as_it_is() -> None:
    assert from_wkt("Kabupaten Paser") == "Kabupaten Paser"
