"""CSW answers as pycsw and GeoNetwork give them: versions, forms, pages, and what the records say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from answers import Bytes
from ckanext.satudatapaser.errors import RejectRecord, RetryLater, SourceError
from ckanext.satudatapaser.harvesters import _links, csw
from peers.catalogue import core, iso

URL = "https://simpul.example.go.id/csw"
ISO = "http://www.isotc211.org/2005/gmd"


def capabilities(version: str = "2.0.2", schema: str = ISO) -> str:
    space = csw.VERSIONS[version]
    return (
        f'<csw:Capabilities xmlns:csw="{space}" xmlns:ows="http://www.opengis.net/ows" version="{version}">'
        f'<ows:Operation name="GetRecords"><ows:Parameter name="OutputSchema"><ows:AllowedValues><ows:Value>{schema}'
        "</ows:Value></ows:AllowedValues></ows:Parameter></ows:Operation></csw:Capabilities>"
    )


def results(*found: str, matched: Any = None, following: Any = 0) -> str:
    numbers = f'numberOfRecordsMatched="{len(found) if matched is None else matched}" nextRecord="{following}"'
    return f"<GetRecordsResponse><SearchResults {numbers}>{''.join(found)}</SearchResults></GetRecordsResponse>"


def run(net: Bytes, **settings: Any) -> list[Any]:
    return [json.loads(json.dumps(raw)) for page in csw.pages(URL, settings, net) for raw in page.records]


def test_a_server_is_told_which_versions_we_read_and_asked_in_its_own() -> None:
    net = Bytes(capabilities("3.0.0"), results(iso(1)))
    run(net)
    assert net.asked[0][1]["AcceptVersions"] == "2.0.2,3.0.0"
    assert (net.asked[1][1]["version"], net.asked[1][1]["outputSchema"]) == ("3.0.0", ISO)
    assert "resultType" not in net.asked[1][1]


@pytest.mark.parametrize("version", csw.VERSIONS)
def test_without_iso_dublin_core_is_asked_for(version: str) -> None:
    net = Bytes(capabilities(version, schema="lain"), results(core(1)))
    [raw] = run(net)
    assert net.asked[1][1]["outputSchema"] == csw.VERSIONS[version]
    assert csw.to_record(raw, {}).title == "Peta Irigasi 1"


def test_pages_follow_next_record() -> None:
    net = Bytes(
        capabilities(), results(iso(1), iso(2), matched=3, following=3), results(iso(3), matched=3, following=0)
    )
    assert [raw["guid"] for raw in run(net)] == ["iso-1", "iso-2", "iso-3"]
    assert [asked.get("startPosition") for _, asked in net.asked] == [None, "1", "3"]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([results(iso(1), matched=3, following=1)], "source-loop"),
        ([results(iso(1), matched=3, following=2), results(iso(1), matched=3, following=3)], "source-loop"),
        ([results(iso(1), matched=3, following=2), results(iso(2), matched=4, following=3)], "source-changed"),
        ([results(iso(1), matched=3, following=0)], "source-short"),
        ([results(matched=3, following=2)], "source-short"),
        ([results(iso(1), matched=3, following=2), results(iso(2), matched=3, following=3)], "source-too-many-pages"),
        ([results(iso(1), matched="banyak")], "source-not-csw"),
        (["<GetRecordsResponse/>"], "source-not-csw"),
        (['<ExceptionReport><Exception exceptionCode="X"><ExceptionText>Mati</ExceptionText></Exception></ExceptionReport>'],
         "source-csw-exception"),
    ],
)  # fmt: skip
def test_a_listing_that_cannot_be_trusted_never_ends_well(answers: list[str], code: str) -> None:
    with pytest.raises((SourceError, RetryLater)) as error:
        run(Bytes(capabilities(), *answers), max_pages=2)
    assert error.value.code == code
    assert URL in error.value.message


def test_a_report_s_own_words_stand_in_the_error() -> None:
    said = "<ExceptionText>Mati lampu</ExceptionText>"
    report = f'<ExceptionReport><Exception exceptionCode="X">{said}</Exception></ExceptionReport>'
    with pytest.raises(SourceError, match="X Mati lampu"):
        run(Bytes(report))


def mapped(access: str = "terbuka", change: Mapping[str, str] | None = None) -> Any:
    text = iso(1, access)
    for old, new in (change or {}).items():
        assert old in text
        text = text.replace(old, new)
    [raw] = run(Bytes(capabilities(), results(text)))
    return csw.to_record(raw, {})


def test_every_part_of_an_iso_record_finds_its_field() -> None:
    record = mapped()
    assert (record.title, record.identifier, record.publisher) == ("Jaringan Jalan 1", "iso-1", "Dinas Pekerjaan Umum")
    assert (record.access, record.license_id) == ("terbuka", "CC BY 4.0")
    assert (record.issued, record.modified) == ("2026-01-15", "2026-11-02")
    assert record.landing_page == "https://simpul.example.go.id/jalan/1"
    assert [(file.format, file.name) for file in record.resources] == [("WMS", "Peta jalan"), ("", "")]
    assert json.loads(record.sdi["spatial"])["coordinates"][0][0] == [115.6, -2.4]
    fields = ("jenis", "lineage", "accrualPeriodicity", "spatial-reference-system", "access_constraints")
    assert [record.sdi[name] for name in fields] == [
        "geospasial", "Survei lapangan 2025.", "annually", "EPSG:4326", "otherRestrictions, terbuka",
    ]  # fmt: skip


OTHER = '<gmd:MD_RestrictionCode codeListValue="otherRestrictions"/>'


@pytest.mark.parametrize(
    ("sentence", "code", "access", "stated"),
    [
        ("terbuka", "otherRestrictions", "terbuka", True),
        ("Hubungi dinas", "otherRestrictions", None, True),
        ("", "otherRestrictions", None, True),
        ("", "restricted", "terbatas", True),
        ("terbuka", "restricted", "terbatas", True),
        ("", "copyright", None, False),
        ("https://creativecommons.org/licenses/by/4.0/", "license", None, False),
        ("terbuka", "confidential", "tertutup", True),
        ("Hubungi dinas", "confidential", "tertutup", True),
    ],
)
def test_what_constraints_say_of_access(sentence: str, code: str, access: str | None, stated: bool) -> None:
    record = mapped(sentence, {OTHER: f'<gmd:MD_RestrictionCode codeListValue="{code}"/>'})
    assert (record.access, bool(record.access_stated)) == (access, stated)


@pytest.mark.parametrize(
    "path", ["identificationInfo/MD_DataIdentification/resourceConstraints", "metadataConstraints"]
)
def test_a_security_class_closes_whatever_else_is_said(path: str) -> None:
    secret = (
        '<gmd:MD_SecurityConstraints><gmd:classification><gmd:MD_ClassificationCode codeListValue="secret"/>'
        "</gmd:classification></gmd:MD_SecurityConstraints>"
    )
    place = "<gmd:topicCategory>" if path.startswith("identification") else "<gmd:dataQualityInfo>"
    name = path.rpartition("/")[2]
    assert mapped("terbuka", {place: f"<gmd:{name}>{secret}</gmd:{name}>{place}"}).access == "tertutup"


def test_a_record_of_another_form_is_rejected() -> None:
    with pytest.raises(RejectRecord):
        csw.to_record({"id": "", "form": "Catatan"}, {})


@pytest.mark.parametrize(
    ("crs", "lower", "upper"),
    [
        ("urn:x-ogc:def:crs:EPSG:6.11:4326", "-2.4 115.6", "-0.8 116.8"),
        ("urn:ogc:def:crs:EPSG::4326", "115.6 -2.4", "116.8 -0.8"),
        ("urn:ogc:def:crs:::WGS 1984", "115.6 -2.4", "116.8 -0.8"),
    ],
)
def test_corners_are_read_in_the_order_of_their_reference_system(crs: str, lower: str, upper: str) -> None:
    text = core(1).replace("urn:x-ogc:def:crs:EPSG:6.11:4326", crs).replace("-2.4 115.6", lower)
    [raw] = run(Bytes(capabilities(), results(text.replace("-0.8 116.8", upper))), form="dc")
    assert raw["dc"]["bbox"] == ["115.6", "-2.4", "116.8", "-0.8"]


@pytest.mark.parametrize(
    ("rights", "access"), [("tertutup", "tertutup"), ("otherRestrictions", None), ("CC BY 4.0", None)]
)
def test_rights_of_dublin_core_state_a_class_only_by_a_known_word(rights: str, access: str | None) -> None:
    [raw] = run(Bytes(capabilities(), results(core(1, rights))), form="dc")
    record = csw.to_record(raw, {})
    assert (record.access, bool(record.access_stated)) == (access, rights != "CC BY 4.0")


@pytest.mark.parametrize(
    ("protocol", "url", "form"),
    [
        ("OGC:WMS-1.3.0-http-get-map", "https://a.id/x", "WMS"), ("OGC:WFS", "https://a.id/x", "WFS"),
        ("", "https://a.id/ows?SERVICE=WFS&version=2.0.0", "WFS"), ("ESRI:REST", "https://a.id/x", "API"),
        ("WWW:LINK-1.0-http--link", "https://a.id/x", ""), ("WWW:DOWNLOAD-1.0-http--download", "https://a.id/x.zip", ""),
    ],
)  # fmt: skip
def test_services_are_told_by_protocol_or_address(protocol: str, url: str, form: str) -> None:
    assert _links.service(protocol, url) == form
